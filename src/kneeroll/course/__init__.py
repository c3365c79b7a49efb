"""Weeks at a moment: what may be done, what is next, what was done, what is to be asked. For page, command and report alike."""

from kneeroll.course.claims import own_word
from kneeroll.course.course import Course
from kneeroll.course.holds import Earlier, cushion_cm, deepest, of_first_week
from kneeroll.course.memo import Memo

__all__ = ["Course", "Earlier", "Memo", "cushion_cm", "deepest", "of_first_week", "own_word"]
