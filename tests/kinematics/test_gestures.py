"""Raised hands: which arms are up, from where that is seen, and how long they must be."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.anatomy import BODY
from kneeroll.kinematics import Tracker, body
from kneeroll.kinematics.calibration import from_start
from kneeroll.kinematics.camera import project
from kneeroll.kinematics.gestures import HOLD_S, LAPSE_S, Gesture, RaisedArms, follow_gesture
from kneeroll.kinematics.landmarks import BLAZEPOSE
from kneeroll.poses import Floats, PoseFrame, Quality, Side
from tests.kinematics.synthetic import (
    camera_at,
    camera_of,
    in_camera_axes,
    mirrored,
    person,
    ramp,
    start_position,
    without,
)

LEFT, RIGHT, BOTH = (Side.LEFT,), (Side.RIGHT,), (Side.LEFT, Side.RIGHT)
TOLD = ["quarter_foot", "quarter_head", "side"]
ARMS = {
    "raised": ((0.0, 0.0, 1.0), (0.0, 0.0, 1.0)),
    "raised, a little bent": ((0.15, 0.1, 1.0), (-0.25, 0.0, 1.0)),
    "out like a T": ((1.0, -0.1, -0.15), (1.0, -0.1, 0.0)),
    "beside the body": ((0.3, -1.0, -0.15), (0.2, -1.0, 0.0)),
    "overhead on the mat": ((0.25, 1.0, -0.15), (-0.1, 1.0, 0.0)),
    "out, forearm up": ((1.0, 0.0, -0.15), (0.0, 0.0, 1.0)),
    "hand on the belly": ((0.5, -0.8, 0.1), (-0.6, -0.6, 0.25)),
    "hand on the face": ((0.6, 0.1, 0.8), (-0.7, 0.7, -0.2)),
    "hand behind the head": ((0.8, 0.6, -0.1), (-0.7, 0.7, 0.0)),
    "hand on the knee at the chest": ((0.3, -0.8, 0.45), (-0.25, -0.75, 0.65)),
}
"""Directions of upper arm and forearm of the left side, world axes."""
DOWN = [name for name in ARMS if not name.startswith("raised")]
Direction = tuple[float, float, float]


def posed(pose: PoseFrame, camera: Floats, arms: dict[Side, tuple[Direction, Direction]], noise_px: float = 0.0) -> PoseFrame:
    """The person of the synthetic camera with arms in these directions, in the picture and in the network's own points."""
    start = start_position(camera)
    lengths = dict(zip(body.LENGTHS, start.lengths_m, strict=True))
    px, own = pose.image_px.copy(), pose.position_m.copy()
    random = np.random.default_rng(round(1000 * pose.t_s))
    for side, directions in arms.items():
        at = np.array([side.sign * lengths["shoulder_half"], lengths["torso"] + BLAZEPOSE.shoulder_headward_m, 0.088])
        points = [at]
        for direction, length in zip(directions, (lengths["upper_arm"], lengths["forearm"]), strict=True):
            way = np.array(direction) * (side.sign, 1.0, 1.0)
            points.append(points[-1] + length * way / np.linalg.norm(way))
        rows = BODY.indices(*(f"{side}_{part}" for part in ("shoulder", "elbow", "wrist")))
        px[rows] = project(camera, np.array(points), (pose.width_px, pose.height_px)) + random.normal(0.0, noise_px, (3, 2))
        own[rows] = in_camera_axes(camera, np.array(points))
    return replace(pose, image_px=px, position_m=own)


def shown(camera: Floats, left: str = "out like a T", right: str = "out like a T", noise_px: float = 0.0) -> PoseFrame:
    pose = person(camera, np.zeros(1))[0]
    return posed(pose, camera, {Side.LEFT: ARMS[left], Side.RIGHT: ARMS[right]}, noise_px)


def found(camera: Floats, pose: PoseFrame) -> tuple[Side, ...]:
    return tuple(RaisedArms.seen_by(from_start(start_position(camera), BLAZEPOSE)).found_in(pose))


# ---- one picture


@pytest.mark.parametrize("camera_side", [1, -1])
@pytest.mark.parametrize("view", TOLD)
@pytest.mark.parametrize("raised", ["raised", "raised, a little bent"])
def test_a_raised_hand_is_found_and_named(raised, view, camera_side):
    camera = camera_of(view, camera_side)
    assert found(camera, shown(camera, left=raised)) == LEFT
    assert found(camera, shown(camera, right=raised)) == RIGHT
    assert found(camera, shown(camera, left=raised, right=raised)) == BOTH


@pytest.mark.parametrize("camera_side", [1, -1])
@pytest.mark.parametrize("view", TOLD)
@pytest.mark.parametrize("arm", DOWN)
def test_arms_elsewhere_are_not_raised(arm, view, camera_side):
    camera = camera_of(view, camera_side)
    assert found(camera, shown(camera, left=arm, right=arm)) == ()


def test_an_arm_away_from_the_camera_looks_raised_and_is_told_by_its_depth():
    camera = camera_at(0.0, 3.4, 2.2)
    pose = shown(camera, left="overhead on the mat")
    as_if = replace(pose, position_m=shown(camera, left="raised").position_m)
    assert found(camera, as_if) == LEFT
    assert found(camera, pose) == ()


@given(
    azimuth_deg=st.floats(30, 130),
    height_m=st.floats(0.6, 1.6),
    roll_deg=st.floats(-8, 8),
    lean=st.floats(0.0, 0.35),
    toward=st.floats(0, 2 * np.pi),
    noise_px=st.floats(0, 3),
)
@settings(deadline=None, max_examples=60)
def test_from_all_along_one_side_a_raised_hand_is_found_and_a_t_is_not(azimuth_deg, height_m, roll_deg, lean, toward, noise_px):
    camera = camera_at(azimuth_deg, height_m, 2.0)
    camera[5] += np.radians(roll_deg)
    way = (lean * np.cos(toward), lean * np.sin(toward), 1.0)
    pose = posed(shown(camera), camera, {Side.LEFT: (way, way)}, noise_px)
    assert found(camera, pose) == LEFT
    assert found(camera, shown(camera, noise_px=noise_px)) == ()


@pytest.mark.parametrize("view", TOLD)
def test_the_mirrored_body_raises_the_other_hand(view):
    assert found(camera_of(view, -1), mirrored(shown(camera_of(view), left="raised"))) == RIGHT


@pytest.mark.parametrize("name", ["left_shoulder", "left_elbow", "left_wrist"])
def test_an_arm_that_is_not_seen_is_not_up(name):
    camera = camera_of("side")
    assert found(camera, without(shown(camera, left="raised", right="raised"), name)) == RIGHT


@pytest.mark.parametrize("arm", DOWN)
def test_depths_alone_do_not_raise_a_hand(arm):
    camera = camera_of("quarter_head")
    pose = replace(shown(camera, left=arm), position_m=shown(camera, left="raised").position_m)
    assert found(camera, pose) == ()


def shortened(pose: PoseFrame, side: str, share: float) -> PoseFrame:
    """An arm that is seen shorter in the picture, as the nearer one is."""
    px = pose.image_px.copy()
    shoulder, *rest = BODY.indices(*(f"{side}_{part}" for part in ("shoulder", "elbow", "wrist")))
    px[rest] = px[shoulder] + share * (px[rest] - px[shoulder])
    return replace(pose, image_px=px)


@pytest.mark.parametrize(("sine", "is_up"), [(0.4, True), (0.15, False)])
def test_an_arm_as_long_as_raised_may_lean_by_its_depth_but_not_lie(sine, is_up):
    camera = camera_of("side")
    lies = (1.0, 0.0, sine / np.sqrt(1 - sine**2))
    leaning = posed(shown(camera), camera, {Side.LEFT: (lies, lies)})
    pose = replace(shown(camera, left="raised"), position_m=leaning.position_m)
    assert found(camera, pose) == (LEFT if is_up else ())


@pytest.mark.parametrize(("share", "is_up"), [(0.72, True), (0.55, False)])
def test_an_arm_that_stands_steep_by_its_depth_may_be_seen_shorter_but_not_half(share, is_up):
    camera = camera_of("quarter_foot")
    assert found(camera, shortened(shown(camera, left="raised"), "left", share)) == (LEFT if is_up else ())


def test_an_arm_whose_points_are_one_is_not_raised():
    camera = camera_of("side")
    pose = shown(camera, left="raised")
    assert found(camera, replace(pose, position_m=np.zeros_like(pose.position_m))) == ()


@pytest.mark.parametrize("lean", [0.8, -0.8])
def test_an_arm_that_leans_far_over_is_not_raised(lean):
    camera = camera_of("side")
    px = (pose := shown(camera, right="raised")).image_px.copy()
    shoulder, elbow, wrist = BODY.indices("right_shoulder", "right_elbow", "right_wrist")
    aside = lean * np.linalg.norm(px[wrist] - px[shoulder])
    px[[elbow, wrist]] += [[aside / 2, 0.0], [aside, 0.0]]
    assert found(camera, replace(pose, image_px=px)) == ()


def test_a_wrist_at_the_knee_is_not_raised():
    camera = camera_of("side")
    px = (pose := shown(camera, left="raised")).image_px.copy()
    px[BODY.index("left_knee")] = px[BODY.index("left_wrist")] + (20.0, 0.0)
    assert found(camera, replace(pose, image_px=px)) == ()


def test_a_network_without_depths_tells_no_raised_hand():
    camera = camera_of("side")
    pose = shown(camera, left="raised")
    assert found(camera, replace(pose, position_m=np.full_like(pose.position_m, np.nan))) == ()


# ---- time


Frames = Sequence[tuple[float, tuple[Side, ...]]]


def said(frames: Frames, swing: float = 0.0) -> list[tuple[Side, ...]]:
    """What is said after each frame of hands that are held, or swing by so much of an arm's length a second."""
    gesture, words = Gesture(), []
    for t_s, hands in frames:
        gesture = follow_gesture(gesture, t_s, dict.fromkeys(hands, (1.0, swing * t_s)))
        words.append(gesture.said)
    return words


def steps(*stretches: tuple[float, tuple[Side, ...]], fps: int = 10) -> list[tuple[float, tuple[Side, ...]]]:
    """(seconds, hands) one after another, as frames."""
    hands = [h for seconds, h in stretches for _ in range(round(seconds * fps))]
    return [(i / fps, h) for i, h in enumerate(hands)]


def test_a_hand_counts_after_a_second_and_until_it_is_down():
    frames = steps((1.0, ()), (2.0, LEFT), (2.0, ()))
    told = [t for (t, _), hands in zip(frames, said(frames), strict=True) if hands == LEFT]
    assert told[0] == pytest.approx(1.0 + HOLD_S)
    assert told[-1] == pytest.approx(2.9 + LAPSE_S)


def test_a_hand_that_waves_past_the_ceiling_says_nothing():
    assert not any(said(steps((1.0, ()), (0.8, LEFT), (3.0, ()))))


def test_a_hand_that_swings_by_says_nothing_and_one_that_trembles_is_held():
    frames = steps((3.0, LEFT))
    assert not any(said(frames, swing=0.6))
    assert said(frames, swing=0.1)[-1] == LEFT


def test_two_short_waves_do_not_make_a_long_one():
    assert not any(said(steps((0.7, LEFT), (0.6, ()), (0.7, LEFT), (2.0, ()))))


def test_a_frame_or_two_without_the_hand_do_not_matter():
    frames = [(t, () if i % 4 in (2, 3) else RIGHT) for i, (t, _) in enumerate(steps((3.0, RIGHT)))]
    assert said(frames)[-3] == RIGHT


def test_both_hands_are_both_from_the_first_word_on_though_one_is_later():
    assert set(said(steps((0.6, LEFT), (2.0, BOTH), (1.0, ())))) == {(), BOTH}


def test_both_stay_both_when_one_comes_down_first():
    assert set(said(steps((2.0, BOTH), (2.0, RIGHT), (1.0, ())))) == {(), BOTH}


def test_a_second_hand_makes_both_of_one():
    told = said(steps((2.0, LEFT), (2.0, BOTH), (1.0, ())))
    assert list(dict.fromkeys(told)) == [(), LEFT, BOTH]


def test_a_hand_is_not_held_over_a_pause_of_the_camera():
    assert not any(said([(0.0, LEFT), (0.5, LEFT), (2.0, LEFT), (2.5, LEFT)]))


@given(
    st.lists(st.tuples(st.floats(0.02, 0.6), st.sampled_from([(), LEFT, RIGHT, BOTH])), max_size=40),
    st.floats(-100, 1e5),
)
def test_what_is_said_has_been_shown_for_a_second(frames, start_s):
    times = start_s + np.cumsum([step for step, _ in frames])
    shows = list(zip(times.tolist(), (hands for _, hands in frames), strict=True))
    for i, hands in enumerate(said(shows)):
        for side in hands:
            seen_s = [t for t, h in shows[: i + 1] if side in h]
            assert seen_s[-1] - seen_s[0] >= HOLD_S - 1e-6


# ---- with the tracker

TIMES = np.arange(0.0, 7.0, 1 / 8)
UP_S = 4.0


@cache
def session(view: str, hands: tuple[Side, ...], drop_deg: float = 0.0) -> tuple[PoseFrame, ...]:
    """The start position for three seconds, the knees to one side if wanted, and hands up from the fourth to the sixth."""
    camera = camera_of(view)
    poses = person(camera, TIMES, ramp(TIMES, (0, 0), (2.6, 0), (4, drop_deg), (7, drop_deg)), noise_px=0.7, seed=5)
    shows = []
    for pose in poses:
        up = {side: ARMS["raised" if side in hands and UP_S <= pose.t_s < 6.0 else "out like a T"] for side in Side}
        shows.append(posed(pose, camera, up, noise_px=1.0))
    return tuple(shows)


def told(poses: Sequence[PoseFrame]) -> list[tuple[float, tuple[Side, ...]]]:
    tracker = Tracker(BLAZEPOSE)
    return [(reading.t_s, reading.hands_up) for reading in map(tracker.read, poses)]


@pytest.mark.parametrize("hands", [(), LEFT, RIGHT, BOTH])
@pytest.mark.parametrize("view", TOLD)
def test_the_tracker_tells_who_raises_which_hand_within_two_seconds(view, hands):
    readings = told(session(view, hands))
    assert {h for _, h in readings} == {(), hands}
    if hands:
        assert UP_S + HOLD_S <= next(t for t, h in readings if h) < UP_S + 1.5


def test_a_hand_is_seen_while_the_knees_are_down():
    assert {h for _, h in told(session("quarter_head", RIGHT, 50.0))} == {(), RIGHT}


def test_frames_that_were_dropped_do_not_hide_a_hand():
    kept = [pose for i, pose in enumerate(session("quarter_foot", LEFT)) if i % 3 != 1]
    assert {h for _, h in told(kept)} == {(), LEFT}


def test_nothing_is_said_before_the_start_position_is_known():
    poses = [pose for pose in session("side", BOTH) if pose.t_s >= UP_S - 0.5]
    assert not any(h for _, h in told(poses[: round(1.9 * 8)]))


@pytest.mark.parametrize("view", ["above", "head_end"])
def test_where_hands_cannot_be_told_they_are_not_guessed(view):
    tracker = Tracker(BLAZEPOSE)
    readings = [tracker.read(pose) for pose in session(view, BOTH)]
    assert readings[-1].state.seen
    assert not any(r.tells_hands or r.hands_up for r in readings)


def test_hands_can_be_told_as_long_as_the_person_is_seen():
    tracker = Tracker(BLAZEPOSE)
    poses = session("side", ())
    readings = [tracker.read(pose) for pose in poses]
    gone = tracker.read(PoseFrame.empty(poses[-1].t_s + 0.1, 640, 480, BODY))
    assert (readings[0].tells_hands, readings[-1].tells_hands, gone.tells_hands) == (False, True, False)
    assert Quality.NO_PERSON in gone.state.quality


def test_a_second_look_at_the_whole_session_keeps_the_hands():
    tracker = Tracker(BLAZEPOSE)
    readings = [tracker.read(pose) for pose in session("quarter_head", LEFT)]
    assert [r.hands_up for r in tracker.refine(readings)] == [r.hands_up for r in readings]


def test_a_raised_arm_says_nothing_of_the_thorax_at_the_second_look_neither():
    tracker = Tracker(BLAZEPOSE)
    readings = [tracker.read(pose) for pose in session("quarter_foot", RIGHT, 50.0)]
    for told_now in (readings, tracker.refine(readings)):
        measured = {r.t_s for r in told_now if r.state.seen and np.isfinite(r.state.thorax_roll_deg)}
        assert not any(UP_S <= t_s < 6.0 for t_s in measured)
        assert measured >= {r.t_s for r in readings if 3.0 < r.t_s < UP_S or r.t_s > 6.5}
        assert all(np.isfinite(r.state.knee_drop_deg) for r in told_now if r.t_s > 3.0)
