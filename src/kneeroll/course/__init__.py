"""Weeks at a moment: what may be done, what is next, what was done, what is to be asked. For page, command and report alike."""

from kneeroll.course.course import Course

__all__ = ["Course"]
