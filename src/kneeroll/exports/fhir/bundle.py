"""Everything in one FHIR R4 bundle, checked before it leaves. Exporting twice gives the same bundle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kneeroll.diary import Entry, MorningAfter, PlanAccepted, mornings
from kneeroll.errors import NotExported
from kneeroll.exports.codes import ALL, OWN, uid
from kneeroll.exports.fhir.diary import said, used
from kneeroll.exports.fhir.pieces import Json, Maker, instant, refs
from kneeroll.exports.fhir.sessions import device_of, session
from kneeroll.exports.kept import KeptSession, moment

LICENCES = (
    "This bundle contains codes of LOINC (https://loinc.org), copyright Regenstrief Institute, Inc., available at no cost under "
    "the license at https://loinc.org/license."
)


def to_bundle(sessions: Sequence[KeptSession], diary: Sequence[Entry], *, subject: str, with_snomed: bool = False) -> Json:
    """A collection of all that was done and said.

    Parameters
    ----------
    sessions, diary
        What goes into it; not both empty.
    subject
        What tells this person from others: a pseudonym (`Journal.pseudonym`); no name leaves.
    with_snomed
        Whether SNOMED CT codes are added; their use may need a licence.

    Raises
    ------
    NotExported
        When a resource does not conform to R4; nothing is written then.
    """
    make = Maker(uid("patient", subject), with_snomed)
    newest = max((e for e in diary if isinstance(e, PlanAccepted)), key=lambda e: e.at, default=None)
    devices = {device["id"]: device for device in (device_of(make, kept) for kept in sessions)}
    observed = [resource for kept in sessions for resource in session(make, kept)]
    put_right = mornings(diary)
    said_last = [e for e in diary if not isinstance(e, MorningAfter) or e is put_right[e.session_id]]
    told = [resource for entry in said_last for resource in said(make, entry, stands=entry is newest)]
    around = [{"resourceType": "Patient", "id": make.subject}, code_system(), *used(diary), *devices.values()]
    last = max((*(moment(kept, kept.entry.duration_s) for kept in sessions), *(entry.at for entry in diary)))
    resources = [*around, *observed, *told, _provenance(make, [*observed, *told], list(devices.values()), last)]
    entries = {resource["id"]: {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources}
    bundle = {"resourceType": "Bundle", "id": uid(make.subject, *entries), "type": "collection", "entry": list(entries.values())}
    check(bundle)
    return bundle


def check(bundle: Json) -> None:
    """NotExported says what does not conform to FHIR R4."""
    from fhir.resources.R4B.bundle import Bundle  # of what is used here, R4B has all as R4 has it
    from pydantic import ValidationError

    try:
        Bundle.model_validate(bundle)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise NotExported(f"The export does not conform to FHIR R4: {where}: {first['msg']}. Please report this") from error


def code_system() -> Json:
    """Our own codes with their definitions."""
    return {
        "resourceType": "CodeSystem", "id": uid("codes"), "url": OWN, "version": "1", "name": "Kneeroll", "status": "active",
        "content": "complete", "caseSensitive": True, "copyright": LICENCES,
        "concept": [{"code": c.code, "display": c.display, "definition": c.definition} for c in ALL],
    }  # fmt: skip


def _provenance(make: Maker, targets: Sequence[Json], devices: Sequence[Json], last: datetime) -> Json:
    """Where it comes from: what the devices measured, and what the person said and decided."""
    measured = [{"type": {"text": "measured"}, "who": who, "onBehalfOf": make.patient} for who in refs(devices)]
    agents = [*measured, {"type": {"text": "said and decided"}, "who": make.patient}]
    return make.resource("Provenance", target=refs(targets), recorded=instant(last), agent=agents)
