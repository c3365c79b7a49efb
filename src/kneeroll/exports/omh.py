"""Data points of Open mHealth and IEEE 1752.1: activity, breathing rate, knee drop. Pure; exporting twice gives the same points.

The header is that of IEEE 1752.1 (header-1.0). A breathing rate is told only of a hold of a minute or more; what was not measured
is left out, as these schemas have no word for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kneeroll.exports.codes import uid
from kneeroll.exports.fhir.sessions import rate_of
from kneeroll.exports.kept import KeptSession, moment

Json = dict[str, Any]
ACTIVITY = ("ieee", "physical-activity", "1.0")
RATE = ("omh", "respiratory-rate", "2.0")
KNEE_DROP = ("kneeroll", "knee-drop-angle", "1.0")
"""Our own: no schema has it. Its values are of omh:plane-angle-unit-value:1.1."""


def to_data_points(sessions: Sequence[KeptSession], *, subject: str) -> list[Json]:
    """A data point for each session, then those of its holds. subject tells this person from others."""
    return [point for kept in sessions for point in _session(kept, subject)]


def _session(kept: KeptSession, subject: str) -> Iterable[Json]:
    entry, end = kept.entry, moment(kept, kept.entry.duration_s)
    sensed = any(hold.is_watched for hold in kept.holds)
    yield _point(
        ACTIVITY, (subject, entry.id), end, sensed,
        activity_name="stretching, lying knee rolls",
        effective_time_frame=_frame(entry.started_at, end),
        duration=_value(round(sum(h.in_posture_s for h in kept.holds) / 60, 2), "min"),
        base_movement_quantity=_value(len(kept.holds), "movements"),
    )  # fmt: skip
    for i, hold in enumerate(kept.holds):
        key, frame = (subject, entry.id, str(i)), _frame(moment(kept, hold.start_s), moment(kept, hold.end_s))
        drop, rate = hold.knee_drop_deg.record(), rate_of(hold)
        if drop["value"] is not None:
            yield _point(
                KNEE_DROP, key, end, True, knee_drop_angle=_value(drop["value"], "deg"),
                standard_error=_value(drop["error"], "deg"), side=hold.toward, effective_time_frame=frame,
            )  # fmt: skip
        if rate is not None:
            value = _value(rate.record(1)["value"], "breaths/min")
            yield _point(RATE, key, end, True, respiratory_rate=value, effective_time_frame=frame)


def _point(schema: tuple[str, str, str], key: tuple[str, ...], made: datetime, sensed: bool, **body: Any) -> Json:
    header = {
        "uuid": uid(*schema, *key),
        "schema_id": dict(zip(("namespace", "name", "version"), schema, strict=True)),
        "source_creation_date_time": made.isoformat(),
        "modality": "sensed" if sensed else "self-reported",
    }
    return {"header": header, "body": body}


def _frame(start: datetime, end: datetime) -> Json:
    return {"time_interval": {"start_date_time": start.isoformat(), "end_date_time": end.isoformat()}}


def _value(value: Any, unit: str) -> Json:
    return {"value": value, "unit": unit}
