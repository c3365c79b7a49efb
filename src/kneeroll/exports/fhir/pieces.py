"""What every FHIR resource of ours is made of: codes, references, quantities, observations. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kneeroll.exports.codes import ABSENT, CATEGORY, ERROR, LOINC, OWN, PHYSICAL_ACTIVITY, SIDE, SNOMED, UCUM, Code, snomed, uid
from kneeroll.summaries import TIMED, Measured

Json = dict[str, Any]

ACTIVITY: list[Json] = [
    {"coding": [{"system": CATEGORY, "code": "activity", "display": "Activity"}]},
    {"coding": [{"system": PHYSICAL_ACTIVITY, "code": "PhysicalActivity", "display": "Physical Activity"}]},
]
SURVEY: list[Json] = [{"coding": [{"system": CATEGORY, "code": "survey", "display": "Survey"}]}]
VITAL: list[Json] = [{"coding": [{"system": CATEGORY, "code": "vital-signs", "display": "Vital Signs"}]}]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the resources of one person. subject: the id of the patient; with_snomed: whether SNOMED CT codes are added."""

    subject: str
    with_snomed: bool = False

    def resource(self, kind: str, *key: str, **content: Any) -> Json:
        """A resource whose id follows from its key alone."""
        return {"resourceType": kind, "id": uid(self.subject, kind, *key), **content}

    @property
    def patient(self) -> Json:
        return {"reference": f"urn:uuid:{self.subject}"}

    def concept(self, *codes: Code, snomed_of: str | None = None) -> Json:
        """Our own codes, with that of LOINC and (where wished) of SNOMED CT for the same."""
        coding = [{"system": OWN, "code": c.code, "display": c.display} for c in codes]
        coding += [{"system": LOINC, "code": c.also[0], "display": c.also[1]} for c in codes if c.also]
        return {"coding": coding + self.snomed(snomed_of), "text": codes[0].display}

    def loinc(self, code: str, display: str, snomed_of: str | None = None) -> Json:
        return {"coding": [{"system": LOINC, "code": code, "display": display}, *self.snomed(snomed_of)], "text": display}

    def snomed(self, name: str | None) -> list[Json]:
        """The SNOMED CT coding of something; none where it was not wished."""
        return [{"system": SNOMED, **snomed()[name]}] if name and self.with_snomed else []

    def words(self, text: str, snomed_of: str) -> Json:
        """A concept that has no code but (where wished) that of SNOMED CT."""
        coding = self.snomed(snomed_of)
        return {"text": text, **({"coding": coding} if coding else {})}

    def observation(self, *key: str, code: Json, category: list[Json] = ACTIVITY, **content: Any) -> Json:
        components = [c for c in content.pop("component", ()) if c]
        given = content | ({"component": components} if components else {})
        status = given.pop("status", "final")
        return self.resource("Observation", *key, status=status, category=category, code=code, subject=self.patient, **given)

    def measured(self, value: Measured, code: Code, digits: int = 2) -> Json:
        """A value and its standard error as a component; or that it is absent, and why."""
        number = value.record(digits)
        if number["value"] is None:
            absent = "not-performed" if value.why == TIMED.why else "unknown"
            text = {"text": value.why} if value.why else {}
            return {"dataAbsentReason": {"coding": [{"system": ABSENT, "code": absent}], **text}}
        error = {"code": self.concept(ERROR), "valueQuantity": quantity(number["error"], code.unit)}
        return {"valueQuantity": quantity(number["value"], code.unit), "component": [error]}

    def text(self, code: Code, value: str | None) -> Json:
        """A component that says a word; empty where there is nothing to say."""
        return {"code": self.concept(code), "valueString": value} if value else {}

    def side(self, word: str) -> Json:
        return self.text(SIDE, word)


def quantity(value: Any, unit: str) -> Json:
    """A number with its unit, by UCUM."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def ref(resource: Json) -> Json:
    """A reference to a resource of the same bundle."""
    return {"reference": f"urn:uuid:{resource['id']}"}


def refs(resources: Iterable[Json]) -> list[Json]:
    return [ref(resource) for resource in resources]


def instant(at: datetime) -> str:
    """As FHIR writes a moment."""
    return at.isoformat()


def period(start: datetime, end: datetime) -> Json:
    return {"start": instant(start), "end": instant(end)}
