"""A sealed capture that was changed in any way, or moved to another function, is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refimpl.references.sealing import KEY_BYTES, NONCE_BYTES, BrokenSeal, Sealer

CONTENTS = st.binary(max_size=60)
FUNCTIONS = st.text(st.characters(codec="ascii"), max_size=8)
KEYS = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)
NONCES = st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES)


def changes(sealed: bytes) -> st.SearchStrategy[bytes]:
    """Other bytes that come near the sealed ones."""
    places, bytes_ = st.integers(0, len(sealed) - 1), st.integers(1, 255)
    return st.one_of(
        st.builds(
            lambda at, by: sealed[:at] + bytes([sealed[at] ^ by]) + sealed[at + 1 :], places, bytes_
        ),
        places.map(lambda end: sealed[:end]),
        places.map(lambda start: sealed[start + 1 :]),
        st.binary(min_size=1, max_size=20).map(lambda more: sealed + more),
        st.binary(min_size=1, max_size=20).map(lambda more: more + sealed),
    ).filter(lambda changed: changed != sealed)


@given(KEYS, NONCES, FUNCTIONS, CONTENTS, st.data())
def test_every_change_of_the_bytes_is_refused(key, nonce, function, content, data):
    sealer = Sealer([key], lambda _: nonce)
    sealed = base64.urlsafe_b64decode(sealer.seal(function, content))

    changed = base64.urlsafe_b64encode(data.draw(changes(sealed))).decode()

    with pytest.raises(BrokenSeal):
        sealer.open(function, changed)


@given(KEYS, NONCES, FUNCTIONS, CONTENTS, st.data())
def test_every_change_of_the_text_is_refused(key, nonce, function, content, data):
    sealer = Sealer([key], lambda _: nonce)
    token = sealer.seal(function, content)

    changed = data.draw(changes(token.encode())).decode("latin-1")

    with pytest.raises(BrokenSeal):
        sealer.open(function, changed)


@given(KEYS, NONCES, st.lists(FUNCTIONS, min_size=2, max_size=2, unique=True), CONTENTS)
def test_a_token_of_one_function_is_refused_by_another(key, nonce, functions, content):
    sealer = Sealer([key], lambda _: nonce)
    one, other = functions

    assert sealer.open(one, sealer.seal(one, content)) == content
    with pytest.raises(BrokenSeal):
        sealer.open(other, sealer.seal(one, content))
