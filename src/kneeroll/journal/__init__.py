"""The private record of sessions and of what is said between them: SQLite in the user's data folder, or PostgreSQL by URL."""

from kneeroll.journal.book import Journal, SessionEntry, SessionRecord
from kneeroll.journal.history import History
from kneeroll.journal.profiles import data_folder
from kneeroll.journal.writer import SessionWriter

__all__ = ["History", "Journal", "SessionEntry", "SessionRecord", "SessionWriter", "data_folder"]
