"""`make bench`: all numbers. `make bench BENCH=truth` (or speed, live): one part."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import live, speed, truth

PARTS: dict[str, Callable[[], object]] = {"truth": truth.report, "speed": speed.report, "live": lambda: live.main([])}


def main() -> int:
    """Print the parts that were asked for, all by default."""
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in wanted:
        PARTS[name]()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
