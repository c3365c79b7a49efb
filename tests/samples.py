"""Samples that several tests share."""

from __future__ import annotations

from kneeroll.events import Fault
from kneeroll.poses import Side
from kneeroll.summaries import UNMEASURED, UNMEASURED_CREEP, Creep, FaultSpan, HoldSummary, Measured

HOLD = HoldSummary(
    side=Side.LEFT,
    start_s=8.123,
    end_s=31.5,
    in_posture_s=20.25,
    knee_drop_deg=Measured(55.12, 4.0),
    pelvis_roll_deg=Measured(34.0, 5.5),
    thorax_roll_deg=Measured(4.9, 3.1),
    trunk_twist_deg=Measured(29.1, 6.0),
    hip_swing_deg=UNMEASURED,
    shoulder_lift_m=Measured(0.0123, 0.0056),
    knee_drop_creep=Creep(Measured(3.2, 0.8), Measured(12.4, 3.0)),
    trunk_twist_creep=UNMEASURED_CREEP,
    faults=(
        FaultSpan(Fault.KNEES_PARTED, 12.0, 15.5, Measured(31.2, 8.1), "deg"),
        FaultSpan(Fault.RUSHED, 7.0, 7.8, Measured(82.0, 6.0), "deg/s"),
    ),
)
