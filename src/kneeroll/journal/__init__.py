"""The private record of sessions: SQLite in the user's data folder, one writer."""

from kneeroll.journal.book import Journal, SessionEntry, SessionRecord, SessionWriter
from kneeroll.journal.history import History
from kneeroll.journal.profiles import data_folder

__all__ = ["History", "Journal", "SessionEntry", "SessionRecord", "SessionWriter", "data_folder"]
