"""The reference and real React read each other and themselves alike, on the whole contract.

`INTEROP_EXAMPLES` sets how many values are generated per version, mode and direction (soak.py).
"""

import itertools
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from conformance.notation import tagged
from conformance.notation.comparison import first_difference
from refimpl.values import model
from refimpl.wire.codec import decode_request, encode_request
from refimpl.wire.multipart import boundary_of
from refimpl.wire.profiles import REACT_19_2, REACT_19_3
from refimpl.wire.result_decoder import decode_result
from refimpl.wire.result_encoder import encode_result
from tests.interop import strategies
from tests.interop.agreement import arguments_disagreements, kind_of, results_disagreements
from tests.interop.bridge import from_notation, notation
from tests.interop.react import VERSIONS, in_base64, value_of

pytestmark = [pytest.mark.node, pytest.mark.slow]

EXAMPLES = int(os.environ.get("INTEROP_EXAMPLES", "40"))
BATCHES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="INTEROP_EXAMPLES" not in os.environ,
    suppress_health_check=[*HealthCheck],
)
PAIRS = [*((version, False) for version in VERSIONS), (VERSIONS[0], True)]
DIVERGENCES = yaml.safe_load((Path(__file__).parent / "divergences.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("version", "development"), PAIRS)
def test_arguments_mean_the_same_to_both(react, version, development):
    peer = react(version, development=development)

    @BATCHES
    @given(strategies.graphs(strategies.argument_leaves))
    def agree(value):
        assert arguments_disagreements(peer, [value]) == []

    agree()


@pytest.mark.parametrize(("version", "development"), PAIRS)
def test_results_mean_the_same_to_both(react, version, development):
    peer = react(version, development=development)
    newest = version == VERSIONS[0]
    leaves = strategies.result_leaves if newest else strategies.older_result_leaves
    profile = REACT_19_3 if newest else REACT_19_2

    @BATCHES
    @given(strategies.graphs(leaves))
    def agree(value):
        assert results_disagreements(peer, [value], profile) == []

    agree()


REPRESENTATIVE = [
    {"a": [1.0, "é\ud83d\ude00", "$x"], "m": model.Map([("k", model.Set([12]))])},
    [model.Bytes("Uint8Array", b"0:1\n\x00"), model.Blob("t/x", b"1:T3,")],
    ["y" * 1030, strategies.stream("iterator", ["a", [1.0]], "R")],
    [strategies.promise({"p": [None]}), model.Error(redacted=True)],
]


@pytest.mark.parametrize("value", REPRESENTATIVE)
def test_react_reads_our_rows_at_every_split(react, value):
    body = encode_result(value)
    cuts = range(len(body) + 1)
    replies = react(VERSIONS[0]).ask(
        [{"op": "decodeResult", "body": in_base64(body), "cuts": [cut]} for cut in cuts]
    )
    expected = notation(decode_result(body), proxies_are_new=True)
    assert [first_difference(expected, value_of(reply)) for reply in replies] == [None] * len(cuts)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("back", [0, 3, 70, 199])
def test_react_reads_what_is_deep_and_cyclic(react, version, back):
    nodes = [{"number": float(number)} for number in range(200)]
    for node, following in itertools.pairwise(nodes):
        node["next"] = following
    nodes[-1]["back"] = nodes[back]
    assert arguments_disagreements(react(version), [[nodes[0]]]) == []
    assert results_disagreements(react(version), [nodes[0]]) == []


def value_of_entry(entry):
    """The value of a registered divergence."""
    value = from_notation(tagged.decode(entry["value"]))
    if "repeat" in entry:
        letters = "a" * entry["repeat"]
        return [letters, *value] if isinstance(value, list) else value + letters
    return value


VECTORS = [
    (entry, version) for entry in DIVERGENCES if "value" in entry for version in entry["versions"]
]
NAMES = [f"{entry['id']}-{version}" for entry, version in VECTORS]


@pytest.mark.parametrize(("entry", "version"), VECTORS, ids=NAMES)
def test_a_registered_divergence_is_one(react, entry, version):
    value = value_of_entry(entry)
    if entry["react"] == "note":
        pytest.skip(entry["reason"])
    disagree = (
        arguments_disagreements if entry["direction"] == "arguments" else results_disagreements
    )
    found = disagree(react(version), [value])
    if entry["react"] == "loses-when-encoding":
        assert not [line for line in found if line.startswith("React reads us")]
    assert found


@pytest.mark.parametrize("entry", [e for e in DIVERGENCES if "value" in e], ids=lambda e: e["id"])
def test_the_reference_keeps_what_diverges(entry):
    value = value_of_entry(entry)
    if entry["direction"] == "arguments":
        kind, body = encode_request(value)
        read = decode_request(boundary_of(kind) if kind_of(kind) else None, body)
    else:
        read = decode_result(encode_result(value))
    assert first_difference(notation(value), notation(read)) is None
