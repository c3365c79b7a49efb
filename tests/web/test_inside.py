"""What a session did inside, and the claims: what the pages say, and what they do with what is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from bench import live
from kneeroll.events import EndReason, MovementStarted
from kneeroll.inside import claims
from kneeroll.journal import Journal
from kneeroll.poses import BodyState, Quality, Side, View
from kneeroll.summaries import TIMED, HoldSummary, SessionSummary
from kneeroll.web import inside_pages
from tests.inside.test_view import hold
from tests.web.test_access import serious

BOTH = (hold(Side.LEFT), hold(Side.RIGHT, twist=34.0))
UNSEEN = replace(hold(), trunk_twist_deg=TIMED, hip_swing_deg=TIMED)
MODEL = "A model of an average body moved by your angles; not a measurement of tissue."


def keep(
    journal: Journal,
    *holds: HoldSummary,
    kind: str = "live",
    days_ago: float = 0,
    states: Sequence[BodyState] = (),
    cushion: float | None = None,
    ended: bool = True,
) -> str:
    """The id of a session with these holds."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    writer = journal.begin(kind=kind, engine="e", estimator="n", plan={"cushion_cm": cushion}, started_at=at)
    writer.record([MovementStarted(0.0, "cushion_20s", "cushion_20s", ())], states)
    if ended:
        writer.finish(SessionSummary(holds, View.SIDE, (), EndReason.DONE, "e", "n"))
    else:
        writer.flush()
    return writer.session_id


def sinking(one: HoldSummary) -> list[BodyState]:
    """Frames of a body that sinks and then rests as in a hold."""
    sign = one.side.sign if one.side else 1
    times = np.arange(one.start_s - 8, one.end_s, 0.25)
    share = np.clip((times - one.start_s + 4) / 4, 0.0, 1.0)
    return [
        BodyState(t, sign * 60 * part, sign * 34 * part, sign * 4 * part, 0.0, 0.0, 0.0, (1.0,) * 6, Quality.GOOD)
        for t, part in zip(times.tolist(), share.tolist(), strict=True)
    ]


def moments(text: str) -> list[list[dict[str, Any]]]:
    return [json.loads(found) for found in re.findall(r'<script type="application/json">(.*?)</script>', text, re.S)]


def test_a_session_leads_to_its_inside_where_a_hold_was_measured(client: TestClient, journal: Journal) -> None:
    seen, unseen = keep(journal, *BOTH), keep(journal, UNSEEN, kind="no_camera")
    assert f'href="/sessions/{seen}/inside"' in client.get(f"/sessions/{seen}").text
    assert "/inside" not in client.get(f"/sessions/{unseen}").text


def test_the_page_tells_in_words_what_the_picture_shows(client: TestClient, journal: Journal) -> None:
    text = client.get(f"/sessions/{keep(journal, *BOTH, cushion=20.0)}/inside").text
    for words in (
        MODEL,
        "The trunk did 34 ± 3° of it.",
        "Load on the trunk: moderate.",
        "The cushion of 20 cm, against none: load on the trunk",
        "A cushion of 40 cm instead:",
        "While resting: sank 3 ± 1°, most of it in 12 s.",
        "inner thigh, left</th><td>longer: ",
        "dashed: without a cushion",
        'href="/claims"',
    ):
        assert words in text, words
    assert text.count('<svg xmlns="http://www.w3.org/2000/svg" class="inside"') == 4
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_the_deepest_hold_of_a_side_is_the_one_that_is_shown(client: TestClient, journal: Journal) -> None:
    text = client.get(f"/sessions/{keep(journal, hold(twist=20.0), hold(twist=41.0), hold(twist=30.0))}/inside").text
    assert "The trunk did 41 ± 3° of it." in text
    assert "Knees to your left" not in text


def test_a_replay_goes_from_the_middle_to_the_hold_as_measured(client: TestClient, journal: Journal) -> None:
    one = hold(Side.RIGHT)
    text = client.get(f"/sessions/{keep(journal, one, states=sinking(one))}/inside").text
    (replay,) = moments(text)
    words = [moment["words"] for moment in replay]
    assert len(words) == 13
    assert (words[0], words[-2], words[-1]) == ("5 s before the hold", "23 s into the hold", "the whole hold")
    assert all(f'id="right-wide-{part}"' in text for part in ("trunk", "left-thigh", "feet-lever", "external_oblique-left"))
    drawn = re.findall(r'id="right-\w+-trunk" class="skin" d="([^"]+)"', text)
    assert drawn == 2 * [replay[-1]["parts"]["trunk"]["d"]]
    assert replay[0]["parts"]["left-thigh"] != replay[-1]["parts"]["left-thigh"]
    assert moments(client.get(f"/sessions/{keep(journal, one)}/inside").text) == []


def test_left_stands_beside_right_with_the_error_of_the_difference(client: TestClient, journal: Journal) -> None:
    text = client.get(
        f"/sessions/{keep(journal, hold(Side.LEFT, twist=20.0), hold(Side.RIGHT, swing=27.0))}/inside?beside=side"
    ).text
    assert '<tr><th scope="row">trunk twist</th><td>20 ± 3°</td><td>30 ± 3°</td><td>+10 ± 4°</td></tr>' in text
    assert "+1 ± 4°: within the measuring error" in text
    assert 'beside=side" aria-current="page"' in text
    assert MODEL in text
    one_side = client.get(f"/sessions/{keep(journal, hold())}/inside?beside=side").text
    assert "Only one side could be measured" in one_side
    assert "<svg" not in one_side


def test_a_session_stands_beside_the_first_week(client: TestClient, journal: Journal) -> None:
    first, bare = keep(journal, hold(twist=21.0), days_ago=40, cushion=20.0), keep(journal, hold(twist=33.0))
    text = client.get(f"/sessions/{bare}/inside?beside=first_week").text
    assert "<td>21 ± 3°</td><td>33 ± 3°</td><td>+12 ± 4°</td>" in text
    assert "not quite comparable" in text
    same = client.get(f"/sessions/{keep(journal, hold(), cushion=20.0)}/inside?beside=first_week").text
    assert "not quite comparable" not in same
    for id in (first, keep(journal, hold(Side.LEFT)), keep(journal, *BOTH, kind="sample")):
        assert "Nothing to compare with" in client.get(f"/sessions/{id}/inside?beside=first_week").text


@pytest.mark.parametrize(
    ("lies_on", "cm", "was", "other"),
    [
        (None, "", "without a cushion", "on a cushion of 20 cm"),
        (None, "40", "without a cushion", "on a cushion of 40 cm"),
        (20.0, "", "on a cushion of 20 cm", "without a cushion"),
        (20.0, "20", "on a cushion of 20 cm", "without a cushion"),
        (20.0, "30", "on a cushion of 20 cm", "on a cushion of 30 cm"),
        (None, "9e99", "without a cushion", "on a cushion of 20 cm"),
        (None, "<script>", "without a cushion", "on a cushion of 20 cm"),
    ],
)
def test_another_cushion_is_a_prediction(
    client: TestClient, journal: Journal, lies_on: float | None, cm: str, was: str, other: str
) -> None:
    id = keep(journal, hold(twist=40.0, swing=40.0), cushion=lies_on)
    text = client.get(f"/sessions/{id}/inside", params={"beside": "cushion", "cm": cm}).text
    assert f"As it was: {was}" in text
    assert f"Predicted: {other}" in text
    assert f" selected>{other}</option>" in text
    assert "not measured" in text
    assert text.count("while resting:") == 1
    assert "<script>" not in text


def test_where_nothing_could_be_measured_the_page_says_why(client: TestClient, journal: Journal) -> None:
    unseen, nothing = keep(journal, UNSEEN, kind="no_camera"), keep(journal, ended=False)
    for beside in ("", "side", "first_week", "cushion", "<script>"):
        text = client.get(f"/sessions/{unseen}/inside", params={"beside": beside}).text
        assert "Not measurable: only the clock tells of it" in text
        assert MODEL in text
        assert "<svg" not in text
        assert "No hold was seen." in client.get(f"/sessions/{nothing}/inside", params={"beside": beside}).text


@pytest.mark.parametrize("id", ["0123", "..%2f..%2fjournal", "%3Cscript%3E", "%00", "first'--"])
def test_an_unknown_session_has_no_inside(client: TestClient, id: str) -> None:
    answer = client.get(f"/sessions/{id}/inside")
    assert answer.status_code == 404
    assert "no such page or session" in answer.text
    assert "<script>" not in answer.text


def test_a_deleted_session_has_no_inside(client: TestClient, journal: Journal) -> None:
    id = keep(journal, *BOTH)
    journal.delete(id, datetime.now(UTC))
    assert client.get(f"/sessions/{id}/inside").status_code == 404


def test_every_claim_stands_beside_its_evidence_and_the_journal(client: TestClient, journal: Journal) -> None:
    keep(journal, *BOTH)
    text = client.get("/claims").text
    for claim in claims():
        assert f'<article class="card" id="{claim.id}">' in text
        assert f'<span class="verdict {claim.verdict}">{claim.verdict.told(str)}</span>' in text
    assert text.count("Your journal</h3>") == len(claims())
    assert "Segal-Snir 2016" in text
    assert "The first statement needs eight weeks" in text
    assert "It has nothing about this." in text


@pytest.mark.parametrize("path", ["/progress", "/sessions"])
def test_the_claims_are_one_click_away(client: TestClient, path: str) -> None:
    assert 'href="/claims"' in client.get(path).text


def test_a_claim_cannot_carry_script(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = replace(claims()[0], says="<script>alert(1)</script>", source=("<b> 2020",))
    monkeypatch.setattr(inside_pages, "claims", lambda: (bad,))
    text = client.get("/claims").text
    assert "<script>alert" not in text
    assert "&lt;b&gt; 2020" in text


def test_the_hold_is_replayed_by_keys_and_the_page_is_open_to_everybody(tmp_path: Any) -> None:
    port, one = live.free_port(), hold(Side.RIGHT)
    with Journal.open(tmp_path) as journal:
        id = keep(journal, one, states=sinking(one))
    with live.running_server(tmp_path, port), live.open_page(port, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"http://127.0.0.1:{port}/sessions/{id}/inside")
        thigh, words = "document.getElementById('right-narrow-left-thigh').getAttribute('d')", ".replay output"
        held = page.evaluate(thigh)
        page.wait_for_selector(words)
        assert (page.inner_text(words), page.evaluate(thigh)) == ("the whole hold", held)
        page.focus(".replay input")
        page.keyboard.press("Home")
        assert page.inner_text(words) == "5 s before the hold"
        assert page.get_attribute(".replay input", "aria-valuetext") == "5 s before the hold"
        assert page.evaluate(thigh) != held
        page.keyboard.press("End")
        assert page.evaluate(thigh) == held
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
