"""Values over the whole contract, with sharing and cycles.

The rule of this module: what a registered divergence would touch is not generated; each of those
has its own smallest example in divergences.yaml.
"""

from __future__ import annotations

import json
import math
import string
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from refimpl.language.algorithms.utf16 import to_units
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Callable

#: Well-formed text; lone surrogates in places where React keeps them come from `any_texts`.
texts = st.one_of(
    st.text(max_size=8).map(to_units),
    st.sampled_from(
        ["$", "$$", "$@1", "$undefined", "C", "__", "a:b", "é\ud83d\ude00", "\x00\n\r"]
    ),
    st.integers(1020, 1028).map(lambda n: "é" * n),
)
LONE = "x\ud800y"
any_texts = st.one_of(texts, st.just(LONE))
keys = st.one_of(
    st.sampled_from(
        [*string.ascii_lowercase[:6], "constructor", "toString", "0", "10", "", " ", "$"]
    ),
    st.text(max_size=4).map(to_units),
).filter(lambda key: key not in {"__proto__", "then"} and ":" not in key)
numbers = st.one_of(
    st.integers(-(2**53), 2**53).map(float), st.floats(), st.sampled_from([-0.0, math.nan, 1e21])
)
bigints = st.one_of(st.integers(), st.sampled_from([10**298, -(10**297)]))
dates = st.integers(-8_640_000_000_000_000, 8_640_000_000_000_000).map(float).map(model.Date)
primitives = st.one_of(
    st.none(), st.booleans(), numbers, bigints, any_texts, st.just(model.UNDEFINED), dates
)
kinds = st.sampled_from(sorted(model.ELEMENT_SIZES))
binary = kinds.flatmap(
    lambda kind: st.binary(max_size=5).map(
        lambda data: model.Bytes(kind, data * model.ELEMENT_SIZES[kind])
    )
)
types = st.sampled_from(["text/plain", "image/png", "application/octet-stream"])
blobs = st.builds(model.Blob, types, st.binary(max_size=12))
file_names = st.sampled_from(["a.txt", "näme.txt", "sp ace", "\ud83d\ude00"])
files = st.builds(model.Blob, types, st.binary(max_size=12), file_names)
entry_names = st.text(string.ascii_letters + "é_$0", max_size=5)
form_texts = st.text(max_size=6).map(to_units).filter(lambda it: not {"\r", "\n"} & set(it))
references = st.sampled_from(["m#f0", "m#f1", "m#f2"]).map(model.ServerReference)
client_references = st.sampled_from(["f0", "f1"]).map(lambda name: model.ClientReference("c", name))
forms = st.lists(st.tuples(entry_names, st.one_of(form_texts, files)), max_size=3).map(
    model.FormData
)
elements = st.builds(
    model.Element,
    st.sampled_from(["p", "my-element"]),
    st.one_of(st.none(), st.text("ab:$", max_size=3)),
    st.dictionaries(keys, primitives, max_size=2),
)
symbols = st.text(string.printable, max_size=4).map(model.Symbol)


def promise(value: model.Value) -> model.Promise:
    """A promise fulfilled with `value`."""
    made = model.Promise()
    made.fulfill(value)
    return made


def rejected(_: object) -> model.Promise:
    """A promise rejected with an error."""
    made = model.Promise()
    made.reject(model.Error("TypeError", "m"))
    return made


def stream(kind: Any, chunks: list[model.Value], returned: model.Value) -> model.Stream:
    """A stream that has closed."""
    made = model.Stream(kind)
    for chunk in chunks:
        made.push(chunk)
    made.close(returned if kind in {"iterable", "iterator"} else model.UNDEFINED)
    return made


def same_key(value: model.Value) -> object:
    """What tells the keys of a Map apart; an object is a key of its own."""
    if isinstance(value, bool | str | None) or value is model.UNDEFINED:
        return (type(value), value)
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else ("number", value)
    return ("bigint", value) if isinstance(value, int) else id(value)


def containers(
    values: st.SearchStrategy[model.Value], leaves: list[st.SearchStrategy[model.Value]]
) -> st.SearchStrategy[model.Value]:
    """Everything that holds values."""
    unsigned = values.map(lambda value: 0.0 if value == 0 and type(value) is float else value)
    return st.one_of(
        st.lists(values, max_size=4),
        st.dictionaries(keys, values, max_size=4),
        st.lists(st.tuples(unsigned, values), max_size=3, unique_by=lambda e: same_key(e[0])).map(
            model.Map
        ),
        st.lists(unsigned, max_size=3, unique_by=same_key).map(model.Set),
        st.lists(values, max_size=3).map(model.Iterator),
        values.filter(lambda value: not isinstance(value, model.Promise)).map(promise),
        st.builds(
            stream, st.sampled_from(["default", "iterable", "iterator"]), chunk_lists(values), texts
        ),
        *leaves,
    )


def chunk_lists(values: st.SearchStrategy[model.Value]) -> st.SearchStrategy[list[model.Value]]:
    """The chunks of a stream. A promise or a reference in an async iterator is awaited by it."""
    plain = values.filter(lambda value: not isinstance(value, model.Promise) and value != LONE)
    return st.lists(plain, max_size=3)


def byte_streams(least: int, most: int) -> st.SearchStrategy[model.Stream]:
    """Byte streams of so many chunks."""
    chunk = st.binary(min_size=1, max_size=4).map(lambda data: model.Bytes("Uint8Array", data))
    return st.lists(chunk, min_size=least, max_size=most).map(
        lambda chunks: stream("bytes", list(chunks), model.UNDEFINED)
    )


RESULT_BYTE_STREAMS = byte_streams(0, 3)


def argument_leaves() -> list[st.SearchStrategy[model.Value]]:
    """What only arguments have, or have in another way."""
    return [binary, blobs, files, references, byte_streams(1, 1)]


def result_leaves() -> list[st.SearchStrategy[model.Value]]:
    """What only results have, or have in another way."""
    entries = st.lists(st.tuples(entry_names, form_texts), max_size=3)
    return [
        binary,
        blobs,
        references,
        client_references,
        symbols,
        elements,
        entries.map(model.FormData),
        RESULT_BYTE_STREAMS,
        st.builds(lambda: model.Error("TypeError", "m")),
        st.integers().map(rejected),
    ]


#: What only messages of a kind have.
LEAVES = {"arguments": argument_leaves, "result": result_leaves}
BYTE_STREAM = '"$": "stream", "kind": "bytes"'


def is_new(message: str, value: Any) -> bool:
    """Whether a value in tagged JSON is one that diverges before 19.3, which is registered."""
    return message == "result" and BYTE_STREAM in json.dumps(value)


def holders(root: model.Value) -> list[Any]:
    """The arrays and objects under `root` that nothing but arrays and objects leads to."""
    found: list[Any] = []
    pending = [root]
    while pending:
        value = pending.pop()
        if isinstance(value, list | dict) and all(value is not other for other in found):
            found.append(value)
            pending.extend(value if isinstance(value, list) else value.values())
    return found


def shareable(value: model.Value) -> bool:
    """Whether React keeps the identity of what is met a second time, in both directions.

    Registered: a Map or Set whose contents React decodes later is null the second time.
    """
    if isinstance(value, model.Map):
        return all(is_primitive(part) for entry in value.entries for part in entry)
    if isinstance(value, model.Set):
        return all(is_primitive(part) for part in value.values)
    return isinstance(value, list | dict)


def is_primitive(value: model.Value) -> bool:
    """Whether a value holds nothing and has no identity on the wire."""
    return value is model.UNDEFINED or isinstance(
        value, bool | float | int | str | model.Date | None
    )


@st.composite
def graphs(draw: st.DrawFn, leaves: Callable[[], list[Any]]) -> list[model.Value]:
    """A list of values, some of them held again from elsewhere, by what they hold themselves too."""
    trees: st.SearchStrategy[model.Value] = st.deferred(
        lambda: st.one_of(primitives, primitives, containers(trees, leaves()))
    )
    root = draw(st.lists(trees, max_size=3))
    if leaves is argument_leaves and draw(st.booleans()):
        root.insert(0, draw(forms))  # registered: React loses what is number ten or later
    places = holders(root)
    shared = [item for place in places for item in members(place) if shareable(item)] + places[1:]
    for _ in range(draw(st.integers(0, 3)) if shared else 0):
        holder, held = draw(st.sampled_from(places)), draw(st.sampled_from(shared))
        if isinstance(holder, list):
            holder.append(held)
        else:
            holder[draw(keys)] = held
    return root


def members(place: Any) -> list[model.Value]:
    """What an array or object holds."""
    return list(place) if isinstance(place, list) else list(place.values())
