"""Open mHealth data points against the needed shape of the schemas."""

from __future__ import annotations

from copy import deepcopy

import pytest
from jsonschema import Draft202012Validator, ValidationError

from kneeroll.exports.omh import to_data_points
from tests.exports.made import session


def value(unit):
    return {
        "type": "object",
        "properties": {"value": {"type": "number"}, "unit": {"const": unit}},
        "required": ["value", "unit"],
        "additionalProperties": False,
    }


MOMENT = {"type": "string", "format": "date-time", "pattern": r"T.*[+-]\d\d:\d\d$"}
FRAME = {
    "type": "object",
    "properties": {
        "time_interval": {
            "type": "object",
            "properties": {"start_date_time": MOMENT, "end_date_time": MOMENT},
            "required": ["start_date_time", "end_date_time"],
        }
    },
    "required": ["time_interval"],
}
BODIES = {
    ("ieee", "physical-activity", "1.0"): {
        "activity_name": {"type": "string"}, "duration": value("min"), "base_movement_quantity": value("movements"),
    },
    ("omh", "respiratory-rate", "2.0"): {"respiratory_rate": value("breaths/min")},
    ("kneeroll", "knee-drop-angle", "1.0"): {
        "knee_drop_angle": value("deg"), "standard_error": value("deg"), "side": {"enum": ["left", "right", "both"]},
    },
}  # fmt: skip


def schema(body):
    header = {
        "uuid": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "schema_id": {"type": "object"},
        "source_creation_date_time": MOMENT,
        "modality": {"enum": ["sensed", "self-reported"]},
    }
    fields = {**body, "effective_time_frame": FRAME}
    return {
        "type": "object",
        "properties": {
            "header": {"type": "object", "properties": header, "required": [*header]},
            "body": {"type": "object", "properties": fields, "required": [*fields], "additionalProperties": False},
        },
        "required": ["header", "body"],
    }


def check(point):
    schema_id = point["header"]["schema_id"]
    Draft202012Validator(schema(BODIES[schema_id["namespace"], schema_id["name"], schema_id["version"]])).validate(point)


POINTS = to_data_points((session(0), session(1, seen=False)), subject="me")


def names(points):
    return [p["header"]["schema_id"]["name"] for p in points]


def test_every_point_has_the_shape_of_its_schema():
    for point in POINTS:
        check(point)


def test_the_check_sees_a_wrong_unit():
    broken = deepcopy(POINTS[0])
    broken["body"]["duration"]["unit"] = "minutes"
    with pytest.raises(ValidationError):
        check(broken)


def test_each_session_is_an_activity_with_the_minutes_in_posture():
    activities = [p for p in POINTS if p["header"]["schema_id"]["name"] == "physical-activity"]
    assert [a["body"]["duration"]["value"] for a in activities] == [2.0, 0.67]
    assert [a["header"]["modality"] for a in activities] == ["sensed", "self-reported"]


def test_an_unmeasured_drop_and_a_short_hold_leave_no_point():
    assert names(POINTS).count("knee-drop-angle") == 4
    assert names(POINTS).count("respiratory-rate") == 1
    drop = next(p for p in POINTS if p["header"]["schema_id"]["name"] == "knee-drop-angle")["body"]
    assert (drop["knee_drop_angle"]["value"], drop["standard_error"]["value"], drop["side"]) == (44.0, 4.0, "left")


def test_exporting_twice_gives_the_same_points():
    assert to_data_points((session(0), session(1, seen=False)), subject="me") == POINTS
    assert len({p["header"]["uuid"] for p in POINTS}) == len(POINTS)
