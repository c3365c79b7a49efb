"""The claims: complete, with years, and without a promise of our own."""

from __future__ import annotations

import re

import pytest

from kneeroll.inside import Look, Standing, claims
from kneeroll.inside.claims import read_claims

PROMISES = re.compile(r"\b(reliev|relief|cure|treat|therap|heal(?!th)|prevent|diagnos|imbalance|because of|patient)", re.I)
ROW = """[[claim]]
id = "a"
says = "It warms."
verdict = "mixed"
found = "It does."
source = ["Somebody 2020"]
looks_at = ["comfort"]
cannot = "Why."
"""


def test_every_claim_has_its_texts_a_verdict_and_sources_with_years():
    assert len(claims()) == 25
    assert {claim.verdict for claim in claims()} == set(Standing)
    for claim in claims():
        assert re.fullmatch(r"[a-z_]+", claim.id)
        assert all(text.endswith(".") for text in (claim.says, claim.found, claim.cannot))
        assert claim.source
        assert all(re.search(r"\b(19|20)\d\d\b", source) for source in claim.source)


def test_no_claim_is_a_promise():
    assert [text for claim in claims() for text in (claim.says, claim.found, claim.cannot) if PROMISES.search(text)] == []
    assert PROMISES.search("It relieves the back.")


def test_a_journal_is_looked_at_for_all_that_it_may_have():
    assert {look for claim in claims() for look in claim.looks_at} == set(Look)


@pytest.mark.parametrize(
    ("now", "then", "complaint"),
    [
        ('source = ["Somebody 2020"]', 'source = ["Somebody"]', "every source has its year"),
        ('source = ["Somebody 2020"]', "source = []", "every source has its year"),
        ('verdict = "mixed"', 'verdict = "proven"', "a.verdict"),
        ('says = "It warms."', "", "a.says"),
        ('looks_at = ["comfort"]', 'looks_at = ["stars"]', "a.looks_at"),
        ("[[claim]]", "[claim", "not valid TOML"),
    ],
)
def test_a_broken_table_says_what_is_wrong(now, then, complaint):
    assert read_claims(ROW)[0].looks_at == (Look.COMFORT,)
    with pytest.raises(ValueError, match=complaint):
        read_claims(ROW.replace(now, then))


def test_an_id_stands_for_one_claim():
    with pytest.raises(ValueError, match="same id"):
        read_claims(ROW + ROW)
