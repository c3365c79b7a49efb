"""The FHIR bundle: what is in it, that it conforms, and that it comes back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kneeroll.care.screening import version
from kneeroll.diary import Filled, Instrument, MorningAfter, PlanAccepted, Screened
from kneeroll.errors import NotExported
from kneeroll.events import ComfortRated
from kneeroll.exports.codes import ALL, LOINC, OWN, SNOMED
from kneeroll.exports.fhir import to_bundle
from kneeroll.exports.fhir.bundle import check
from kneeroll.outcomes.questionnaires import questionnaires, scores
from kneeroll.summaries import TIMED
from tests.exports.fhir.back import from_bundle
from tests.exports.made import DAY0, diary, session

SESSIONS = (session(0, lift=True), session(1, seen=False), session(2, finished=False))
DIARY = diary(5)


@pytest.fixture(scope="module")
def bundle():
    return to_bundle(SESSIONS, DIARY, subject="me")


def of(bundle, kind):
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def coded(bundle, code):
    return [o for o in of(bundle, "Observation") if code in {c["code"] for c in o["code"].get("coding", ())}]


def component(observation, code):
    return next(c for c in observation["component"] if c["code"]["coding"][0]["code"] == code)


def test_the_holds_come_back_with_the_same_angles_errors_and_reasons(bundle):
    for read, kept in zip(from_bundle(bundle).sittings, SESSIONS, strict=True):
        assert read.started_at == kept.entry.started_at
        assert (read.summary.view, read.summary.ended) == (kept.view, kept.entry.end_reason)
        assert (read.summary.engine, read.summary.estimator) == (kept.engine, kept.estimator)
        for back, hold in zip(read.summary.holds, kept.holds, strict=True):
            there, here = back.record(), hold.record()
            for left_out in ("creep", "fault_spans"):
                del there[left_out], here[left_out]
            assert there == here
            assert [(f.fault, f.start_s, f.end_s) for f in back.faults] == [(f.fault, f.start_s, f.end_s) for f in hold.faults]
            assert back.breathing.record() == hold.breathing.record()


def test_what_was_rated_and_where_it_was_done_comes_back(bundle):
    for read, kept in zip(from_bundle(bundle).sittings, SESSIONS, strict=True):
        assert [e for e in read.events if isinstance(e, ComfortRated)] == [e for e in kept.events if isinstance(e, ComfortRated)]
        assert (read.surface, read.cushion_cm) == (kept.plan["surface"], kept.plan["cushion_cm"])


def test_the_scores_come_back(bundle):
    expected = [(i, s.at, s.score) for i in Instrument for s in scores(DIARY, i)]
    found = from_bundle(bundle).scores
    for (i, at, score), (j, when, back) in zip(sorted(expected), sorted(found), strict=True):
        assert (i, at) == (j, when)
        assert back == pytest.approx(score, abs=1e-3)


def test_exporting_twice_gives_the_same_bundle_and_another_person_shares_no_id(bundle):
    assert json.dumps(to_bundle(SESSIONS, DIARY, subject="me")) == json.dumps(bundle)
    other = to_bundle(SESSIONS, DIARY, subject="somebody else")
    shared = {e["fullUrl"] for e in bundle["entry"]} & {e["fullUrl"] for e in other["entry"]}
    assert {r["resourceType"] for r in (e["resource"] for e in bundle["entry"]) if f"urn:uuid:{r['id']}" in shared} == {
        "CodeSystem",
        "Questionnaire",
    }


def test_every_reference_points_into_the_bundle_and_every_own_code_is_defined(bundle):
    urls = {e["fullUrl"] for e in bundle["entry"]}
    text = json.dumps(bundle)
    references = set()
    codes = set()

    def walk(node):
        if isinstance(node, dict):
            references.update({node["reference"]} if isinstance(node.get("reference"), str) else ())
            codes.update({node["code"]} if node.get("system") == OWN else ())
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(text))
    assert len(urls) == len(bundle["entry"])
    assert references <= urls
    assert codes <= {c.code for c in ALL} == {c["code"] for c in of(bundle, "CodeSystem")[0]["concept"]}


def test_a_session_is_an_activity_group_in_the_shape_of_the_physical_activity_profiles(bundle):
    groups = coded(bundle, "PAPanel")
    assert len(groups) == len(SESSIONS)
    for group in groups:
        assert [c["coding"][0]["code"] for c in group["category"]] == ["activity", "PhysicalActivity"]
        assert group["hasMember"]
        assert not [key for key in group if key.startswith("value")]
    assert [g["status"] for g in groups] == ["final", "final", "preliminary"]
    minutes = coded(bundle, "55411-3")[0]
    assert minutes["valueQuantity"] == {"value": 4.0, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"}


def test_an_angle_has_its_error_and_side_and_an_unmeasured_one_says_why(bundle):
    drops = coded(bundle, "knee-drop-angle")
    assert drops[0]["valueQuantity"]["value"] == 44.0
    assert component(drops[0], "standard-error")["valueQuantity"]["value"] == 4.0
    assert component(drops[0], "side")["valueString"] == "left"
    unseen = [d for d in drops if "dataAbsentReason" in d]
    assert len(unseen) == 2
    assert {d["dataAbsentReason"]["text"] for d in unseen} == {TIMED.why}
    assert not any("valueQuantity" in d for d in unseen)


def test_a_rate_of_breath_is_told_of_a_minute_or_more_only(bundle):
    rates = coded(bundle, "9279-1")
    assert len(coded(bundle, "breaths")) == 2 * len(rates) == 4
    assert rates[0]["valueQuantity"]["value"] == pytest.approx(7 / 65 * 60, abs=0.05)
    assert rates[0]["valueQuantity"]["code"] == "/min"


def test_ratings_are_whole_numbers_with_the_code_of_pain_severity(bundle):
    rating = coded(bundle, "72514-3")[0]
    assert rating["valueQuantity"] == {"value": 4, "unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}"}
    said = {component(o, "said-when")["valueString"] for o in coded(bundle, "72514-3")}
    assert said == {"before-session", "after-session", "morning-after"}


def test_of_a_morning_goes_out_what_was_said_last():
    wrong, right = (MorningAfter(DAY0 + timedelta(hours=i), "0" * 32, None, said) for i, said in ((0, 9), (1, 2)))
    told = coded(to_bundle([], [wrong, right], subject="p"), "72514-3")
    assert [observed["valueQuantity"]["value"] for observed in told] == [2]


def test_answers_are_kept_with_the_questions_and_a_score_says_where_it_is_from(bundle):
    answers = {r["id"]: r for r in of(bundle, "QuestionnaireResponse")}
    score = coded(bundle, "rmdq24-score")[0]
    response = answers[score["derivedFrom"][0]["reference"].removeprefix("urn:uuid:")]
    asked = questionnaires()[Instrument.RMDQ24]
    assert [(i["text"], i["answer"]) for i in response["item"]] == [
        (asked.items[str(n)], [{"valueBoolean": True}]) for n in range(1, 11)
    ]
    titles = {q["title"]: q for q in of(bundle, "Questionnaire")}
    assert response["questionnaire"] == f"{titles[asked.name]['url']}|1"
    assert titles[asked.name]["copyright"] == asked.source
    screened = next(r for r in answers.values() if {"leg", "fall"} <= {i["linkId"] for i in r.get("item", ())})
    assert {i["linkId"] for i in screened["item"] if i["answer"][0]["valueBoolean"]} == {"leg"}
    assert not of(bundle, "Condition")


def test_answers_to_older_questions_are_not_completed_by_todays():
    older = to_bundle((), [Screened(DAY0, ("leg",), version() + 1)], subject="me")
    assert [i["linkId"] for i in of(older, "QuestionnaireResponse")[0]["item"]] == ["leg"]


def test_a_plan_has_its_timing_and_only_the_newest_is_active():
    plans = (PlanAccepted(DAY0, 'name = "First"'), DIARY[1], PlanAccepted(DAY0 - timedelta(days=1), "movements = ['gone']"))
    found = to_bundle(
        (), [plans[0], PlanAccepted(DAY0 + timedelta(days=1), plans[1].toml, "A. Therapist"), plans[2]], subject="me"
    )
    care, requests = of(found, "CarePlan"), of(found, "ServiceRequest")
    assert [c["status"] for c in care] == [r["status"] for r in requests] == ["revoked", "active", "revoked"]
    assert requests[0]["occurrenceTiming"]["repeat"] == {"frequency": 1, "period": 1, "periodUnit": "d"}
    repeat = requests[1]["occurrenceTiming"]["repeat"]
    assert (repeat["frequency"], repeat["period"], repeat["periodUnit"], repeat["timeOfDay"]) == (6, 1, "wk", ["08:00:00"])
    assert repeat["dayOfWeek"] == ["mon", "tue", "wed", "thu", "fri", "sat"]
    assert requests[1]["requester"] == {"display": "A. Therapist"}
    assert "hold 20 s, 2 a side" in requests[1]["orderDetail"][0]["text"]
    assert care[2]["note"][0]["text"] == "movements = ['gone']"
    assert {r["intent"] for r in requests} == {"plan"}


def test_snomed_is_off_unless_it_is_wished(bundle):
    assert SNOMED not in json.dumps(bundle)
    assert LOINC in json.dumps(bundle)
    wished = to_bundle(SESSIONS, DIARY, subject="me", with_snomed=True)
    assert {"system": SNOMED, "code": "364564000", "display": "Range of joint movement"} in coded(wished, "knee-drop-angle")[0][
        "code"
    ]["coding"]
    assert coded(wished, "73985-4")[0]["valueCodeableConcept"]["coding"][0]["code"] == "229070002"


def test_a_total_that_was_brought_along_keeps_its_score():
    found = to_bundle(
        (), [Filled(DAY0, Instrument.RMDQ24, {"total": 7}), Filled(DAY0, Instrument.PEG, {"pain": 3})], subject="me"
    )
    assert [(i, score) for i, _, score in from_bundle(found).scores] == [(Instrument.RMDQ24, 7.0)]
    assert len(of(found, "QuestionnaireResponse")) == 1
    assert "derivedFrom" not in coded(found, "rmdq24-score")[0]


def test_an_answer_to_an_item_of_another_version_goes_out_without_a_score():
    made = to_bundle([], [Filled(DAY0, Instrument.PEG, {"pain": 3, "enjoyment": 3, "sleep": 3})], subject="p")
    assert [item["linkId"] for item in of(made, "QuestionnaireResponse")[0]["item"]] == ["pain", "enjoyment", "sleep"]
    assert of(made, "Observation") == []


def test_every_answer_belongs_to_an_item_of_its_questionnaire(bundle):
    asked = {f"{q['url']}|{q['version']}": {i["linkId"] for i in q["item"]} for q in of(bundle, "Questionnaire")}
    assert len(asked) == 5
    for response in of(bundle, "QuestionnaireResponse"):
        assert {i["linkId"] for i in response["item"]} <= asked[response["questionnaire"]]


def test_what_does_not_conform_does_not_leave(bundle):
    with pytest.raises(NotExported, match="valueString"):
        to_bundle([replace(session(0), plan={"surface": ["floor"]})], (), subject="me")
    broken = json.loads(json.dumps(bundle))
    del broken["entry"][-1]["resource"]["agent"]
    with pytest.raises(NotExported, match="does not conform to FHIR R4"):
        check(broken)
