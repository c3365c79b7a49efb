"""The article's claims beside their evidence. Pure: the table stands in claims.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from kneeroll.checks import Checks
from kneeroll.languages import N_, Worded

_CHECK = Checks(ValueError)
_YEAR = re.compile(r"\b(19|20)\d\d\b")


class Standing(Worded):
    """How a claim stands with the evidence."""

    SUPPORTED = "supported", N_("supported")
    MIXED = "mixed", N_("mixed")
    OPEN = "open", N_("possible, not shown")
    UNSUPPORTED = "unsupported", N_("not supported")


class Look(StrEnum):
    """What a journal may have about a claim."""

    COMFORT = "comfort"
    MORNING = "morning"
    ACTIVITIES = "activities"
    KNEE_DROP = "knee_drop"
    TWIST = "twist"
    DOSE = "dose"
    DAYS_DONE = "days_done"
    SIDES = "sides"
    TRIALS = "trials"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the article says, what was found, with whom, and what a journal can and cannot say about it; texts in English."""

    id: str
    says: str
    verdict: Standing
    found: str
    source: tuple[str, ...]
    looks_at: tuple[Look, ...]
    cannot: str


@cache
def claims() -> tuple[Claim, ...]:
    """All claims, in the order of the article."""
    return read_claims(resources.files("kneeroll.inside").joinpath("claims.toml").read_text("utf-8"))


def read_claims(text: str) -> tuple[Claim, ...]:
    """The claims written in TOML. ValueError: a text is missing, a source has no year, an id comes twice."""
    table = _CHECK.load(text, "claims.toml")
    found = tuple(_read(row) for row in table["claim"])
    if len({claim.id for claim in found}) < len(found):
        raise ValueError("two claims have the same id")
    return found


def _read(row: dict[str, object]) -> Claim:
    id = _CHECK.text("id", row.get("id"))
    source = _CHECK.texts(f"{id}.source", row.get("source"))
    if not source or not all(_YEAR.search(one) for one in source):
        raise ValueError(f"{id}.source is {source}; every source has its year")
    return Claim(
        id=id,
        says=_CHECK.text(f"{id}.says", row.get("says")),
        verdict=_CHECK.word(f"{id}.verdict", row.get("verdict"), Standing),
        found=_CHECK.text(f"{id}.found", row.get("found")),
        source=source,
        looks_at=_CHECK.words(f"{id}.looks_at", row.get("looks_at"), Look),
        cannot=_CHECK.text(f"{id}.cannot", row.get("cannot")),
    )
