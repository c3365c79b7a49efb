"""The codes of what is exported: LOINC and UCUM where they have one, our own (with a definition) where they do not. Pure.

This material contains content from LOINC (https://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical
Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at
https://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from kneeroll.events import Fault

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
PHYSICAL_ACTIVITY = "http://hl7.org/fhir/us/physical-activity/CodeSystem/pa-temporary-codes"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def uid(*key: str) -> str:
    """The same id for the same key, always: exporting twice gives the same resources.

    >>> uid("a", "b") == uid("a", "b") != uid("a/b")
    True
    """
    return str(uuid5(_OURS, "\x1f".join(key)))


_OURS = uuid5(NAMESPACE_OID, "kneeroll")
OWN = f"urn:uuid:{uid('codes')}"
"""Our own code system; it travels in each bundle."""


class Code(NamedTuple):
    """Our own code; the unit is UCUM's, empty where there is none. also: a code of LOINC for the same."""

    code: str
    display: str
    definition: str
    unit: str = ""
    also: tuple[str, str] | None = None


MEASURES = {
    "knee_drop_deg": Code(
        "knee-drop-angle",
        "Knee drop angle",
        "Turn of the line from mid-hip to mid-knee about the long axis of the body, from the start position: median of a hold. A "
        "camera estimate; not an angle of the lumbar spine.",
        "deg",
    ),
    "pelvis_roll_deg": Code("pelvis-roll", "Pelvis roll", "Turn of the hip-to-hip line about the long axis of the body.", "deg"),
    "thorax_roll_deg": Code("thorax-roll", "Thorax roll", "Turn of the shoulder line about the long axis of the body.", "deg"),
    "trunk_twist_deg": Code("trunk-twist", "Trunk twist", "Pelvis roll minus thorax roll.", "deg"),
    "hip_swing_deg": Code("hip-swing", "Hip swing", "Knee drop minus pelvis roll.", "deg"),
    "shoulder_lift_m": Code("shoulder-lift", "Shoulder lift", "Height of the higher shoulder above its start.", "m"),
}
"""By the field of a hold."""

DISCOMFORT = "Discomfort as the person says it, 0 (none) to 10."
STIFFNESS = "Stiffness as the person says it, 0 (none) to 10."
_PAIN_SEVERITY = ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
RATINGS = {
    "discomfort": Code("discomfort", "Discomfort", DISCOMFORT, "{score}", _PAIN_SEVERITY),
    "stiffness": Code("stiffness", "Stiffness", STIFFNESS, "{score}"),
}
WHEN = {
    "before": Code("before-session", "Before the session", "Said before the first movement."),
    "after": Code("after-session", "After the session", "Said after the last movement."),
    "morning": Code("morning-after", "Morning after", "Said on the morning after a session."),
}
TIME = Code("said-when", "When it was said", "Before or after a session, or on the morning after.")
SETTLED = Code("settled", "Time to settle", "How long what was felt after a session took to be as before it.")
WOKE = Code("woke", "Woke at night", "Whether it woke the person in the night after a session.")
HOLD = Code("hold-in-posture", "Hold", "Time of one hold in which the posture was right.", "s")
DOSE = Code(
    "dose-in-posture", "Minutes in posture", "Time of all holds of a session toward one side in the right posture.", "min"
)
ERROR = Code("standard-error", "Standard error", "Standard error of the value, same unit.")
SIDE = Code("side", "Side", "Toward which side of the person the knees were: left, right or both.")
VIEW = Code("camera-view", "Camera", "Where the camera stood.")
SURFACE = Code("surface", "Surface", "What the person lay on.")
MOVEMENT = Code("movement", "Movement", "The movement, by its id in kneeroll.")
CUSHION = Code("cushion-height", "Cushion", "Height of the cushion under the knees.", "cm")
ENDED = Code("ended", "End of the session", "Why the session ended.")
BREATHS = Code("breaths", "Breaths", "Breaths that were counted in a hold.", "{breath}")
PAUSE = Code("longest-breath-pause", "Longest pause of the breath", "Longest time from one breath to the next in a hold.", "s")
CAMERA = Code("camera", "Camera estimate", "Estimated from an ordinary camera.")
CLOCK = Code("clock", "By the clock", "Only the clock tells of it: nobody looked.")
SCORES = {
    name: Code(f"{name}-score", display, f"Score of the questionnaire {display}.", "{score}")
    for name, display in (
        ("activities", "My activities"),
        ("peg", "PEG"),
        ("rmdq24", "Roland-Morris Disability Questionnaire"),
        ("groc", "Global rating of change"),
    )
}
FAULTS = {
    Fault.SHOULDER_LIFTED: Code("shoulder-lifted", "Shoulder lifted", "A shoulder was lifted in a hold."),
    Fault.KNEES_PARTED: Code("knees-parted", "Knees parted", "The knees were apart in a hold."),
    Fault.FEET_SLID: Code("feet-slid", "Feet slid", "The feet slid in a hold."),
    Fault.RUSHED: Code("rushed", "Rushed", "The knees went down or back fast."),
    Fault.NOT_CENTRED: Code("not-centred", "Not centred", "The knees did not come back to the middle between two holds."),
}
ALL = (
    *MEASURES.values(), *RATINGS.values(), *WHEN.values(), TIME, SETTLED, WOKE, HOLD, DOSE, ERROR, SIDE, VIEW, SURFACE, MOVEMENT,
    CUSHION, ENDED, BREATHS, PAUSE, CAMERA, CLOCK, *SCORES.values(), *FAULTS.values(),
)  # fmt: skip


@cache
def snomed() -> dict[str, Any]:
    """The optional SNOMED CT codes by our own name for the same thing."""
    return tomllib.loads(resources.files("kneeroll.exports").joinpath("snomed.toml").read_text("utf-8"))
