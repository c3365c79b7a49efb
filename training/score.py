"""How far the landmarks are off while the training goes on; `make bench BENCH=landmarks` compares what is shipped."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from kneeroll.anatomy import BODY
from training.network import Lying
from training.pictures import Pool

PARTS = ("shoulder", "hip", "knee", "ankle")
Figures = Mapping[str, float]


@torch.no_grad()
def score(network: Lying, pool: Pool) -> Figures:
    """Mean error of each part in % of the trunk's length, share with left and right exchanged, truth of the spread."""
    network.eval()
    off, ratio, swapped = [], [], []
    for rows in torch.arange(len(pool), device=pool.device).split(16):
        batch = pool.plain(rows)
        found, log_spread, _, _ = network(batch.picture)
        there = batch.person > 0
        error = (found - batch.px)[there]
        off.append(error.norm(dim=-1) / batch.trunk_px[there][:, None] * 100)
        ratio.append(error.abs().mean(-1) / torch.exp(log_spread[there]))
        swapped.append(_swapped(found[there], batch.px[there]))
    errors, ratios = torch.cat(off).cpu().numpy(), torch.cat(ratio).cpu().numpy()
    figures = {}
    for part in PARTS:
        rows = [i for i, name in enumerate(BODY.landmarks) if part in name]
        figures[part] = float(errors[:, rows].mean())
    rows = [i for i, name in enumerate(BODY.landmarks) if any(part in name for part in PARTS)]
    figures["median"] = float(np.median(errors[:, rows]))
    figures["swapped"] = 100 * float(torch.cat(swapped).cpu().numpy().mean())
    figures["spread"] = float(ratios[:, rows].mean())
    return figures


def _swapped(found: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """(N,) whether knees, hips or ankles lie nearer to the other side's: 1 where two of three do."""
    votes = torch.zeros(len(found), device=found.device)
    for part in ("hip", "knee", "ankle"):
        left, right = BODY.index(f"left_{part}"), BODY.index(f"right_{part}")
        kept = (found[:, left] - true[:, left]).norm(dim=-1) + (found[:, right] - true[:, right]).norm(dim=-1)
        other = (found[:, left] - true[:, right]).norm(dim=-1) + (found[:, right] - true[:, left]).norm(dim=-1)
        votes += (other < kept).float()
    return (votes >= 2).float()


def table(groups: Mapping[str, Figures]) -> str:
    """One line a group."""
    names = [*PARTS, "median", "swapped", "spread"]
    lines = [f"{'':14s}" + "".join(f"{n:>10s}" for n in names)]
    lines += [f"{group:14s}" + "".join(f"{figures[n]:10.2f}" for n in names) for group, figures in groups.items()]
    return "\n".join(lines)
