"""The picture of the inside view."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from kneeroll.inside import look_inside
from kneeroll.languages import Translate
from kneeroll.plots.inside import frames, inside_svg, two_svg
from kneeroll.plots.lying import Lying, spot
from kneeroll.plots.pen import NARROW, WIDE, lies, look
from kneeroll.poses import BodyState, Quality, Side
from kneeroll.summaries import NOT_SEEN, UNMEASURED
from tests.inside.test_view import hold

INSIDE = look_inside(hold())


def texts(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))


def ids(svg: str) -> list[str]:
    return re.findall(r'id="([^"]+)"', svg)


@pytest.mark.parametrize("layout", [WIDE, NARROW])
@pytest.mark.parametrize("side", Side)
def test_the_picture_is_well_formed_and_names_what_grew_longer(layout, side):
    svg = inside_svg(look_inside(hold(side)), layout=layout)
    assert ElementTree.fromstring(svg).attrib["viewBox"] == f"0 0 {layout.width} {layout.height}"
    for words in (f"Knees to your {side}", "inner thigh", "your right", "your left", "Load on the trunk", "uncertain"):
        assert words in texts(svg)
    assert "inner thigh" in ElementTree.fromstring(svg).attrib["aria-label"]
    assert "nan" not in svg
    assert len(ids(svg)) == len(set(ids(svg)))


def test_the_sash_goes_from_the_ribs_across_to_the_hip_that_sank():
    colours = {(tissue.muscle.id, tissue.side): look(tissue).colour for tissue in INSIDE.tissues}
    assert colours["external_oblique", Side.LEFT] == colours["internal_oblique", Side.RIGHT] == "grew"
    assert colours["external_oblique", Side.RIGHT] == colours["internal_oblique", Side.LEFT] == "shrank"
    assert colours["multifidus", Side.LEFT] == "tuck"


def test_only_what_is_not_sure_is_hatched():
    for tissue in INSIDE.tissues:
        assert look(tissue).hatched == (tissue.direction is None)
    assert look(INSIDE.of("latissimus", Side.LEFT)).hatched
    assert not look(INSIDE.of("external_oblique", Side.LEFT)).hatched


def test_the_persons_right_is_on_the_left_in_every_view():
    right = spot(Lying(0.0, 0.0, 0.0), 60.0, 200.0)
    assert right[0] < 0
    (to_the_right,) = frames(INSIDE, [lies(INSIDE)])
    knee = re.findall(r"[-\d.]+", to_the_right["right-thigh"]["d"])
    assert float(knee[2]) < -100
    lever = [float(x) for x in re.findall(r"[-\d.]+", to_the_right["feet-lever"]["d"])]
    assert lever[2] < lever[0]


def test_the_moving_parts_of_a_replay_are_those_of_the_picture_and_glow_more_and_more():
    end = lies(INSIDE)
    way = [Lying(end.pelvis_roll_deg * part, end.thorax_roll_deg * part, end.knee_drop_deg * part) for part in (0.0, 0.5, 1.0)]
    moments = frames(INSIDE, way)
    named = set(ids(inside_svg(INSIDE, prefix="one")))
    shown = {name for name in moments[0] if f"one-{name}" in named}
    assert {"trunk", "left-thigh", "external_oblique-left", "arrow-pelvis", "feet-lever", "spiral"} <= shown
    glow = [float(moment["external_oblique-left"]["fill-opacity"]) for moment in moments]
    assert glow[0] == 0.0 < glow[1] < glow[2]
    assert inside_svg(INSIDE).count(moments[-1]["trunk"]["d"]) == 1


def test_a_moment_lies_as_its_angles_were_seen():
    state = BodyState(3.0, -50.0, -30.0, -4.0, 0.0, 0.0, 0.0, (1.0,) * 6, Quality.GOOD)
    assert Lying.of(state) == Lying(pelvis_roll_deg=-30.0, thorax_roll_deg=-4.0, knee_drop_deg=-50.0)


def test_a_chest_that_lies_flat_and_a_pelvis_that_has_turned_are_joined_by_a_stair_of_small_turns():
    way = Lying(-30.0, 0.0, -60.0).way_deg
    assert way[0] == -30.0
    assert way[-1] == pytest.approx(0.0)
    assert np.all(np.diff(way) > 0)
    assert np.diff(way).max() < 4


def test_another_cushion_is_drawn_dashed_and_said():
    deep = look_inside(hold(twist=44.0, swing=42.0))
    svg = inside_svg(deep, other_cm=30.0)
    assert svg.count('class="ghost"') == 3
    assert "dashed: on a cushion of 30 cm;" in texts(svg)
    assert "load on the trunk: about half less" in texts(svg)
    on_it = inside_svg(deep, lies_on_cm=20.0, other_cm=0.0)
    assert "without a cushion; load on the trunk: more" in texts(on_it)
    assert 'id="inside-feet-cushion"' in on_it
    assert 'id="inside-feet-cushion"' not in svg


def test_what_could_not_be_measured_is_said_and_not_drawn():
    svg = inside_svg(look_inside(replace(hold(), trunk_twist_deg=NOT_SEEN)))
    assert "Not measurable: the person was seen in less than half of the hold." in texts(svg)
    assert ids(svg) == ["inside-hatch", "inside-tip"]
    partly = inside_svg(
        look_inside(replace(hold(), thorax_roll_deg=UNMEASURED, pelvis_roll_deg=UNMEASURED, knee_drop_deg=UNMEASURED))
    )
    assert "pelvis not measurable" in texts(partly)


def test_every_word_goes_through_the_language():
    heard: list[str] = []

    def shout(words: str) -> str:
        heard.append(words)
        return "§"

    translate: Translate = shout
    said = re.sub(r"[§\d ±°.:;,-]+", "", texts(inside_svg(INSIDE, translate, other_cm=20.0)))
    assert said == ""
    assert "outer slanting belly muscle" in heard


def test_long_words_are_squeezed_into_their_place_and_short_ones_left():
    long = inside_svg(INSIDE, lambda words: "Rückwärtsbewegungsraum " * 4 if words == "Bending the legs stretched" else words)
    assert re.findall(r'textLength="(\d+)" lengthAdjust="spacingAndGlyphs">Rück', long) == ["290"]
    assert "textLength" not in inside_svg(INSIDE, lambda words: words if "{" in words else words[:4])


def test_two_holds_stand_side_by_side():
    left, right = (inside_svg(look_inside(hold(side)), prefix=side) for side in Side)
    svg = two_svg(left, right, ("Left", "Right"))
    assert ElementTree.fromstring(svg).attrib["viewBox"].startswith(f"0 0 {2 * WIDE.width + 20} ")
    assert len(ids(svg)) == len(set(ids(svg)))
    assert "Knees to your left" in texts(svg)
    assert "Knees to your right" in texts(svg)
