"""A whole recording at once: what is shared comes nearer to the truth, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest

from kneeroll.kinematics import BLAZEPOSE, JOINTS, Tracker
from kneeroll.kinematics.belief import CELLS_RAD, Seen
from kneeroll.kinematics.calibration import from_start
from kneeroll.kinematics.follow import Follower, near
from kneeroll.kinematics.landmarks import DEPTHS
from kneeroll.kinematics.posture import AT, ROWS, N
from kneeroll.kinematics.refine import KEY_BIN_DEG, Recording, calibrate, key_frames, refine
from kneeroll.kinematics.start import learn_start
from kneeroll.poses import PoseFrame
from tests.kinematics.synthetic import SIZE_PX, camera_at, camera_of, frame, person, pictures, ramp, standing, stretch, without

TIMES = np.arange(0.0, 12.0, 1 / 6)
DROP = ramp(TIMES, (0, 0), (2.5, 0), (4.5, 60), (6, 60), (8, 0), (10, -60), (12, -60))
NOISE_DEG = 1.2


def recording(shown, model=JOINTS, seed=1, noise_px=0.7):
    """A follower that learned the start from the first pictures, and what it followed."""
    poses = pictures(shown, model, noise_px=noise_px, seed=seed)
    start = learn_start(np.median([p.image_px for p in poses[:12]], axis=0), SIZE_PX, model)
    follower = Follower(from_start(start, model), model)
    seen = [Seen(p.image_px[ROWS], np.full(8, np.nan), np.full(len(DEPTHS), np.nan)) for p in poses]
    fits = [follower.follow(p.t_s, s) for p, s in zip(poses, seen, strict=True)]
    together = Seen.stacked(seen)
    return follower.calibration, fits, Recording(shown.times_s, together, np.array([f.values for f in fits]))


def drops_deg(postures):
    drops = np.degrees([p.knee_drop_rad for p in postures])
    return drops - np.median(drops[:12])


def refine_all(calibration, record):
    refined, fits = refine(calibration, JOINTS, record)
    return refined, list(fits)


@pytest.fixture(scope="module", params=[0.68, 1.05], ids=["wide", "long"])
def wrong_lens(request):
    """A person before a camera whose lens is not the usual one."""
    shown = stretch(camera_at(45, 1.2, 2.0, focal=request.param), TIMES, DROP)
    return shown, *recording(shown)


def test_the_whole_recording_is_nearer_to_the_truth_than_its_frames(wrong_lens):
    shown, calibration, fits, record = wrong_lens
    _, better = refine_all(calibration, record)
    off_live, off = (np.abs(drops_deg(p) - shown.knee_drop_deg) for p in (fits, better))
    assert off.mean() < max(off_live.mean(), NOISE_DEG)
    assert off.max() < 7


def test_the_lens_is_nearer_to_the_truth(wrong_lens):
    shown, calibration, _, record = wrong_lens
    refined = calibrate(calibration, JOINTS, record)
    true = shown.calibration.shared[6]
    assert abs(refined.shared[6] - true) < abs(calibration.shared[6] - true)


def test_what_was_known_before_is_kept(wrong_lens):
    _, calibration, _, record = wrong_lens
    refined = calibrate(calibration, JOINTS, record)
    assert refined.prior_mean == pytest.approx(calibration.prior_mean)
    assert refined.prior_covariance == pytest.approx(calibration.prior_covariance)
    assert refined.size_px == calibration.size_px


def test_there_is_one_posture_a_frame_at_its_time(wrong_lens):
    _, calibration, _, record = wrong_lens
    _, postures = refine_all(calibration, record)
    assert [p.t_s for p in postures] == list(record.t_s)


# ---- short and holed recordings


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_few_frames_are_refined_too(wrong_lens, count):
    _, calibration, _, record = wrong_lens
    _, postures = refine_all(calibration, record.part(slice(0, count)))
    assert len(postures) == count
    assert np.isfinite([p.values for p in postures]).all()


def test_landmarks_that_were_not_seen_are_left_out(wrong_lens):
    shown, calibration, _, record = wrong_lens
    px = record.seen.image_px.copy()
    px[::3, 6] = np.nan
    px[40, 4:6] = np.nan
    holed = replace(record, seen=Seen(px, record.seen.spread_px, record.seen.depth_m))
    refined, postures = refine_all(calibration, holed)
    assert np.isfinite(refined.shared).all()
    assert np.isfinite([p.covariance for p in postures]).all()
    off = np.abs(drops_deg(postures) - shown.knee_drop_deg)
    assert np.delete(off, 40).max() < 8


def test_a_frame_in_which_nothing_was_seen_is_all_doubt(wrong_lens):
    _, calibration, _, record = wrong_lens
    px = record.seen.image_px.copy()
    px[30] = np.nan
    _, postures = refine_all(calibration, replace(record, seen=Seen(px, record.seen.spread_px, record.seen.depth_m)))
    doubt = [np.sqrt(p.covariance[AT["left_drop"], AT["left_drop"]]) for p in postures]
    assert np.argmax(doubt) == 30
    assert np.degrees(doubt[30]) > 30


# ---- key frames and cells


def values_at(drops_rad):
    x = np.zeros((len(drops_rad), N))
    x[:, AT["left_drop"]] = x[:, AT["right_drop"]] = drops_rad
    return x


def test_key_frames_come_from_every_depth_in_order():
    drops = np.radians(DROP)
    keys = key_frames(values_at(drops), np.zeros(N))
    assert list(keys) == sorted(set(keys))
    covered = np.unique(np.round(DROP[keys] / KEY_BIN_DEG))
    often = [b for b in np.unique(np.round(DROP / KEY_BIN_DEG)) if (np.round(DROP / KEY_BIN_DEG) == b).sum() >= 2]
    assert set(covered) == set(often)


def test_a_long_hold_gives_no_more_key_frames_than_a_short_one():
    long, short = (len(key_frames(values_at(np.full(n, 0.5)), np.zeros(N))) for n in (500, 30))
    assert long == short <= 3


@pytest.mark.parametrize("count", [1, 3, 10])
def test_short_recordings_have_key_frames_too(count):
    assert len(key_frames(values_at(np.zeros(count)), np.zeros(N))) > 0


def test_a_drop_that_was_seen_once_is_no_key_frame():
    drops = np.zeros(60)
    drops[30] = 1.0
    assert 30 not in key_frames(values_at(drops), np.zeros(N))


def test_near_are_the_likely_cells_and_the_ones_beside_them():
    cost = np.full((2, len(CELLS_RAD)), 100.0)
    cost[0, 5] = 0.0
    cost[1, [0, -1]] = 1.0
    assert np.flatnonzero(near(cost)[0]).tolist() == [4, 5, 6]
    assert np.flatnonzero(near(cost)[1]).tolist() == [0, 1, len(CELLS_RAD) - 2, len(CELLS_RAD) - 1]


# ---- the tracker's readings


def tracked(poses: list[PoseFrame]) -> tuple[Tracker, list]:
    tracker = Tracker(BLAZEPOSE)
    return tracker, [tracker.read(pose) for pose in poses]


def test_a_tracker_refines_what_it_saw_and_leaves_the_rest():
    poses = person(camera_of("quarter_foot"), TIMES, DROP, noise_px=0.3)
    poses[40] = without(poses[40], "left_knee")
    tracker, readings = tracked(poses)
    refined = tracker.refine(readings)
    assert [r.t_s for r in refined] == [r.t_s for r in readings]
    assert [r.state.seen for r in refined] == [r.state.seen for r in readings]
    unseen = [i for i, r in enumerate(readings) if not r.state.seen]
    assert 40 in unseen
    assert [refined[i] for i in unseen] == [readings[i] for i in unseen]
    assert any(r.state.knee_drop_deg != b.state.knee_drop_deg for r, b in zip(readings, refined, strict=True) if r.state.seen)


def test_refining_twice_is_refining_once_and_live_readings_stay():
    tracker, readings = tracked(person(camera_of("quarter_foot"), TIMES[:40], DROP[:40]))
    before = [repr(r) for r in readings]
    once, twice = tracker.refine(readings), tracker.refine(readings)
    assert [repr(r) for r in once] == [repr(r) for r in twice]
    assert [repr(r) for r in readings] == before


@pytest.mark.parametrize(
    "poses",
    [
        [],
        [standing(t) for t in np.arange(0.0, 3.0, 1 / 8)],
        [frame(t, np.full((19, 2), np.nan)) for t in np.arange(0.0, 3.0, 1 / 8)],
        person(camera_of("quarter_foot"), np.arange(0.0, 1.5, 1 / 8)),
    ],
    ids=["nothing", "standing", "nobody", "too short"],
)
def test_without_a_start_there_is_nothing_to_refine(poses):
    tracker, readings = tracked(poses)
    assert [repr(r) for r in tracker.refine(readings)] == [repr(r) for r in readings]


def test_a_recording_that_ends_with_the_start_is_refined():
    tracker, readings = tracked(person(camera_of("quarter_foot"), np.arange(0.0, 2.2, 1 / 8)))
    assert readings[-1].state.seen
    assert tracker.refine(readings)[-1].state.knee_drop_deg == pytest.approx(0, abs=3)
