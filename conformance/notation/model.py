"""The model of a JavaScript value that the rest of the suite works on.

Rules of this module:

* What JSON can carry is plain Python: `None` is null, and `bool`, `int`, `float`, `str`, `list`
  and `dict` are what they seem. A number is a Number, so `1` and `1.0` are the same value;
  `nan`, `inf` and `-0.0` are ordinary floats.
* Everything else is a `Special`: a kind and its fields, described by the table `KINDS`. A new
  kind of value is one line of that table; both notations and the comparison follow from it.
* Identity is Python identity: two places that hold the same list, dict or Special hold the same
  JavaScript object. Primitives have no identity.
* A `str` holds astral characters as single code points; only unpaired surrogates remain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SAFE_INTEGER = 2**53


class Role(Enum):
    """What a field of a special value holds."""

    TEXT = "a text or null, not a value of its own"
    VALUE = "a value"
    VALUES = "a list of values"
    ENTRIES = "a list of pairs of values"


@dataclass(frozen=True, slots=True)
class Kind:
    """The fields of one kind of special value, and how it behaves."""

    fields: Mapping[str, Role]
    #: Fields that may be left out.
    optional: frozenset[str] = frozenset()
    #: A primitive has no identity: two equal ones are one value.
    primitive: bool = False
    #: An expectation compares only the fields it states.
    open: bool = False


def _kind(
    optional: str = "", *, primitive: bool = False, open_: bool = False, **fields: Role
) -> Kind:
    names = {name.removesuffix("_"): role for name, role in fields.items()}
    return Kind(names, frozenset(optional.split()), primitive, open_)


TEXT, VALUE, VALUES, ENTRIES = Role.TEXT, Role.VALUE, Role.VALUES, Role.ENTRIES

KINDS: Mapping[str, Kind] = {
    "undefined": _kind(primitive=True),
    "hole": _kind(primitive=True),
    "bigint": _kind(value=TEXT, primitive=True),
    "symbol": _kind("key description", key=TEXT, description=TEXT, primitive=True),
    "date": _kind(value=TEXT),
    "map": _kind(entries=ENTRIES),
    "set": _kind(values=VALUES),
    "bytes": _kind(kind=TEXT, hex=TEXT),
    "formdata": _kind(entries=ENTRIES),
    "file": _kind(name=TEXT, type=TEXT, hex=TEXT),
    "promise": _kind("value error", value=VALUE, error=VALUE),
    "stream": _kind("error", kind=TEXT, chunks=VALUES, error=VALUE),
    "iterator": _kind("returned", kind=TEXT, values=VALUES, returned=VALUE),
    "reference": _kind("name bound", name=TEXT, bound=VALUES, open_=True),
    "temporary": _kind("path", path=TEXT, open_=True),
    "client-reference": _kind("module name", module=TEXT, name=TEXT, open_=True),
    "function": _kind(open_=True),
    "error": _kind(
        "name message digest cause errors",
        name=TEXT,
        message=TEXT,
        digest=TEXT,
        cause=VALUE,
        errors=VALUE,
        open_=True,
    ),
    "element": _kind(type=VALUE, key=TEXT, props=VALUE),
    "instance": _kind(class_=TEXT, props=VALUE),
}

BYTES_KINDS = frozenset(
    [
        "ArrayBuffer",
        "DataView",
        "Int8Array",
        "Uint8Array",
        "Uint8ClampedArray",
        "Int16Array",
        "Uint16Array",
        "Int32Array",
        "Uint32Array",
        "Float16Array",
        "Float32Array",
        "Float64Array",
        "BigInt64Array",
        "BigUint64Array",
    ]
)


@dataclass(eq=False, slots=True)
class Special:
    """A value that JSON cannot carry."""

    kind: str
    #: What a field holds is told by its role: a text, a value, a list of values or of pairs.
    fields: dict[str, Any] = field(default_factory=dict)


Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | Special | None"

UNDEFINED = Special("undefined")
HOLE = Special("hole")


def special(kind: str, **fields: Any) -> Special:
    """A special value; a field whose name is a Python keyword is written with `_` behind."""
    return Special(kind, {name.removesuffix("_"): value for name, value in fields.items()})


def has_identity(value: Value) -> bool:
    """Whether `===` on this value asks for the same object rather than for an equal primitive."""
    if isinstance(value, Special):
        return not KINDS[value.kind].primitive
    return isinstance(value, list | dict)


def children(value: Value) -> Iterator[Value]:
    """The values held directly by a value, in the order both notations write them."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, Special):
        for name, role in KINDS[value.kind].fields.items():
            if name in value.fields and role is not TEXT:
                yield from _held(value.fields[name], role)


def _held(content: Any, role: Role) -> Iterator[Value]:
    if role is VALUE:
        yield content
    elif role is VALUES:
        yield from content
    else:
        for entry in content:
            yield from entry


def shared(root: Value) -> list[Value]:
    """The objects met more than once below `root`, in the order they are first met."""
    seen: dict[int, Value] = {}
    again: dict[int, Value] = {}
    pending = [root]
    while pending:
        value = pending.pop()
        if not has_identity(value):
            continue
        if id(value) in seen:
            again[id(value)] = value
            continue
        seen[id(value)] = value
        pending.extend(reversed([*children(value)]))
    return [value for key, value in seen.items() if key in again]


def number(value: float) -> int | float:
    """A Number as the model holds it: integers beyond 2**53 are the doubles they really are."""
    if isinstance(value, int):
        if -SAFE_INTEGER <= value <= SAFE_INTEGER:
            return value
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    return value


def text(value: str) -> str:
    """A String as the model holds it: surrogate pairs joined, unpaired surrogates kept."""
    if value.isascii():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
