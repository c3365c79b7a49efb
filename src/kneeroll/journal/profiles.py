"""Several people on one machine: each a name and a folder with a journal of their own.

The names stand in `profiles.json` of the home folder. No name ever becomes a path, so that any name will do. Who was there before
there were profiles is the first one: their journal stays where it is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from kneeroll.errors import InvalidProfile
from kneeroll.journal.store import UNDO_FOR

LONGEST = 60
_LIST = "profiles.json"
_FOLDER = re.compile(r"\.|profiles/[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Profile:
    """folder: relative to the home folder, "." for the first one. removed_at: when it was removed, while that can be undone."""

    name: str
    folder: str
    removed_at: str | None = None

    @property
    def is_first(self) -> bool:
        return self.folder == "."


def home_folder() -> Path:
    """Where everything lies: `KNEEROLL_HOME`, or the user's data folder."""
    from platformdirs import user_data_path

    home = os.environ.get("KNEEROLL_HOME")
    return Path(home) if home else user_data_path("kneeroll", appauthor=False)


def data_folder() -> Path:
    """The folder of the profile that `KNEEROLL_PROFILE` names, of the first one if it names none."""
    home, name = home_folder(), os.environ.get("KNEEROLL_PROFILE", "")
    return home / find(home, name).folder if name else home


def home_of(folder: Path) -> Path:
    """The home folder in which the folder of a profile lies."""
    return folder.parents[1] if folder.parent.name == "profiles" else folder


def profiles(home: Path, *, removed: bool = False) -> tuple[Profile, ...]:
    """Everybody, the first one first; or those who were removed and can come back."""
    return tuple(p for p in _read(home) if (p.removed_at is not None) == removed)


def find(home: Path, name: str, *, removed: bool = False) -> Profile:
    """By name, upper and lower case alike. InvalidProfile when there is none."""
    known = profiles(home, removed=removed)
    for profile in known:
        if _key(profile.name) == _key(name):
            return profile
    names = ", ".join(p.name for p in known) or "none"
    raise InvalidProfile(f"There is no {'removed ' if removed else ''}profile {name!r}; there are: {names}")


def add(home: Path, name: str) -> Profile:
    """A new person with an empty journal."""
    profile = Profile(_new(home, name), f"profiles/{uuid.uuid4().hex}")
    _write(home, (*_read(home), profile))
    return profile


def rename(home: Path, name: str, to: str) -> Profile:
    """Another name; the journal stays where it is."""
    profile = find(home, name)
    return _change(home, profile, replace(profile, name=to.strip() if _key(name) == _key(to) else _new(home, to)))


def remove(home: Path, name: str, at: datetime) -> Profile:
    """Take a person off the list; the journal is erased a week later (`erase_removed`), until then they can be brought back."""
    profile = find(home, name)
    _refuse_first(profile)
    return _change(home, profile, replace(profile, removed_at=at.isoformat()))


def bring_back(home: Path, name: str) -> Profile:
    """Undo a removal."""
    profile = find(home, name, removed=True)
    _new(home, profile.name)
    return _change(home, profile, replace(profile, removed_at=None))


def erase_removed(home: Path, now: datetime) -> None:
    """Erase for good who was removed longer than `UNDO_FOR` ago, with all that lies in their folder."""
    for profile in profiles(home, removed=True):
        if profile.removed_at is not None and datetime.fromisoformat(profile.removed_at) < now - UNDO_FOR:
            erase(home, profile)


def erase(home: Path, profile: Profile) -> None:
    """Erase somebody at once, with all that lies in their folder."""
    _refuse_first(profile)
    folder = home / profile.folder
    if folder.exists():
        shutil.rmtree(folder)
    _write(home, tuple(p for p in _read(home) if p != profile))


def _refuse_first(profile: Profile) -> None:
    if profile.is_first:
        raise InvalidProfile(
            f"{profile.name} is the first profile and stays. To empty its journal: kneeroll journal erase --everything"
        )


def _new(home: Path, name: str) -> str:
    """A name that is fit to be printed and that nobody else has."""
    name = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(name) <= LONGEST:
        raise InvalidProfile(f"A name has 1 to {LONGEST} characters, this one {len(name)}")
    if odd := [c for c in name if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]:
        raise InvalidProfile(f"A name is one line of text; this one has the character {odd[0]!r}")
    if any(_key(p.name) == _key(name) for p in profiles(home)):
        raise InvalidProfile(f"There is a profile {name!r} already")
    return name


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _change(home: Path, old: Profile, new: Profile) -> Profile:
    _write(home, tuple(new if p == old else p for p in _read(home)))
    return new


def _read(home: Path) -> tuple[Profile, ...]:
    path = home / _LIST
    try:
        known = tuple(Profile(**record) for record in json.loads(path.read_text("utf-8")))
        if strange := [p.folder for p in known if not _FOLDER.fullmatch(p.folder)]:
            raise ValueError(f"{strange[0]!r} is no folder of a profile")
        return known
    except FileNotFoundError:
        return (Profile("me", "."),)
    except (OSError, ValueError, TypeError) as error:
        raise InvalidProfile(f"{path} cannot be read: {error}. Move it away; the journals are not touched") from error


def _write(home: Path, known: tuple[Profile, ...]) -> None:
    path = home / _LIST
    partial = path.with_suffix(".partial")
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial.write_text(json.dumps([asdict(p) for p in known], ensure_ascii=False, indent=1) + "\n", "utf-8")
        partial.chmod(0o600)
        partial.replace(path)
    except OSError as error:
        raise InvalidProfile(f"{path} cannot be written: {error.strerror}") from error
