"""The one fold: live and replay give the same, and the real network finds the hold of the sample."""

import json
from dataclasses import replace
from itertools import takewhile

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.errors import IllegalSignal
from kneeroll.estimators.choose import load
from kneeroll.events import (
    CueGiven,
    EndReason,
    HoldEnded,
    HoldStarted,
    PainReported,
    Phase,
    PhaseEntered,
    Request,
    SessionEnded,
)
from kneeroll.kinematics import BLAZEPOSE, JOINTS
from kneeroll.movements import catalogue
from kneeroll.plans import OBSERVE, Plan
from kneeroll.poses import CameraFrame, PoseFrame, Posture, Side, View
from kneeroll.session import ENGINE, Session, replay
from kneeroll.summaries import BREATH_NOT_SEEN, NOT_SEEN, hold_from_record
from tests.kinematics.breathing_pictures import breath, moving
from tests.kinematics.synthetic import BENT, TO_CHEST, bent, camera_at, camera_of, person, ramp

TIMES = np.arange(0.0, 31.0, 1 / 8)
DROP = ramp(TIMES, (0, 0), (3, 0), (6, 50), (14, 50), (17, 0), (18, 0), (21, -50), (28, -50), (31, 0))
SHORT = Plan(hold_s=5.0, holds_a_side=1)


class Recorded:
    """An estimator that gives back poses that were kept, whatever the picture shows."""

    name = "recorded"
    landmarks = BLAZEPOSE

    def __init__(self, poses: list[PoseFrame]) -> None:
        self._poses = {pose.t_s: pose for pose in poses}
        self.looked_elsewhere = 0

    def estimate(self, frame: CameraFrame) -> PoseFrame:
        return self._poses[frame.t_s]

    def look_elsewhere(self) -> None:
        self.looked_elsewhere += 1

    def close(self) -> None:
        pass


def pictures(poses: list[PoseFrame]) -> list[CameraFrame]:
    return [CameraFrame(pose.t_s, np.full((1, 1, 3), 128, np.uint8)) for pose in poses]


@pytest.fixture(scope="module")
def poses() -> list[PoseFrame]:
    return person(camera_of("quarter_foot"), TIMES, DROP, noise_px=0.5, seed=5)


@pytest.fixture(scope="module")
def watched(poses) -> Session:
    return replay(pictures(poses), Recorded(poses))


# ---- the fold


@pytest.mark.parametrize("plan", [OBSERVE, SHORT], ids=["observe", "coached"])
def test_live_and_replay_give_the_same_events_states_and_summary(poses, plan):
    played = replay(pictures(poses), Recorded(poses), plan=plan)
    live = Session(plan, Recorded(poses))
    heard = list(live.events)
    for picture in pictures(poses):
        heard.extend(live.see(picture).events)
    heard.extend(live.ask(Request.RECORDING_ENDED))
    assert live.events == played.events == heard
    assert [repr(s) for s in live.states] == [repr(s) for s in played.states]
    assert live.summary() == played.summary()
    assert sum(isinstance(e, HoldStarted) for e in heard) == 2


def test_the_holds_of_a_made_up_person_are_measured_on_both_sides(watched):
    left, right = watched.summary().holds
    assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
    for hold, start_s, end_s in ((left, 6, 14), (right, 21, 28)):
        assert hold.start_s == pytest.approx(start_s, abs=0.5)
        assert hold.end_s == pytest.approx(end_s, abs=0.5)
        assert hold.in_posture_s == pytest.approx(end_s - start_s, abs=0.8)
        assert hold.knee_drop_deg.value == pytest.approx(50, abs=5)
        assert hold.faults == ()


def test_the_summary_says_what_measured_it_and_from_where(watched):
    summary = watched.summary()
    assert summary.measurable
    assert (summary.view, summary.ended) == (View.QUARTER_FOOT, EndReason.RECORDING_ENDED)
    assert (summary.engine, summary.estimator) == (ENGINE, "recorded")


def test_every_picture_leaves_one_state_in_order(watched):
    assert [s.t_s for s in watched.states] == list(TIMES)
    assert watched.t_s == TIMES[-1]


def test_events_come_in_order_of_time_and_the_end_comes_last(watched):
    times = [e.t_s for e in watched.events]
    assert times == sorted(times)
    assert isinstance(watched.events[-1], SessionEnded)


def test_a_coached_session_is_finished_after_its_last_hold(poses):
    session = replay(pictures(poses), Recorded(poses), plan=SHORT)
    assert session.coach.phase is Phase.FINISHED
    assert session.summary().ended is EndReason.DONE
    assert sum(isinstance(e, SessionEnded) for e in session.events) == 1


def test_on_step_hears_of_every_picture_and_of_the_events_it_caused(poses):
    heard = []
    some = poses[:80]
    session = replay(pictures(some), Recorded(some), on_step=lambda picture, step: heard.append((picture, step)))
    assert [picture.t_s for picture, _ in heard] == [pose.t_s for pose in some]
    assert all(step.pose.t_s == step.reading.t_s == picture.t_s for picture, step in heard)
    caused = [event for _, step in heard for event in step.events]
    assert caused == session.events[len(session.events) - len(caused) - 3 : -3]
    assert [type(e) for e in session.events[-3:]] == [HoldEnded, PhaseEntered, SessionEnded]


def test_pain_in_a_hold_ends_the_session_and_what_was_done_is_kept(poses):
    session = Session(SHORT, Recorded(poses))
    for picture in takewhile(lambda p: p.t_s < 10, pictures(poses)):
        session.see(picture)
    heard = session.ask(Request.PAIN)
    assert PainReported(session.t_s) in heard
    assert session.coach.phase is Phase.STOPPED
    summary = session.summary()
    assert summary.ended is EndReason.PAIN
    assert [hold.side for hold in summary.holds] == [Side.LEFT]
    assert summary.holds[0].end_s == pytest.approx(session.t_s, abs=0.01)


def test_what_is_asked_comes_at_the_time_of_the_last_picture_unless_told(poses):
    session = Session(SHORT, Recorded(poses))
    for picture in pictures(poses[:9]):
        session.see(picture)
    assert {e.t_s for e in session.ask(Request.PAUSE)} == {1.0}
    assert {e.t_s for e in session.ask(Request.RESUME, 4.0)} == {4.0}


def test_a_picture_from_the_past_is_refused(poses):
    session = Session(OBSERVE, Recorded(poses))
    late, early = pictures(poses[:2])[::-1]
    session.see(late)
    with pytest.raises(IllegalSignal):
        session.see(early)


def test_sessions_share_nothing(poses, watched):
    other = replay(pictures(poses[:4]), Recorded(poses[:4]))
    assert len(other.states) == 4
    assert len(watched.states) == len(poses)


# ---- measured anew at the end


@pytest.fixture
def paused(poses) -> Session:
    """A session in which the person paused and went on, not refined."""
    session = Session(SHORT, Recorded(poses))
    for picture in pictures(poses):
        session.see(picture)
        if picture.t_s == 10.0:
            session.ask(Request.PAUSE)
        if picture.t_s == 12.0:
            session.ask(Request.RESUME)
    return session


def test_refining_replaces_what_was_measured_and_keeps_what_was_live(paused):
    live = [repr(state) for state in paused.states]
    paused.refine()
    assert [repr(state) for state in paused.live_states] == live
    assert [repr(state) for state in paused.states] != live
    assert [state.t_s for state in paused.states] == [state.t_s for state in paused.live_states]
    assert [state.seen for state in paused.states] == [state.seen for state in paused.live_states]


def test_refining_keeps_what_was_asked_in_its_place(paused):
    heard = [(e.phase, e.t_s) for e in paused.events if isinstance(e, PhaseEntered)]
    paused.refine()
    again = [(e.phase, e.t_s) for e in paused.events if isinstance(e, PhaseEntered)]
    assert (Phase.PAUSED, 10.0) in again
    assert [phase for phase, _ in again] == [phase for phase, _ in heard]
    assert next(t for phase, t in again[again.index((Phase.PAUSED, 10.0)) + 1 :]) == pytest.approx(12.0)
    times = [e.t_s for e in paused.events]
    assert times == sorted(times)


def test_refining_twice_is_refining_once(paused):
    paused.refine()
    once = list(paused.events), [repr(state) for state in paused.states], paused.summary()
    paused.refine()
    assert (list(paused.events), [repr(state) for state in paused.states], paused.summary()) == once


def test_refining_an_empty_session_changes_nothing():
    session = Session(SHORT, Recorded([]))
    before = list(session.events)
    session.refine()
    assert (session.events, session.states, session.live_states) == (before, [], [])


def test_measuring_anew_gives_the_states_of_refining_and_leaves_what_happened(paused, poses):
    events, live = list(paused.events), [repr(state) for state in paused.states]
    paused.remeasure()
    states = [repr(state) for state in paused.states]
    assert paused.events == events
    assert [repr(state) for state in paused.live_states] == live != states
    paused.refine()
    assert [repr(state) for state in paused.states] == states


def test_measuring_anew_needs_no_more_pictures_than_were_asked_for(paused):
    paused.remeasure(max_fps=4.0)  # of 8
    assert [state.t_s for state in paused.states] == list(TIMES[::2])
    assert [state.t_s for state in paused.live_states] == list(TIMES)
    for state in (state for state in paused.states if state.seen):
        assert state.knee_drop_deg == pytest.approx(DROP[int(8 * state.t_s)], abs=4)


def test_what_does_not_roll_is_not_measured_anew_as_if_it_did(poses):
    session = Session(Plan(movements=(catalogue()["bridge"],)), Recorded(poses))
    for picture in pictures(poses):
        session.see(picture)
    session.remeasure()
    assert len(session.states) == len(poses)
    assert not any(state.seen for state in session.states)


def test_a_session_that_nobody_watched_is_measured_anew_without_a_change():
    session = Session(SHORT, None)
    session.tick(1.0)
    session.remeasure()
    assert session.states == []


# ---- breath


def test_breaths_are_counted_a_long_pause_is_spoken_of_once_and_refining_keeps_both():
    """A hold from 6 to 29 s; breathing every 2.5 s comes to rest at a top, at 19.75 s."""
    times = np.arange(0.0, 31.0, 1 / 8)
    poses = person(
        camera_of("quarter_foot"), times, ramp(times, (0, 0), (3, 0), (6, 50), (29, 50), (31, 0)), noise_px=0.5, seed=5
    )
    rises_px = 0.6 * breath(times - 1.0, 2.5, stops_s=18.75)
    session = Session(Plan(hold_s=23.0, holds_a_side=1), Recorded(poses))
    for frame in moving(times, rises_px, np.ones((480, 640))):
        session.see(frame)
    live, said = session.summary().holds[0].breathing, reminders(session)
    assert [e.t_s for e in said] == [pytest.approx(19.75 + 8.0, abs=1.5)]
    assert live.breaths.value == pytest.approx(6, abs=1)  # from 7.25 s on
    assert live.longest_pause_s.value == pytest.approx(29 - 19.75, abs=1.0)
    session.refine()
    assert session.summary().holds[0].breathing.breaths == live.breaths
    assert [e.t_s for e in reminders(session)] == [e.t_s for e in said]


def reminders(session: Session) -> list[CueGiven]:
    return [e for e in session.events if isinstance(e, CueGiven) and e.key == "keep_breathing"]


def test_the_breaths_of_a_person_who_does_not_move_are_not_made_up(watched):
    assert watched.breaths == []
    assert [h.breathing for h in watched.summary().holds] == [BREATH_NOT_SEEN, BREATH_NOT_SEEN]


# ---- nothing to measure


def test_an_empty_recording_says_that_nobody_was_seen():
    session = replay([], Recorded([]))
    assert session.summary().reasons == ("no_person",)
    assert session.summary().ended is EndReason.RECORDING_ENDED


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        ("no_person", [PoseFrame.empty(t, 640, 480, BODY) for t in np.arange(0, 4, 1 / 8)]),
        ("view_unsupported", person(camera_at(0.0, 0.6, 2.2), TIMES[:48])),
        ("never_still", person(camera_of("side"), TIMES[:64], 25 * np.sin(2 * np.pi * TIMES[:64] / 3))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_recording_that_cannot_be_measured_says_why_and_reports_no_hold(reason, found):
    summary = replay(pictures(found), Recorded(found)).summary()
    assert not summary.measurable
    assert reason in summary.reasons
    assert summary.holds == ()


def test_a_network_that_swaps_left_and_right_for_seconds_changes_nothing(poses):
    swapped = list(poses)
    for i in np.flatnonzero((TIMES > 8.0) & (TIMES < 11.0)):
        swapped[i] = replace(poses[i], image_px=poses[i].image_px[BODY.mirror], position_m=poses[i].position_m[BODY.mirror])
    assert replay(pictures(swapped), Recorded(swapped)).summary() == replay(pictures(poses), Recorded(poses)).summary()


def test_one_swapped_picture_in_a_hold_does_not_end_it(poses):
    spoiled = list(poses)
    i = int(np.searchsorted(TIMES, 10.0))
    spoiled[i] = replace(poses[i], image_px=poses[i].image_px[BODY.mirror])
    session = replay(pictures(spoiled), Recorded(spoiled))
    assert session.live_states[i].knee_drop_deg == pytest.approx(50, abs=5)
    assert [h.side for h in session.summary().holds] == [Side.LEFT, Side.RIGHT]


# ---- the real thing


@pytest.fixture(scope="module")
def sample() -> tuple[Session, list[Posture]]:
    """The first 20 seconds of the sample person through the real network: rest 5 s, left 3.5 s, hold."""
    network = load()
    postures: list[Posture] = []
    with open_clip(sample_clip_path(), max_fps=8) as clip:
        some = takewhile(lambda frame: frame.t_s < 20, clip)
        session = replay(some, network, on_step=lambda _, step: postures.append(step.reading.posture))
    network.close()
    return session, postures


def test_the_start_of_the_sample_person_is_learned(sample):
    session, postures = sample
    assert postures[-1] is Posture.KNOWN
    assert postures[0] is not Posture.KNOWN
    assert session.summary().view is View.QUARTER_FOOT


def test_the_hold_of_the_sample_person_starts_on_the_left_when_it_does(sample):
    started = [e for e in sample[0].events if isinstance(e, HoldStarted)]
    assert [e.side for e in started] == [Side.LEFT]
    assert started[0].since_s == pytest.approx(8.5, abs=0.7)


def test_the_knee_drop_of_the_sample_person_agrees_with_the_truth_within_twice_its_error(sample):
    (hold,) = sample[0].summary().holds
    assert hold.knee_drop_deg.value == pytest.approx(56, abs=2 * hold.knee_drop_deg.error)
    assert hold.knee_drop_deg.error < 8


# ---- legs that go their own ways

KNEES_TO_CHEST = Plan(hold_s=5.0, holds_a_side=1, movements=(catalogue()["double_knee_to_chest"],))


def drawn_up(until_s: float = 30.0) -> list[PoseFrame]:
    """Eight seconds in the start position, then both knees at the chest."""
    at = ((t_s, BENT if t_s < 8 else TO_CHEST) for t_s in np.arange(0.0, until_s, 0.2).tolist())
    return [bent("side", legs, legs, t_s, noise_px=0.5) for t_s, legs in at]


def test_hip_and_knee_of_each_leg_are_measured_in_a_companion_and_the_knee_drop_is_not():
    estimator = Recorded(poses := drawn_up())
    estimator.landmarks = JOINTS
    session = replay(pictures(poses), estimator, plan=KNEES_TO_CHEST)
    (hold,) = session.summary().holds
    assert hold.knee_drop_deg.value is None
    for measured, true_deg in zip(hold.legs, (TO_CHEST[0],) * 2 + (TO_CHEST[1],) * 2, strict=True):
        assert measured.value == pytest.approx(true_deg, abs=12)
        assert 6 <= measured.error < 15
    assert hold_from_record(json.loads(json.dumps(hold.record()))).told_legs(str) == hold.told_legs(str) != ""
    assert estimator.looked_elsewhere == 0
    session.refine()
    assert not any(state.seen for state in session.states)


def test_a_companion_in_which_nobody_was_seen_says_so():
    estimator = Recorded(poses := [p if p.t_s < 8 else PoseFrame.empty(p.t_s, 640, 480, BODY) for p in drawn_up()])
    estimator.landmarks = JOINTS
    (hold,) = replay(pictures(poses), estimator, plan=KNEES_TO_CHEST).summary().holds
    assert hold.legs == (NOT_SEEN,) * 4
    assert "not measurable" in hold.told_legs(str)
