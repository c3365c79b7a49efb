"""What to do in a session: a TOML file, read and checked here. Pure values in and out.

>>> default_plan().steps[0].hold_s
20.0
"""

from kneeroll.plans.plan import OBSERVE, READY_S, Plan, default_plan, parse_plan, read_plan

__all__ = ["OBSERVE", "READY_S", "Plan", "default_plan", "parse_plan", "read_plan"]
