"""Everything the coach remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from kneeroll.coach.holds import Rest
from kneeroll.events import BreathWay, Fault, Phase
from kneeroll.faults import RULES, Watch
from kneeroll.movements import Judge, Movement, Sides
from kneeroll.plans import Mind, Plan
from kneeroll.poses import Side
from kneeroll.summaries import Usual

WAITING = (Phase.NOT_IN_VIEW, Phase.LIE_DOWN, Phase.START_POSITION)
"""The phases before the start position is known."""
PAST_CEILING = PAST_CUSHION, PAST_LIMIT = "past_cushion", "past_limit"
"""Why the clock waits when the knees are deeper than the cushion lets them (it lies elsewhere, or gives way), or the plan."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Where the way of the knees ends (degrees), and the key of what is said beyond it.

    by_more_than_its_error: only what is surely beyond counts; a limit of the plan counts as it is seen.
    """

    key: str
    deg: float
    by_more_than_its_error: bool


@dataclass(frozen=True, slots=True)
class CoachState:
    """`step` counts the movements of the plan; `in_posture_s` is what the planned hold has so far; `hold_*` the one that is open.

    usual: what this person usually does. enough: that the knees are as deep as usual was said on this way down.
    words_s: when the newest line begins and ends to be heard: the voice speaks one line at a time, and only the newest waits.
    way_since_s: by the clock, since when the person is on the way there or back (the words come first).
    sighted: a camera looks on. tells_hands: a raised hand could be told now.
    done: the sides of the holds that are done in this movement (None where it has no sides).
    reminded: in this hold it was said to keep breathing.
    minded: how many of the plan's words about how to lie have been said.
    """

    plan: Plan
    sighted: bool = True
    usual: Usual = field(default_factory=Usual)
    phase: Phase = Phase.GET_READY
    step: int = 0
    side: Side | None = None
    left_phase: Phase | None = None
    t_s: float = 0.0
    phase_since_s: float = 0.0
    ready_left_s: int | None = None
    seen_s: float = 0.0
    tells_hands: bool = False
    hands_up: tuple[Side, ...] = ()
    enough: bool = False
    rest: Rest = field(default_factory=Rest)
    holding: bool = False
    hold_side: Side | None = None
    hold_since_s: float = 0.0
    counted_s: float = 0.0
    in_posture_s: float = 0.0
    ticked_s: int = 0
    breath_way: BreathWay = BreathWay.OUT
    breath_due_s: float = 0.0
    reminded: bool = False
    waits: tuple[str, ...] = ()
    waits_since_s: float = 0.0
    watch: Watch = field(default_factory=Watch)
    seen_faults: tuple[Fault, ...] = ()
    past_ceiling_since_s: float | None = None
    minded: int = 0
    done: tuple[Side | None, ...] = ()
    centred_since_s: float | None = None
    passed_centre: bool = True
    cue_times: tuple[tuple[str, float], ...] = ()
    spoke_s: float = 0.0
    words_s: tuple[float, float] = (0.0, 0.0)
    way_since_s: float | None = None

    @property
    def movement(self) -> Movement:
        """What is being done now, with the plan's doses."""
        return self.plan.steps[self.step]

    @property
    def to_mind(self) -> tuple[Mind, ...]:
        """How to lie, as far as it has not been said: the first movement waits for it."""
        return self.plan.limits.mind[self.minded :]

    @property
    def by_clock(self) -> bool:
        """Whether the clock leads: nobody looks on, or what is done cannot be judged by its looks."""
        return not self.sighted or self.movement.judged_by is Judge.CLOCK

    @property
    def deep_enough_deg(self) -> float | None:
        """Where the knees usually rest on this side, or as deep as the plan lets them; None where nobody knows."""
        usual_deg = self.usual.drop_deg.get(self.side) if self.side is not None else None
        return min((deg for deg in (usual_deg, self.plan.limits.ceiling_deg) if deg is not None), default=None)

    @property
    def ceiling(self) -> Ceiling | None:
        """What ends the way of the knees first: the cushion under them, or the plan; None where neither does."""
        cushion_deg, limit_deg = self.movement.cushion.ceiling_deg(self.plan.cushion_cm), self.plan.limits.ceiling_deg
        if limit_deg is not None and (cushion_deg is None or limit_deg <= cushion_deg):
            return Ceiling(PAST_LIMIT, limit_deg, by_more_than_its_error=False)
        return None if cushion_deg is None else Ceiling(PAST_CUSHION, cushion_deg, by_more_than_its_error=True)

    @property
    def top_speed_deg_s(self) -> float:
        """Knees that move faster are rushed: by the plan, or by the rule for everybody."""
        return min(self.plan.limits.top_speed_deg_s or inf, RULES[Fault.RUSHED].limit)

    @property
    def next_side(self) -> Side | None:
        """The other side of the last hold, unless that has had its share; None where the movement has no sides."""
        movement = self.movement
        if movement.sides is Sides.BOTH:
            return None
        last = self.done[-1] if self.done else None
        side = self.plan.first_side if last is None else last.other
        return side if self.plan.follow or self.done.count(side) < movement.holds_a_side else side.other

    @property
    def all_done(self) -> bool:
        """Whether the movement has had all its holds."""
        sides = (None,) if self.movement.sides is Sides.BOTH else tuple(Side)
        return all(self.done.count(side) >= self.movement.holds_a_side for side in sides)
