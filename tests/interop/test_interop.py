"""The reference and real React read each other and themselves alike, on the whole contract.

Generated values are exchanged with every release in both directions: `VALUES` of them in each
direction, so more than 3,000 exchanges in all. `soak.py` makes as many as one has time for.
"""

import itertools
from pathlib import Path

import pytest
import yaml

from conformance.adapters.model_notation import from_notation, to_json
from conformance.notation import tagged
from conformance.notation.comparison import first_difference
from refimpl.values import model
from tests.interop import soak, strategies
from tests.interop.agreement import (
    ARGUMENTS,
    NEWEST,
    REFERENCE,
    RESULT,
    SETTINGS,
    VERSIONS,
    Exchange,
    body_of,
    bytes_of,
    disagreements,
)

pytestmark = [pytest.mark.node, pytest.mark.slow]

VALUES = 320
SEED = 20
DIVERGENCES = yaml.safe_load((Path(__file__).parent / "divergences.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def generated():
    """The values for each kind of message, the same for every release."""
    return {message: soak.values(message, VALUES, SEED) for message in (ARGUMENTS, RESULT)}


@pytest.mark.parametrize(("version", "mode"), SETTINGS)
@pytest.mark.parametrize("message", [ARGUMENTS, RESULT])
def test_messages_mean_the_same_to_both(parties, generated, message, version, mode):
    older = version != NEWEST
    fitting = [
        value for value in generated[message] if not (older and strategies.is_new(message, value))
    ]

    found = disagreements(parties, Exchange(message, version, mode), fitting, SEED)

    assert sorted(found, key=len)[:3] == []


REPRESENTATIVE = [
    [{"a": [1.0, "é\ud83d\ude00", "$x"], "m": model.Map([("k", model.Set([12]))])}],
    [model.Bytes("Uint8Array", b"0:1\n\x00"), model.Blob("t/x", b"1:T3,")],
    ["y" * 1030, strategies.stream("iterator", ["a", [1.0]], "R")],
    [strategies.promise({"p": [None]}), model.Date(0.0), model.ServerReference("m#f0")],
]
#: The readers that take a message as it comes.
PIECEWISE = [(ARGUMENTS, "react-busboy"), (RESULT, "react"), (RESULT, "react-busboy")]


@pytest.mark.parametrize(("message", "reader"), PIECEWISE)
@pytest.mark.parametrize("value", REPRESENTATIVE)
def test_a_message_can_be_cut_anywhere(parties, value, message, reader):
    exchange = Exchange(message, NEWEST, "production")
    [written] = exchange.encode(parties.of(REFERENCE), [to_json(value)])
    [expected] = exchange.decode(parties.of(REFERENCE), [body_of(written)], SEED)
    cuts = range(len(bytes_of(body_of(written))) + 1)
    asked = {"op": "decode", "message": message, **body_of(written)}

    replies = parties.of(f"{reader}@{NEWEST}").ask([{**asked, "split": [cut]} for cut in cuts])

    wanted = tagged.decode(expected["ok"]["value"])
    seen = [tagged.decode(reply["ok"]["value"]) for reply in replies]
    assert [first_difference(wanted, value) for value in seen] == [None] * len(cuts)


@pytest.mark.parametrize("message", [ARGUMENTS, RESULT])
@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_deep_and_cyclic_arrives(parties, version, message):
    found = []
    for back in (0, 3, 70, 199):
        nodes = [{"number": float(number)} for number in range(200)]
        for node, following in itertools.pairwise(nodes):
            node["next"] = following
        nodes[-1]["back"] = nodes[back]
        exchange = Exchange(message, version, "production")
        found += disagreements(parties, exchange, [to_json([nodes[0]])])

    assert found == []


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
def test_a_registered_divergence_is_one(parties, entry, version):
    exchange = Exchange(entry["message"], version, "production")
    value = to_json(value_of_entry(entry))

    found = disagreements(parties, exchange, [value], registered=False)

    assert found
    if entry["react"] == "loses-when-encoding":
        assert not [line for line in found if "reads the reference" in line]
    if "only" in entry:
        assert all(line.startswith(entry["only"]) for line in found)


@pytest.mark.parametrize("entry", [e for e in DIVERGENCES if "value" in e], ids=lambda e: e["id"])
def test_the_reference_keeps_what_diverges(parties, entry):
    exchange = Exchange(entry["message"], NEWEST, "production")
    value = to_json(value_of_entry(entry))
    reference = parties.of(REFERENCE)

    [written] = exchange.encode(reference, [value])
    [read] = exchange.decode(reference, [body_of(written)], SEED)

    assert first_difference(tagged.decode(value), tagged.decode(read["ok"]["value"])) is None
