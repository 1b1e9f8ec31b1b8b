"""The JavaScript twin of the value notation says the same as the Python one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conformance import notation

pytestmark = pytest.mark.node

NOTATION = "SHARED/notation.mjs"
ROUND_TRIP = f"""
import {{ decode, encode }} from '{NOTATION}'
const make = {{
  reference: (name, bound) => Object.assign(() => {{}}, {{ notation: {{ $: 'reference', ...(name && {{ name }}), ...(bound && {{ bound }}) }} }}),
  temporary: (path) => Object.assign(() => {{}}, {{ notation: {{ $: 'temporary', path }} }}),
  clientReference: (module, name) => Object.assign(() => {{}}, {{ notation: {{ $: 'client-reference', module, name }} }}),
  element: (type, key, props) => ({{ $$typeof: Symbol.for('react.transitional.element'), type, key, props }}),
}}
const results = []
for (const json of given) results.push(await encode(decode(json, make), {{ function: (f) => f.notation }}))
tell(results)
"""

#: One value of every kind that only the notation can write, and what is easy to get wrong.
VECTORS: list[Any] = [
    None,
    True,
    "",
    "lone \ud800 surrogate and \U0001f600",
    0,
    -1.5,
    1e21,
    5e-324,
    {"$": "undefined"},
    *({"$": "number", "value": name} for name in ("-0", "NaN", "Infinity", "-Infinity")),
    {"$": "bigint", "value": "-123456789012345678901234567890"},
    {"$": "date", "value": "2020-02-29T23:59:59.999Z"},
    {"$": "date", "value": "+275760-09-13T00:00:00.000Z"},
    {"$": "date", "value": None},
    {"$": "symbol", "key": "registered"},
    {"$": "symbol", "description": "own"},
    {"$": "symbol", "description": None},
    {"$": "map", "entries": [[{"$": "undefined"}, 1], [{}, []]]},
    {"$": "set", "values": [1, "1", None]},
    *(
        {"$": "bytes", "kind": kind, "hex": "00ff00ff00ff00ff"}
        for kind in sorted(notation.model.BYTES_KINDS - {"Float16Array"})
    ),
    [1, {"$": "hole"}, {"$": "undefined"}],
    [{"$": "hole"}],
    {"$": "reference", "name": "save"},
    {"$": "reference", "name": "save", "bound": [1, "two"]},
    {"$": "temporary", "path": "0:0"},
    {"$": "client-reference", "module": "button.js", "name": "Button"},
    {"$": "function"},
    {"$": "error", "name": "TypeError", "message": "no"},
    {
        "$": "error",
        "name": "AggregateError",
        "message": "no",
        "digest": "d",
        "cause": {"$": "error", "name": "Error", "message": "why"},
        "errors": [1],
    },
    {"$": "element", "type": "p", "key": "k", "props": {"children": ["text", {"$": "undefined"}]}},
    {"$": "element", "type": {"$": "function"}, "key": None, "props": {}},
    {"$": "file", "name": "a.txt", "type": "text/plain", "hex": "6869"},
    {"$": "file", "name": None, "type": "", "hex": ""},
    {
        "$": "formdata",
        "entries": [
            ["a", "1"],
            ["a", "2"],
            ["f", {"$": "file", "name": "x", "type": "", "hex": "00"}],
        ],
    },
    {"$": "promise", "value": {"then": 1}},
    {"$": "promise", "error": {"$": "error", "name": "Error", "message": "late"}},
    {"$": "stream", "kind": "default", "chunks": [1, {"a": {"$": "undefined"}}]},
    {
        "$": "stream",
        "kind": "bytes",
        "chunks": [{"$": "bytes", "kind": "Uint8Array", "hex": "0102"}],
    },
    {"$": "stream", "kind": "default", "chunks": [], "error": "broken"},
    {"$": "iterator", "kind": "sync", "values": [1, 2]},
    {"$": "iterator", "kind": "async", "values": [1], "returned": "end"},
    {"$": "iterator", "kind": "async-iterable", "values": [[]]},
    {"$": "instance", "class": "Point", "props": {"x": 1}},
    {"$": "instance", "class": "null", "props": {"$": "object", "entries": [["$", 1]]}},
    {"$": "object", "entries": [["$", "ref"], ["__proto__", {}], ["plain", 1]]},
    {"$": "object", "entries": [["__proto__", 1]]},
    {"constructor": 1, "toString": 2, "then": 3},
    [{"$": "def", "id": 1, "value": {"a": 1}}, {"$": "ref", "id": 1}],
    {"$": "def", "id": 1, "value": {"self": {"$": "ref", "id": 1}}},
    {"$": "def", "id": 1, "value": [{"$": "ref", "id": 1}]},
    {
        "$": "def",
        "id": 1,
        "value": {"$": "map", "entries": [[{"$": "ref", "id": 1}, {"$": "ref", "id": 1}]]},
    },
    {"$": "def", "id": 1, "value": {"$": "set", "values": [{"$": "ref", "id": 1}]}},
    [
        {"$": "def", "id": 1, "value": {"other": {"$": "def", "id": 2, "value": []}}},
        {"$": "ref", "id": 2},
        {"$": "ref", "id": 1},
    ],
    [
        {"$": "def", "id": 1, "value": {"$": "date", "value": "1970-01-01T00:00:00.000Z"}},
        {"$": "ref", "id": 1},
    ],
]


def test_what_is_read_is_written_the_same(evaluate):
    assert evaluate(ROUND_TRIP, VECTORS) == VECTORS


def test_both_notations_write_every_vector_alike(evaluate):
    assert evaluate(ROUND_TRIP, VECTORS) == [
        notation.encode(notation.decode(json)) for json in VECTORS
    ]


def test_the_vectors_hold_every_kind_of_value():
    held = {json["$"] for json in VECTORS if isinstance(json, dict) and "$" in json}

    assert set(notation.model.KINDS) - {"hole"} <= held


numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=True)
leaves = st.none() | st.booleans() | numbers | st.text() | st.just(notation.UNDEFINED)
keys = st.text() | st.sampled_from(["$", "__proto__", "then"])


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner),
        st.dictionaries(keys, inner),
        st.dictionaries(st.text(), inner).map(
            lambda entries: notation.special("map", entries=[[*entry] for entry in entries.items()])
        ),
        inner.map(lambda value: [value, value]),
    )


values = st.recursive(leaves, containers, max_leaves=20)


@pytest.mark.slow
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(values, min_size=50, max_size=60))
def test_any_value_survives_javascript(evaluate, sample):
    """Whatever Python writes, JavaScript reads and writes back as the same graph."""
    written = evaluate(ROUND_TRIP, [notation.encode(value) for value in sample])

    for value, json in zip(sample, written, strict=True):
        assert notation.first_difference(value, notation.decode(json)) is None
