"""What was said and decided between sessions: questionnaires with their scores, mornings after, plans. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kneeroll.care.screening import questions, version
from kneeroll.diary import Entry, Filled, Instrument, MorningAfter, PlanAccepted, Screened, to_record
from kneeroll.errors import InvalidPlan
from kneeroll.exports.codes import PHYSICAL_ACTIVITY, SCORES, SETTLED, TIME, WHEN, WOKE, uid
from kneeroll.exports.fhir.pieces import SURVEY, Json, Maker, instant, quantity, ref, refs
from kneeroll.exports.fhir.sessions import ratings
from kneeroll.movements import Cushion, Movement
from kneeroll.outcomes.questionnaires import MOST_ACTIVITIES, TOTAL, Questionnaire, questionnaires
from kneeroll.plans import Plan, parse_plan

SCREENING = "screening"


def said(make: Maker, entry: Entry, *, stands: bool) -> list[Json]:
    """The resources of one entry; none for what has no place in FHIR. stands: of a plan, whether it is the newest."""
    key = (entry.kind, instant(entry.at), uid(json.dumps(to_record(entry), sort_keys=True)))
    if isinstance(entry, Screened):
        return [_screened(make, key, entry)]
    if isinstance(entry, Filled):
        return _filled(make, key, entry)
    if isinstance(entry, MorningAfter):
        return _morning(make, key, entry)
    if isinstance(entry, PlanAccepted):
        return _plan(make, key, entry, stands)
    return []


def canonical(name: str, number: int = 1) -> str:
    """What a questionnaire is called wherever it goes."""
    return f"urn:uuid:{uid('questionnaire', name)}|{number}"


def questionnaire(instrument: Instrument) -> Json:
    """The questionnaire itself, with its source; the person's own activities have places instead of texts."""
    asked = questionnaires()[instrument]
    kind = "boolean" if asked.counts else "integer"
    texts = asked.items or dict.fromkeys(map(str, range(1, MOST_ACTIVITIES + 1)), "An activity that the person named")
    items = [{"linkId": id, "text": text, "type": kind} for id, text in texts.items()]
    return _questionnaire(instrument.value, asked.name, asked.source, items)


def screening_questionnaire() -> Json:
    """The questions before the first session."""
    items = [{"linkId": q.id, "text": q.ask, "type": "boolean"} for q in questions()]
    return _questionnaire(SCREENING, "Questions before the first session", "Questions of kneeroll", items, version())


def _questionnaire(name: str, title: str, source: str, items: list[Json], number: int = 1) -> Json:
    url = canonical(name, number).partition("|")[0]
    found = {"item": items} if items else {}
    return {
        "resourceType": "Questionnaire", "id": uid("questionnaire", name, str(number)), "url": url, "version": str(number),
        "name": f"Kneeroll_{name}", "title": title, "status": "active", "copyright": source, **found,
    }  # fmt: skip


def _screened(make: Maker, key: tuple[str, ...], entry: Screened) -> Json:
    asked = {q.id: q.ask for q in questions()} if entry.table == version() else {}
    items = [_item(id, asked.get(id), valueBoolean=id in entry.yes) for id in dict.fromkeys([*asked, *entry.yes])]
    return _response(make, key, canonical(SCREENING, entry.table), entry, items)


def _filled(make: Maker, key: tuple[str, ...], entry: Filled) -> list[Json]:
    """The answers and their score; of a total that was brought along only that."""
    asked, name = questionnaires()[entry.instrument], entry.instrument.value
    answered = [] if TOTAL in entry.answers else [_response(make, key, canonical(name), entry, _answers(asked, entry))]
    score = asked.score_of(entry)
    if score is None:
        return answered
    observed = make.observation(
        *key, code=make.concept(SCORES[name]), category=SURVEY, effectiveDateTime=instant(entry.at), performer=[make.patient],
        valueQuantity=quantity(round(score, 3), "{score}"), **({"derivedFrom": refs(answered)} if answered else {}),
    )  # fmt: skip
    return [*answered, observed]


def _answers(asked: Questionnaire, entry: Filled) -> list[Json]:
    if asked.counts:
        return [_item(id, asked.items.get(id), valueBoolean=bool(n)) for id, n in entry.answers.items()]
    if asked.items:
        return [_item(id, asked.items.get(id), valueInteger=n) for id, n in entry.answers.items()]
    return [_item(str(place), named, valueInteger=n) for place, (named, n) in enumerate(entry.answers.items(), 1)]


def _item(id: str, text: str | None, **answer: Any) -> Json:
    return {"linkId": id, **({"text": text} if text else {}), "answer": [answer]}


def _response(make: Maker, key: tuple[str, ...], url: str, entry: Entry, items: list[Json]) -> Json:
    found = {"item": items} if items else {}
    return make.resource(
        "QuestionnaireResponse", *key, questionnaire=url, status="completed", subject=make.patient, source=make.patient,
        author=make.patient, authored=instant(entry.at), **found,
    )  # fmt: skip


def _morning(make: Maker, key: tuple[str, ...], entry: MorningAfter) -> list[Json]:
    at = instant(entry.at)
    told = ratings(make, key, "morning", at, entry.discomfort, entry.stiffness)
    values = {
        SETTLED: entry.settled and {"valueString": entry.settled},
        WOKE: None if entry.woke is None else {"valueBoolean": entry.woke},
    }
    return told + [
        make.observation(
            *key, code.code, code=make.concept(code), category=SURVEY, effectiveDateTime=at, performer=[make.patient],
            component=[make.text(TIME, WHEN["morning"].code)], **value,
        )
        for code, value in values.items() if value
    ]  # fmt: skip


def _plan(make: Maker, key: tuple[str, ...], entry: PlanAccepted, stands: bool) -> list[Json]:
    try:
        plan: Plan | None = parse_plan(entry.toml)
    except InvalidPlan:  # a movement of the person's own, for example: its text is handed on as it is
        plan = None
    status, author = "active" if stands else "revoked", {"display": entry.author} if entry.author else None
    request = make.resource(
        "ServiceRequest", *key, status=status, intent="plan", subject=make.patient, authoredOn=instant(entry.at),
        category=[make.words("Exercise class", "exercise-class")],
        code=make.words("Exercise", "exercise-therapy"),
        **({"requester": author} if author else {}),
        **({"occurrenceTiming": {"repeat": _repeat(plan)}, "orderDetail": _doses(plan)} if plan else {}),
    )  # fmt: skip
    notes = [entry.toml] if plan is None else [n for n in (plan.notes, *plan.limits.told(str)) if n]
    care = make.resource(
        "CarePlan", *key, status=status, intent="plan", subject=make.patient, period={"start": instant(entry.at)},
        category=[{"coding": [{"system": PHYSICAL_ACTIVITY, "code": "PhysicalActivity"}]}],
        title=plan.name if plan else "A plan of the person's own", activity=[{"reference": ref(request)}],
        **({"author": author} if author else {}), **({"note": [{"text": n} for n in notes]} if notes else {}),
    )  # fmt: skip
    return [care, request]


def _repeat(plan: Plan) -> Json:
    daily = len(plan.days) == 7
    return {
        "frequency": plan.sessions_a_day * (1 if daily else len(plan.days)),
        "period": 1,
        "periodUnit": "d" if daily else "wk",
        **({} if daily else {"dayOfWeek": [day.value for day in plan.days]}),
        **({"timeOfDay": [f"{at:%H:%M:%S}" for at in plan.times]} if plan.times else {}),
    }


def _doses(plan: Plan) -> list[Json]:
    return [{"text": _dose(movement, plan.cushion_cm)} for movement in plan.steps]


def _dose(movement: Movement, cushion_cm: float | None) -> str:
    height = "" if cushion_cm is None or movement.cushion is Cushion.NONE else f", cushion {cushion_cm:g} cm"
    return f"{movement.name}: hold {movement.hold_s:g} s, {movement.holds_a_side} a side{height}"


def used(entries: Iterable[Entry]) -> list[Json]:
    """The questionnaires that were answered, themselves."""
    answered = {e.instrument for e in entries if isinstance(e, Filled)}
    screened = [screening_questionnaire()] if any(isinstance(e, Screened) for e in entries) else []
    return screened + [questionnaire(i) for i in Instrument if i in answered]
