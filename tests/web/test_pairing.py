"""The token that lets one phone in, once, and the secret that it becomes."""

from __future__ import annotations

import pytest

from kneeroll.web.pairing import LAST_WORDS_S, MOST_FAILED, TOKEN_BYTES, TOKEN_LASTS_S, WITHIN_S, Pairing


def paired() -> tuple[Pairing, str]:
    """A pairing at 0 s and its secret."""
    pairing = Pairing(0)
    secret = pairing.exchange(pairing.token(0) or "", 0)
    assert secret is not None
    return pairing, secret


def test_a_token_is_long_and_every_one_is_new() -> None:
    tokens = {Pairing(0).token(0) for _ in range(100)}
    assert len(tokens) == 100
    assert TOKEN_BYTES * 8 >= 128
    assert all(token is not None and len(token) * 6 >= TOKEN_BYTES * 8 for token in tokens)


def test_the_token_becomes_a_secret_once() -> None:
    pairing = Pairing(0)
    token = pairing.token(1) or ""
    secret = pairing.exchange(token, 1)
    assert secret is not None
    assert secret != token
    assert pairing.admits(secret)
    assert pairing.token(1) is None
    assert pairing.exchange(token, 2) is None
    assert pairing.admits(secret)


@pytest.mark.parametrize("guess", ["", "x", "é", " ", "None"])
def test_nothing_else_is_a_token_or_a_secret(guess: str) -> None:
    pairing, _ = paired()
    assert not pairing.admits(guess)
    assert not pairing.may_hear(guess, 0)
    assert pairing.exchange(guess, 0) is None
    fresh = Pairing(0)
    assert fresh.exchange(guess, 0) is None
    assert not fresh.admits(guess)
    assert not fresh.may_hear(guess, 0)


@pytest.mark.parametrize(("after_s", "opens"), [(TOKEN_LASTS_S - 1, True), (TOKEN_LASTS_S, False), (TOKEN_LASTS_S + 1, False)])
def test_a_token_that_nobody_uses_dies(after_s: float, opens: bool) -> None:
    pairing = Pairing(0)
    token = pairing.token(0) or ""
    assert (pairing.token(after_s) == token) is opens
    assert (pairing.exchange(token, after_s) is not None) is opens


def test_the_secret_outlives_the_time_of_its_token() -> None:
    pairing, secret = paired()
    assert pairing.token(TOKEN_LASTS_S * 2) is None
    assert pairing.admits(secret)


def test_too_many_wrong_tokens_close_the_pairing_even_to_the_right_one() -> None:
    pairing = Pairing(0)
    token = pairing.token(0) or ""
    for i in range(MOST_FAILED):
        assert pairing.exchange("wrong", i) is None
    assert pairing.token(MOST_FAILED) == token
    pairing.exchange("wrong", MOST_FAILED)
    assert pairing.token(MOST_FAILED) is None
    assert pairing.exchange(token, MOST_FAILED) is None
    assert pairing.exchange(token, MOST_FAILED + WITHIN_S + 1) is None


def test_a_few_wrong_tokens_a_minute_do_not_close_it() -> None:
    pairing = Pairing(0)
    token = pairing.token(0) or ""
    for i in range(4 * MOST_FAILED):
        pairing.exchange("wrong", i * WITHIN_S / MOST_FAILED)
    assert pairing.exchange(token, 4 * WITHIN_S) is not None


def test_the_end_lets_the_phone_go_and_makes_a_new_token() -> None:
    pairing, secret = paired()
    pairing.end(50)
    assert not pairing.is_paired
    assert not pairing.admits(secret)
    token = pairing.token(50)
    assert token is not None
    assert pairing.exchange(token, 51) not in (None, secret)


def test_after_the_end_only_the_last_words_can_be_fetched_and_not_for_long() -> None:
    pairing, secret = paired()
    pairing.end(50)
    assert pairing.may_hear(secret, 50 + LAST_WORDS_S - 1)
    assert not pairing.may_hear(secret, 50 + LAST_WORDS_S)
    assert not pairing.may_hear("", 51)


def test_an_end_without_a_phone_leaves_no_last_words_to_anybody() -> None:
    pairing = Pairing(0)
    pairing.end(1)
    assert not pairing.may_hear("", 1)


def test_after_revoke_nothing_opens() -> None:
    pairing, secret = paired()
    pairing.end(10)
    token = pairing.token(10) or ""
    pairing.revoke()
    assert pairing.token(10) is None
    assert pairing.exchange(token, 10) is None
    assert not pairing.admits(secret)
    assert not pairing.may_hear(secret, 10)
