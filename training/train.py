"""Train the network: `python -m training.train --pictures DIR --check DIR --blazepose FILE --out DIR`. Stopped, it goes on."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader, RandomSampler

from kneeroll.anatomy import BODY
from kneeroll.estimators.square import SIZE_PX
from training.network import Lying
from training.pictures import Squares, read_labels
from training.score import score, table

KEEP_EVERY = 200
"""Steps between two checkpoints."""
WARM_UP = 100
FORGETS = 0.002
"""What is kept is the average of the weights over some hundreds of steps, fewer at first: as good as after a longer training."""
WEIGHTS = {"hip": 4.0, "knee": 4.0, "shoulder": 2.5, "ankle": 2.0}
MEASURED = torch.tensor([WEIGHTS.get(name.split("_")[-1], 1.0) for name in BODY.landmarks])
"""The body fit reads these: a centimetre at a hip or knee is three degrees. The others help to find the person."""

DEPTH = 60.0
"""Weight of the depths, which are off by some hundredths of the square's width."""


def loss_of(network: Lying, batch: list[Tensor]) -> Tensor:
    """Laplace's negative log likelihood of the landmarks, and what leads each head there."""
    picture, px, depth, seen, _, person = batch
    mapped, direct, weight, more, log_spread = network.both(picture)
    final = direct + weight[..., None] * (mapped - direct)
    off = (final - px).abs().sum(-1)
    told = log_spread.clamp(-1.0, 5.0)
    there = person.float()[:, None]
    likely = ((off * torch.exp(-told) + 2 * told) * MEASURED * there).mean()
    inside = ((px > 0) & (px < SIZE_PX)).all(-1).float()
    heads = ((mapped - px).abs().sum(-1) * inside * there).mean() + ((direct - px).abs().sum(-1) * there).mean()
    behind = ((more[:, 0] / SIZE_PX - depth).abs() * MEASURED * there).mean()
    visible = binary_cross_entropy_with_logits(more[:, 1], seen)
    return likely + 0.1 * heads + DEPTH * behind + 0.2 * visible


def rate_at(step: int, steps: int) -> float:
    """The share of the full learning rate: up for `WARM_UP` steps, then down along a cosine."""
    return min((step + 1) / WARM_UP, 0.5 * (1 + math.cos(math.pi * min(step / steps, 1.0))))


def weights_of(path: Path) -> dict[str, Tensor]:
    """The weights of a checkpoint (.pt), or of what `training.export` wrote (.onnx, there in half precision)."""
    if path.suffix != ".onnx":
        found: dict[str, Tensor] = torch.load(path, weights_only=True)["average"]
        return found
    graph = onnx.load(str(path)).graph
    kept = {weight.name.removesuffix("_half"): numpy_helper.to_array(weight) for weight in graph.initializer}
    return {name: torch.tensor(values.astype(np.float32)) for name, values in kept.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, help="folders of labelled pictures")
    parser.add_argument("--check", type=Path, nargs="+", default=[], help="the same, of other people, to see how far it is")
    parser.add_argument("--blazepose", type=Path, required=True, help="pose_landmark_full.tflite, to begin from")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints go here")
    parser.add_argument("--from", type=Path, dest="older", help="a checkpoint, or a network that was exported, to begin from")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=2e-4, help="of what BlazePose knows; six times that forgets it")
    options = parser.parse_args()
    torch.manual_seed(0)
    options.out.mkdir(parents=True, exist_ok=True)
    network = Lying(options.blazepose).to(memory_format=torch.channels_last)
    body = [p for n, p in network.named_parameters() if n.startswith("body.") and p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("body.")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": heads, "lr": options.rate}], weight_decay=1e-4
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: rate_at(step, options.steps))
    latest, begin = options.out / "latest.pt", 0
    if latest.exists():
        state = torch.load(latest, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        begin = state["step"]
    elif options.older:
        network.load_state_dict(weights_of(options.older), strict=False)
    average = AveragedModel(network, avg_fn=lambda kept, new, count: kept + (new - kept) * max(FORGETS, 9.0 / (10.0 + count)))
    if begin:
        average.module.load_state_dict(state["average"])
        average.n_averaged.fill_(begin)
    squares = Squares([one for folder in options.pictures for one in read_labels(folder)], vary=True)
    checks = {folder.name: Squares(read_labels(folder), vary=False) for folder in options.check}
    print(f"{len(squares)} pictures to train on, from step {begin}", flush=True)
    network.train()
    total, began = 0.0, time.monotonic()
    batches = _batches(squares, options.batch, begin)
    for step in range(begin, options.steps):
        batch = next(batches)
        batch[0] = batch[0].contiguous(memory_format=torch.channels_last)
        optimiser.zero_grad()
        loss = loss_of(network, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 20.0)
        optimiser.step()
        schedule.step()
        average.update_parameters(network)
        total += float(loss.detach())
        if (step + 1) % KEEP_EVERY == 0 or step + 1 == options.steps:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
            torch.save(state | {"average": average.module.state_dict(), "step": step + 1}, options.out / "new.pt")
            (options.out / "new.pt").replace(latest)
            count = (step % KEEP_EVERY) + 1
            print(f"step {step + 1}: loss {total / count:.3f}, {(time.monotonic() - began) / count:.2f} s a step", flush=True)
            if checks:
                print(table({name: score(average.module, of) for name, of in checks.items()}), flush=True)
                network.train()
            total, began = 0.0, time.monotonic()


def _batches(squares: Squares, size: int, begin: int) -> Iterator[list[Tensor]]:
    """Batches without end: every picture once, then all anew in another order and varied anew."""
    epoch = begin * size // len(squares)
    while True:
        squares.epoch = epoch
        random = torch.Generator().manual_seed(1000 * epoch + begin)
        sampler = RandomSampler(squares, generator=random)
        yield from DataLoader(squares, size, sampler=sampler, drop_last=True, num_workers=1)
        epoch += 1


if __name__ == "__main__":
    main()
