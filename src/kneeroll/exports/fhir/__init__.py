"""FHIR R4: sessions, answers and plans as one bundle, in the shape of HL7's Physical Activity profiles, and read back."""

from kneeroll.exports.fhir.bundle import to_bundle
from kneeroll.exports.fhir.read import Imported, from_bundle

__all__ = ["Imported", "from_bundle", "to_bundle"]
