"""Movements: read from TOML, and refused with the name of what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.errors import InvalidMovement
from kneeroll.events import Fault
from kneeroll.movements import Breath, Cushion, Judge, Kind, Movement, Sides, catalogue, parse_movement, read_movement, read_own

EACH: dict[str, str] = {
    "name": '"Mine"',
    "family": '"my_own"',
    "rung": "3",
    "kind": '"hold"',
    "judged_by": '"knee_drop"',
    "sides": '"each"',
    "hold_s": "12.5",
    "holds_a_side": "3",
    "way_s": "4",
    "cushion": '"lower"',
    "breath": "{ in_s = 4, out_s = 6 }",
    "faults": '["rushed", "feet_slid"]',
    "not_for": '["Nobody who would rather rest."]',
    "source": '["My own choice."]',
    "say.start_position": '"Lie down."',
    "say.go_left": '"To the left."',
    "say.go_right": '"To the right."',
    "say.hold": '"Rest."',
    "say.back": '"Come back."',
}
BOTH = {key: value for key, value in EACH.items() if not key.startswith("say.go")} | {
    "judged_by": '"clock"',
    "faults": "[]",
    "sides": '"both"',
    "say.go": '"Go."',
}
PACED = EACH | {"kind": '"paced"', "hold_s": "0", "judged_by": '"clock"', "faults": "[]"}
OPTIONAL = ("rung", "breath")


def written(keys: dict[str, str]) -> str:
    return "\n".join(f"{key} = {value}" for key, value in keys.items())


def without(keys: dict[str, str], key: str) -> dict[str, str]:
    return {k: v for k, v in keys.items() if k != key}


def refusal(keys: dict[str, str]) -> str:
    with pytest.raises(InvalidMovement) as caught:
        parse_movement(written(keys), "mine")
    return str(caught.value)


# ---- what is right -------------------------------------------------------------------------------------------------


def test_a_movement_is_all_that_its_file_says() -> None:
    assert parse_movement(written(EACH), "mine") == Movement(
        id="mine",
        name="Mine",
        family="my_own",
        rung=3,
        kind=Kind.HOLD,
        judged_by=Judge.KNEE_DROP,
        sides=Sides.EACH,
        hold_s=12.5,
        holds_a_side=3,
        way_s=4.0,
        cushion=Cushion.LOWER,
        breath=Breath(in_s=4.0, out_s=6.0),
        faults=(Fault.RUSHED, Fault.FEET_SLID),
        say={
            "start_position": "Lie down.",
            "go_left": "To the left.",
            "go_right": "To the right.",
            "hold": "Rest.",
            "back": "Come back.",
        },
        not_for=("Nobody who would rather rest.",),
        source=("My own choice.",),
    )


def test_a_movement_of_the_whole_body_has_one_line_to_go() -> None:
    movement = parse_movement(written(BOTH), "mine")
    assert movement.sides is Sides.BOTH
    assert set(movement.say) == {"start_position", "go", "hold", "back"}


@pytest.mark.parametrize("key", OPTIONAL)
def test_the_rung_and_the_breath_may_be_left_out(key: str) -> None:
    assert getattr(parse_movement(written(without(EACH, key)), "mine"), key) is None


@pytest.mark.parametrize("key", ["faults", "not_for", "source"])
def test_a_list_may_be_empty(key: str) -> None:
    assert getattr(parse_movement(written(EACH | {key: "[]"}), "mine"), key) == ()


def test_the_words_are_words_and_the_seconds_are_numbers_with_a_point() -> None:
    movement = parse_movement(written(EACH | {"hold_s": "20"}), "mine")
    assert [type(getattr(movement, key)) for key in ("kind", "judged_by", "sides", "cushion")] == [Kind, Judge, Sides, Cushion]
    assert all(
        isinstance(seconds, float) for seconds in (movement.hold_s, movement.way_s, movement.breath and movement.breath.in_s)
    )


@settings(deadline=None, max_examples=50)
@given(st.floats(3, 120), st.integers(1, 10), st.floats(2, 15), st.floats(2, 10))
def test_every_number_in_range_is_taken(hold_s: float, holds_a_side: int, way_s: float, breath_s: float) -> None:
    breath = f"{{ in_s = {breath_s!r}, out_s = {breath_s!r} }}"
    numbers = {"hold_s": repr(hold_s), "holds_a_side": str(holds_a_side), "way_s": repr(way_s), "breath": breath}
    movement = parse_movement(written(EACH | numbers), "mine")
    assert (movement.hold_s, movement.holds_a_side, movement.way_s) == (hold_s, holds_a_side, way_s)
    assert movement.breath == Breath(breath_s, breath_s)


def test_a_paced_movement_goes_by_the_clock() -> None:
    said = refusal(PACED | {"judged_by": '"knee_drop"'})
    assert said == 'kind is "paced", whose pace the clock leads; write judged_by = "clock" or kind = "hold"'


@pytest.mark.parametrize(("keys", "hold_s"), [(PACED, "0"), (PACED, "10"), (EACH, "3"), (EACH, "120")])
def test_a_paced_movement_may_rest_not_at_all_and_a_hold_for_two_minutes(keys: dict[str, str], hold_s: str) -> None:
    assert parse_movement(written(keys | {"hold_s": hold_s}), "mine").hold_s == float(hold_s)


def test_a_line_of_160_characters_is_just_short_enough() -> None:
    assert len(parse_movement(written(EACH | {"say.hold": f'"{"a" * 160}"'}), "mine").say["hold"]) == 160


# ---- what is wrong -------------------------------------------------------------------------------------------------

TRUTHS_WRONG = dict.fromkeys(("crosses_legs", "measures_legs"), ('"yes"', "1", "[]"))
NUMBERS_WRONG = {
    "hold_s": ("2.9", "121", "-20", "0", "nan", "inf", '"20"', "true", "[20]", "1" + "0" * 400),
    "holds_a_side": ("0", "11", "-1", "2.0", '"2"', "true", "{}"),
    "way_s": ("1.9", "15.1", "nan", '"4"', "false"),
    "rung": ("-1", "100", "1.0", '"1"', "true"),
}
WORDS_WRONG = {
    "kind": ('"rest"', '"HOLD"', "1", '["hold"]', '""'),
    "judged_by": ('"eye"', "true", "{}"),
    "sides": ('"left"', "2", "[]"),
    "cushion": ('"high"', "5", "false"),
    "position": ('"upright"', "1", "true"),
}
TEXTS_WRONG = dict.fromkeys(("name", "family", "say.hold", "say.go_left", "say.go_right"), ("7", "true", '["a"]', '""', '"  "'))


@pytest.mark.parametrize(
    ("key", "value"),
    [(k, v) for wrong in (TRUTHS_WRONG, NUMBERS_WRONG, WORDS_WRONG, TEXTS_WRONG) for k, values in wrong.items() for v in values],
)
def test_a_wrong_value_is_told_with_its_key(key: str, value: str) -> None:
    assert refusal(EACH | {key: value}).startswith(f"{key} is ")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("hold_s", "999", "hold_s is 999; it must be a number from 3 to 120"),
        ("holds_a_side", "1.5", "holds_a_side is 1.5; it must be a whole number from 1 to 10"),
        ("way_s", "1", "way_s is 1; it must be a number from 2 to 15"),
        ("kind", '"rest"', 'kind is \'rest\'; write one of "hold", "paced"'),
        ("name", '""', "name is ''; write text in quotes"),
        ("source", '"me"', "source is 'me'; write a list in square brackets"),
        ("not_for", '["a", ""]', "not_for, entry 2, is ''; write text in quotes"),
        ("source", "[7]", "source, entry 1, is 7; write text in quotes"),
        ("faults", '"rushed"', "faults is 'rushed'; write a list in square brackets"),
        ("breath", "4", "breath is 4; write breath = { in_s = 4, out_s = 6 }"),
        ("breath", "{ in_s = 1, out_s = 6 }", "breath.in_s is 1; it must be a number from 2 to 10"),
        ("breath", "{ in_s = 4, out_s = 10.5 }", "breath.out_s is 10.5; it must be a number from 2 to 10"),
        ("breath", "{ in_s = 4 }", "breath.out_s is missing; write it under [breath], for example: out_s = 6"),
        ("breath", "{ in_s = 4, out_s = 6, hold_s = 2 }", "breath.hold_s is an unknown key; known in breath are in_s, out_s"),
        ("say.back", f'"{"a" * 161}"', "say.back has 161 characters; say it in at most 160"),
    ],
)
def test_the_message_says_what_stands_there_and_what_would_be_right(key: str, value: str, said: str) -> None:
    assert refusal(EACH | {key: value}) == said


@pytest.mark.parametrize("hold_s", ["-1", "10.5", "20", "true"])
def test_a_paced_movement_rests_for_ten_seconds_at_most(hold_s: str) -> None:
    assert refusal(PACED | {"hold_s": hold_s}) == f"hold_s is {hold_s.capitalize()}; it must be a number from 0 to 10"


def test_a_fault_that_does_not_exist_is_told_with_those_that_do() -> None:
    said = refusal(EACH | {"faults": '["rushed", "slouched"]'})
    assert said.startswith("faults, entry 2, is 'slouched'; ")
    assert all(f'"{fault}"' in said for fault in Fault)


@pytest.mark.parametrize("fault", Fault)
def test_a_clock_sees_no_faults(fault: Fault) -> None:
    said = refusal(EACH | {"judged_by": '"clock"', "faults": f'["{fault}"]'})
    assert said == f'faults has {fault.value!r}, which a clock cannot see; write faults = [] or judged_by = "knee_drop"'


def test_knees_that_drop_drop_to_a_side() -> None:
    assert refusal(BOTH | {"judged_by": '"knee_drop"'}) == (
        'judged_by is "knee_drop", but sides is "both"; write sides = "each" or judged_by = "clock"'
    )


@pytest.mark.parametrize(("keys", "key"), [(keys, key) for keys in (EACH, BOTH) for key in keys if key not in OPTIONAL])
def test_what_is_missing_is_named_with_its_place_and_an_example(keys: dict[str, str], key: str) -> None:
    said = refusal(without(keys, key))
    name = key.removeprefix("say.")
    place = "above [say]" if name == key else "under [say]"
    assert said.startswith(f"{key} is missing; write it {place}, for example: {name} = ")
    if name == key:
        example = said.partition(" = ")[2]
        parse_movement(written(EACH | {key: example} | ({"faults": "[]"} if key == "judged_by" else {})), "mine")


def test_a_movement_without_a_word_to_say_is_refused() -> None:
    silent = {key: value for key, value in EACH.items() if not key.startswith("say.")}
    assert refusal(silent).startswith("say.start_position is missing; ")
    assert refusal(silent | {"say": '"Rest."'}).startswith("say is 'Rest.'; write say = { start_position = ")


@pytest.mark.parametrize("key", ["hold", "Hold_s", "id", "holds", '""'])
def test_an_unknown_key_is_told_with_the_known_ones(key: str) -> None:
    said = refusal({key: "1"} | EACH)
    assert said.startswith(f"{key.strip(chr(34))} is an unknown key; known are breath, crosses_legs, cushion, ")
    assert all(known in said for known in EACH if "." not in known)


@pytest.mark.parametrize(("keys", "key"), [(EACH, "go"), (EACH, "middle"), (BOTH, "go_left"), (BOTH, "way_s")])
def test_an_unknown_line_is_told_with_the_known_ones(keys: dict[str, str], key: str) -> None:
    known = ", ".join(sorted(k.removeprefix("say.") for k in keys if k.startswith("say.")))
    assert refusal(keys | {f"say.{key}": '"Go."'}) == f"say.{key} is an unknown key; known in say are {known}"


@pytest.mark.parametrize(
    ("text", "line"), [("name =\n", 1), ('name = "a"\nname = "b"\n', 2), ("\n\njust words\n", 3), ("= 3\n", 1)]
)
def test_what_is_not_toml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InvalidMovement, match=rf"^The movement is not valid TOML: .*line {line}, column"):
        parse_movement(text, "mine")


@pytest.mark.parametrize("text", ["name = " + "[" * 5000, "hold_s = 1" + "0" * 5000])
def test_what_would_break_the_reader_is_refused_too(text: str) -> None:
    with pytest.raises(InvalidMovement, match="not valid TOML"):
        parse_movement(text, "mine")


# ---- files ---------------------------------------------------------------------------------------------------------


def test_a_movement_is_read_from_a_file_whose_name_is_its_id(tmp_path: Path) -> None:
    path = tmp_path / "knie_kreisen.toml"
    path.write_text(written(EACH | {"name": '"Knie über links"'}), "utf-8")
    movement = read_movement(path)
    assert (movement.id, movement.name) == ("knie_kreisen", "Knie über links")


def test_a_file_that_is_wrong_is_named_before_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(written(EACH | {"way_s": "1"}), "utf-8")
    with pytest.raises(InvalidMovement) as caught:
        read_movement(path)
    assert str(caught.value) == f"{path}: way_s is 1; it must be a number from 2 to 15"


def test_a_movement_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing.toml", tmp_path, binary):
        with pytest.raises(InvalidMovement, match="cannot be read") as caught:
            read_movement(path)
        assert str(path) in str(caught.value)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "movements"
    folder.mkdir()
    return folder


def keep(folder: Path, name: str, **changed: Any) -> Path:
    path = folder / name
    path.write_text(written(EACH | changed), "utf-8")
    return path


def test_ones_own_movements_stand_behind_the_shipped_ones_by_name(own: Path) -> None:
    for name in ("b.toml", "a.toml", "notes.txt"):
        keep(own, name, rung="0")
    assert list(catalogue(own)) == [*catalogue(), "a", "b"]
    assert catalogue(own)["a"].family == "my_own"


@pytest.mark.parametrize("folder", [None, Path("no/such/folder")])
def test_without_a_folder_of_ones_own_there_are_the_shipped_ones(folder: Path | None) -> None:
    assert list(catalogue(folder)) == list(catalogue())


def test_one_broken_file_is_named_and_not_passed_over(own: Path) -> None:
    keep(own, "a.toml")
    broken = keep(own, "b.toml", sides='"neither"')
    with pytest.raises(InvalidMovement) as caught:
        catalogue(own)
    assert str(caught.value).startswith(f"{broken}: sides is 'neither'; ")


def test_a_file_with_the_name_of_a_shipped_movement_is_refused(own: Path) -> None:
    path = keep(own, "bridge.toml")
    for read in (read_own, lambda _: catalogue(own)):
        with pytest.raises(InvalidMovement) as caught:
            read(path)
        assert str(caught.value) == f"{path}: bridge is a movement of kneeroll itself; give your file another name"
