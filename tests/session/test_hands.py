"""A hand raised in a clip, with the real network, as a whole session sees it."""

from __future__ import annotations

from pathlib import Path

from kneeroll.cameras.clip import open_clip
from kneeroll.estimators.lying import Lying
from kneeroll.kinematics import LYING, Tracker
from kneeroll.poses import Side

BESIDE = Path(__file__).parents[1] / "assets" / "clips" / "beside.mp4"
"""The right hand comes up at 4.5 s and is down again at 7.5 s; the camera stands high on the left."""


def test_the_arm_behind_the_body_is_told_from_beside() -> None:
    network, tracker = Lying(), Tracker(LYING)
    with open_clip(BESIDE) as clip:
        up = [(frame.t_s, tracker.read(network.estimate(frame)).hands_up) for frame in clip]
    network.close()
    assert {hands for _, hands in up} == {(), (Side.RIGHT,)}
    told = [t_s for t_s, hands in up if hands]
    assert 5.5 < told[0] < 6.7
    assert 6.7 < told[-1] < 8.5
