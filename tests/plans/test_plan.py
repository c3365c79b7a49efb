"""Plans: read from TOML, and refused with the name of what is wrong."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.errors import InvalidPlan
from kneeroll.movements import DEFAULT, Breath, catalogue
from kneeroll.plans import OBSERVE, Day, Plan, default_plan, parse_plan, read_plan, write_plan
from kneeroll.poses import Side
from tests.plans.strategies import plans


def test_the_plan_that_ships_is_left_first_twenty_seconds_twice_a_side() -> None:
    plan = default_plan()
    (rolls,) = plan.steps
    assert (plan.first_side, rolls.id, rolls.hold_s, rolls.holds_a_side) == (Side.LEFT, DEFAULT, 20.0, 2)
    assert plan.get_ready_s == 20
    assert plan.name
    assert not plan.follow


def test_an_empty_plan_is_the_plan_without_a_word_changed() -> None:
    assert parse_plan("") == Plan()


def test_a_plan_says_all_that_it_can() -> None:
    plan = parse_plan('version = 1\nname = "Mine"\nfirst_side = "right"\nhold_s = 12.5\nholds_a_side = 3')
    assert plan == Plan("Mine", Side.RIGHT, 12.5, 3)
    assert plan.first_side is Side.RIGHT
    assert [(m.hold_s, m.holds_a_side) for m in plan.steps] == [(12.5, 3)]


def test_a_plan_names_its_movements_in_order_and_each_keeps_its_own_dose() -> None:
    plan = parse_plan('movements = ["cushion_10s", "double_knee_to_chest"]')
    assert plan.steps == (catalogue()["cushion_10s"], catalogue()["double_knee_to_chest"])


def test_a_dose_of_the_plan_goes_before_that_of_the_movement() -> None:
    assert [m.hold_s for m in parse_plan('movements = ["cushion_10s", "bridge"]\nhold_s = 15').steps] == [15.0, 15.0]


def test_a_movement_of_ones_own_is_named_like_any_other() -> None:
    own = replace(catalogue()["bridge"], id="my_bridge")
    assert parse_plan('movements = ["my_bridge"]', {"my_bridge": own}).movements == (own,)


@settings(deadline=None, max_examples=50)
@given(st.floats(3, 120), st.integers(1, 10), st.sampled_from(Side))
def test_every_number_in_range_is_taken(hold_s: float, holds_a_side: int, side: Side) -> None:
    plan = parse_plan(f'hold_s = {hold_s!r}\nholds_a_side = {holds_a_side}\nfirst_side = "{side}"')
    assert (plan.hold_s, plan.holds_a_side, plan.first_side) == (hold_s, holds_a_side, side)


@pytest.mark.parametrize("hold_s", [3, 120])
def test_whole_seconds_become_a_number_with_a_point(hold_s: int) -> None:
    assert isinstance(parse_plan(f"hold_s = {hold_s}").hold_s, float)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("hold_s", v) for v in ("2.9", "121", "-20", "0", "nan", "inf", '"20"', "true", "[20]", "1" + "0" * 400)),
        *(("holds_a_side", v) for v in ("0", "11", "-1", "2.0", "2.5", '"2"', "true", "{}", "1" + "0" * 400)),
        *(("get_ready_s", v) for v in ("-1", "5", "9.9", "91", "nan", '"20"')),
        *(
            ("movements", v)
            for v in ("[]", '"bridge"', "[1]", '["no_such"]', '["bridge", "bridge", "bridge", "bridge", "bridge"]')
        ),
        *(("cushion_cm", v) for v in ("0", "9", "41", "nan", '"20"', "true")),
        *(("surface", v) for v in ('"sofa"', '"FLOOR"', "1", '["bed"]')),
        *(("version", v) for v in ("0", "2", "1.0", '"1"')),
        *(("first_side", v) for v in ('"up"', '"LEFT"', "1", '["left"]', '""')),
        *(("name", v) for v in ("7", "true", '["a"]')),
        *(("breath", v) for v in ("4", '"slow"', "{ in_s = 4 }", "{ in_s = 4, out_s = 11 }", "{ in_s = 4, out_s = 6, x = 1 }")),
        *(("days", v) for v in ("[]", '"mon"', '["monday"]', "[1]")),
        *(("times", v) for v in ('"morning"', '["noon"]', '["7:30"]', '["24:00"]', "[7]", "[07:30:00]")),
        ("times", '["06:00", "12:00", "18:00", "21:00"]'),
        *(("stop_above", v) for v in ("0", "6", "2.5", '"5"')),
        *((k, v) for k in ("author", "notes") for v in ("7", '""', '"' + "a" * 1001 + '"')),
        *((k, f'"a{v}b"') for k in ("name", "author", "notes") for v in ("\\u001b[2J", "\\u0007", "\\u202e", "\\r")),
        *((k, '"a\\nb"') for k in ("name", "author")),
        *(("limits", v) for v in ("30", '"none"', "[]", "{ ceiling = 30 }", "{ ceiling_deg = 19 }", "{ ceiling_deg = 91 }")),
        *(("limits", v) for v in ("{ top_speed_deg_s = 4 }", "{ longest_hold_s = 121 }", "{ cushion_locked = 1 }")),
        *(("limits", v) for v in ('{ mind = ["arms_up"] }', "{ cushion_locked = true }")),
        *((k, "1") for k in ("hold", "Hold_s", "follow", "sides", '""')),
    ],
)
def test_what_is_wrong_is_named(key: str, value: str) -> None:
    with pytest.raises(InvalidPlan) as caught:
        parse_plan(f"{key} = {value}")
    assert key.strip('"') in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "said"), [("hold_s", "999", "3 to 120"), ("holds_a_side", "1.5", "a whole number from 1 to 10")]
)
def test_a_number_out_of_range_is_told_with_the_range(key: str, value: str, said: str) -> None:
    with pytest.raises(InvalidPlan) as caught:
        parse_plan(f"{key} = {value}")
    assert value in str(caught.value)
    assert said in str(caught.value)


def test_an_unknown_key_is_told_with_the_known_ones() -> None:
    with pytest.raises(InvalidPlan, match=r"holds_s is an unknown.*hold_s.*holds_a_side"):
        parse_plan("holds_s = 20")


@pytest.mark.parametrize("text", ["hold_s =", "hold_s = 20\nhold_s = 30", "just words", "= 3"])
def test_what_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(InvalidPlan, match="not valid TOML"):
        parse_plan(text)


HOSTILE = {
    "deep": "name = " + "[" * 7000,
    "deep tables": "limits = " + "{a=" * 2500,
    "a long way": "\n".join(f"name.b{i}" + ".a" * 3900 + " = 1" for i in range(2)),
    "a long number": "hold_s = 1" + "0" * 6000,
    "half a character": 'name = "\ud800"',
    "a null": 'name = "\0"',
    "too long": "# " + "a" * 7000 + "\n# " + "a" * 7000 + "\n# " + "a" * 7000,
    "a long line": "# " + "a" * 8001,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_few_words(text: str) -> None:
    with pytest.raises(InvalidPlan) as caught:
        parse_plan(text)
    assert len(str(caught.value)) < 500


def test_a_file_that_never_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(b"#" * 1_000_000)
    with pytest.raises(InvalidPlan, match="too long"):
        read_plan(path)


@settings(deadline=None, max_examples=80)
@given(plans())
def test_a_plan_that_was_written_is_read_as_it_was(plan: Plan) -> None:
    assert parse_plan(write_plan(plan)) == plan
    json.dumps(plan.record())


def test_what_a_plan_leaves_open_is_not_written() -> None:
    assert write_plan(Plan()).splitlines()[0] == 'name = "Knee rolls"'
    assert not {"hold_s", "cushion_cm", "author", "limits", "follow"} & set(tomllib.loads(write_plan(Plan())))


def test_times_of_day_have_names_and_days_come_in_order_and_once() -> None:
    plan = parse_plan('days = ["sun", "mon", "sun"]\ntimes = ["evening", "07:30"]')
    assert plan.days == (Day.MON, Day.SUN)
    assert plan.times == (time(7, 30), time(19, 0))
    assert (plan.sessions_a_day, parse_plan("").sessions_a_day) == (2, 1)


def test_the_plans_own_breath_paces_the_holds_that_have_none() -> None:
    plan = parse_plan('movements = ["no_cushion_20s", "breathing_30s", "cat_cow"]\nbreath = { in_s = 5, out_s = 5 }')
    assert [m.breath for m in plan.steps] == [Breath(5, 5), Breath(4, 6), Breath(5, 5)]
    assert parse_plan('movements = ["cat_cow"]\nbreath = { in_s = 2, out_s = 3 }').steps[0].breath == Breath(5, 5)


def test_a_file_from_another_editor_may_begin_with_its_mark_but_must_be_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbfhold_s = 12")
    assert read_plan(path).hold_s == 12
    path.write_bytes("hold_s = 12".encode("utf-16"))
    with pytest.raises(InvalidPlan, match="not UTF-8"):
        read_plan(path)


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('name = "Knie über links"\nhold_s = 30', "utf-8")
    assert read_plan(path) == Plan("Knie über links", hold_s=30.0)


def test_a_plan_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing.toml", tmp_path, binary):
        with pytest.raises(InvalidPlan, match="cannot be read") as caught:
            read_plan(path)
        assert str(path) in str(caught.value)


def test_the_record_of_a_plan_is_plain_json() -> None:
    assert json.loads(json.dumps(Plan().record())) == {
        "name": "Knee rolls", "first_side": "left", "hold_s": None, "holds_a_side": None, "movements": [DEFAULT],
        "get_ready_s": 0.0, "surface": "floor", "cushion_cm": None, "breath": None,
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "times": [], "stop_above": 5, "limits": {},
        "author": "", "notes": "", "version": 1, "follow": False,
    }  # fmt: skip


def test_the_plan_to_observe_only_follows() -> None:
    assert OBSERVE.follow
