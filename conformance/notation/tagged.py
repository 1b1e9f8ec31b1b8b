"""Tagged JSON, version 1: values as messages carry them.

Rules of this module:

* What JSON can carry is written plainly; `{"$": kind, …}` is everything else.
* An object met more than once is written once as `{"$": "def", "id": n, "value": …}` and then as
  `{"$": "ref", "id": n}`; ids count from 1 in the order of first encounter.
* An object with an own key `$` or `__proto__` is written as `{"$": "object", "entries": […]}`.
* What is read was written by an adapter: any shape may come, and each wrong one is a
  `MalformedValue` that says where.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from conformance.depth import room_to_recurse
from conformance.notation import model
from conformance.notation.model import BYTES_KINDS, KINDS, Role, Special, Value

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = 1
NUMBERS = {
    "NaN": math.nan,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
    "-0": -0.0,
}
ESCAPED_KEYS = ("$", "__proto__")


class MalformedValue(ValueError):  # noqa: N818  (named like the verdict text it becomes)
    """A message holds something that is no value in tagged JSON."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"at {path}: {reason}")
        self.path = path
        self.reason = reason


def encode(value: Value) -> Any:
    """The value as JSON data, with shared objects written once."""
    with room_to_recurse():
        return _Encoder(value).encode(value)


def decode(json_value: Any) -> Value:
    """The value that JSON data stands for."""
    try:
        with room_to_recurse():
            return _Decoder().decode(json_value, "$")
    except RecursionError:
        raise MalformedValue("$", "it is nested too deeply to be read") from None


def special_number(value: float) -> str | None:
    """How a Number that JSON cannot carry is named, or None for the others."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return None


class _Encoder:
    def __init__(self, root: Value) -> None:
        self.ids = {id(value): n for n, value in enumerate(model.shared(root), start=1)}
        self.defined: set[int] = set()

    def encode(self, value: Value) -> Any:
        number = self.ids.get(id(value)) if model.has_identity(value) else None
        if number is None:
            return self.content(value)
        if number in self.defined:
            return {"$": "ref", "id": number}
        self.defined.add(number)
        return {"$": "def", "id": number, "value": self.content(value)}

    def content(self, value: Value) -> Any:
        if isinstance(value, list):
            return [self.encode(item) for item in value]
        if isinstance(value, dict):
            return self.record(value)
        if isinstance(value, Special):
            return self.special(value)
        if isinstance(value, float) and (name := special_number(value)):
            return {"$": "number", "value": name}
        return value

    def record(self, value: dict[str, Value]) -> Any:
        if any(key in value for key in ESCAPED_KEYS):
            entries = [[key, self.encode(item)] for key, item in value.items()]
            return {"$": "object", "entries": entries}
        return {key: self.encode(item) for key, item in value.items()}

    def special(self, value: Special) -> Any:
        roles = KINDS[value.kind].fields
        fields = {
            name: self.field(value.fields[name], role)
            for name, role in roles.items()
            if name in value.fields
        }
        return {"$": value.kind, **fields}

    def field(self, content: Any, role: Role) -> Any:
        if role is Role.TEXT:
            return content
        if role is Role.VALUE:
            return self.encode(content)
        if role is Role.VALUES:
            return [self.encode(item) for item in content]
        return [[self.encode(key), self.encode(item)] for key, item in content]


class _Decoder:
    def __init__(self) -> None:
        self.defined: dict[int, Value] = {}

    def decode(self, data: Any, path: str) -> Value:
        """The value of `data`; a container is known to its own content, so that cycles close."""
        return self.fill(data, path, lambda value: value)

    def fill(self, data: Any, path: str, announce: Callable[[Value], object]) -> Value:
        """As `decode`, and `announce` is told the object before what it holds is read."""
        if data is None or isinstance(data, bool):
            return data
        if isinstance(data, int | float):
            return model.number(data)
        if isinstance(data, str):
            return model.text(data)
        if isinstance(data, list):
            return self.array(data, path, announce)
        if isinstance(data, dict):
            if "$" in data:
                return self.tag(data, path, announce)
            return self.record([*data.items()], path, announce)
        raise MalformedValue(path, f"{type(data).__name__} is no JSON type")

    def array(self, data: list[Any], path: str, announce: Callable[[Value], object]) -> Value:
        array: list[Value] = []
        announce(array)
        array.extend(self.decode(item, f"{path}[{index}]") for index, item in enumerate(data))
        return array

    def record(
        self, entries: list[tuple[str, Any]], path: str, announce: Callable[[Value], object]
    ) -> Value:
        result: dict[str, Value] = {}
        announce(result)
        for key, item in entries:
            result[model.text(key)] = self.decode(item, f"{path}.{key}")
        return result

    def tag(self, data: dict[str, Any], path: str, announce: Callable[[Value], object]) -> Value:
        tag = data["$"]
        if not isinstance(tag, str):
            raise MalformedValue(path, f'the tag "$" is {tag!r}, not a name')
        if tag == "def":
            return self.definition(data, path)
        if tag == "ref":
            return self.reference(data, path)
        if tag == "number":
            name = data.get("value")
            if not isinstance(name, str) or name not in NUMBERS:
                raise MalformedValue(path, f"{name!r} is none of {', '.join(NUMBERS)}")
            return NUMBERS[name]
        if tag == "object":
            return self.record(_object_entries(data.get("entries"), path), path, announce)
        if tag not in KINDS:
            raise MalformedValue(path, f'the tag "{tag}" is unknown')
        return self.special(tag, data, path, announce)

    def definition(self, data: dict[str, Any], path: str) -> Value:
        number = data.get("id")
        if not isinstance(number, int) or number in self.defined or "value" not in data:
            raise MalformedValue(path, "a def needs an id of its own and a value")

        def announce(value: Value) -> None:
            self.defined[number] = value

        value = self.fill(data["value"], path, announce)
        if number not in self.defined:
            raise MalformedValue(path, "a def holds a primitive, which has no identity")
        return value

    def reference(self, data: dict[str, Any], path: str) -> Value:
        try:
            return self.defined[data["id"]]
        except (KeyError, TypeError):
            raise MalformedValue(path, f"ref {data.get('id')!r} comes before its def") from None

    def special(
        self, tag: str, data: dict[str, Any], path: str, announce: Callable[[Value], object]
    ) -> Value:
        kind = KINDS[tag]
        missing = [name for name in kind.fields if name not in data and name not in kind.optional]
        unknown = [name for name in data if name not in kind.fields and name != "$"]
        if missing or unknown:
            wrong = f"lacks {missing[0]!r}" if missing else f"has the unknown field {unknown[0]!r}"
            raise MalformedValue(path, f'the tag "{tag}" {wrong}')
        value = Special(tag)
        if not kind.primitive:
            announce(value)
        for name, role in kind.fields.items():
            if name in data:
                value.fields[name] = self.field(data[name], role, f"{path}{{{name}}}")
        check_fields(value, path)
        return value

    def field(self, data: Any, role: Role, path: str) -> Value:
        if role is Role.VALUE:
            return self.decode(data, path)
        if role is Role.TEXT:
            if data is None or isinstance(data, str):
                return data if data is None else model.text(data)
            raise MalformedValue(path, f"{data!r} is not a text")
        if not isinstance(data, list):
            raise MalformedValue(path, f"{data!r} is not a list")
        if role is Role.VALUES:
            return [self.decode(item, f"{path}[{n}]") for n, item in enumerate(data)]
        if any(not isinstance(entry, list) or len(entry) != 2 for entry in data):
            raise MalformedValue(path, "an entry is not a list of two")
        return [
            [self.decode(key, f"{path}[{n}][0]"), self.decode(item, f"{path}[{n}][1]")]
            for n, (key, item) in enumerate(data)
        ]


def _object_entries(data: Any, path: str) -> list[tuple[str, Any]]:
    if not isinstance(data, list):
        raise MalformedValue(path, "the entries of an object are not a list")
    for entry in data:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
            raise MalformedValue(path, "an entry of an object is not a list of a key and a value")
    return [(key, item) for key, item in data]


INTEGER = re.compile(r"0|-?[1-9][0-9]*")
HEX = re.compile(r"(?:[0-9a-f]{2})*")


def check_fields(value: Special, path: str) -> None:
    """Refuse a special value whose texts do not mean anything."""
    content = {name: item for name, item in value.fields.items() if isinstance(item, str | None)}
    if value.kind == "bigint" and not INTEGER.fullmatch(str(content["value"])):
        raise MalformedValue(path, f"{content['value']!r} is not an integer in decimal")
    if "hex" in content and not HEX.fullmatch(str(content["hex"])):
        raise MalformedValue(path, f"{content['hex']!r} is not lower-case hexadecimal bytes")
    if value.kind == "bytes" and content["kind"] not in BYTES_KINDS:
        raise MalformedValue(path, f"{content['kind']!r} is no kind of bytes")
    if value.kind in ("promise", "symbol") and len(value.fields) != 1:
        choice = " or ".join(KINDS[value.kind].fields)
        raise MalformedValue(path, f"a {value.kind} has either {choice}")
