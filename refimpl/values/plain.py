"""The plain notation: captured values as a flat JSON list of nodes. It is what is sealed.

Rules of this module:

* The text is a JSON array of nodes; node 0 holds the root. A slot in a node is null, a boolean, a
  string, a number as Python's `json` has them (NaN, the infinities and -0.0 included), or a list
  that begins with a tag: `["@", n]` is node n, `["undefined"]`, `["bigint", "12"]`.
* One object is one node, so sharing and cycles need no further means, and neither writing nor
  reading recurses: depth costs nothing.
* It has the kinds that can be captured, and no others. What was captured and cannot be sent is
  an error when it is written, however many references it is behind.
* What is read was opened with the seal, so it is what `write` wrote: nothing in it is checked.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from refimpl.source.text import code_units
from refimpl.values import model
from refimpl.values.contract import UnsupportedValue
from refimpl.values.model import UNDEFINED, Value


def write(root: Value) -> bytes:
    """The bytes of the graph under `root`; raises `UnsupportedValue` naming a captured binding.

    Clauses: capture.unsupported, capture.unsupported.name.
    """
    return _Writer().write(root)


def read(body: bytes) -> Value:
    """The graph in what `write` wrote."""
    root, *nodes = json.loads(body)
    return _Reader(nodes).read(root)


class _Writer:
    def __init__(self) -> None:
        self.objects: list[Value] = []
        self.numbers: dict[int, int] = {}

    def write(self, root: Value) -> bytes:
        nodes: list[Any] = [self.slot(root)]
        # Each object that is met adds one to those that are still to be written.
        nodes.extend(self.node(value) for value in self.objects)
        return json.dumps(nodes).encode()

    def slot(self, value: Value) -> Any:
        match value:
            case None | bool() | float() | str():
                return value
            case model.UNDEFINED | model.HOLE:
                return ["undefined"]
            case int():
                return ["bigint", str(value)]
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        return ["@", number]

    def node(self, value: Value) -> Any:
        slot = self.slot
        match value:
            case list():
                return ["array", [slot(item) for item in value]]
            case dict():
                return ["object", [[key, slot(item)] for key, item in value.items()]]
            case model.Map(entries=entries):
                return ["map", [[slot(key), slot(item)] for key, item in entries]]
            case model.Set(values=values):
                return ["set", [slot(item) for item in values]]
            case model.Date(time=time):
                return ["date", time]
            case model.Symbol(key=key):
                return ["symbol", key]
            case model.ServerReference(id=identifier, bound=bound, captured=captured):
                return ["reference", identifier, slot(bound), slot(captured)]
            case model.FormData(entries=entries):
                return ["form-data", [[name, slot(item)] for name, item in entries]]
            case model.Bytes(kind=kind, data=data):
                return ["bytes", kind, base64.b64encode(data).decode("ascii")]
            case model.Blob(type=kind, data=data, name=name, last_modified=moment):
                return ["blob", kind, base64.b64encode(data).decode("ascii"), slot(name), moment]
        assert isinstance(value, model.Unsupported), value
        kind = value.code.partition(".")[2]
        raise UnsupportedValue(kind, value.name, f"the captured value of {value.name!r}")


class _Reader:
    """Makes every node first and fills it afterwards, so that a slot may name any node."""

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes = nodes
        self.objects = [made(*node) for node in nodes]

    def read(self, root: Any) -> Value:
        for value, (_, *fields) in zip(self.objects, self.nodes, strict=True):
            self.fill(value, *fields)
        return self.slot(root)

    def fill(self, value: Value, content: Any, *others: Any) -> None:
        match value:
            case list():
                value.extend(map(self.slot, content))
            case dict():
                value.update((code_units(key), self.slot(item)) for key, item in content)
            case model.Map():
                value.entries.extend((self.slot(key), self.slot(item)) for key, item in content)
            case model.Set():
                value.values.extend(map(self.slot, content))
            case model.FormData():
                value.entries.extend((code_units(name), self.slot(item)) for name, item in content)
            case model.ServerReference():
                value.bound, value.captured = map(self.slot, others)

    def slot(self, slot: Any) -> Value:
        match slot:
            case str():
                return code_units(slot)
            case ["@", number]:
                return self.objects[number]
            case ["undefined"]:
                return UNDEFINED
            case ["bigint", digits]:
                return int(digits)
        return slot


def made(tag: str, *fields: Any) -> Value:
    """The value of a node; what slots it has is filled in later."""
    match tag, *fields:
        case "array", _:
            return []
        case "object", _:
            return {}
        case "map", _:
            return model.Map()
        case "set", _:
            return model.Set()
        case "form-data", _:
            return model.FormData()
        case "reference", identifier, _, _:
            return model.ServerReference(identifier)
        case "date", time:
            return model.Date(time)
        case "symbol", key:
            return model.Symbol(code_units(key))
        case "bytes", kind, data:
            return model.Bytes(kind, base64.b64decode(data))
    _, kind, data, name, moment = tag, *fields
    blob = model.Blob(code_units(kind), base64.b64decode(data))
    blob.name = None if name is None else code_units(name)
    blob.last_modified = moment
    return blob
