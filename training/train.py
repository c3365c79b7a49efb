"""Train the network: `python -m training.train --pictures DIR --check DIR --blazepose FILE --out DIR`. Stopped, it goes on.

The folders of pictures may grow meanwhile (`training.draw` beside it): what comes is taken in.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from queue import Empty

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor
from torch.multiprocessing import Queue, get_context
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim.swa_utils import AveragedModel

from kneeroll.anatomy import BODY
from kneeroll.estimators.square import SIZE_PX
from training.network import Heads, Lying
from training.pictures import Batch, Block, Labelled, Pool, read_block, read_label
from training.score import score, table

KEEP_EVERY = 200
"""Steps between two checkpoints."""
WARM_UP = 200
FORGETS = 0.002
"""What is kept is the average of the weights over some hundreds of steps, fewer at first: as good as after a longer training."""
LEAST, PATIENCE_S = 2000, 30.0
"""Pictures that must be there before the training begins, or so long nothing must come."""
READERS, BLOCK = 2, 128
"""Processes that read pictures; pictures that one gives at once."""
WEIGHTS = {"hip": 4.0, "knee": 4.0, "shoulder": 2.5, "ankle": 2.0}
MEASURED = torch.tensor([WEIGHTS.get(name.split("_")[-1], 1.0) for name in BODY.landmarks])
"""The body fit reads these: a centimetre at a hip or knee is three degrees. The others help to find the person."""

DEPTH = 60.0
"""Weight of the depths, which are off by some hundredths of the square's width."""


def loss_of(heads: Heads, batch: Batch) -> Tensor:
    """Laplace's negative log likelihood of the landmarks, and what leads each head there."""
    px, measured = batch.px, MEASURED.to(batch.px.device)
    off = (heads.px - px).abs().sum(-1)
    told = heads.log_spread.clamp(-1.0, 5.0)
    there = batch.person[:, None]
    likely = ((off * torch.exp(-told) + 2 * told) * measured * there).mean()
    inside = ((px > 0) & (px < SIZE_PX)).all(-1).float()
    by_heads = ((heads.mapped - px).abs().sum(-1) * inside + (heads.direct - px).abs().sum(-1)).mul(there).mean()
    behind = ((heads.more[:, 0] / SIZE_PX - batch.depth).abs() * measured * there).mean()
    visible = binary_cross_entropy_with_logits(heads.more[:, 1], batch.seen)
    return likely + 0.1 * by_heads + DEPTH * behind + 0.2 * visible


def rate_at(step: int, share: float) -> float:
    """The share of the full learning rate: up for `WARM_UP` steps, then down along a cosine of the share that is done."""
    return min((step + 1) / WARM_UP, 0.5 * (1 + math.cos(math.pi * min(share, 1.0))))


def weights_of(path: Path) -> dict[str, Tensor]:
    """The weights of a checkpoint (.pt), or of what `training.export` wrote (.onnx, there in half precision)."""
    if path.suffix != ".onnx":
        found: dict[str, Tensor] = torch.load(path, weights_only=True, map_location="cpu")["average"]
        return {name: weight.float() for name, weight in found.items()}
    graph = onnx.load(str(path)).graph
    kept = {weight.name.removesuffix("_half"): numpy_helper.to_array(weight) for weight in graph.initializer}
    return {name: torch.tensor(values.astype(np.float32)) for name, values in kept.items()}


class Folders:
    """Labelled pictures of folders that may grow."""

    def __init__(self, folders: list[Path]) -> None:
        self._read = dict.fromkeys(folders, 0)

    def fresh(self) -> Iterator[Labelled]:
        """Those not given before; a line that is being written waits."""
        for folder, begin in self._read.items():
            labels = folder / "labels.jsonl"
            if not labels.exists():
                continue
            with labels.open("rb") as lines:
                lines.seek(begin)
                for line in lines:
                    if not line.endswith(b"\n"):
                        break
                    self._read[folder] += len(line)
                    if found := read_label(folder, line.decode()):
                        yield found


def keep_reading(folders: list[Path], blocks: Queue[Block], room: int) -> None:
    """A process of its own: reads what is there and what comes, and all anew where there is not room for so many; without end."""
    grown, count = Folders(folders), 0
    while True:
        fresh = grown.fresh()
        while found := list(islice(fresh, BLOCK)):
            blocks.put(read_block(found))
            count += len(found)
        if count > room:
            grown, count = Folders(folders), 0
        time.sleep(0.2)


def read_aside(folders: list[Path], room: int) -> Queue[Block]:
    """Blocks of the folders' pictures, read by other processes, which end with this one; room: pictures that can be kept."""
    apart = get_context("spawn")
    blocks: Queue[Block] = apart.Queue(8)
    for i in range(min(READERS, len(folders))):
        apart.Process(target=keep_reading, args=(folders[i::READERS], blocks, room // READERS), daemon=True).start()
    return blocks


def take_in(pool: Pool, blocks: Queue[Block], wait_s: float = 0.0) -> bool:
    """One block, if one is there; whether it was."""
    try:
        pool.add(blocks.get(timeout=wait_s) if wait_s else blocks.get_nowait())
    except Empty:
        return False
    return True


def blend(kept: list[Tensor], new: list[Tensor], count: Tensor | int) -> None:
    """The running average of the weights."""
    torch._foreach_lerp_(kept, new, max(FORGETS, 9.0 / (10.0 + int(count))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, help="folders of labelled pictures")
    parser.add_argument("--few", type=Path, nargs="+", default=[], help="folders of pictures of another look, too few to ...")
    parser.add_argument("--few-share", type=float, default=0.06, help="... be chosen by their number: of each batch")
    parser.add_argument("--check", type=Path, nargs="+", default=[], help="the same, of other people, to see how far it is")
    parser.add_argument("--blazepose", type=Path, required=True, help="pose_landmark_full.tflite, to begin from")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints go here")
    parser.add_argument("--from", type=Path, dest="older", help="a checkpoint, or a network that was exported, to begin from")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--minutes", type=float, help="end by the clock where that comes first")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=2e-4, help="for batches of 24 squares; six times that forgets BlazePose")
    parser.add_argument("--capacity", type=int, default=12000, help="pictures kept in memory, 0.3 MB each")
    parser.add_argument("--device", default="cpu", help="cuda, where there is a GPU")
    parser.add_argument("--half", action="store_true", help="compute in bfloat16, on a GPU that does")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_float32_matmul_precision("high")
    options.out.mkdir(parents=True, exist_ok=True)
    network = Lying(options.blazepose).to(device=options.device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW([p for p in network.parameters() if p.requires_grad], lr=options.rate, weight_decay=1e-4)
    latest, begin, spent_s = options.out / "latest.pt", 0, 0.0
    average = AveragedModel(network, multi_avg_fn=blend)
    if latest.exists():
        state = torch.load(latest, weights_only=True, map_location=options.device)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        average.load_state_dict(state["averaged"])
        begin, spent_s = state["step"], state["spent_s"]
    elif options.older:
        missing = network.load_state_dict(weights_of(options.older), strict=False).missing_keys
        print(f"Not in {options.older}, begun anew: {', '.join(missing) or 'nothing'}", flush=True)
        average.module.load_state_dict(network.state_dict())
    random = torch.Generator(options.device).manual_seed(begin)
    pool, blocks = Pool(options.capacity, options.device), read_aside(options.pictures, options.capacity)
    few = _filled(options.few, options.device)
    checks = {folder.name: known for folder in options.check if (known := _filled([folder], options.device))}
    while len(pool) < min(LEAST, options.capacity) and take_in(pool, blocks, PATIENCE_S):
        pass
    if not len(pool):
        raise SystemExit("There are no pictures. training.draw makes some.")

    def squares() -> Batch:
        aside = round(options.batch * options.few_share) if few else 0
        parts = [pool.varied(options.batch - aside, random)] + ([few.varied(aside, random)] if few and aside else [])
        return Batch(*(torch.cat(part) for part in zip(*parts, strict=True)))

    print(f"{len(pool)} pictures to begin with, from step {begin}", flush=True)
    began = time.monotonic() - spent_s
    done = 0.0
    for step in range(begin, options.steps):
        spent_s = time.monotonic() - began
        done = max(step / options.steps, spent_s / (60 * options.minutes) if options.minutes else 0.0)
        if step % KEEP_EVERY == 0 or step == begin:
            total = torch.zeros((), device=options.device)
        for group in optimiser.param_groups:
            group["lr"] = options.rate * rate_at(step, done)
        take_in(pool, blocks)
        total += _learn(network, optimiser, squares(), options.half)
        average.update_parameters(network)
        if (step + 1) % KEEP_EVERY == 0 or step + 1 == options.steps or done >= 1:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "averaged": average.state_dict()}
            state |= {"average": average.module.state_dict(), "step": step + 1, "spent_s": time.monotonic() - began}
            torch.save(state, options.out / "new.pt")
            (options.out / "new.pt").replace(latest)
            of = f"{float(total) / (step % KEEP_EVERY + 1):.3f}"
            print(f"step {step + 1}, {100 * done:.0f} %: loss {of}, {spent_s:.0f} s, {pool.added} pictures", flush=True)
            if checks and (step + 1) % (5 * KEEP_EVERY) == 0:
                print(table({name: score(average.module, known) for name, known in checks.items()}), flush=True)
        if done >= 1:
            break
    if checks:
        print(table({name: score(average.module, known) for name, known in checks.items()}), flush=True)


def _learn(network: Lying, optimiser: torch.optim.Optimizer, batch: Batch, half: bool) -> Tensor:
    network.train()
    optimiser.zero_grad()
    picture = batch.picture.contiguous(memory_format=torch.channels_last)
    loss = loss_of(network.heads(picture, half=half), batch)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 20.0)
    optimiser.step()
    return loss.detach()


def _filled(folders: list[Path], device: str) -> Pool | None:
    found = list(Folders(folders).fresh())
    if not found:
        return None
    pool = Pool(len(found), device)
    pool.add(read_block(found))
    return pool


if __name__ == "__main__":
    main()
