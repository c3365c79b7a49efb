"""A session as a group of observations: activity, minutes, holds with their angles and errors, ratings. Pure."""

from __future__ import annotations

from kneeroll.events import ComfortRated, movement_at
from kneeroll.exports.codes import (
    BREATHS,
    CAMERA,
    CLOCK,
    CUSHION,
    DOSE,
    ENDED,
    FAULTS,
    HOLD,
    MEASURES,
    MOVEMENT,
    PAUSE,
    PHYSICAL_ACTIVITY,
    RATINGS,
    SURFACE,
    TIME,
    VIEW,
    WHEN,
    Code,
)  # fmt: skip
from kneeroll.exports.fhir.pieces import SURVEY, VITAL, Json, Maker, instant, period, quantity, ref, refs
from kneeroll.exports.kept import KeptSession, moment
from kneeroll.poses import Side
from kneeroll.summaries import BOTH, HoldSummary, Measured
from kneeroll.wording import DISCLAIMER

LEAST_FOR_A_RATE_S = 60.0
"""A shorter hold has too few breaths for a rate: only their number is told."""


def device_of(make: Maker, kept: KeptSession) -> Json:
    """The program and the network that measured."""
    versions = [("program", kept.engine), ("network", kept.estimator)]
    return make.resource(
        "Device", kept.engine, kept.estimator,
        deviceName=[{"name": "kneeroll", "type": "user-friendly-name"}],
        version=[{"type": {"text": name}, "value": value} for name, value in versions if value],
        note=[{"text": DISCLAIMER}],
        patient=make.patient,
    )  # fmt: skip


def session(make: Maker, kept: KeptSession) -> list[Json]:
    """The group first, then all that belongs to it."""
    entry = kept.entry
    device: Json = {"device": ref(device_of(make, kept))}
    whole: Json = {"effectivePeriod": period(entry.started_at, moment(kept, entry.duration_s))}
    activity = make.observation(
        entry.id, "activity", code=make.loinc("73985-4", "Exercise activity"), **whole,
        valueCodeableConcept=make.words("Lying knee rolls and stretches", "activity"),
    )  # fmt: skip
    duration = make.observation(
        entry.id, "duration", code=make.loinc("55411-3", "Exercise duration"), **whole,
        valueQuantity=quantity(round(entry.duration_s / 60, 2), "min"),
    )  # fmt: skip
    doses = [
        make.observation(
            entry.id, "dose", side, code=make.concept(DOSE), component=[make.side(side)], **whole,
            valueQuantity=quantity(round(seconds / 60, 3), "min"),
        )
        for side, seconds in _doses(kept).items()
    ]  # fmt: skip
    holds = [hold(make, kept, i, h, device) for i, h in enumerate(kept.holds)]
    ratings = [r for e in kept.events if isinstance(e, ComfortRated) for r in _ratings(make, kept, e)]
    parts = [activity, duration, *doses, *(h[0] for h in holds), *ratings]
    group = make.observation(
        entry.id,
        code={
            "coding": [{"system": PHYSICAL_ACTIVITY, "code": "PAPanel", "display": "Physical activity panel"}],
            "text": str(kept.plan.get("name") or "Session"),
        },
        status="final" if entry.end_reason else "preliminary",
        component=[make.text(ENDED, entry.end_reason)],
        hasMember=refs(parts), **whole, **device,
        **({"note": [{"text": f"Not measurable: {', '.join(kept.reasons)}"}]} if kept.reasons else {}),
    )  # fmt: skip
    return [group, activity, duration, *doses, *(o for h in holds for o in h), *ratings]


def hold(make: Maker, kept: KeptSession, number: int, held: HoldSummary, device: Json) -> list[Json]:
    """The hold first, then its angles and breaths."""
    key = (kept.entry.id, "hold", str(number))
    when: Json = {"effectivePeriod": period(moment(kept, held.start_s), moment(kept, held.end_s))}
    common = when | {"method": make.concept(CAMERA if held.is_watched else CLOCK)}

    def part(name: str, code: Code, value: Measured, digits: int, snomed_of: str | None = None) -> Json:
        told = make.measured(value, code, digits)
        components = [*told.pop("component", []), make.side(held.toward)]
        concept = make.concept(code, snomed_of=snomed_of)
        return make.observation(*key, name, code=concept, component=components, **common, **device, **told)

    parts = [
        part(name, code, getattr(held, name), 4 if code.unit == "m" else 2, "range" if code.unit == "deg" else None)
        for name, code in MEASURES.items()
    ]
    if held.breathing.is_measured:
        parts.append(part("breaths", BREATHS, held.breathing.breaths, 0))
        parts.append(part("pause", PAUSE, held.breathing.longest_pause_s, 1))
        parts += _rate(make, key, held, when | device)
    movement, cushion_cm = movement_at(kept.events, held.start_s), kept.plan.get("cushion_cm")
    whole = make.observation(
        *key,
        code=make.concept(HOLD),
        valueQuantity=quantity(round(held.in_posture_s, 3), "s"),
        component=[
            make.side(held.toward),
            make.text(VIEW, kept.view),
            make.text(SURFACE, kept.plan.get("surface")),
            make.text(MOVEMENT, movement.movement if movement else None),
            {"code": make.concept(CUSHION), "valueQuantity": quantity(cushion_cm, CUSHION.unit)} if cushion_cm else {},
            *(
                {"code": make.concept(FAULTS[f.fault]), "valuePeriod": period(moment(kept, f.start_s), moment(kept, f.end_s))}
                for f in held.faults
            ),
        ],
        hasMember=refs(parts), **common, **device,
    )  # fmt: skip
    return [whole, *parts]


def rate_of(held: HoldSummary) -> Measured | None:
    """Breaths a minute; None where the hold was too short for a rate, or nobody saw them."""
    breaths, minutes = held.breathing.breaths, held.duration_s / 60
    if breaths.value is None or breaths.error is None or held.duration_s < LEAST_FOR_A_RATE_S:
        return None
    return Measured(breaths.value / minutes, breaths.error / minutes)


def _rate(make: Maker, key: tuple[str, ...], held: HoldSummary, common: Json) -> list[Json]:
    rate = rate_of(held)
    if rate is None:
        return []
    code = make.loinc("9279-1", "Respiratory rate", "respiratory-rate")
    told = make.measured(rate, Code("", "", "", "/min"), 1)
    return [make.observation(*key, "rate", code=code, category=VITAL, **common, **told)]


def _doses(kept: KeptSession) -> dict[str, float]:
    sides = {BOTH if s is None else s.value: s for s in (*Side, None)}
    seconds = {word: sum(h.in_posture_s for h in kept.holds if h.side is side) for word, side in sides.items()}
    return {word: total for word, total in seconds.items() if total}


def _ratings(make: Maker, kept: KeptSession, event: ComfortRated) -> list[Json]:
    when = "after" if event.after else "before"
    return ratings(make, (kept.entry.id, when), when, instant(moment(kept, event.t_s)), event.discomfort, event.stiffness)


def ratings(make: Maker, key: tuple[str, ...], when: str, at: str, discomfort: int | None, stiffness: int | None) -> list[Json]:
    """What the person said from 0 to 10; nothing for what they did not say."""
    said = {"discomfort": discomfort, "stiffness": stiffness}
    return [
        make.observation(
            *key, name, code=make.concept(RATINGS[name]), category=SURVEY, effectiveDateTime=at, performer=[make.patient],
            valueQuantity=quantity(value, "{score}"), component=[make.text(TIME, WHEN[when].code)],
        )
        for name, value in said.items() if value is not None
    ]  # fmt: skip
