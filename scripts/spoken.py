"""Write anew what the scripted sessions say: `python -m scripts.spoken`, then read what changed as a person on the mat hears it.

The sessions stand in `tests/coach/scripted.py`, their transcripts in `tests/coach/spoken/`. Prints which ones changed.
"""

from __future__ import annotations

from tests.coach.scripted import SESSIONS, SPOKEN, transcript


def main() -> None:
    SPOKEN.mkdir(exist_ok=True)
    for name in SESSIONS:
        path, text = SPOKEN / f"{name}.txt", transcript(name)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(name)
    for path in SPOKEN.glob("*.txt"):
        if path.stem not in SESSIONS:
            path.unlink()
            print(f"{path.stem} (gone)")


if __name__ == "__main__":
    main()
