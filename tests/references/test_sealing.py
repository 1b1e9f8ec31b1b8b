"""Captures at rest."""

import pytest

from refimpl.references.sealing import KEY_BYTES, BrokenSeal, Sealer

KEY, OLD_KEY = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)


def counting():
    """Nonces that differ, in a test's own order."""
    count = 0

    def random_bytes(length):
        nonlocal count
        count += 1
        return count.to_bytes(length, "big")

    return random_bytes


@pytest.fixture
def sealer():
    return Sealer([KEY], counting())


def test_what_was_sealed_can_be_opened(sealer):
    assert sealer.open("f", sealer.seal("f", b"secret")) == b"secret"


def test_the_content_does_not_show(sealer):
    assert b"secret" not in sealer.seal("f", b"secret").encode()


def test_a_token_opens_for_its_own_function_only(sealer):
    with pytest.raises(BrokenSeal):
        sealer.open("g", sealer.seal("f", b"secret"))


def test_sealing_twice_gives_different_tokens(sealer):
    assert sealer.seal("f", b"same") != sealer.seal("f", b"same")


def test_every_changed_character_breaks_the_seal(sealer):
    token = sealer.seal("f", b"secret")
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(BrokenSeal):
            sealer.open("f", changed)


def test_every_prefix_breaks_the_seal(sealer):
    token = sealer.seal("f", b"secret")
    for length in range(len(token)):
        with pytest.raises(BrokenSeal):
            sealer.open("f", token[:length])


@pytest.mark.parametrize("token", ["", "é", "====", "a b", "AAAA"])
def test_what_is_no_token_breaks_the_seal(sealer, token):
    with pytest.raises(BrokenSeal):
        sealer.open("f", token)


def test_a_previous_key_still_opens():
    token = Sealer([OLD_KEY], counting()).seal("f", b"secret")

    assert Sealer([KEY, OLD_KEY], counting()).open("f", token) == b"secret"


def test_a_key_that_is_not_listed_does_not_open():
    token = Sealer([OLD_KEY], counting()).seal("f", b"secret")

    with pytest.raises(BrokenSeal):
        Sealer([KEY], counting()).open("f", token)
