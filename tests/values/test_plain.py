"""The plain notation of messages."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refimpl.values import model, plain
from refimpl.values.contract import UnsupportedValue

PRIMITIVES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=())),
    st.integers(),
    st.just(model.UNDEFINED),
)
VALUES = st.recursive(
    PRIMITIVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=3), inner, max_size=4),
        st.builds(model.Map, st.lists(st.tuples(inner, inner), max_size=3)),
        st.builds(model.Set, st.lists(inner, max_size=3)),
        st.builds(model.Date, st.floats()),
        st.builds(
            model.ServerReference, st.text(max_size=3), st.none() | st.lists(inner, max_size=2)
        ),
    ),
    max_leaves=20,
)


@given(VALUES)
def test_writing_what_was_read_gives_the_same_bytes(value):
    body = plain.write(value)

    assert body == plain.write(plain.read(body))


@pytest.mark.parametrize("value", [0.0, -0.0, math.inf, -math.inf, 1e300])
def test_a_number_keeps_its_value_and_sign(value):
    read = plain.read(plain.write(value))

    assert (value, math.copysign(1, value)) == (read, math.copysign(1, read))


def test_nan_is_read_as_nan():
    assert math.isnan(plain.read(plain.write(math.nan)))


def test_a_bigint_is_not_a_number():
    assert type(plain.read(plain.write(12))) is int


def test_a_number_is_not_a_bigint():
    assert type(plain.read(plain.write(12.0))) is float


def test_what_is_shared_stays_shared():
    shared = [1.0]

    first, second = plain.read(plain.write([shared, shared]))

    assert first is second


def test_a_cycle_is_a_cycle():
    cycle = []
    cycle.append(cycle)

    read = plain.read(plain.write(cycle))

    assert read[0] is read


def test_depth_costs_nothing():
    deep = value = []
    for _ in range(100_000):
        value.append([])
        value = value[0]

    assert plain.write(deep) == plain.write(plain.read(plain.write(deep)))


def test_what_cannot_be_sent_is_refused_behind_a_reference():
    captured = [model.Unsupported(object(), "local", "unsupported-value.function")]

    with pytest.raises(UnsupportedValue, match="'local'"):
        plain.write([model.ServerReference("inner", None, captured)])
