"""Where the bytes of a message are cut on the way never changes what is decoded."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import notation
from conformance.fuzz.generators.values import DIRECTIONS, graphs
from tests.properties.reference import budget
from tests.properties.test_messages import received, sent


@pytest.mark.parametrize("direction", DIRECTIONS)
@budget(60)
@given(data=st.data())
def test_no_cut_changes_a_decode(direction, data):
    message = sent(direction, notation.encode(data.draw(graphs(direction))))
    body = message["body"]
    size = len(body.encode() if isinstance(body, str) else base64.b64decode(body["base64"]))

    cuts = sorted(data.draw(st.sets(st.integers(1, max(size - 1, 1)), max_size=6)))

    assert received(direction, message, split=cuts) == received(direction, message)
