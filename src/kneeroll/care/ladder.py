"""The steps of a ladder, and a plan with another one of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kneeroll.movements import Movement
from kneeroll.plans import Plan


def step_of(plan: Plan) -> Movement | None:
    """The movement of the plan that has a place in a ladder; None where there is none."""
    return next((one for one in plan.movements if one.rung is not None), None)


def ladder_of(step: Movement, known: Mapping[str, Movement]) -> tuple[Movement, ...]:
    """The ladder of a step, the gentlest first: one movement a rung, the step itself on its own."""
    by_rung = {m.rung: m for m in reversed([*known.values()]) if m.family == step.family and m.rung is not None}
    return tuple(movement for _, movement in sorted((by_rung | {step.rung: step}).items(), key=lambda one: one[0] or 0))


def with_step(plan: Plan, step: Movement) -> Plan:
    """The plan with this step instead of its own. InvalidPlan when a limit forbids it."""
    own = step_of(plan)
    name = step.name if own is None or plan.name == own.name else plan.name
    movements = (step,) if own is None else tuple(step if one is own else one for one in plan.movements)
    return replace(plan, movements=movements, name=name)


def allows(plan: Plan, step: Movement) -> bool:
    """Whether the plan's limits let it have this step, with the plan's own dose if it has one."""
    return not plan.limits.forbid(replace(step, hold_s=plan.hold_s or step.hold_s))
