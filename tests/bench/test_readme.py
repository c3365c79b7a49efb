"""The bench writes its figures between its own marks of a page and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.readme import put

PAGE = """# Title

<!-- bench truth -->
old truth
<!-- end -->

Between, with a stray <!-- end -->.

<!-- bench speed -->
old speed,
on two lines
<!-- end -->

After.
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    return page


@pytest.mark.parametrize(("name", "old"), [("truth", "old truth"), ("speed", "old speed,\non two lines")])
def test_a_block_is_replaced_and_nothing_else(page: Path, name: str, old: str) -> None:
    put(name, "\n48 ± 6\n", page)
    assert page.read_text("utf-8") == PAGE.replace(old, "48 ± 6")


def test_a_block_can_be_replaced_again(page: Path) -> None:
    put("truth", "once", page)
    put("truth", "old truth", page)
    assert page.read_text("utf-8") == PAGE


@pytest.mark.parametrize("marks", ["", "<!-- bench truth -->\n", "<!-- end -->\n"], ids=["none", "no end", "no beginning"])
def test_a_page_without_the_marks_is_refused_and_left_as_it_is(page: Path, marks: str) -> None:
    page.write_text(marks, "utf-8")
    with pytest.raises(ValueError, match="bench truth"):
        put("truth", "new", page)
    assert page.read_text("utf-8") == marks
