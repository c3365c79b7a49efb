"""From landmarks to angles, one frame after another: wait for the start position, learn it, follow. No clock, no file."""

from __future__ import annotations

import warnings
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from kneeroll.kinematics.belief import Seen
from kneeroll.kinematics.calibration import Calibration, from_start
from kneeroll.kinematics.follow import Fit, Follower
from kneeroll.kinematics.framing import aim
from kneeroll.kinematics.gestures import Gesture, RaisedArms, follow_gesture
from kneeroll.kinematics.identity import repair_sides
from kneeroll.kinematics.landmarks import DEPTHS, LandmarkModel, depths_of
from kneeroll.kinematics.legs import LegReader
from kneeroll.kinematics.plausibility import TRUNK, body_size_px, check_pose, is_upright
from kneeroll.kinematics.posture import ROWS
from kneeroll.kinematics.refine import Recording, refine
from kneeroll.kinematics.start import learn_start
from kneeroll.kinematics.uncertainty import standard_errors
from kneeroll.poses import BodyState, Floats, PoseFrame, Posture, Quality, Reading, View

STILL_S = 2.0
"""How long the start position is kept still before it is learned."""
STILL_SHARE = 0.035
"""Still: no trunk or knee landmark wanders further than this share of the body's size."""
GOOD_START = 0.68
"""Largest misfit of a start position that is believed: 0.3-0.66 on rendered people in it, from 0.75 with the knees to one side,
0.64-1.9 for helpers who kneel or stand."""
GOOD_FRAME = 1.9
DOUBT_S, LONG_DOUBT_S = 1.5, 6.0
"""Somebody is seen, but not as the one who stretches: after so long another person is looked for; the longer time is for
somebody who only never lies still."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.3, 2.0
"""Between two such looks, growing while they fail."""
RETRY_S = 0.5
LEAP_DEG, LEAP_DEG_S, LEAP_WITHIN_S = 20.0, 120.0, 0.5
"""Knees do not turn further between two frames, nor faster (from side to side, 140 degrees, in two seconds: 110 a second):
what does is a picture that was misread."""
NOBODY = Quality.NO_PERSON | Quality.TOO_DARK
MOVED_S = 4.0
"""Somebody is seen and lies still, but not as the camera saw the start position, for so long: the camera may stand elsewhere."""


@dataclass
class _Record:
    """What was fitted so far: first the `still` frames of the start position, then each that was read, with its place there."""

    still: int = 0
    places: list[int] = field(default_factory=list)
    t_s: list[float] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)

    def add(self, seen: Seen, fit: Fit) -> None:
        self.t_s.append(fit.t_s)
        self.seen.append(seen)
        self.values.append(fit.values)

    def recording(self) -> Recording:
        return Recording(np.array(self.t_s), Seen.stacked(self.seen), np.array(self.values))


@dataclass(frozen=True, slots=True)
class _Zero:
    """The start position, from which everything is measured: angles and height of the shoulders, and the feet (2,)."""

    angles: tuple[float, ...]
    feet_m: Floats

    @classmethod
    def of(cls, still: Sequence[Fit]) -> _Zero:
        return cls(tuple(np.median([_angles(p) for p in still], axis=0)), np.median([_feet(p) for p in still], axis=0))


class Tracker:
    """Reads one person's angles. Give it every frame, in order of time."""

    def __init__(self, model: LandmarkModel) -> None:
        self.model = model
        self.view: View | None = None
        self.doubts_person = False
        """Whether the person of the last frame may be the wrong one; true for a single frame, again and again."""
        self._recent: deque[PoseFrame] = deque()
        self._believed: PoseFrame | None = None
        self._follower: Follower | None = None
        self._zero: _Zero | None = None
        self._known: BodyState | None = None
        self._depths_zero = np.zeros(len(DEPTHS))
        self._start_px = np.zeros(0)
        self._record = _Record()
        self._arms: RaisedArms | None = None
        self._legs: LegReader | None = None
        self._gesture = Gesture()
        self._tried_s = -np.inf
        self._probed, self._probed_s, self._probe_wait_s = False, -np.inf, FIRST_WAIT_S
        self._refusal = Quality.GOOD
        self._counts: Counter[str] = Counter()
        self._frames = 0
        self._trusted_s: float | None = None
        self._seen_s = 0.0

    @property
    def calibration(self) -> Calibration | None:
        """What was learned from the start position; None before."""
        return self._follower.calibration if self._follower is not None else None

    @property
    def blockers(self) -> tuple[str, ...]:
        """Why nothing could be measured so far: what stood in the way in a fifth of the frames or more."""
        if self._follower is not None:
            return ()
        often = [name for name, n in self._counts.most_common() if n >= 0.2 * max(self._frames, 1)]
        return tuple(often) or (("never_still",) if self._frames else ("no_person",))

    def read(self, pose: PoseFrame, *, rolls: bool = True, with_legs: bool = False) -> Reading:
        """The angles of one frame, or why there are none; `with_legs` hip and knee of each leg too, once the start is learned.

        rolls: the person does knee rolls; only then somebody who lies still, but not as expected, tells of a moved camera.
        """
        self._frames += 1
        found = pose
        if self._follower is not None:
            pose = repair_sides(pose, self._start_px, self._believed)
        quality = check_pose(pose, self._believed)
        if quality is Quality.GOOD:
            self._believed = pose
        self.doubts_person = False
        reading = (
            self._before_start(pose, quality) if self._follower is None else self._after_start(pose, quality, self._follower)
        )
        if self._follower is not None and rolls:
            reading = self._doubt_camera(found, reading)
        if with_legs and self._legs is not None:
            reading = replace(reading, legs=self._legs.read(pose))
        self._weigh(pose, reading)
        hands = self._arms.found_in(pose) if self._arms is not None and reading.tells_hands else {}
        self._gesture = follow_gesture(self._gesture, pose.t_s, hands)
        if self._gesture.raised:
            reading = replace(reading, state=_with_arm_up(reading.state))
        return replace(reading, hands_up=self._gesture.said, aim=aim(pose))

    def _weigh(self, pose: PoseFrame, reading: Reading) -> None:
        """Is the person that is seen the one who stretches?"""
        known = reading.state.seen or bool(reading.state.quality & Quality.VIEW_UNSUPPORTED)
        known |= reading.legs is not None and reading.legs.seen
        if self._trusted_s is None or known or not pose.has_person:
            self._trusted_s = pose.t_s
        self.doubts_person |= pose.t_s - self._trusted_s > (DOUBT_S if reading.blockers else LONG_DOUBT_S)
        if self.doubts_person:
            self._trusted_s = self._probed_s = pose.t_s
            self._probed, self._believed = False, None
            if self._follower is None:
                self._recent.clear()

    def _refuse(self, pose: PoseFrame, quality: Quality, posture: Posture) -> Reading:
        blockers = quality.reasons
        self._counts.update(blockers)
        state = BodyState.unseen(pose.t_s, quality | Quality.NOT_CALIBRATED)
        return Reading(pose.t_s, state, posture, self.view, blockers)

    def _before_start(self, pose: PoseFrame, quality: Quality) -> Reading:
        if quality is not Quality.GOOD:
            self._recent.clear()
            posture = Posture.NOBODY if quality & NOBODY else Posture.LYING
            return self._refuse(pose, quality, posture)
        if is_upright(pose.image_px, pose.position_m):
            self._recent.clear()
            return self._refuse(pose, Quality.NOT_LYING, Posture.UPRIGHT)
        still = self._keeps_still(pose)
        self._probe(pose)
        if not still:
            return self._refuse(pose, self._refusal, Posture.LYING)
        if pose.t_s - self._tried_s >= RETRY_S:
            self._tried_s = pose.t_s
            self._learn()
            if self._follower is not None:
                return self._after_start(pose, quality, self._follower)
        return self._refuse(pose, self._refusal, Posture.START)

    def _keeps_still(self, pose: PoseFrame) -> bool:
        """Add the frame; whether the body has been still for long enough."""
        self._recent.append(pose)
        while pose.t_s - self._recent[0].t_s > STILL_S + 0.1:
            self._recent.popleft()
        limit = STILL_SHARE * body_size_px(pose.image_px)
        for _ in range(len(self._recent)):
            px = np.array([p.image_px[TRUNK] for p in self._recent])
            spread = np.percentile(px, 90, axis=0) - np.percentile(px, 10, axis=0)
            if spread.max() <= limit:
                break
            self._recent.popleft()
        return pose.t_s - self._recent[0].t_s >= STILL_S

    def _probe(self, pose: PoseFrame) -> None:
        """One look whether this can be the one who lies in the start position; again later, and later still, if not."""
        if self._probed or pose.t_s - self._probed_s < self._probe_wait_s:
            return
        misfit = learn_start(pose.image_px, (pose.width_px, pose.height_px), self.model).misfit
        self._probed, self._probed_s = misfit <= GOOD_START, pose.t_s
        self._refusal = Quality.GOOD if self._probed else Quality.POOR_FIT
        self._probe_wait_s = FIRST_WAIT_S if self._probed else min(1.6 * self._probe_wait_s, LONGEST_WAIT_S)
        self.doubts_person = not self._probed

    def _learn(self) -> None:
        first = self._recent[0]
        still_px = np.median([p.image_px for p in self._recent], axis=0)
        start = learn_start(still_px, (first.width_px, first.height_px), self.model)
        if start.misfit > GOOD_START:
            self._refusal = Quality.POOR_FIT
            return
        self.view = start.place.view
        if not self.model.supports(start.place):
            self._refusal = Quality.VIEW_UNSUPPORTED
            return
        self._refusal = Quality.GOOD
        self._start_px = still_px
        self._known = None
        self._follower = follower = Follower(from_start(start, self.model), self.model)
        self._arms = RaisedArms.seen_by(follower.calibration)
        self._legs = LegReader(follower.calibration, self.model)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a network without depths
            self._depths_zero = np.nanmedian([depths_of(p.position_m) for p in self._recent], axis=0)
        seen = [self._seen_in(p) for p in self._recent]
        fits = [follower.follow(p.t_s, s) for p, s in zip(self._recent, seen, strict=True)]
        self._zero = _Zero.of(fits)
        self._record = _Record(still=len(fits))
        for s, fit in zip(seen, fits, strict=True):
            self._record.add(s, fit)

    def _seen_in(self, pose: PoseFrame) -> Seen:
        return Seen(pose.image_px[ROWS], pose.spread_px[ROWS], depths_of(pose.position_m) - self._depths_zero)

    def _after_start(self, pose: PoseFrame, quality: Quality, follower: Follower) -> Reading:
        if quality is not Quality.GOOD:
            return self._unseen(pose.t_s, quality)
        seen = self._seen_in(pose)
        fit = follower.follow(pose.t_s, seen)
        self._record.places.append(self._frames - 1)
        self._record.add(seen, fit)
        assert self._zero is not None
        reading = self._seen(fit, self._zero)
        if _leaps(self._known, reading.state):
            return self._unseen(pose.t_s, Quality.JUMPED)
        self._known = reading.state if reading.state.seen else self._known
        return reading

    def _doubt_camera(self, pose: PoseFrame, reading: Reading) -> Reading:
        """The reading, or, where the camera may stand elsewhere now, one from the start position learned anew."""
        if reading.state.seen:
            self._seen_s = pose.t_s
            self._recent.clear()
            return reading
        if check_pose(pose, None) is not Quality.GOOD or is_upright(pose.image_px, pose.position_m):
            return reading
        if not self._keeps_still(pose) or pose.t_s - self._seen_s < MOVED_S:
            return reading
        before = self._follower
        if pose.t_s - self._tried_s >= STILL_S:
            self._tried_s = pose.t_s
            self._learn()
        if self._follower is before or self._follower is None:
            refused = self._refusal & Quality.VIEW_UNSUPPORTED
            return self._unseen(pose.t_s, refused or Quality.CAMERA_MOVED)
        self._believed = pose
        return self._after_start(pose, Quality.GOOD, self._follower)

    def _unseen(self, t_s: float, quality: Quality) -> Reading:
        posture = Posture.NOBODY if quality & NOBODY else Posture.KNOWN
        return Reading(t_s, BodyState.unseen(t_s, quality), posture, self.view, quality.reasons)

    def _seen(self, fit: Fit, zero: _Zero) -> Reading:
        if fit.misfit > GOOD_FRAME:
            return self._unseen(fit.t_s, Quality.POOR_FIT)
        drop, pelvis, thorax, lift, apart = (a - z for a, z in zip(_angles(fit), zero.angles, strict=True))
        feet = float(np.linalg.norm(_feet(fit) - zero.feet_m))
        errors = standard_errors(fit, drop, self.model)
        state = BodyState(fit.t_s, drop, pelvis, thorax, max(lift, 0.0), apart, feet, errors, Quality.GOOD)
        return Reading(fit.t_s, state, Posture.KNOWN, self.view, ())

    def refine(self, readings: Sequence[Reading], which: Sequence[int] | None = None) -> list[Reading]:
        """All readings that this tracker gave, once more: with everything known of the recording in each of them.

        which: only these are measured anew, of frames as dense as that (the others stay as they are).
        """
        record, found = self._record, list(readings)
        if self._follower is None:
            return found
        places = np.array(record.places, dtype=int)
        chosen = np.arange(len(places)) if which is None else np.flatnonzero(np.isin(places, which))
        rows = np.concatenate([np.arange(record.still), record.still + chosen])
        _, fits = refine(self._follower.calibration, self.model, record.recording().part(rows))
        zero = _Zero.of([*islice(fits, record.still)])
        for place, fit in zip(places[chosen].tolist(), fits, strict=True):
            if found[place].state.quality & Quality.JUMPED:
                continue
            live, better = found[place], self._seen(fit, zero)
            if live.state.seen and not np.isfinite(live.state.thorax_roll_deg):
                better = replace(better, state=_with_arm_up(better.state))
            found[place] = replace(better, hands_up=live.hands_up, pause_s=live.pause_s, aim=live.aim, legs=live.legs)
        return found


def _angles(fit: Fit) -> tuple[float, float, float, float, float]:
    """Knee drop, pelvis roll, thorax roll (degrees), height of the higher shoulder (m), thighs apart (degrees)."""
    left, right = np.degrees(fit.leg_drops_rad)
    pelvis, thorax = np.degrees([fit.value("pelvis_roll"), fit.value("thorax_roll")])
    lift = float(fit.position_m[:2, 2].max())
    return float(np.degrees(fit.knee_drop_rad)), float(pelvis), float(thorax), lift, float(left - right)


def _leaps(before: BodyState | None, now: BodyState) -> bool:
    """Whether the knees turned faster than knees do."""
    if before is None or not now.seen or not 0 < now.t_s - before.t_s < LEAP_WITHIN_S:
        return False
    return abs(now.knee_drop_deg - before.knee_drop_deg) > max(LEAP_DEG, LEAP_DEG_S * (now.t_s - before.t_s))


def _with_arm_up(state: BodyState) -> BodyState:
    """A raised arm takes its shoulder along: the shoulders tell nothing of the thorax then."""
    return replace(state, thorax_roll_deg=np.nan, shoulder_lift_m=np.nan)


def _feet(fit: Fit) -> Floats:
    """Where the middle of the two ankles is on the floor, metres (2,)."""
    return np.asarray(fit.position_m[6:8, :2].mean(0))
