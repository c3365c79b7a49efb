"""What stands now: what the answers allow, which plan, which step. Worked out from the diary each time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from kneeroll.care.ladder import allows, ladder_of, step_of, with_step
from kneeroll.care.screening import Clearance, Outcome, clear
from kneeroll.diary import Entry, PlanAccepted, Screened, StepSet
from kneeroll.errors import InvalidPlan
from kneeroll.movements import SHIPPED, Movement, Position
from kneeroll.plans import MOST_MOVEMENTS, NO_LIMITS, Limits, Plan, default_plan, parse_plan

_E = TypeVar("_E", bound=Entry)
BEGIN_AT = ("cushion_10s", "breath_paced_rolls")
"""Where whoever has limits begins: the gentlest rest, or the rolls that go with the breath."""


def clearance_now(diary: Iterable[Entry]) -> Clearance | None:
    """What the newest answers allow; None where nobody has answered yet."""
    newest = _newest(diary, Screened)
    return None if newest is None else clear(newest.yes)


def plan_for(clearance: Clearance) -> Plan | None:
    """A plan to begin with after the screening; None where a professional should be asked first, or help is needed now.

    >>> plan_for(clear(["thin_bones"])).movements[0].id
    'cushion_10s'
    """
    if not clearance.outcome.may_train:
        return None
    begin, limits = default_plan(), clearance.limits
    if clearance.limits == NO_LIMITS:
        return begin
    allowed = [m for m in SHIPPED.values() if not limits.forbid(m)]
    steps = [SHIPPED[id] for id in BEGIN_AT if SHIPPED[id] in allowed]
    chosen = steps[:1] or sorted(allowed, key=lambda m: m.position is not Position.ON_THE_SIDE)[:MOST_MOVEMENTS]
    if not chosen:
        return None
    return replace(begin, name=chosen[0].name, movements=tuple(chosen), limits=limits)


def plan_now(diary: Iterable[Entry], known: Mapping[str, Movement] = SHIPPED) -> Plan | None:
    """The plan that stands: the accepted one (or the one to begin with), within what the answers allow, at the step that was set.

    None where the answers allow none. `known` are the movements that a plan may name (those that ship with kneeroll).

    Raises
    ------
    InvalidPlan
        When the accepted plan can no longer be read, for example because a movement of one's own is gone.
    """
    entries = tuple(diary)
    clearance = clearance_now(entries) or Clearance(Outcome.GO)
    if not clearance.outcome.may_train:
        return None
    plan, accepted = plan_for(clearance), _newest(entries, PlanAccepted)
    if accepted is not None:
        own = _read(accepted, known)
        plan = fit(own, clearance.limits, known) or plan_for(replace(clearance, limits=clearance.limits & own.limits))
    steps = [e for e in entries if isinstance(e, StepSet) and (accepted is None or e.at >= accepted.at)]
    wished = known.get(max(steps, key=lambda e: e.at).step) if steps else None
    if plan is None or wished is None or wished.rung is None or step_of(plan) is None:
        return plan
    return next((with_step(plan, step) for step in reversed(_up_to(wished, known)) if allows(plan, step)), plan)


def plan_to_do(diary: Iterable[Entry], known: Mapping[str, Movement] = SHIPPED, own: Plan | None = None) -> Plan:
    """The plan that stands, or one's own, within what the answers allow.

    Raises
    ------
    InvalidPlan
        When the answers allow none, with what to do, or when the accepted plan can no longer be read.
    """
    entries = tuple(diary)
    clearance = clearance_now(entries) or Clearance(Outcome.GO)
    plan, may_train = None, clearance.outcome.may_train
    if may_train:
        plan = plan_now(entries, known) if own is None else fit(own, clearance.limits, known)
    if plan is None:
        outcome = () if may_train else (clearance.outcome.told(str),)
        raise InvalidPlan(" ".join(("Your answers to the questions allow no such plan.", *outcome, *clearance.words)))
    return plan


def _read(accepted: PlanAccepted, known: Mapping[str, Movement]) -> Plan:
    try:
        return parse_plan(accepted.toml, known)
    except InvalidPlan as error:
        raise InvalidPlan(f"The plan that you took on {accepted.at:%Y-%m-%d} cannot be read any more: {error}") from error


def set_since(diary: Iterable[Entry]) -> datetime | None:
    """Since when the step is as it is: the newest of the accepted plans and the steps; None where there is none."""
    return max((e.at for e in diary if isinstance(e, PlanAccepted | StepSet)), default=None)


def answered_at(diary: Iterable[Entry]) -> datetime | None:
    """When the questions were answered last; None where nobody has."""
    newest = _newest(diary, Screened)
    return None if newest is None else newest.at


def fit(plan: Plan, limits: Limits, known: Mapping[str, Movement]) -> Plan | None:
    """The plan within more limits: a step comes down to one that is allowed, other movements that are not fall away.

    None where nothing is left.
    """
    both = plan.limits & limits
    hold_s = min(plan.hold_s, both.longest_hold_s or plan.hold_s) if plan.hold_s else None
    open_plan = replace(plan, limits=NO_LIMITS, hold_s=hold_s)
    own = step_of(open_plan)
    movements = []
    for movement in plan.movements:
        ways = reversed(_up_to(movement, known)) if movement is own else (movement,)
        movements += [m for m in ways if not both.forbid(replace(m, hold_s=hold_s or m.hold_s))][:1]
    return replace(open_plan, movements=tuple(movements), limits=both) if movements else None


def _up_to(step: Movement, known: Mapping[str, Movement]) -> tuple[Movement, ...]:
    return tuple(m for m in ladder_of(step, known) if (m.rung or 0) <= (step.rung or 0))


def _newest(diary: Iterable[Entry], kind: type[_E]) -> _E | None:
    return max((e for e in diary if isinstance(e, kind)), key=lambda e: e.at, default=None)
