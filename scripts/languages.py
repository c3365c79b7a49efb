"""Bring the translations up to date: `python -m scripts.languages`.

What is new or worded anew comes into `src/kneeroll/languages/*.po`, what nobody says any more goes. Prints what to translate.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kneeroll.care.screening import CHANGED, NOTHING_LEFT, questions
from kneeroll.coach.phrases import all_phrases
from kneeroll.coach.state import PAST_CEILING
from kneeroll.events import EndReason, Fault, Phase
from kneeroll.faults import RULES
from kneeroll.inside.body import body
from kneeroll.inside.claims import claims
from kneeroll.inside.view import NO_SIDE, NOT_MEASURED
from kneeroll.languages import Language
from kneeroll.movements import catalogue
from kneeroll.outcomes.questionnaires import questionnaires
from kneeroll.plans import Plan, default_plan
from kneeroll.poses import Quality, Side
from kneeroll.summaries import BOTH, NOT_SEEN, RESTLESS, TIMED, TOO_WIDE
from kneeroll.wording import DISCLAIMER, VIEWS

PACKAGE = Path(__file__).parents[1] / "src" / "kneeroll"
FOLDER = PACKAGE / "languages"
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.js", "javascript")]
_KEYWORDS = {"_": None, "N_": None, "t": None}
_HEADER = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def collect() -> Catalog:
    """Every text of the page, of the voice and of the movements, with the files that have it."""
    found = Catalog(project="kneeroll", charset="utf-8")
    for file, text in [*_written(), *_named()]:
        found.add(text, locations=[(file, 0)])
    return found


def _written() -> Iterator[tuple[str, str]]:
    """What stands in the program as `_("...")` or `N_("...")`, in its scripts as `t("...")`."""
    for file, _line, text, _comments, _context in extract_from_dir(
        PACKAGE, _METHODS, keywords=_KEYWORDS, strip_comment_tags=True
    ):
        assert isinstance(text, str)
        yield file, text


def _named() -> Iterator[tuple[str, str]]:
    """What the program looks up by a name, or reads from a file."""
    yield from (("coach/phrases.py", line) for line in all_phrases().values())
    for movement in catalogue().values():
        for text in (movement.name, *movement.say.values(), *movement.not_for):
            yield "movements/catalogue", text
    for question in questions():
        yield from (("care/screening.toml", text) for text in (question.ask, question.say))
    yield from (("care/screening.py", text) for text in (CHANGED, NOTHING_LEFT))
    yield from (("plans", plan.name) for plan in (default_plan(), Plan()))
    yield "wording.py", DISCLAIMER
    yield from (("wording.py", text) for text in VIEWS.values())
    yield from (("summaries.py", why.why) for why in (NOT_SEEN, RESTLESS, TIMED, TOO_WIDE))
    yield from (("faults.py", rule.unit) for rule in RULES.values())
    yield from (("poses.py", text) for text in (*Side, BOTH))
    yield from (("inside/body.toml", muscle.name) for muscle in body().muscles)
    yield from (("inside/claims.toml", text) for claim in claims() for text in (claim.says, claim.found, claim.cannot))
    yield from (("inside/view.py", why) for why in (NOT_MEASURED, NO_SIDE))
    yield from (("events.py", _words(name)) for name in EndReason)
    for asked in questionnaires().values():
        if not asked.exact:
            yield from (("outcomes", text) for text in (asked.name, asked.ask, *asked.ends, *asked.items.values()) if text)
    waits = (q.name.lower() for q in Quality if q.name)
    yield from (("web/static/text.js", _words(name)) for name in (*Phase, *Fault, *waits, "never_still", *PAST_CEILING))


def _words(name: str) -> str:
    return name.replace("_", " ")


def update(language: Language) -> list[str]:
    """Write the language's file anew; what is to be translated in it."""
    path = FOLDER / f"{language}.po"
    texts = read_po(io.BytesIO(path.read_bytes() if path.exists() else b""), language.locale)
    texts.update(collect())
    with path.open("wb") as out:
        out.write(_HEADER.format(language=language.locale).encode())
        write_po(out, texts, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return [str(m.id) for m in texts if m.id and (not m.string or m.fuzzy)]


def main() -> int:
    missing = {language: update(language) for language in Language if language is not Language.EN}
    for language, texts in missing.items():
        for text in texts:
            print(f"{language}: {text}")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
