"""A bundle of ours read back, to see that it says all: holds, ratings and scores, as the trends take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kneeroll.diary import Instrument
from kneeroll.events import ComfortRated, EndReason, Event, MovementStarted
from kneeroll.exports.codes import (
    BREATHS,
    CUSHION,
    ENDED,
    ERROR,
    FAULTS,
    HOLD,
    MEASURES,
    MOVEMENT,
    OWN,
    PAUSE,
    RATINGS,
    SCORES,
    SIDE,
    SURFACE,
    TIME,
    VIEW,
    WHEN,
)  # fmt: skip
from kneeroll.exports.fhir.pieces import Json
from kneeroll.outcomes.readings import Sitting
from kneeroll.poses import Surface, View
from kneeroll.summaries import HoldSummary, SessionSummary, hold_from_record


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bundle says: sessions by their time, and the scores of questionnaires."""

    sittings: tuple[Sitting, ...]
    scores: tuple[tuple[Instrument, datetime, float], ...]


def from_bundle(bundle: Mapping[str, Any]) -> Imported:
    """Read what `to_bundle` made. Sizes of faults and creep do not travel: they come back unmeasured."""
    found = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    observed = [r for r in found.values() if r["resourceType"] == "Observation"]
    groups = [o for o in observed if any(c["code"] == "PAPanel" for c in o["code"]["coding"])]
    instruments = {SCORES[i.value].code: i for i in Instrument}
    scored = [(instruments[_own(o)], _at(o), float(o["valueQuantity"]["value"])) for o in observed if _own(o) in instruments]
    sittings = (_sitting(group, found) for group in groups)
    return Imported(tuple(sorted(sittings, key=lambda s: s.started_at)), tuple(sorted(scored, key=lambda s: s[1])))


def _sitting(group: Json, found: Mapping[str, Json]) -> Sitting:
    start = datetime.fromisoformat(group["effectivePeriod"]["start"])
    members = _members(group, found)
    holds = [(m, _hold(m, _members(m, found), start)) for m in members if _own(m) == HOLD.code]
    facts = _components(holds[0][0]) if holds else {}
    view, surface, cushion = (facts.get(code.code) for code in (VIEW, SURFACE, CUSHION))
    ended = _components(group).get(ENDED.code)
    moved = ((h.start_s, _components(m)[MOVEMENT.code]["valueString"]) for m, h in holds if MOVEMENT.code in _components(m))
    events: list[Event] = [MovementStarted(start_s, name, "", ()) for start_s, name in moved]
    device = _of_device(found[group["device"]["reference"]])
    return Sitting(
        start,
        SessionSummary(
            tuple(h for _, h in holds), View(view["valueString"]) if view else None, (),
            EndReason(ended["valueString"]) if ended else None, device.get("program", ""), device.get("network", ""),
        ),
        (*events, *_rated(members, start)),
        Surface(surface["valueString"]) if surface else None,
        cushion["valueQuantity"]["value"] if cushion else None,
    )  # fmt: skip


def _hold(whole: Json, parts: Iterable[Json], start: datetime) -> HoldSummary:
    values = {_own(part): part for part in parts}
    period = whole["effectivePeriod"]
    spans = [
        {"fault": fault.value, **_span(c["valuePeriod"], start), "size": None, "unit": ""}
        for c in whole["component"]
        for fault, code in FAULTS.items()
        if _own(c) == code.code
    ]
    breathing = {name: _measured(values.get(code.code)) for name, code in (("breaths", BREATHS), ("longest_pause_s", PAUSE))}
    return hold_from_record(
        {
            "side": _components(whole)[SIDE.code]["valueString"],
            **_span(period, start),
            "in_posture_s": whole["valueQuantity"]["value"],
            "faults": [],
            "fault_spans": spans,
            "breathing": breathing,
            **{name: _measured(values.get(code.code)) for name, code in MEASURES.items()},
        }
    )


def _measured(part: Json | None) -> Json | None:
    if part is None:
        return None
    if "valueQuantity" not in part:
        return {"value": None, "error": None, "why": part["dataAbsentReason"].get("text", "")}
    return {"value": part["valueQuantity"]["value"], "error": _components(part)[ERROR.code]["valueQuantity"]["value"]}


def _rated(members: Iterable[Json], start: datetime) -> list[ComfortRated]:
    said: dict[tuple[float, bool], dict[str, int]] = {}
    names = {code.code: name for name, code in RATINGS.items()}
    for member in members:
        if _own(member) in names:
            after = _components(member)[TIME.code]["valueString"] == WHEN["after"].code
            at = (_seconds(member["effectiveDateTime"], start), after)
            said.setdefault(at, {})[names[_own(member)]] = int(member["valueQuantity"]["value"])
    return [ComfortRated(t_s, after, one.get("stiffness"), one.get("discomfort")) for (t_s, after), one in said.items()]


def _members(group: Json, found: Mapping[str, Json]) -> list[Json]:
    return [found[member["reference"]] for member in group["hasMember"]]


def _components(observation: Json) -> dict[str, Json]:
    return {_own(c): c for c in observation.get("component", ())}


def _own(coded: Json) -> str:
    """Our own code of an observation or a component; empty where it has none."""
    return next((str(c["code"]) for c in coded["code"].get("coding", ()) if c["system"] == OWN), "")


def _at(observation: Json) -> datetime:
    return datetime.fromisoformat(observation["effectiveDateTime"])


def _span(period: Json, start: datetime) -> dict[str, float]:
    return {"start_s": _seconds(period["start"], start), "end_s": _seconds(period["end"], start)}


def _seconds(moment: str, start: datetime) -> float:
    return round((datetime.fromisoformat(moment) - start).total_seconds(), 3)


def _of_device(device: Json) -> dict[str, str]:
    return {v["type"]["text"]: v["value"] for v in device.get("version", ())}
