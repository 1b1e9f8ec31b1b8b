"""For every value of the contract: decode after encode is the contract's mapping, and idempotent.

The mapping is written here once more, without looking at any byte: what is undefined in an object
is absent, a Blob among arguments becomes a File called "blob".
"""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.adapters.model_notation import notation
from conformance.notation.comparison import first_difference
from conformance.notation.model import UNDEFINED, Special
from refimpl.wire.arguments_decoder import decode_arguments
from refimpl.wire.arguments_encoder import encode_arguments
from refimpl.wire.result_decoder import ResultDecoder, decode_result
from refimpl.wire.result_encoder import encode_result
from tests.interop import strategies

QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def arrived(value, *, arguments):
    """What arrives of a value in the notation; changed in place."""
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


@QUICK
@given(strategies.graphs(strategies.argument_leaves))
def test_arguments_arrive_as_the_contract_says(value):
    read = decode_arguments(encode_arguments(value).body)
    expected = arrived(notation(value), arguments=True)
    assert first_difference(expected, notation(read)) is None


@QUICK
@given(strategies.graphs(strategies.result_leaves))
def test_results_arrive_as_the_contract_says(value):
    read = decode_result(encode_result(value))
    expected = arrived(notation(value), arguments=False)
    assert first_difference(expected, notation(read)) is None


@QUICK
@given(strategies.graphs(strategies.argument_leaves))
def test_arguments_that_arrived_are_sent_unchanged(value):
    once = encode_arguments(decode_arguments(encode_arguments(value).body)).body
    twice = encode_arguments(decode_arguments(once)).body
    assert repr(once) == repr(twice)


@QUICK
@given(strategies.graphs(strategies.result_leaves), st.randoms(use_true_random=False))
def test_no_chunking_changes_a_result(value, chance: random.Random):
    body = encode_result(value)
    cuts = sorted(chance.sample(range(len(body) + 1), min(5, len(body))))
    decoder = ResultDecoder()
    for begin, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
        decoder.feed(body[begin:end])
    decoder.end()
    assert first_difference(notation(decode_result(body)), notation(decoder.root.value)) is None
