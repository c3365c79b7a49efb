"""The person whose coach this is: their journal, the movements that they know, how their weeks stand."""

from __future__ import annotations

import contextlib
import threading
from datetime import datetime

from kneeroll.course import Course, Memo
from kneeroll.errors import JournalUnavailable
from kneeroll.journal import History, Journal
from kneeroll.journal.profiles import Profile, find, home_of, profiles
from kneeroll.movements import catalogue
from kneeroll.plans import Plan


class Person:
    """One profile at a time; requests and the live session ask from threads of their own.

    given: a plan that was handed in for this run; it counts instead of the one in the journal.
    """

    def __init__(self, journal: Journal, given: Plan | None = None) -> None:
        """InvalidMovement names a file of theirs that is broken."""
        self.journal = journal
        self.known = catalogue(journal.folder / "movements")
        self._given = given
        self._home = home_of(journal.folder)
        self._history = History(journal)
        self._memo = Memo()
        self._turn = threading.Lock()

    def look(self) -> Course:
        """How the weeks stand now; what was worked out before counts as long as nothing happened that changes it."""
        with self._turn:
            return Course.of(self._history, datetime.now().astimezone(), self.known, self._given, self._memo)

    def read_ahead(self) -> None:
        """Read years of sessions, and what they show, before somebody asks; what is in the way is said when they ask."""
        with contextlib.suppress(JournalUnavailable):
            course = self.look()
            _ = course.trends, course.sides

    def everybody(self) -> tuple[Profile, ...]:
        """Who has a journal on this machine."""
        return profiles(self._home)

    def is_chosen(self, profile: Profile) -> bool:
        return self._home / profile.folder == self.journal.folder

    def turn_to(self, name: str) -> None:
        """From now on be the profile of this name. Where a KneerollError says what is in the way, it is as it was before."""
        folder = self._home / find(self._home, name).folder
        known = catalogue(folder / "movements")
        with self._turn:
            self.journal.turn_to(folder)
            self.known, self._memo = known, Memo()
