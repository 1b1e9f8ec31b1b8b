"""Values over the whole contract, with sharing and cycles, in the suite's notation.

Rules of this module:

* A strategy is made once. Making one costs more than drawing from it.
* What only one direction has, or has in another way, is a leaf of that direction.
* What real React is registered to lose (tests/interop/divergences.yaml) is not generated, so that
  everything else is not hidden behind it.
"""

from __future__ import annotations

import math
import string
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.fuzz.example import Example
from conformance.notation import UNDEFINED, Special, special
from conformance.notation.model import BYTES_KINDS, children, has_identity
from conformance.observations import Decode, Encode
from conformance.observations.message_family import Member, alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.messages.units import Message
    from conformance.notation import Value
    from conformance.observations.observation import Observation

DIRECTIONS = ("arguments", "result")
#: Bytes per element, for kinds whose length has to be a multiple of it.
SIZES = {
    kind: next((size for size in (16, 32, 64) if str(size) in kind), 8) // 8 for kind in BYTES_KINDS
}
STRANGE = ("$", "$$", "$@1", "$undefined", "C", "__", "a:b", "é\U0001f600", "\x00\n\r")
LONE = "x\ud800y"

texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(STRANGE),
    # Around the length from which React writes a text as a row of its own.
    st.integers(1020, 1028).map(lambda n: "é" * n),
)
keys = st.one_of(
    st.sampled_from(
        [*string.ascii_lowercase[:6], "constructor", "toString", "0", "10", "", " ", "$"]
    ),
    st.text(max_size=4),
).filter(lambda key: key not in {"__proto__", "then"} and ":" not in key)
numbers = st.one_of(
    st.integers(-(2**53), 2**53), st.floats(), st.sampled_from([-0.0, math.nan, 1e21])
)
bigints = st.one_of(st.integers(), st.sampled_from([10**298, -(10**297)])).map(
    lambda value: special("bigint", value=str(value))
)
dates = st.one_of(
    st.datetimes().map(lambda date: f"{date.isoformat(timespec='milliseconds')}Z"),
    st.sampled_from(["-271821-04-20T00:00:00.000Z", "+275760-09-13T00:00:00.000Z"]),
).map(lambda iso: special("date", value=iso))
primitives = st.one_of(
    st.none(), st.booleans(), numbers, bigints, texts, st.just(LONE), st.just(UNDEFINED), dates
)


def _bytes_of(kind: str) -> st.SearchStrategy[Special]:
    return st.binary(max_size=5).map(
        lambda data: special("bytes", kind_=kind, hex=(data * SIZES[kind]).hex())
    )


#: Not every platform has Float16Array, and the contract does not have it.
binary = st.sampled_from(sorted(BYTES_KINDS - {"Float16Array"})).flatmap(_bytes_of)
_content = st.binary(max_size=12).map(bytes.hex)
_types = st.sampled_from(["text/plain", "image/png", "application/octet-stream"])
_names = st.sampled_from(["a.txt", "näme.txt", 'q"uote', "sp ace", "\U0001f600", "100%25"])


def _file(kind: str, content: str, name: str | None = None) -> Special:
    return special("file", name=name, type=kind, hex=content)


blobs = st.builds(_file, _types, _content)
files = st.builds(_file, _types, _content, _names)
references = st.sampled_from(["m#f0", "m#f1", "m#f2"]).map(
    lambda name: special("reference", name=name)
)
#: An export of a client module is one thing, however often it occurs.
client_references = st.sampled_from(
    [special("client-reference", module="c", name=name) for name in ("f0", "f1")]
)
symbols = st.text(string.printable, max_size=4).map(lambda key: special("symbol", key=key))
_entry_names = st.text(string.ascii_letters + "é_$0", max_size=5)
_entry_texts = st.text(max_size=6).filter(lambda it: not {"\r", "\n"} & set(it))
forms = st.lists(st.tuples(_entry_names, _entry_texts).map(list), max_size=3).map(
    lambda entries: special("formdata", entries=entries)
)
errors = st.builds(lambda: special("error", name="TypeError", message="m"))
rejected = st.builds(
    lambda: special("promise", error=special("error", name="TypeError", message="m"))
)


def _byte_streams(least: int, most: int) -> st.SearchStrategy[Special]:
    chunk = st.binary(min_size=1, max_size=4).map(
        lambda data: special("bytes", kind_="Uint8Array", hex=data.hex())
    )
    return st.lists(chunk, min_size=least, max_size=most).map(
        lambda chunks: special("stream", kind_="bytes", chunks=chunks)
    )


LEAVES = {
    "arguments": [binary, blobs, files, references, _byte_streams(1, 1)],
    "result": [
        binary,
        blobs,
        references,
        client_references,
        symbols,
        forms,
        _byte_streams(0, 3),
        errors,
        rejected,
    ],
}
#: The same before 19.3, whose byte streams diverge.
LEAVES["older result"] = [leaf for leaf in LEAVES["result"] if leaf is not LEAVES["result"][6]]


def same_key(value: Value) -> object:
    """What tells the keys of a Map apart; an object is a key of its own."""
    if has_identity(value):
        return id(value)
    if isinstance(value, Special):
        return (value.kind, *value.fields.values())
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return (isinstance(value, bool), isinstance(value, str), value)


def _unsigned(value: Value) -> Value:
    """A key: of the two zeros there is one."""
    return 0 if isinstance(value, float) and value == 0 else value


def _containers(
    values: st.SearchStrategy[Value],
    leaves: Iterable[st.SearchStrategy[Any]],
    names: st.SearchStrategy[str],
) -> st.SearchStrategy[Value]:
    """Everything that holds values."""
    unsigned = values.map(_unsigned)
    pairs = st.tuples(unsigned, values).map(list)
    kept = values.filter(lambda value: getattr(value, "kind", "") != "promise" and value != LONE)
    # A promise or a reference in an async iterator is awaited by it.
    chunks = st.lists(kept, max_size=3)
    kinds: st.SearchStrategy[str] = st.sampled_from(["async-iterable", "async"])
    return st.one_of(
        st.lists(values, max_size=4),
        st.dictionaries(names, values, max_size=4),
        st.lists(pairs, max_size=3, unique_by=lambda pair: same_key(pair[0])).map(
            lambda entries: special("map", entries=entries)
        ),
        st.lists(unsigned, max_size=3, unique_by=same_key).map(
            lambda members: special("set", values=members)
        ),
        st.lists(values, max_size=3).map(
            lambda given: special("iterator", kind_="sync", values=given)
        ),
        kept.map(lambda value: special("promise", value=value)),
        chunks.map(lambda given: special("stream", kind_="default", chunks=given)),
        st.builds(
            lambda kind, given, last: special("iterator", kind_=kind, values=given, returned=last),
            kinds,
            chunks,
            texts,
        ),
        *leaves,
    )


def _trees(
    leaves: Iterable[st.SearchStrategy[Any]], names: st.SearchStrategy[str] = keys
) -> st.SearchStrategy[Value]:
    made: st.SearchStrategy[Value] = st.deferred(
        lambda: st.one_of(primitives, primitives, _containers(made, leaves, names))
    )
    return made


TREES = {direction: _trees(leaves) for direction, leaves in LEAVES.items()}

# --- all of the contract, and what is beside it -------------------------------------------------

_bound = st.builds(
    lambda name, bound: special("reference", name=name, bound=bound),
    st.sampled_from(["m#f0", "m#f1"]),
    st.lists(primitives, max_size=3),
)
_detailed = st.builds(
    lambda name, message, more: special("error", name=name, message=message, **more),
    st.sampled_from(["Error", "TypeError", ""]),
    st.sampled_from(["m", "", "$m", "two\nlines"]),
    st.fixed_dictionaries(
        {},
        optional={
            "digest": st.just("d"),
            "cause": primitives,
            "errors": st.lists(primitives, max_size=2),
        },
    ),
)
_elements = st.builds(
    lambda kind, key, props: special("element", type=kind, key=key, props=props),
    st.one_of(st.sampled_from(["p", "div"]), client_references),
    st.sampled_from([None, "k", "$k"]),
    st.dictionaries(keys, primitives, max_size=2),
)
_failing = st.builds(
    lambda chunks, error: special("stream", kind_="default", chunks=chunks, error=error),
    st.lists(primitives, max_size=2),
    _detailed,
)
_untyped = st.builds(_file, st.just(""), _content, st.one_of(st.none(), _names))
_entries = st.lists(
    st.tuples(
        st.one_of(_entry_names, st.sampled_from(['q"', "a:b", "a\r\nb", "%22", "%25"])),
        st.one_of(st.sampled_from(["x\ny", "a\rb", ""]), blobs, files),
    ).map(list),
    max_size=4,
).map(lambda entries: special("formdata", entries=entries))
_edges = st.one_of(
    st.integers(1020, 1028).map(lambda n: "x" * n),
    st.integers(340, 343).map(lambda n: "é\ud800" + "x" * (3 * n)),
    st.integers(296, 302).map(lambda n: special("bigint", value="1" * n)),
    st.just(special("date", value=None)),
    st.sampled_from(["1-", ""]).map(lambda key: special("symbol", key=key)),
)
_temporary = st.sampled_from(["", "0:a"]).map(lambda path: special("temporary", path=path))
#: What the contract does not have, of what every platform has.
_outside = st.sampled_from(
    [
        special("function"),
        special("symbol", description="own"),
        special("instance", class_="C", props={}),
    ]
)
_wide_keys = st.one_of(keys, st.sampled_from(["a:b", ":", "then", "1"]))
WIDE: dict[str, list[st.SearchStrategy[Any]]] = {
    "arguments": [_bound, _untyped, _entries, _edges, symbols, rejected, _failing, _outside],
    "result": [
        _bound,
        _untyped,
        _entries,
        _edges,
        _detailed,
        _elements,
        _failing,
        _temporary,
        _outside,
    ],
}
_WIDE_TREES = {
    direction: _trees([*LEAVES[direction], *leaves, *leaves], _wide_keys)
    for direction, leaves in WIDE.items()
}


def _holders(root: Value) -> list[Any]:
    """The arrays and objects under `root` that nothing but arrays and objects leads to."""
    found: list[Any] = []
    pending = [root]
    while pending:
        value = pending.pop()
        if isinstance(value, list | dict) and all(value is not other for other in found):
            found.append(value)
            pending.extend(children(value))
    return found


def _is_shareable(value: Value) -> bool:
    """Whether React keeps the identity of what is met a second time, in both directions.

    Registered: a Map or Set whose contents React decodes later is null the second time.
    """
    if isinstance(value, Special) and value.kind in {"map", "set"}:
        return not any(map(has_identity, children(value)))
    return isinstance(value, list | dict)


def in_order(members: dict[str, Value]) -> None:
    """Array indices come first, by number: an ECMAScript object has its members in no other order."""
    others = [key for key in members if not _is_index(key)]
    for key in [*sorted(members.keys() - others, key=int), *others]:
        members[key] = members.pop(key)


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdecimal() and (key == "0" or key[0] != "0")


_FEW = st.integers(0, 3)


def graphs(direction: str) -> st.SearchStrategy[list[Value]]:
    """A list of values, some of them held again from elsewhere, by what they hold themselves too."""
    return _graphs(_ROOTS[direction], keys, _is_shareable)


def wide_graphs(direction: str) -> st.SearchStrategy[list[Value]]:
    """The same of all values there are, those that nobody can send among them."""
    return _graphs(_WIDE_ROOTS[direction], _wide_keys, has_identity)


_ROOTS = {direction: st.lists(trees, max_size=3) for direction, trees in TREES.items()}
_WIDE_ROOTS = {
    direction: st.lists(trees, min_size=1, max_size=4) for direction, trees in _WIDE_TREES.items()
}


@st.composite
def _graphs(
    draw: st.DrawFn,
    roots: st.SearchStrategy[list[Value]],
    names: st.SearchStrategy[str],
    is_shareable: Callable[[Value], bool],
) -> list[Value]:
    root = draw(roots)
    places = _holders(root)
    held = [item for place in places for item in children(place) if is_shareable(item)]
    shared = held + places[1:]
    for _ in range(draw(_FEW) if shared else 0):
        holder, again = draw(st.sampled_from(places)), draw(st.sampled_from(shared))
        if isinstance(holder, list):
            holder.append(again)
        else:
            holder[draw(names)] = again
    for place in places:
        if isinstance(place, dict):
            in_order(place)
    return root


# --- examples -----------------------------------------------------------------------------------

#: The clauses about a kind of value: of the contract, and of the wire.
CLAUSES = {
    "undefined": ("value.undefined", "wire.tags.words"),
    "bigint": ("value.bigint", "wire.tags.bigint"),
    "date": ("value.date", "wire.tags.date"),
    "symbol": ("value.symbol", "wire.tags.symbol"),
    "map": ("value.map", "wire.tags.map"),
    "set": ("value.set", "wire.tags.set"),
    "bytes": ("value.bytes", "wire.tags.binary"),
    "formdata": ("value.formdata", "wire.tags.formdata"),
    "promise": ("value.promise", "wire.tags.promise"),
    "stream": ("value.stream", "wire.tags.stream"),
    "error": ("value.error", "wire.tags.error"),
    "reference": ("reference.round-trip", "wire.tags.server-reference"),
    "client-reference": ("wire.rows.import",),
    "element": ("value.element", "wire.elements"),
    "temporary": ("wire.tags.temporary.result",),
}


def features(root: Value) -> frozenset[str]:
    """The clauses about the values in a graph."""
    found: set[str] = set()
    seen: set[int] = set()
    pending = [root]
    while pending:
        value = pending.pop()
        if has_identity(value):
            if id(value) in seen:
                found.add("value.identity")
                continue
            seen.add(id(value))
        found.update(_features(value))
        pending.extend(children(value))
    return frozenset(found)


def _features(value: Value) -> Iterable[str]:
    match value:
        case list():
            yield "value.array"
        case dict():
            yield "value.object"
        case str():
            yield "wire.strings.long" if len(value) > 1000 else "value.string"
        case Special(kind="file", fields={"name": None}):
            yield from ("value.blob", "wire.tags.blob")
        case Special(kind="file"):
            yield "value.file"
        case Special(kind="iterator", fields={"kind": "sync"}):
            yield "value.iterator"
        case Special(kind="iterator", fields={"kind": kind}):
            yield f"value.{'async-iterator' if kind == 'async' else kind}"
        case Special(kind="stream", fields={"kind": "bytes"}):
            yield from ("value.stream.bytes", "wire.tags.stream.bytes")
        case Special(kind="bytes", fields={"kind": kind}):
            yield from ("value.bytes", f"value.bytes:{kind}")
        case Special(kind=kind) if kind in CLAUSES:
            yield from CLAUSES[kind]
        case bool() | None:
            yield "value.primitives"
        case int() | float():
            yield "value.number"


def encoding(direction: str, value: Value) -> Encode:
    """The question how a value is written."""
    return Encode({"message": direction}, value, (), None)


def decoding(direction: str, message: Message, split: tuple[int, ...] = ()) -> Decode:
    """The question what a message says."""
    return Decode({"message": direction}, Member(message, split=split), alone, None, None)


def exchanged(direction: str, value: Value) -> Example:
    """A value that is written by both, and read by both as the second opinion has written it."""
    point = encoding(direction, value)

    def points(message: Message | None) -> tuple[Observation, ...]:
        assert message is not None, "the value is written first"
        return point, decoding(direction, message)

    return Example(features(value), points, written=point)


@st.composite
def values(draw: st.DrawFn) -> Example:
    """A value in one of the two directions."""
    direction = draw(st.sampled_from(DIRECTIONS))
    return exchanged(direction, draw(graphs(direction)))
