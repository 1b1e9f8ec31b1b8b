"""Decode after encode is the contract's own mapping, and idempotent.

The mapping is written here once more, without looking at any byte: what is undefined in an object
is absent, a Blob among arguments becomes a File called "blob", an error keeps its digest only.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import notation
from conformance.fuzz.generators.values import DIRECTIONS, graphs
from conformance.notation.comparison import first_difference
from conformance.notation.model import UNDEFINED, Special
from tests.properties.reference import REFERENCE, budget

directions = pytest.mark.parametrize("direction", DIRECTIONS)


def arrived(value, *, arguments):
    """What arrives of a value; changed in place."""
    pending, seen = [value], set()
    while pending:
        item = pending.pop()
        if id(item) in seen or not isinstance(item, list | dict | Special):
            continue
        seen.add(id(item))
        if isinstance(item, dict):
            for key in [key for key, held in item.items() if held is UNDEFINED]:
                del item[key]
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        else:
            if item.kind == "file" and item.fields["name"] is None and arguments:
                item.fields["name"] = "blob"
            if item.kind == "error":
                item.fields.clear()
            pending.extend(item.fields.values())
    return value


def sent(direction, value):
    """The message for a value in tagged JSON."""
    return REFERENCE.encode(message=direction, value=value)


def received(direction, message, **how):
    """The value in a message, in tagged JSON."""
    return REFERENCE.decode(message=direction, **message, **how)["value"]


@directions
@budget(60)
@given(data=st.data())
def test_a_value_arrives_as_the_contract_says(direction, data):
    value = data.draw(graphs(direction))
    message = sent(direction, notation.encode(value))

    expected = arrived(value, arguments=direction == "arguments")
    seen = notation.decode(received(direction, message))

    assert first_difference(expected, seen) is None


@directions
@budget(60)
@given(data=st.data())
def test_what_arrived_is_sent_on_unchanged(direction, data):
    once = received(direction, sent(direction, notation.encode(data.draw(graphs(direction)))))

    assert received(direction, sent(direction, once)) == once
