"""A TFLite file of convolutions as a torch module whose weights can be trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tflite
import torch
from torch import Tensor, nn
from torch.nn import functional

OPERATORS = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}
DTYPES = {0: np.float32, 1: np.float16, 2: np.int32, 4: np.int64}
RELU, RELU6 = 1, 3


class Graph(nn.Module):
    """The operators of a TFLite file that some of its tensors need, in order; pictures are (N, C, H, W).

    more: layers of our own, each goes on from the tensor of its number and takes that tensor's place.
    """

    def __init__(self, path: Path, outputs: list[int], more: dict[int, nn.Module] | None = None) -> None:
        super().__init__()
        self.more = nn.ModuleDict({str(output): layers for output, layers in (more or {}).items()})
        model = tflite.Model.GetRootAsModel(path.read_bytes(), 0)
        graph = model.Subgraphs(0)
        self.source, self.outputs = int(graph.Inputs(0)), outputs
        self.weights = nn.ParameterDict()
        constants = _constants(model, graph)
        found = []
        for i in range(graph.OperatorsLength()):
            operator = graph.Operators(i)
            code = model.OperatorCodes(operator.OpcodeIndex())
            name = OPERATORS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            inputs, output = [int(k) for k in operator.InputsAsNumpy()], int(operator.Outputs(0))
            if name == "DEQUANTIZE":
                constants[output] = constants[inputs[0]].astype(np.float32)
            else:
                found.append((name, operator, inputs, output))
        needed = set(outputs)
        for _, _, inputs, output in reversed(found):
            if output in needed:
                needed |= set(inputs)
        shape = {k: [int(v) for v in graph.Tensors(k).ShapeAsNumpy()] for k in needed}
        self.steps = [self._step(*step, shape, constants) for step in found if step[3] in needed]

    def _step(
        self, name: str, operator: Any, inputs: list[int], output: int, shape: dict[int, list[int]], constants: dict[int, Any]
    ) -> tuple[str, list[int], int, dict[str, Any]]:
        table = operator.BuiltinOptions()
        if name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            options = tflite.Conv2DOptions() if name == "CONV_2D" else tflite.DepthwiseConv2DOptions()
            options.Init(table.Bytes, table.Pos)
            weight = constants[inputs[1]].transpose((0, 3, 1, 2) if name == "CONV_2D" else (3, 0, 1, 2))
            self.weights[f"w{output}"] = nn.Parameter(torch.tensor(weight.copy()))
            self.weights[f"b{output}"] = nn.Parameter(torch.tensor(constants[inputs[2]].copy()))
            stride, pad = options.StrideH(), [0, 0, 0, 0]
            if options.Padding() == 0:
                missing = [max((shape[output][d] - 1) * stride + weight.shape[1 + d] - shape[inputs[0]][d], 0) for d in (2, 1)]
                pad = [part for total in missing for part in (total // 2, total - total // 2)]
            groups = 1 if name == "CONV_2D" else weight.shape[0]
            return "conv", inputs[:1], output, {
                "stride": stride, "pad": pad, "groups": groups, "activation": options.FusedActivationFunction()
            }  # fmt: skip
        if name == "ADD":
            options = tflite.AddOptions()
            options.Init(table.Bytes, table.Pos)
            return "add", inputs, output, {"activation": options.FusedActivationFunction()}
        if name == "PAD":
            around = constants[inputs[1]]
            return "pad", inputs[:1], output, {"pad": [int(v) for d in (2, 1, 3) for v in around[d]]}
        if name == "RESIZE_BILINEAR":
            return "resize", inputs[:1], output, {"size": shape[output][1:3]}
        if name == "MAX_POOL_2D":
            return "pool", inputs[:1], output, {}
        raise ValueError(f"the operator {name} of a TFLite file is not read here")

    def forward(self, picture: Tensor) -> list[Tensor]:
        value = {self.source: picture}
        for kind, inputs, output, more in self.steps:
            x = value[inputs[0]]
            if kind == "conv":
                x = functional.pad(x, more["pad"]) if any(more["pad"]) else x
                weight, bias = self.weights[f"w{output}"], self.weights[f"b{output}"]
                x = functional.conv2d(x, weight, bias, more["stride"], 0, 1, more["groups"])
            elif kind == "add":
                x = x + value[inputs[1]]
            elif kind == "pad":
                x = functional.pad(x, more["pad"])
            elif kind == "resize":
                x = functional.interpolate(x, size=more["size"], mode="bilinear", align_corners=False)
            else:
                x = functional.max_pool2d(x, 2, 2)
            activation = more.get("activation", 0)
            x = functional.relu6(x) if activation == RELU6 else functional.relu(x) if activation == RELU else x
            value[output] = self.more[str(output)](x) if str(output) in self.more else x
        return [value[k] for k in self.outputs]


def _constants(model: Any, graph: Any) -> dict[int, Any]:
    found = {}
    for i in range(graph.TensorsLength()):
        tensor = graph.Tensors(i)
        data = model.Buffers(tensor.Buffer()).DataAsNumpy()
        if not isinstance(data, int) and len(data) and tensor.Type() in DTYPES:
            found[i] = np.frombuffer(bytes(data), DTYPES[tensor.Type()]).reshape(tensor.ShapeAsNumpy())
    return found
