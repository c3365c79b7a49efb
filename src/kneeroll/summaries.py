"""What is said about a hold and a session afterwards. Every number carries its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kneeroll.events import EndReason, Fault
from kneeroll.poses import Side, View


@dataclass(frozen=True, slots=True)
class Measured:
    """A value and its standard error, same unit; both None where it cannot be measured.

    >>> str(Measured(52.34, 6.1))
    '52 ± 6'
    """

    value: float | None
    error: float | None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.error is None):
            raise ValueError(f"a value and its error go together, got {self.value!r} and {self.error!r}")

    def __str__(self) -> str:
        if self.value is None or self.error is None:
            return "not measurable"
        return f"{self.value:.0f} ± {self.error:.0f}"

    def record(self, digits: int = 2) -> dict[str, float | None]:
        if self.value is None or self.error is None:
            return {"value": None, "error": None}
        return {"value": round(self.value, digits), "error": round(self.error, digits)}


UNMEASURED = Measured(None, None)


@dataclass(frozen=True, slots=True)
class HoldSummary:
    """One hold. Angles are magnitudes in degrees (the side says the direction), medians over the hold."""

    side: Side
    start_s: float
    end_s: float
    in_posture_s: float
    knee_drop_deg: Measured
    pelvis_roll_deg: Measured
    thorax_roll_deg: Measured
    trunk_twist_deg: Measured
    hip_swing_deg: Measured
    shoulder_lift_m: Measured
    faults: tuple[Fault, ...]

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    def record(self) -> dict[str, Any]:
        """The hold in the JSON contract of `measure` (schema 1)."""
        return {
            "side": self.side.value,
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "duration_s": round(self.duration_s, 3),
            "in_posture_s": round(self.in_posture_s, 3),
            "knee_drop_deg": self.knee_drop_deg.record(),
            "pelvis_roll_deg": self.pelvis_roll_deg.record(),
            "thorax_roll_deg": self.thorax_roll_deg.record(),
            "trunk_twist_deg": self.trunk_twist_deg.record(),
            "hip_swing_deg": self.hip_swing_deg.record(),
            "shoulder_lift_m": self.shoulder_lift_m.record(4),
            "faults": [f.value for f in self.faults],
        }


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


_MEASURES = (
    "knee_drop_deg",
    "pelvis_roll_deg",
    "thorax_roll_deg",
    "trunk_twist_deg",
    "hip_swing_deg",
    "shoulder_lift_m",
)


def hold_from_record(record: dict[str, Any]) -> HoldSummary:
    """The hold that `HoldSummary.record` wrote (rounded as it was written)."""
    return HoldSummary(
        side=Side(record["side"]),
        start_s=record["start_s"],
        end_s=record["end_s"],
        in_posture_s=record["in_posture_s"],
        faults=tuple(Fault(f) for f in record["faults"]),
        **{name: Measured(record[name]["value"], record[name]["error"]) for name in _MEASURES},
    )
