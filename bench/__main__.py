"""`make bench`: all numbers. `make bench BENCH=truth`: one part, by its name in `PARTS`.

`--readme` writes the figures of the README and of the pages in docs/, and `bench/truth.md`, anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import coach, delay, gestures, inside, journal, landmarks, live, outcomes, readme, sound, speed, truth

PARTS: dict[str, Callable[[bool], str]] = {
    "truth": lambda write: truth.for_readme(truth.report(write=write)),
    "landmarks": lambda _: landmarks.table(landmarks.report()),
    "coach": lambda _: coach.for_readme(coach.report()),
    "gestures": lambda _: gestures.report(),
    "speed": lambda _: speed.for_readme(speed.report()),
    "live": lambda _: live.for_readme(live.main([])),
    "delay": lambda _: delay.for_readme(delay.report()),
    "journal": lambda _: journal.report(),
    "sound": lambda _: sound.for_readme(sound.report()),
    "outcomes": lambda _: outcomes.table(outcomes.report()),
    "inside": lambda _: inside.for_page(inside.report()),
}

_DOCS = readme.README.parent / "docs"
PAGES = {name: _DOCS / f"{page}.md" for name, page in (("landmarks", "network"), ("outcomes", "progress"), ("inside", "inside"))}
"""Where a part's figures stand, if not in the README."""


def main() -> int:
    """Print the parts that were asked for, all by default."""
    words = sys.argv[1:]
    wanted = [word for word in words if word != "--readme"] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}, and --readme", file=sys.stderr)
        return 2
    for name in wanted:
        text = PARTS[name]("--readme" in words)
        if text and "--readme" in words:
            readme.put(name, text, PAGES.get(name, readme.README))
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
