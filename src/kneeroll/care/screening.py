"""Questions before the first session, and what follows from the answers. Pure: the table stands in screening.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, reduce
from importlib import resources
from operator import and_
from typing import Any

from kneeroll.diary import Screened
from kneeroll.languages import N_, Worded
from kneeroll.movements import SHIPPED
from kneeroll.plans import NO_LIMITS, Limits, parse_limits


class Outcome(Worded):
    """What follows from the answers, the strictest last."""

    GO = "go", N_("Nothing here speaks against it. Stay in the range that feels comfortable.")
    WITH_LIMITS = "with_limits", N_("Go gently, and keep to what is said here.")
    ASK_FIRST = "ask_first", N_("Please do not use this stretch until a health professional agrees.")
    URGENT = "urgent", N_("Please get help now. Do not exercise.")

    @property
    def may_train(self) -> bool:
        return self in (Outcome.GO, Outcome.WITH_LIMITS)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is answered by yes or no. say: what to do after a yes; source: empty for a general caution."""

    id: str
    ask: str
    outcome: Outcome
    limits: Limits
    say: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clearance:
    """What may be done. words: what to do, the strictest first, in English (`_(line)` for another language)."""

    outcome: Outcome
    limits: Limits = NO_LIMITS
    words: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


CHANGED = "The questions have changed since you answered. Please answer them again."
NOTHING_LEFT = "Together your answers leave none of our movements. Please ask a health professional what suits you."


@cache
def questions() -> tuple[Question, ...]:
    """Every question, in the order in which to ask them."""
    return tuple(
        Question(
            id=row["id"],
            ask=row["ask"],
            outcome=Outcome(row["outcome"]),
            limits=parse_limits("limits", row.get("limits", {})),
            say=row["say"],
            source=tuple(row.get("source", ())),
        )
        for row in _table()["question"]
    )


def version() -> int:
    """Of the questions; `Screened.table` says which were answered."""
    return int(_table()["version"])


def clear(yes: Collection[str]) -> Clearance:
    """What follows from the questions (ids) that were answered by yes: the strictest outcome wins, limits add up.

    An id that nobody knows (of another version of the questions) counts as a reason to ask first.

    >>> clear(["thin_bones", "shoulder"]).limits.ceiling_deg
    30.0
    """
    known = {question.id: question for question in questions()}
    found = sorted((known[id] for id in known if id in yes), key=lambda q: -_strictness(q.outcome))
    limits = reduce(and_, (q.limits for q in found), NO_LIMITS)
    words = [q.say for q in found]
    outcome = found[0].outcome if found else Outcome.GO
    if outcome.may_train and any(id not in known for id in yes):
        outcome, words = Outcome.ASK_FIRST, [CHANGED, *words]
    elif outcome.may_train and all(limits.forbid(movement) for movement in SHIPPED.values()):
        outcome, words = Outcome.ASK_FIRST, [NOTHING_LEFT, *words]
    sources = (source for q in found for source in q.source)
    return Clearance(outcome, limits, tuple(dict.fromkeys(words)), tuple(dict.fromkeys(sources)))


def is_current(answered: Screened) -> bool:
    """Whether today's questions were the ones that were answered."""
    return answered.table == version()


def _strictness(outcome: Outcome) -> int:
    return list(Outcome).index(outcome)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("kneeroll.care").joinpath("screening.toml").read_text("utf-8"))
