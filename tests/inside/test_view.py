"""What is said of one hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kneeroll.inside import Band, Change, Load, look_inside
from kneeroll.inside.view import NO_SIDE
from kneeroll.poses import Side
from kneeroll.summaries import NOT_SEEN, TIMED, HoldSummary, Measured
from tests.samples import HOLD


def hold(side: Side | None = Side.RIGHT, twist: float = 30.0, swing: float = 26.0, error: float = 3.0) -> HoldSummary:
    return replace(
        HOLD,
        side=side,
        knee_drop_deg=Measured(twist + swing + 4, error),
        pelvis_roll_deg=Measured(twist + 4, error),
        thorax_roll_deg=Measured(4, error),
        trunk_twist_deg=Measured(twist, error),
        hip_swing_deg=Measured(swing, error),
    )


def test_the_longest_are_the_inner_thigh_below_the_sash_across_and_the_buttock_above():
    longest = {(tissue.muscle.id, tissue.side) for tissue in look_inside(hold()).most_lengthened()}
    assert longest >= {
        ("adductors", Side.RIGHT),
        ("external_oblique", Side.LEFT),
        ("internal_oblique", Side.RIGHT),
        ("piriformis", Side.LEFT),
    }


def test_a_drop_to_the_other_side_says_the_same_of_the_other_side():
    right, left = (look_inside(hold(side)) for side in (Side.RIGHT, Side.LEFT))
    for tissue in right.tissues:
        other = left.of(tissue.muscle.id, tissue.side.other)
        assert other.drop is not None
        assert tissue.drop is not None
        assert other.drop.percent == pytest.approx(tissue.drop.percent)
        assert other.told_drop(str) == tissue.told_drop(str)


def test_a_larger_error_widens_what_may_be_and_never_narrows_it():
    sharp, blurred = look_inside(hold(error=1.0)), look_inside(hold(error=9.0))
    for one, other in zip(sharp.tissues, blurred.tissues, strict=True):
        assert one.drop is not None
        assert other.drop is not None
        assert other.drop.least <= one.drop.least <= one.drop.percent <= one.drop.most <= other.drop.most
    assert len(blurred.most_lengthened(44)) < len(sharp.most_lengthened(44))


def test_without_a_swing_the_trunk_is_still_told_and_the_hips_are_not():
    inside = look_inside(replace(hold(), hip_swing_deg=NOT_SEEN))
    assert inside.why == (NOT_SEEN.why,)
    assert inside.of("piriformis", Side.LEFT).told_drop(str) == "not measurable"
    assert inside.of("external_oblique", Side.LEFT).direction == 1


@pytest.mark.parametrize(
    ("unmeasured", "why"),
    [(replace(hold(), trunk_twist_deg=TIMED), TIMED.why), (hold(side=None), NO_SIDE)],
)
def test_where_nothing_can_be_said_it_says_why(unmeasured, why):
    inside = look_inside(unmeasured)
    assert inside.why == (why,)
    assert inside.tissues == inside.most_lengthened() == inside.lengthened_by_tuck() == ()
    assert inside.loads is inside.lumbar_deg is None
    assert inside.told_load(str) == ""


def test_what_hangs_on_the_arms_is_always_uncertain():
    inside = look_inside(hold(twist=50.0, error=0.5))
    assert {inside.of("latissimus", side).told_drop(str) for side in Side} == {"uncertain"}
    assert "latissimus" not in {tissue.muscle.id for tissue in inside.most_lengthened(44)}


def test_the_tuck_stretches_the_buttock_and_the_drop_leaves_the_low_back():
    inside = look_inside(hold())
    assert inside.lengthened_by_tuck()[0].id == "gluteus_maximus"
    assert {"multifidus", "longissimus", "quadratus_lumborum"} <= {muscle.id for muscle in inside.unchanged_by_drop()}


def test_the_low_back_did_a_sixth_to_a_quarter_of_the_twist():
    inside = look_inside(hold(twist=30.0))
    assert inside.lumbar_deg == pytest.approx((4.5, 7.2))
    *_, low_back = inside.told_turn(str)
    assert low_back == "Of the trunk's turn, about 4 to 7° came from the low back, the rest from the rib-cage spine."


def test_the_load_is_a_span_where_the_error_crosses_a_border():
    assert look_inside(hold(twist=10.0)).loads == (Load.LIGHT, Load.LIGHT)
    wide = look_inside(hold(twist=36.0, error=6.0))
    assert wide.loads == (Load.MODERATE, Load.END_RANGE)
    assert wide.told_load(str) == "moderate to near the end of the range"


@pytest.mark.parametrize(
    ("least", "most", "band", "direction", "said"),
    [
        (4.5, 7.5, Band.MODERATE, 1, "longer: moderate"),
        (3.0, 9.0, None, 1, "longer: light to strong"),
        (1.0, 3.0, None, None, "longer: hardly any to light"),
        (-9.0, -8.5, Band.STRONG, -1, "shorter: strong"),
        (-1.0, 1.9, Band.NONE, 0, "hardly changed"),
        (-3.0, 3.0, None, None, "uncertain"),
    ],
)
def test_a_band_is_claimed_only_where_all_agree(least, most, band, direction, said):
    change = Change((least + most) / 2, least, most)
    assert (change.band, change.direction, change.told(str)) == (band, direction, said)
