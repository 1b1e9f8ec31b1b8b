"""The steps of both decoders grow as the bytes do, whatever the bytes say."""

import math

import pytest

from tests.wire.reading import steps_and_bytes
from tests.wire.shapes import REQUESTS, RESPONSES

#: Of the logarithm of steps against that of bytes.
SLOPE = 1.05


@pytest.mark.parametrize(
    "body",
    [*REQUESTS.values(), *RESPONSES.values()],
    ids=[*(f"request: {name}" for name in REQUESTS), *(f"response: {name}" for name in RESPONSES)],
)
def test_work_is_linear_in_bytes(body):
    least, few = steps_and_bytes(body(512))
    most, many = steps_and_bytes(body(4096))
    assert math.log(most / least) <= SLOPE * math.log(many / few)
