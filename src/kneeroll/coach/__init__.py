"""The coach: signals in, events out. Pure: no clock, no camera, no voice."""

from kneeroll.coach.coach import CoachState, advance, begin

__all__ = ["CoachState", "advance", "begin"]
