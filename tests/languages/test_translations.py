"""The translations: complete, placeholders and sides kept, short where they are spoken, and no promise in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from kneeroll.coach.phrases import all_phrases
from kneeroll.languages import Language, translations, translator
from kneeroll.movements import catalogue
from kneeroll.wording import DISCLAIMER
from scripts import languages as script

OTHERS = [language for language in Language if language is not Language.EN]
COLLECTED = script.collect()
SPOKEN = {*all_phrases().values(), *(line for m in catalogue().values() for line in m.say.values())}
SIDES = {
    Language.EN: (r"\bleft\b", r"\bright\b"),
    Language.DE: (r"\blink(?:s|e[nrsm]?)\b", r"\brecht(?:s|e[nrsm]?)\b"),
    Language.ES: (r"\bizquierd[oa]s?\b", r"\bderech[oa]s?\b"),
    Language.FR: (r"\bgauches?\b", r"\bdroite?s?\b"),
    Language.ZH: ("左", "右"),
}
PROMISES = {
    Language.DE: r"heil|therap|behand|linder|diagnos|\bkur\b|patient",
    Language.ES: r"\bcura|trata|terap|alivi|diagn|sanar|paciente",
    Language.FR: r"guéri|soign|trait|thérap|soulag|diagnos|\bcure|patient",
    Language.ZH: r"治疗|治愈|疗法|疗效|缓解|诊断|康复|患者|病人",
}
PROFESSIONAL = {
    Language.DE: "medizinische Fachperson",
    Language.ES: "profesional de la salud",
    Language.FR: "professionnel de santé",
    Language.ZH: "医疗专业人员",
}


def messages(texts: Catalog) -> Iterator[Message]:
    return (message for message in texts if message.id)


def wrong(language: Language, texts: Catalog, collected: Catalog = COLLECTED) -> list[str]:
    """What is missing in the translations, or not as it must be, in words."""
    needed, there = {str(m.id) for m in messages(collected)}, {str(m.id): m for m in messages(texts)}
    found = [f"{language} lacks {text!r}" for text in needed - there.keys()]
    found += [f"{language} has {text!r}, which nobody says" for text in there.keys() - needed]
    found += [f"{language} has {m.id!r} left out" for m in texts.obsolete.values()]
    for text, message in there.items():
        told = str(message.string or "")
        if not told.strip() or message.fuzzy:
            found.append(f"{language} has no translation of {text!r}")
        elif sorted(re.findall(r"\{\w*\}", told)) != sorted(re.findall(r"\{\w*\}", text)):
            found.append(f"{language} breaks the placeholders of {text!r}: {told!r}")
        elif sides(Language.EN, text) != sides(language, told):
            found.append(f"{language} takes one side for the other in {text!r}: {told!r}")
    return found


def sides(language: Language, text: str) -> list[int]:
    """The sides that a text names, in its order: 0 is left, 1 is right."""
    left, right = SIDES[language]
    text = re.sub(r"\{\w*\}", "", text)
    if language is Language.EN:
        text = text.replace("knees left", "")  # the verb
    return [0 if re.match(left, found[0], re.I) else 1 for found in re.finditer(f"{left}|{right}", text, re.I)]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_its_placeholders_and_its_sides(language: Language) -> None:
    assert wrong(language, translations(language)) == []


@pytest.mark.parametrize(
    ("text", "told", "complaint"),
    [
        ("Go on", None, "lacks 'Go on'"),
        ("Go on", "", "no translation"),
        ("Go on", " ", "no translation"),
        ("Camera {n}", "Kamera", "placeholders"),
        ("Camera {n}", "Kamera {nummer}", "placeholders"),
        ("Sink to the left.", "Sink nach rechts.", "one side for the other"),
        ("Sink to the left.", "Sink nach unten.", "one side for the other"),
        ("Left over right.", "Rechts über links.", "one side for the other"),
        ("Sink.", "Sink nach links.", "one side for the other"),
    ],
)
def test_the_check_finds_what_is_wrong(text: str, told: str | None, complaint: str) -> None:
    collected, texts = Catalog(), Catalog()
    collected.add(text)
    if told is not None:
        texts.add(text, told)
    (found,) = wrong(Language.DE, texts, collected)
    assert complaint in found


def test_the_check_finds_what_nobody_says_and_what_is_only_guessed() -> None:
    texts = Catalog()
    texts.add("Old", "Alt")
    assert "which nobody says" in wrong(Language.DE, texts, Catalog())[0]
    texts.add("New", "Alt", flags=["fuzzy"])
    assert any("no translation of 'New'" in found for found in wrong(Language.DE, texts, texts))


def test_what_is_shown_in_scripts_templates_pages_and_movements_is_collected() -> None:
    files = {str(m.id): {file for file, _ in m.locations} for m in messages(COLLECTED)}
    assert files["Pause"] >= {"web/static/show.js", "web/templates/coach.html"}
    assert files["sank {gain} ± {error}°"] == {"summaries.py"}
    assert files["shoulder lifted"] == {"web/static/text.js"}
    assert all(text in files for text in (*SPOKEN, *catalogue()["bridge"].not_for, catalogue()["bridge"].name, DISCLAIMER))


@pytest.mark.parametrize("language", OTHERS)
def test_the_script_has_nothing_to_do(language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / f"{language}.po"
    shipped = (script.FOLDER / written.name).read_bytes()
    written.write_bytes(shipped)
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    assert script.update(language) == []
    assert written.read_bytes() == shipped


def test_the_script_adds_what_is_new_and_drops_what_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    gone, reworded = (
        'msgid "Gone with the wind, all of it"\nmsgstr "Weg"\n',
        'msgid "Half way. Keep breathing now."\nmsgstr "Halb."\n',
    )
    (tmp_path / "de.po").write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{gone}\n{reworded}', "utf-8"
    )
    assert {"Go on", "Half way. Keep breathing."} <= set(script.update(Language.DE))
    written = (tmp_path / "de.po").read_text("utf-8")
    assert "Gone with the wind" not in written
    assert '#, fuzzy\nmsgid "Half way. Keep breathing."\nmsgstr "Halb."' in written


@pytest.mark.parametrize("language", OTHERS)
def test_a_spoken_line_is_short_whole_and_kind_to_the_voice(language: Language) -> None:
    for line in SPOKEN:
        told = translator(language)(line)
        assert len(told) <= 200, told
        assert told.endswith((".", "?", "。", "？")), told
        assert told != line


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_promises_a_cure(language: Language) -> None:
    told = [str(m.string) for m in messages(translations(language)) if m.id != DISCLAIMER]
    assert [line for line in told if re.search(PROMISES[language], line, re.I)] == []
    assert re.search(PROMISES[language], translator(language)(DISCLAIMER), re.I)


@pytest.mark.parametrize("language", OTHERS)
def test_whoever_should_ask_a_professional_is_told_so(language: Language) -> None:
    for message in messages(translations(language)):
        assert (PROFESSIONAL[language] in str(message.string)) is ("health professional" in str(message.id)), message.string
