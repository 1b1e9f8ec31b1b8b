"""The plain notation: a message as a flat JSON list of nodes. It carries the whole model, at rest.

It is what the reference speaks when no wire profile is asked for, and what it seals captures in.

Rules of this module:

* The text is a JSON array of nodes; node 0 holds the root. A slot in a node is a JSON primitive, or
  a list that begins with a tag: `["@", n]` is node n, `["undefined"]`, `["number", "-0"]`,
  `["bigint", "12"]`.
* One object is one node, so sharing and cycles need no further means, and neither writing nor
  reading recurses: depth costs nothing.
* Equal graphs give equal bytes: nodes are numbered in order of first encounter.
* A promise or stream is written when it has ended (`settlement.when_complete` tells when), and is
  read as one that has ended.
"""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any

from refimpl.source.text import code_units
from refimpl.values import model
from refimpl.values.model import UNDEFINED, Value

if TYPE_CHECKING:
    from collections.abc import Callable

ERROR_FIELDS = ("name", "message", "digest", "redacted", "phase", "code", "cause", "errors")
SPECIAL_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}


def write(root: Value) -> bytes:
    """The bytes of the graph under `root`."""
    return _Writer().write(root)


def read(body: bytes) -> Value:
    """The graph in `body`; ValueError says in words what is wrong with it."""
    try:
        nodes = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        message = f"not JSON: {error}"
        raise ValueError(message) from None
    if not isinstance(nodes, list) or not nodes:
        message = "not a list of nodes"
        raise ValueError(message)
    return _Reader(nodes).read()


class _Writer:
    def __init__(self) -> None:
        self.objects: list[Value] = []
        self.numbers: dict[int, int] = {}

    def write(self, root: Value) -> bytes:
        nodes: list[Any] = [self.slot(root)]
        written = 0
        while written < len(self.objects):
            nodes.append(self.node(self.objects[written]))
            written += 1
        return json.dumps(nodes, separators=(",", ":")).encode()

    def slot(self, value: Value) -> Any:
        match value:
            case None | bool() | str():
                return value
            case model.UNDEFINED | model.HOLE:
                return ["undefined"]
            case float():
                return _number(value)
            case int():
                return ["bigint", str(value)]
        number = self.numbers.get(id(value))
        if number is None:
            self.objects.append(value)
            number = self.numbers[id(value)] = len(self.objects)
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
                return ["date", _number(time)]
            case model.Symbol(key=key):
                return ["symbol", key]
            case model.ServerReference(id=identifier, bound=bound, captured=captured):
                return ["reference", identifier, slot(bound), slot(captured)]
            case model.ClientReference(module=module, name=name):
                return ["client-reference", module, name]
            case model.Element(type=kind, key=key, props=props):
                return ["element", slot(kind), slot(key), slot(props)]
            case model.Iterator(values=values):
                return ["iterator", [slot(item) for item in values]]
            case model.FormData(entries=entries):
                return ["form-data", [[name, slot(item)] for name, item in entries]]
            case model.Error():
                return ["error", *(slot(getattr(value, name)) for name in ERROR_FIELDS)]
            case model.Bytes(kind=kind, data=data):
                return ["bytes", kind, base64.b64encode(data).decode("ascii")]
            case model.Blob(type=kind, data=data, name=name, last_modified=moment):
                return ["blob", kind, base64.b64encode(data).decode("ascii"), name, slot(moment)]
            case model.Promise(state="fulfilled" | "rejected" as state, value=content):
                return ["promise", state, slot(content)]
            case model.Stream(state="closed" | "errored" as state, kind=kind, chunks=chunks):
                ending = value.returned if state == "closed" else value.error
                return ["stream", kind, [slot(chunk) for chunk in chunks], state, slot(ending)]
        message = f"{type(value).__name__} is not a kind of the model"
        raise TypeError(message)


def _number(value: float) -> Any:
    if math.isnan(value):
        return ["number", "NaN"]
    if math.isinf(value):
        return ["number", "Infinity" if value > 0 else "-Infinity"]
    if value == 0 and math.copysign(1, value) < 0:
        return ["number", "-0"]
    return value


class _Reader:
    """Makes every node first and fills it afterwards, so that a slot may name any node."""

    def __init__(self, nodes: list[Any]) -> None:
        self.root, *self.nodes = nodes
        self.objects: list[Value] = []

    def read(self) -> Value:
        try:
            fillers = [self.make(node) for node in self.nodes]
            for fill in fillers:
                fill()
            return self.slot(self.root)
        except (LookupError, TypeError, ValueError) as error:
            message = f"malformed node: {error}"
            raise ValueError(message) from None

    def make(self, node: Any) -> Callable[[], None]:
        match node:
            case ["array", list(slots)]:
                array: list[Value] = []
                return self._made(array, lambda: array.extend(map(self.slot, slots)))
            case ["object", list(pairs)]:
                record: dict[str, Value] = {}
                return self._made(record, lambda: record.update(self.properties(pairs)))
            case ["map", list(pairs)]:
                table = model.Map()
                return self._made(table, lambda: table.entries.extend(self.pairs(pairs)))
            case ["set", list(slots)]:
                collection = model.Set()
                return self._made(
                    collection, lambda: collection.values.extend(map(self.slot, slots))
                )
            case ["date", time]:
                return self._made(model.Date(_time(self.slot(time))), _nothing)
            case ["symbol", str(key)]:
                return self._made(model.Symbol(code_units(key)), _nothing)
            case ["reference", str(identifier), bound, captured]:
                reference = model.ServerReference(identifier)
                return self._made(reference, lambda: self.bind(reference, bound, captured))
            case ["client-reference", str(module), str(name)]:
                return self._made(model.ClientReference(module, name), _nothing)
            case ["element", kind, key, props]:
                element = model.Element(None, None, {})
                return self._made(element, lambda: self.fill_element(element, kind, key, props))
        return self.make_content(node)

    def make_content(self, node: Any) -> Callable[[], None]:
        match node:
            case ["iterator", list(slots)]:
                iterator = model.Iterator()
                return self._made(iterator, lambda: iterator.values.extend(map(self.slot, slots)))
            case ["form-data", list(pairs)]:
                form = model.FormData()
                return self._made(form, lambda: form.entries.extend(self.form_entries(pairs)))
            case ["error", *slots] if len(slots) == len(ERROR_FIELDS):
                error = model.Error()
                return self._made(error, lambda: self.fill_error(error, slots))
            case ["bytes", str(kind), str(text)] if kind in model.ELEMENT_SIZES:
                data = base64.b64decode(text, validate=True)
                if len(data) % model.ELEMENT_SIZES[kind] == 0:
                    return self._made(model.Bytes(kind, data), _nothing)
            case ["blob", str(kind), str(text), str() | None as name, moment]:
                blob = model.Blob(code_units(kind), base64.b64decode(text, validate=True))
                blob.name = None if name is None else code_units(name)
                blob.last_modified = None if moment is None else _time(self.slot(moment))
                return self._made(blob, _nothing)
            case ["promise", "fulfilled" | "rejected" as state, content]:
                promise = model.Promise()
                settle = promise.fulfill if state == "fulfilled" else promise.reject
                return self._made(promise, lambda: settle(self.slot(content)))
            case ["stream", str(kind), list(slots), "closed" | "errored" as state, ending]:
                if kind in {"default", "bytes", "iterable", "iterator"}:
                    stream = model.Stream(kind)  # type: ignore[arg-type]  # just checked
                    return self._made(
                        stream, lambda: self.fill_stream(stream, slots, state, ending)
                    )
        message = f"unknown node {node!r:.60}"
        raise ValueError(message)

    def _made(self, value: Value, fill: Callable[[], None]) -> Callable[[], None]:
        self.objects.append(value)
        return fill

    def slot(self, slot: Any) -> Value:
        match slot:
            case None | bool():
                return slot
            case str():
                return code_units(slot)
            case float() | int():
                return float(slot)
            case ["@", int(number)] if number > 0:
                return self.objects[number - 1]
            case ["undefined"]:
                return UNDEFINED
            case ["number", str(name)]:
                return SPECIAL_NUMBERS[name]
            case ["bigint", str(digits)]:
                return int(digits)
        message = f"unknown slot {slot!r:.60}"
        raise ValueError(message)

    def properties(self, pairs: list[Any]) -> dict[str, Value]:
        record = {}
        for key, slot in pairs:
            if not isinstance(key, str):
                message = f"property name {key!r:.60}"
                raise TypeError(message)
            record[code_units(key)] = self.slot(slot)
        return record

    def pairs(self, pairs: list[Any]) -> list[tuple[Value, Value]]:
        return [(self.slot(key), self.slot(value)) for key, value in pairs]

    def bind(self, reference: model.ServerReference, bound: Any, captured: Any) -> None:
        reference.bound = self.list_or_none(bound)
        reference.captured = self.list_or_none(captured)

    def list_or_none(self, slot: Any) -> list[Value] | None:
        values = self.slot(slot)
        if values is None or isinstance(values, list):
            return values
        message = "bound values are not a list"
        raise TypeError(message)

    def fill_element(self, element: model.Element, kind: Any, key: Any, props: Any) -> None:
        element.type, element.key = self.slot(kind), self.slot(key)
        element.props = self.slot(props)

    def form_entries(self, pairs: list[Any]) -> list[tuple[str, str | model.Blob]]:
        entries: list[tuple[str, str | model.Blob]] = []
        for name, slot in pairs:
            content = self.slot(slot)
            if not isinstance(name, str) or not isinstance(content, str | model.Blob):
                message = "an entry of a form is a name with a text or a file"
                raise TypeError(message)
            entries.append((code_units(name), content))
        return entries

    def fill_error(self, error: model.Error, slots: list[Any]) -> None:
        for name, slot in zip(ERROR_FIELDS, slots, strict=True):
            setattr(error, name, self.slot(slot))
        texts = (error.name, error.message, error.digest or "", error.phase, error.code)
        if not all(isinstance(text, str) for text in texts) or not isinstance(error.redacted, bool):
            message = "an error is made of texts"
            raise TypeError(message)

    def fill_stream(self, stream: model.Stream, slots: list[Any], state: str, ending: Any) -> None:
        for slot in slots:
            chunk = self.slot(slot)
            if stream.kind == "bytes" and not isinstance(chunk, model.Bytes):
                message = "a chunk of a byte stream is not bytes"
                raise TypeError(message)
            stream.push(chunk)
        if state == "closed":
            stream.close(self.slot(ending))
        else:
            stream.fail(self.slot(ending))


def _nothing() -> None:
    """Filling in for a node without slots."""


def _time(value: Value) -> float:
    if not isinstance(value, float):
        message = "a date is not a number"
        raise TypeError(message)
    return value
