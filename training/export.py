"""Write the trained network for onnxruntime: `python -m training.export --checkpoint FILE --blazepose FILE --out lying.onnx`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from kneeroll.estimators.square import SIZE_PX
from training.network import Lying
from training.train import weights_of


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with its weights kept in half precision: half the size; onnxruntime widens them when it loads."""
    graph, casts = model.graph, []
    for weight in [w for w in graph.initializer if w.data_type == TensorProto.FLOAT]:
        values = numpy_helper.to_array(weight)
        graph.initializer.remove(weight)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), f"{weight.name}_half"))
        casts.append(helper.make_node("Cast", [f"{weight.name}_half"], [weight.name], to=TensorProto.FLOAT))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *rest])
    onnx.checker.check_model(model)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--blazepose", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    network = Lying(options.blazepose)
    network.load_state_dict(weights_of(options.checkpoint))
    network.eval()
    picture = torch.zeros(1, 3, SIZE_PX, SIZE_PX)
    torch.onnx.export(
        network,
        (picture,),
        str(options.out),
        input_names=["picture"],
        output_names=["px", "log_spread", "depth", "seen"],
        opset_version=17,
        dynamo=False,
        do_constant_folding=False,  # weights keep their names, so that a training can begin from the file
    )
    onnx.save(halved(onnx.load(str(options.out))), str(options.out))
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
