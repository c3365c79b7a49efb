"""The figures of the README are written by the bench, never by hand: each stands between its marks."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
_END = "<!-- end -->"


def put(name: str, text: str, page: Path = README) -> None:
    """Replace what stands between `<!-- bench NAME -->` and `<!-- end -->`. ValueError when the marks are missing."""
    mark = f"<!-- bench {name} -->\n"
    head, found, rest = page.read_text("utf-8").partition(mark)
    _, end, tail = rest.partition(_END)
    if not (found and end):
        raise ValueError(f"{page} has no block {mark.strip()} ... {_END}")
    page.write_text(f"{head}{mark}{text.strip()}\n{_END}{tail}", "utf-8")
