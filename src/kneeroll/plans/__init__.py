"""What to do in a session, when, and within which limits: a TOML file, read and checked here. Pure values in and out.

>>> default_plan().steps[0].hold_s
20.0
"""

from kneeroll.plans.file import MOST_MOVEMENTS, PARTS, READY_S, default_plan, parse_limits, parse_plan, read_plan, write_plan
from kneeroll.plans.limits import NO_LIMITS, Limits, Mind
from kneeroll.plans.plan import OBSERVE, TOO_MUCH, Day, Plan

__all__ = [
    "MOST_MOVEMENTS",
    "NO_LIMITS",
    "OBSERVE",
    "PARTS",
    "READY_S",
    "TOO_MUCH",
    "Day",
    "Limits",
    "Mind",
    "Plan",
    "default_plan",
    "parse_limits",
    "parse_plan",
    "read_plan",
    "write_plan",
]
