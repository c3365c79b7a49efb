"""FHIR R4: sessions, answers and plans as one bundle, in the shape of HL7's Physical Activity profiles."""

from kneeroll.exports.fhir.bundle import to_bundle

__all__ = ["to_bundle"]
