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
GOOD_START = 0.75
"""Largest misfit of a start position that is believed; 0.3-0.45 on rendered people, above 1 on other postures."""
GOOD_FRAME = 1.9
RETRY_S = 0.5


class Tracker:
    """Reads one person's angles. Give it every frame, in order of time."""

    def __init__(self) -> None:
        self.view: View | None = None
        self._recent: deque[PoseFrame] = deque()
        self._believed: PoseFrame | None = None
        self._follower: Follower | None = None
        self._zero: tuple[float, ...] = ()
        self._feet_zero = np.zeros(2)
        self._tried_s = -np.inf
        self._refusal: tuple[str, ...] = ()
        self._counts: Counter[str] = Counter()
        self._frames = 0

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
        if self._follower is None:
            return self._before_start(pose, quality)
        return self._after_start(pose, quality, self._follower)

    def _refuse(self, pose: PoseFrame, quality: Quality, blockers: tuple[str, ...], stance: Stance, still_s: float) -> Reading:
        self._counts.update(blockers)
        state = BodyState.unseen(pose.t_s, quality | Quality.NOT_CALIBRATED)
        return Reading(pose.t_s, state, stance, still_s, self.view, blockers)

    def _before_start(self, pose: PoseFrame, quality: Quality) -> Reading:
        if quality is not Quality.GOOD:
            self._recent.clear()
            stance = Stance.NOBODY if quality & Quality.NO_PERSON else Stance.LYING
            return self._refuse(pose, quality, quality.reasons, stance, 0.0)
        if is_upright(pose.image_px):
            self._recent.clear()
            return self._refuse(pose, Quality.NOT_LYING, ("not_lying",), Stance.UPRIGHT, 0.0)
        still_s = self._wait_still(pose)
        if still_s < STILL_S:
            return self._refuse(pose, quality, self._refusal if still_s > 0.5 else (), Stance.LYING, still_s)
        if pose.t_s - self._tried_s >= RETRY_S:
            self._tried_s = pose.t_s
            self._learn()
            if self._follower is not None:
                return self._after_start(pose, quality, self._follower)
        return self._refuse(pose, quality, self._refusal, Stance.START, still_s)

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

    def _learn(self) -> None:
        frames = list(self._recent)
        first = frames[0]
        mean_px = np.median([p.image_px for p in frames], axis=0)
        start = learn_start(mean_px, (first.width_px, first.height_px))
        if start.misfit > GOOD_START:
            self._refusal = ("poor_fit",)
            return
        self.view = start.place.view
        if not start.place.supported:
            self._refusal = ("view_unsupported",)
            return
        self._refusal = ()
        self._follower = follower = Follower(start)
        fits = [follower.follow(p.t_s, p.image_px) for p in frames]
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
        errors = standard_errors(follower.start.place, posture, drop, pelvis, thorax)
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
