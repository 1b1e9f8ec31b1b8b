"""Every step count is linear: so many times the value is at most so many times the steps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import notation
from conformance.adapters.model_notation import from_notation
from conformance.fuzz.generators.values import DIRECTIONS, graphs
from refimpl.wire.arguments_encoder import encode_arguments
from refimpl.wire.result_encoder import encode_result
from tests.properties.reference import budget
from tests.wire.reading import steps_and_bytes

#: Of the logarithm of steps against that of bytes.
STEEPEST = 1.1
FEW, MANY = 8, 64


def body(direction, value, times):
    """The message for so many values that share nothing."""
    written = notation.encode(value)
    made = [from_notation(notation.decode(written)) for _ in range(times)]
    return encode_arguments(made) if direction == "arguments" else encode_result(made)


@pytest.mark.parametrize("direction", DIRECTIONS)
@budget(25)
@given(data=st.data())
def test_steps_grow_as_bytes_do(direction, data):
    value = data.draw(graphs(direction))

    least, few = steps_and_bytes(body(direction, value, FEW))
    most, many = steps_and_bytes(body(direction, value, MANY))

    assert math.log(most / least) <= STEEPEST * math.log(many / few)
