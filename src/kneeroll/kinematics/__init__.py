"""Angles of the body from landmarks of one uncalibrated camera. Pure: no clock, no files, no camera."""

from kneeroll.kinematics.breathing import BreathFollower
from kneeroll.kinematics.landmarks import BLAZEPOSE, JOINTS, LYING, LandmarkModel
from kneeroll.kinematics.tracker import Tracker

__all__ = ["BLAZEPOSE", "JOINTS", "LYING", "BreathFollower", "LandmarkModel", "Tracker"]
