"""The page: it stands alone, runs no script, and fits on one sheet."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from kneeroll.diary import ActivitiesNamed, Filled, Instrument, PlanAccepted
from kneeroll.errors import NotExported
from kneeroll.exports.report import page
from kneeroll.exports.report.sparks import bars, spark
from kneeroll.inside import look_inside
from kneeroll.languages import Language
from kneeroll.plans import parse_plan
from kneeroll.plots.inside import inside_svg
from kneeroll.poses import Side
from kneeroll.wording import DISCLAIMER
from tests.exports import made
from tests.exports.made import DAY0, diary, session, weeks
from tests.exports.report.test_compose import NOW
from tests.samples import HOLD

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"


@pytest.fixture(scope="module")
def report():
    return made.report(weeks(), diary(), NOW)


@pytest.fixture(scope="module")
def html(report):
    return page.to_html(report, Language.EN)


def test_the_page_needs_nothing_from_anywhere(html):
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import|https?://", html)
    assert DISCLAIMER in html
    assert "default-src 'none'" in html
    assert html.count("<svg") == 1 + 4 + 4


def test_nothing_on_the_page_promises_or_names_a_cause(html):
    text = re.sub(r"<[^>]*>", " ", html).replace(DISCLAIMER, "")
    assert not re.search(r"because of|diagnos|treat|therapy|imbalance|range of motion|cure|reliev|patient", text, re.I)


def test_hostile_names_stay_text():
    toml = f"name = '''{HOSTILE[:95]}'''\nauthor = '''{HOSTILE[:95]}'''"
    entries = (
        PlanAccepted(DAY0, toml, HOSTILE),
        ActivitiesNamed(DAY0, (HOSTILE, "b", "c")),
        Filled(DAY0, Instrument.ACTIVITIES, {HOSTILE: 3, "b": 4, "c": 5}),
    )
    hostile = replace(session(1), engine=HOSTILE, estimator=HOSTILE)
    told = made.report([hostile], entries, DAY0 + timedelta(days=3), plan=parse_plan(toml))
    html = page.to_html(told, Language.EN)
    assert "&lt;script&gt;" in html
    assert not re.search(r"<script|<img|49", html.partition("<body>")[2])


def test_twelve_weeks_fit_on_one_sheet(report, monkeypatch):
    documents, document = [], page._document

    def rendered(html):
        documents.append(document(html))
        return documents[-1]

    monkeypatch.setattr(page, "_document", rendered)
    monkeypatch.setattr(page, "SIZES_PT", (12.0, page.SIZES_PT[-1]))
    pdf = page.to_pdf(report, Language.EN)
    assert pdf.startswith(b"%PDF-")
    assert [len(one.pages) for one in documents][-1] == 1
    assert len(documents[0].pages) == 2
    assert len(pdf) < 200_000


def test_the_inside_view_comes_on_a_second_sheet_in_its_light_colours(report, monkeypatch):
    pictures = [inside_svg(look_inside(replace(HOLD, side=side)), prefix=side.value) for side in Side]
    html = page.to_html(report, Language.EN, inside=pictures)
    assert html.count('class="inside"') == 2
    assert "var(--" not in html
    assert ".inside .far{fill:#e0d8ca}" in html
    rendered = []
    document = page._document
    monkeypatch.setattr(page, "_document", lambda html: rendered.append(document(html)) or rendered[-1])
    assert page.to_pdf(report, Language.EN, pictures).startswith(b"%PDF-")
    assert len(rendered[-1].pages) == 2


def test_what_fits_on_no_sheet_is_refused(report, monkeypatch):
    monkeypatch.setattr(page, "SIZES_PT", (40.0,))
    with pytest.raises(NotExported, match="does not fit on one page"):
        page.to_pdf(report, Language.EN)


def test_the_pdf_fetches_nothing(tmp_path, capfd, caplog):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    document = page._document(f'<img src="{secret.as_uri()}" alt="kept out">')
    assert "Failed to load" in caplog.text
    assert len(document.pages) == 1


def test_after_a_pdf_a_cameras_picture_that_was_cut_short_is_still_refused():
    """What makes the PDF says otherwise to Pillow, when it is first imported."""
    asked = "from kneeroll.exports.report import page; page.check_pdf()"
    asked += "; from PIL import ImageFile; print(ImageFile.LOAD_TRUNCATED_IMAGES)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_a_machine_without_pango_says_what_to_do(report, monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **more):
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'\nmore")
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(NotExported, match=r"needs Pango.*libpango-1\.0-0.*apt-get install libpangoft2-1\.0-0.*\.html"):
        page.to_pdf(report, Language.EN)


def test_a_picture_has_a_dot_for_each_value_and_breaks_its_line_over_a_gap(report):
    left = report.ranges[0]
    assert spark(left, report).count("<circle") == len(left.points)
    before, after = [at for at in left.medians if at[0] < DAY0 + timedelta(days=20)], left.medians[-3:]
    drawn = spark(replace(left, medians=(*before, *after)), report)
    assert re.search(r'd="(M[^"]*M[^"]*)" fill="none"', drawn)
    assert "nan" not in drawn.lower()


def test_a_bar_is_as_high_as_its_minutes(report):
    drawn = bars(report.weeks[:1])
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" fill', drawn)]
    week = report.weeks[0]
    assert heights[1] / heights[0] == pytest.approx(week.right_s / week.left_s, abs=0.05)
    assert f">{week.days_done}/{week.days_planned}<" in drawn
