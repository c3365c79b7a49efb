"""Everything that kneeroll raises.

    KneerollError
    ├── UnreadableClip      the file is missing, broken or not a video
    ├── UnreadableTruth     what is known of a clip is missing or broken
    ├── MissingNetwork      a network that was asked for is not installed
    ├── InvalidPlan         a plan file that does not say what it must
    ├── InvalidMovement     a movement file that does not say what it must
    ├── JournalUnavailable  the journal cannot be opened or written
    ├── InvalidProfile      a name that nobody has, that somebody has already, or that is none
    ├── NotExported         a file or folder that was asked for cannot be written
    ├── NotNotified         this machine shows no notifications
    ├── VoiceMissing        espeak-ng is not installed, or gives no sound
    ├── PortTaken           somebody else listens on the port
    ├── NoNetwork           this machine has no address that a phone could reach
    └── IllegalSignal       a signal that the coach cannot take (misuse by the program)

A message says what was wrong, with the value, and what to do about it.
"""


class KneerollError(Exception):
    """Base of all errors that a caller may want to catch."""


class UnreadableClip(KneerollError):
    """A video file that cannot be opened or holds no picture."""


class UnreadableTruth(KneerollError):
    """The truth beside a clip cannot be read; the message names the file and what it lacks."""


class MissingNetwork(KneerollError):
    """A pose network whose extra is not installed; the message says how to add it."""


class InvalidPlan(KneerollError):
    """A plan that is not valid; the message names the key and the value."""


class InvalidMovement(KneerollError):
    """A movement that is not valid; the message names the file, the key and the value, and what would be right."""


class JournalUnavailable(KneerollError):
    """The journal cannot be opened, read or written."""


class InvalidProfile(KneerollError):
    """A name of a person that nobody has, that somebody has already, or that cannot be one."""


class NotExported(KneerollError):
    """What was asked for cannot be written; nothing is left behind."""


class NotNotified(KneerollError):
    """This machine shows no notifications; the message says what is missing."""


class VoiceMissing(KneerollError):
    """espeak-ng is not installed, or gives no sound; the message says how to get it."""


class PortTaken(KneerollError):
    """Somebody else listens on the port; the message offers another."""


class NoNetwork(KneerollError):
    """This machine has no address that a phone beside it could reach."""


class IllegalSignal(KneerollError):
    """A signal that makes no sense, for example one that goes back in time."""
