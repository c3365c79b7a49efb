"""Spoken lines as WAV by espeak-ng, offline. The text goes by standard input; no shell."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from functools import lru_cache

from kneeroll.errors import VoiceMissing

WORDS_A_MINUTE = 140
PATIENCE_S = 20.0
PACE = {"cmn": 1.75}
"""How much faster a voice must speak for its lines to last as long as the English ones, by which the coach counts: espeak-ng
gives every syllable of Mandarin the time of a word."""


def find_espeak() -> str:
    """Where espeak-ng is. VoiceMissing says how to get it."""
    found = shutil.which("espeak-ng")
    if found is None:
        raise VoiceMissing("espeak-ng is not installed; on Debian: apt-get install espeak-ng. The browser's voice still works")
    return found


def has_espeak() -> bool:
    """Whether this machine can speak by espeak-ng."""
    return shutil.which("espeak-ng") is not None


@lru_cache(maxsize=128)
def render(text: str, voice: str = "en-gb") -> bytes:
    """The line as a WAV file. VoiceMissing says why there is none."""
    words_a_minute = round(WORDS_A_MINUTE * PACE.get(voice, 1.0))
    command = [find_espeak(), "-v", voice, "-s", str(words_a_minute), "--stdin", "--stdout"]
    try:
        spoken = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceMissing(f"espeak-ng gave no sound: {error}") from error
    if spoken.returncode != 0 or not spoken.stdout.startswith(b"RIFF"):
        raise VoiceMissing(f"espeak-ng failed: {spoken.stderr.decode(errors='replace').strip() or 'no sound'}")
    try:
        return _with_length(spoken.stdout)
    except (wave.Error, EOFError) as error:
        raise VoiceMissing(f"espeak-ng gave no sound: {error}") from error


def _with_length(streamed: bytes) -> bytes:
    """The same sound with its true length in the header; a stream's header does not know it."""
    out = io.BytesIO()
    with wave.open(io.BytesIO(streamed)) as sound, wave.open(out, "wb") as fixed:
        fixed.setnchannels(sound.getnchannels())
        fixed.setsampwidth(sound.getsampwidth())
        fixed.setframerate(sound.getframerate())
        fixed.writeframes(sound.readframes(len(streamed)))
    return out.getvalue()
