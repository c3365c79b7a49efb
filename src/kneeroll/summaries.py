"""What is said about a hold and a session afterwards. Every number carries its error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from kneeroll.events import EndReason, Fault
from kneeroll.languages import Translate
from kneeroll.poses import MEASURES, Side, Surface, View

TWO_SIDED_90, TWO_SIDED_95 = 1.645, 1.96
"""Half the width of an interval of 90 and of 95 %, in standard errors."""
MDC95 = TWO_SIDED_95 * sqrt(2)
"""The smallest believable change from one value to another, in standard errors of one (Jacobson & Truax 1991, Weir 2005)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value and its standard error, same unit; both None where it cannot be measured, and `why` not.

    >>> str(Measured(52.34, 6.1))
    '52 ± 6'
    """

    value: float | None
    error: float | None
    why: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if (self.value is None) != (self.error is None):
            raise ValueError(f"a value and its error go together, got {self.value!r} and {self.error!r}")

    def __str__(self) -> str:
        return self.told(str)

    def told(self, _: Translate) -> str:
        """In words of a language."""
        if self.value is None or self.error is None:
            return _("not measurable")
        return f"{self.value:.0f} ± {self.error:.0f}"

    def in_degrees(self, _: Translate) -> str:
        """In words of a language, with the sign of degrees if there is something to have one.

        >>> Measured(52.34, 6.1).in_degrees(str), UNMEASURED.in_degrees(str)
        ('52 ± 6°', 'not measurable')
        """
        return self.told(_) if self.value is None else f"{self.told(_)}°"

    def in_unit(self, unit: str) -> str:
        """As text with its unit, if there is something to have one.

        >>> Measured(52.34, 6.1).in_unit("deg"), UNMEASURED.in_unit("deg")
        ('52 ± 6 deg', 'not measurable')
        """
        return str(self) if self.value is None else f"{self} {unit}"

    def record(self, digits: int = 2) -> dict[str, float | str | None]:
        if self.value is None or self.error is None:
            why: dict[str, float | str | None] = {"why": self.why} if self.why else {}
            return {"value": None, "error": None, **why}
        return {"value": round(self.value, digits), "error": round(self.error, digits)}


UNMEASURED = Measured(None, None)
NOT_SEEN = Measured(None, None, "the person was seen in less than half of the hold")
RESTLESS = Measured(None, None, "the body moved too much during the hold")
TIMED = Measured(None, None, "only the clock tells of it: nobody looked, or what was done cannot be judged by its looks")
TOO_WIDE = Measured(None, None, "from where the camera stands, the picture allows too wide a range")


@dataclass(frozen=True, slots=True)
class Creep:
    """How an angle crept during a hold. gain_deg: change from its start to its end, + deeper; settled_s: seconds to 80 % of it.

    >>> str(Creep(Measured(3.2, 0.8), Measured(12.4, 3.0)))
    'sank 3 ± 1°, most of it in 12 s'
    """

    gain_deg: Measured
    settled_s: Measured

    @property
    def is_clear(self) -> bool:
        """Whether the gain is more than two standard errors."""
        gain = self.gain_deg
        return gain.value is not None and gain.error is not None and abs(gain.value) > 2 * gain.error

    def __str__(self) -> str:
        return self.told(str)

    def told(self, _: Translate) -> str:
        """In words of a language."""
        gain, settled_s = self.gain_deg, self.settled_s.value
        if gain.value is None or gain.error is None:
            return gain.told(_)
        if not self.is_clear:
            words = _("no clear change, ± {error}°")
        elif settled_s is None:
            words = _("sank {gain} ± {error}°") if gain.value > 0 else _("rose {gain} ± {error}°")
        elif gain.value > 0:
            words = _("sank {gain} ± {error}°, most of it in {seconds} s")
        else:
            words = _("rose {gain} ± {error}°, most of it in {seconds} s")
        return words.format(gain=f"{abs(gain.value):.0f}", error=f"{gain.error:.0f}", seconds=f"{settled_s or 0:.0f}")

    def record(self) -> dict[str, dict[str, float | str | None]]:
        return {"gain_deg": self.gain_deg.record(), "settled_s": self.settled_s.record(1)}


UNMEASURED_CREEP = Creep(UNMEASURED, UNMEASURED)


@dataclass(frozen=True, slots=True)
class Breathing:
    """The breaths of a hold, and the longest time from one to the next, or to the start or end of what was seen (seconds).

    >>> str(Breathing(Measured(5, 1), Measured(4.3, 1.0)))
    '5 ± 1 breaths, longest pause 4 ± 1 s'
    """

    breaths: Measured
    longest_pause_s: Measured

    @property
    def is_measured(self) -> bool:
        return self.breaths.value is not None

    def __str__(self) -> str:
        return self.told(str)

    def told(self, _: Translate) -> str:
        """In words of a language."""
        if not self.is_measured:
            return self.breaths.told(_)
        words = _("{breaths} breaths, longest pause {seconds} s")
        return words.format(breaths=self.breaths.told(_), seconds=self.longest_pause_s.told(_))

    def record(self) -> dict[str, dict[str, float | str | None]]:
        return {"breaths": self.breaths.record(0), "longest_pause_s": self.longest_pause_s.record(1)}


UNMEASURED_BREATHING = Breathing(UNMEASURED, UNMEASURED)
BREATH_NOT_SEEN = Breathing(*2 * (Measured(None, None, "no regular rise and fall of chest or belly was seen"),))


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """From when to when something was not as it should be, and by how much (`kneeroll.faults` says what is measured).

    >>> str(FaultSpan(Fault.SHOULDER_LIFTED, 12.0, 16.0, Measured(9.2, 4.1), "deg"))
    'shoulder lifted 9 ± 4 deg, 4 s'
    """

    fault: Fault
    start_s: float
    end_s: float
    size: Measured
    unit: str

    def __str__(self) -> str:
        return self.told(str)

    def told(self, _: Translate) -> str:
        """In words of a language."""
        words = _(self.fault.value.replace("_", " "))
        return words if self.size.value is None else f"{words} {self.size} {_(self.unit)}, {self.end_s - self.start_s:.0f} s"

    def record(self) -> dict[str, Any]:
        return {
            "fault": self.fault.value,
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "size": self.size.record(),
            "unit": self.unit,
        }


BOTH = "both"
"""What stands for the side of a hold that has none."""


@dataclass(frozen=True, slots=True)
class HoldSummary:
    """One hold. Angles are magnitudes in degrees (the side says the direction), medians over the hold.

    side: None where a movement has none, like both knees to the chest.
    legs: in the order of `LEG_ANGLES`, in the movements that ask for them; else empty.
    """

    side: Side | None
    start_s: float
    end_s: float
    in_posture_s: float
    knee_drop_deg: Measured
    pelvis_roll_deg: Measured
    thorax_roll_deg: Measured
    trunk_twist_deg: Measured
    hip_swing_deg: Measured
    shoulder_lift_m: Measured
    knee_drop_creep: Creep
    trunk_twist_creep: Creep
    faults: tuple[FaultSpan, ...]
    legs: tuple[Measured, ...] = ()
    breathing: Breathing = UNMEASURED_BREATHING

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def toward(self) -> str:
        """The side in a word."""
        return self.side.value if self.side else BOTH

    @property
    def is_watched(self) -> bool:
        """Whether a camera told of it, not the clock alone."""
        return self.knee_drop_deg.why != TIMED.why

    def record(self) -> dict[str, Any]:
        """The hold in the JSON contract of `measure` (schema 1)."""
        return {
            "side": self.toward,
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "duration_s": round(self.duration_s, 3),
            "in_posture_s": round(self.in_posture_s, 3),
            **{name: getattr(self, name).record(4 if name.endswith("_m") else 2) for name in MEASURES},
            "creep": {"knee_drop_deg": self.knee_drop_creep.record(), "trunk_twist_deg": self.trunk_twist_creep.record()},
            "breathing": self.breathing.record(),
            "faults": [f.value for f in Fault if f in {span.fault for span in self.faults}],
            "fault_spans": [span.record() for span in self.faults],
            **({"legs": [bend.record() for bend in self.legs]} if self.legs else {}),
        }

    def told_legs(self, _: Translate) -> str:
        """How the legs were bent, in words of a language; empty where nobody asked."""
        if not self.legs:
            return ""
        hips, knees = self.legs[:2], self.legs[2:]
        words = (_("left hip {hip}, knee {knee}"), _("right hip {hip}, knee {knee}"))
        bends = zip(words, hips, knees, strict=True)
        return "; ".join(leg.format(hip=hip.in_degrees(_), knee=knee.in_degrees(_)) for leg, hip, knee in bends)


def why_not(holds: Iterable[HoldSummary]) -> tuple[str, ...]:
    """Why some angles of some holds could not be measured; empty when all could."""
    angles = (m for h in holds for m in (h.knee_drop_deg, h.pelvis_roll_deg, h.trunk_twist_deg, h.hip_swing_deg))
    return tuple(dict.fromkeys(m.why for m in angles if m.why))


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A whole session or recording. `reasons` says why nothing was measured (empty when something was)."""

    holds: tuple[HoldSummary, ...]
    view: View | None
    reasons: tuple[str, ...]
    ended: EndReason | None
    engine: str
    estimator: str

    @property
    def measurable(self) -> bool:
        return not self.reasons

    def dose_s(self, side: Side) -> float:
        """Seconds held in posture on one side."""
        return sum(h.in_posture_s for h in self.holds if h.side is side)


def hold_from_record(record: dict[str, Any]) -> HoldSummary:
    """The hold that `HoldSummary.record` wrote (rounded as it was written).

    Older records have no legs, creep or breathing, and of a fault only its name: it spans the hold then, its size unmeasured.
    """
    creep, breathing = record.get("creep", {}), record.get("breathing", {})
    unsized = [{"fault": f, **{k: record[k] for k in ("start_s", "end_s")}, "size": None, "unit": ""} for f in record["faults"]]
    return HoldSummary(
        side=None if record["side"] == BOTH else Side(record["side"]),
        start_s=record["start_s"],
        end_s=record["end_s"],
        in_posture_s=record["in_posture_s"],
        knee_drop_creep=_creep_from(creep.get("knee_drop_deg")),
        trunk_twist_creep=_creep_from(creep.get("trunk_twist_deg")),
        legs=tuple(_measured_from(bend) for bend in record.get("legs", ())),
        breathing=Breathing(*(_measured_from(breathing.get(name)) for name in ("breaths", "longest_pause_s"))),
        faults=tuple(
            FaultSpan(Fault(s["fault"]), s["start_s"], s["end_s"], _measured_from(s["size"]), s["unit"])
            for s in record.get("fault_spans", unsized)
        ),
        **{name: _measured_from(record[name]) for name in MEASURES},
    )


def _measured_from(record: dict[str, Any] | None) -> Measured:
    return UNMEASURED if record is None else Measured(record["value"], record["error"], record.get("why", ""))


def _creep_from(record: dict[str, Any] | None) -> Creep:
    return UNMEASURED_CREEP if record is None else Creep(*(_measured_from(record[name]) for name in ("gain_deg", "settled_s")))


@dataclass(frozen=True, slots=True)
class Usual:
    """What this person usually does before a camera: knee drop at rest by side (degrees), and of the last session where the
    camera stood, what the person lay on and how high the cushion was (cm).

    A side that is missing, or None, is not known yet.
    """

    drop_deg: Mapping[Side, float] = field(default_factory=dict)
    view: View | None = None
    surface: Surface | None = None
    cushion_cm: float | None = None
