"""From landmarks to angles, one frame after another: wait for the start position, learn it, follow. No clock, no file."""

from __future__ import annotations

from collections import Counter, deque

import numpy as np

from kneeroll.kinematics.errors import standard_errors
from kneeroll.kinematics.follow import Follower, Posture
from kneeroll.kinematics.plausibility import TRUNK, body_size_px, check_pose, is_upright
from kneeroll.kinematics.start import StartPosition, learn_start
from kneeroll.poses import BodyState, PoseFrame, Quality, Reading, View
from kneeroll.poses import Posture as Stance

STILL_S = 2.0
"""How long the start position is kept still before it is learned."""
STILL_SHARE = 0.035
"""Still: no trunk or knee landmark wanders further than this share of the body's size."""
GOOD_START = 0.6
"""Largest misfit of a start position that is believed: 0.3-0.5 on rendered people in it, from 0.75 with the knees to one side,
0.64-1.9 for helpers who kneel or stand."""
GOOD_FRAME = 1.9
DOUBT_S, LONG_DOUBT_S = 1.5, 6.0
"""Somebody is seen, but not as the one who stretches: after so long another person is looked for; the longer time is for
somebody who only never lies still."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.3, 2.0
"""Between two such looks, growing while they fail."""
RETRY_S = 0.5


class Tracker:
    """Reads one person's angles. Give it every frame, in order of time."""

    def __init__(self) -> None:
        self.view: View | None = None
        self.doubts_person = False
        """Whether the person of the last frame may be the wrong one; true for a single frame, again and again."""
        self._recent: deque[PoseFrame] = deque()
        self._believed: PoseFrame | None = None
        self._follower: Follower | None = None
        self._zero: tuple[float, ...] = ()
        self._feet_zero = np.zeros(2)
        self._tried_s = -np.inf
        self._probed, self._probed_s, self._probe_wait_s = False, -np.inf, FIRST_WAIT_S
        self._refusal = Quality.GOOD
        self._counts: Counter[str] = Counter()
        self._frames = 0
        self._trusted_s: float | None = None

    @property
    def start(self) -> StartPosition | None:
        """The start position, once learned."""
        return self._follower.start if self._follower is not None else None

    @property
    def blockers(self) -> tuple[str, ...]:
        """Why nothing could be measured so far: what stood in the way in a fifth of the frames or more."""
        if self._follower is not None:
            return ()
        often = [name for name, n in self._counts.most_common() if n >= 0.2 * max(self._frames, 1)]
        return tuple(often) or (("never_still",) if self._frames else ("no_person",))

    def read(self, pose: PoseFrame) -> Reading:
        """The angles of one frame, or why there are none."""
        self._frames += 1
        quality = check_pose(pose, self._believed)
        if quality is Quality.GOOD:
            self._believed = pose
        self.doubts_person = False
        reading = (
            self._before_start(pose, quality) if self._follower is None else self._after_start(pose, quality, self._follower)
        )
        self._weigh(pose, reading)
        return reading

    def _weigh(self, pose: PoseFrame, reading: Reading) -> None:
        """Is the person that is seen the one who stretches?"""
        known = reading.state.seen or bool(reading.state.quality & Quality.VIEW_UNSUPPORTED)
        if self._trusted_s is None or known or not pose.has_person:
            self._trusted_s = pose.t_s
        self.doubts_person |= pose.t_s - self._trusted_s > (DOUBT_S if reading.blockers else LONG_DOUBT_S)
        if self.doubts_person:
            self._trusted_s = self._probed_s = pose.t_s
            self._probed, self._believed = False, None
            self._recent.clear()

    def _refuse(self, pose: PoseFrame, quality: Quality, stance: Stance, still_s: float = 0.0) -> Reading:
        blockers = quality.reasons
        self._counts.update(blockers)
        state = BodyState.unseen(pose.t_s, quality | Quality.NOT_CALIBRATED)
        return Reading(pose.t_s, state, stance, still_s, self.view, blockers)

    def _before_start(self, pose: PoseFrame, quality: Quality) -> Reading:
        if quality is not Quality.GOOD:
            self._recent.clear()
            stance = Stance.NOBODY if quality & Quality.NO_PERSON else Stance.LYING
            return self._refuse(pose, quality, stance)
        if is_upright(pose.image_px):
            self._recent.clear()
            return self._refuse(pose, Quality.NOT_LYING, Stance.UPRIGHT)
        still_s = self._wait_still(pose)
        self._probe(pose)
        if still_s < STILL_S:
            return self._refuse(pose, self._refusal, Stance.LYING, still_s)
        if pose.t_s - self._tried_s >= RETRY_S:
            self._tried_s = pose.t_s
            self._learn()
            if self._follower is not None:
                return self._after_start(pose, quality, self._follower)
        return self._refuse(pose, self._refusal, Stance.START, still_s)

    def _wait_still(self, pose: PoseFrame) -> float:
        """Add the frame; seconds for which the body has been still."""
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
        return pose.t_s - self._recent[0].t_s

    def _probe(self, pose: PoseFrame) -> None:
        """One look whether this can be the one who lies in the start position; again later, and later still, if not."""
        if self._probed or pose.t_s - self._probed_s < self._probe_wait_s:
            return
        misfit = learn_start(pose.image_px, (pose.width_px, pose.height_px)).misfit
        self._probed, self._probed_s = misfit <= GOOD_START, pose.t_s
        self._refusal = Quality.GOOD if self._probed else Quality.POOR_FIT
        self._probe_wait_s = FIRST_WAIT_S if self._probed else min(1.6 * self._probe_wait_s, LONGEST_WAIT_S)
        self.doubts_person = not self._probed

    def _learn(self) -> None:
        first = self._recent[0]
        start = learn_start(np.median([p.image_px for p in self._recent], axis=0), (first.width_px, first.height_px))
        if start.misfit > GOOD_START:
            self._refusal = Quality.POOR_FIT
            return
        self.view = start.place.view
        if not start.place.supported:
            self._refusal = Quality.VIEW_UNSUPPORTED
            return
        self._refusal = Quality.GOOD
        self._follower = follower = Follower(start)
        fits = [follower.follow(p.t_s, p.image_px) for p in self._recent]
        self._zero = tuple(np.median([_angles(f) for f in fits], axis=0))
        self._feet_zero = np.median([_feet(f) for f in fits], axis=0)

    def _after_start(self, pose: PoseFrame, quality: Quality, follower: Follower) -> Reading:
        if quality is Quality.GOOD:
            posture = follower.follow(pose.t_s, pose.image_px)
            if posture.misfit > GOOD_FRAME:
                quality |= Quality.POOR_FIT
        if quality is not Quality.GOOD:
            stance = Stance.NOBODY if quality & Quality.NO_PERSON else Stance.KNOWN
            unseen = BodyState.unseen(pose.t_s, quality)
            return Reading(pose.t_s, unseen, stance, 0.0, self.view, quality.reasons)
        state = self._state(pose.t_s, posture, follower)
        return Reading(pose.t_s, state, Stance.KNOWN, STILL_S, self.view, ())

    def _state(self, t_s: float, posture: Posture, follower: Follower) -> BodyState:
        drop, pelvis, thorax, lift, apart = (a - z for a, z in zip(_angles(posture), self._zero, strict=True))
        feet = float(np.linalg.norm(_feet(posture) - self._feet_zero))
        errors = standard_errors(follower.start.place, posture, drop)
        return BodyState(t_s, drop, pelvis, thorax, max(lift, 0.0), apart, feet, errors, Quality.GOOD)


def _angles(posture: Posture) -> tuple[float, float, float, float, float]:
    """Knee drop, pelvis roll, thorax roll (degrees), height of the higher shoulder (m), thighs apart (degrees)."""
    left, right = np.degrees(posture.leg_drops_rad)
    pelvis, thorax = np.degrees([posture.value("pelvis_roll"), posture.value("thorax_roll")])
    lift = float(posture.position_m[:2, 2].max())
    return float(np.degrees(posture.knee_drop_rad)), float(pelvis), float(thorax), lift, float(left - right)


def _feet(posture: Posture) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Where the middle of the two ankles is on the floor, metres (2,)."""
    return np.asarray(posture.position_m[6:8, :2].mean(0))
