"""Which language, and what it says where nobody translated."""

from __future__ import annotations

import pytest

from kneeroll.languages import Language, choose, of_scripts, translator

OTHERS = [language for language in Language if language is not Language.EN]


@pytest.mark.parametrize(
    ("wished", "accepted", "chosen"),
    [
        (None, None, Language.EN),
        (None, "", Language.EN),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", Language.ZH),
        (None, "en-GB;q=0.5, de-AT", Language.DE),
        (None, "pt-BR, es-419;q=0.9, fr;q=0.95", Language.FR),
        (None, "fr;q=0", Language.EN),
        (None, "fr;q=much", Language.EN),
        (None, "*", Language.EN),
        (None, "xx", Language.EN),
        ("es", "de", Language.ES),
        ("xx", "de", Language.DE),
        ("../de", "fr", Language.FR),
    ],
)
def test_what_the_person_chose_comes_first_then_what_the_browser_likes_best(
    wished: str | None, accepted: str | None, chosen: Language
) -> None:
    assert choose(wished, accepted) is chosen


@pytest.mark.parametrize("language", Language)
def test_what_nobody_translated_stays_as_it_was_written(language: Language) -> None:
    assert translator(language)("My circles on the terrace") == "My circles on the terrace"


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_gets_only_what_its_scripts_say(language: Language) -> None:
    texts = of_scripts(language)
    assert texts["Go on"] == translator(language)("Go on") != "Go on"
    assert "Keep my answer" not in texts


def test_english_pages_need_no_texts() -> None:
    assert of_scripts(Language.EN) == {}
