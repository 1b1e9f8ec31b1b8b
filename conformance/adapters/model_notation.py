"""Between the reference's model and the value notation, for everything a message can hold.

Rules of this module:

* Neither side is ever run: a promise is settled, a stream has ended.
* A server reference is one function for its id on the server; on a client each is another object.
* A message may give a Map one key more than once. The Map has it once, with the last value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.notation import tagged
from conformance.notation.model import HOLE, UNDEFINED, Special, special, text
from refimpl.language.algorithms import dates
from refimpl.language.algorithms.utf16 import to_units
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

STREAM_KINDS = {"iterator": "async", "iterable": "async-iterable"}
ABSENT = {"undefined": model.UNDEFINED, "hole": model.HOLE}
ITERATOR_KINDS = {kind: name for name, kind in STREAM_KINDS.items()}


def notation(value: model.Value, *, proxies_are_new: bool = False) -> Any:
    """The notation of a model value; `proxies_are_new`: each server reference is another object."""
    return _Notation(proxies_are_new).of(value)


def to_json(value: model.Value) -> Any:
    """The tagged JSON of a model value."""
    return tagged.encode(notation(value, proxies_are_new=True))


def _distinct(
    entries: Iterable[tuple[model.Value, model.Value]],
) -> Iterable[tuple[model.Value, model.Value]]:
    """The entries as a Map keeps them: each key once, where it was first, and no minus zero."""
    made: dict[object, tuple[model.Value, model.Value]] = {}
    for key, item in entries:
        same = _same_value_zero(key)
        first = made[same][0] if same in made else key
        made[same] = (0.0 if type(first) is float and first == 0 else first, item)
    return made.values()


def _same_value_zero(key: model.Value) -> object:
    """What two keys have in common that are one."""
    match key:
        case float():
            return float, key if key == key else None  # noqa: PLR0124  (NaN is one key)
        case bool() | str() | int():
            return type(key), key
        case model.Symbol(key=name):
            return model.Symbol, name
    return id(key)


class _Notation:
    def __init__(self, proxies_are_new: bool) -> None:
        self.proxies_are_new = proxies_are_new
        self.made: dict[object, Any] = {}

    def of(self, value: model.Value) -> Any:
        match value:
            case None | bool() | float():
                return value
            case model.UNDEFINED:
                return UNDEFINED
            case model.HOLE:
                return HOLE
            case str():
                return text(value)
            case int():
                return special("bigint", value=str(value))
            case model.Symbol(key=key):
                return special("symbol", key=text(key))
            case model.ServerReference() if self.proxies_are_new:
                return Special("reference", self.fields(value))
        # One function has one id: React decodes equal references to the very function.
        identity: object = id(value)
        if isinstance(value, model.ServerReference) and value.bound is None:
            identity = value.id
        elif isinstance(value, model.ClientReference):
            identity = (value.module, value.name)
        made = self.made.get(identity)
        if made is None:
            made, fill = self.begin(value)
            self.made[identity] = made
            fill()
        return made

    def begin(self, value: model.Value) -> tuple[Any, Callable[[], object]]:
        """The object for a value, and what fills it."""
        if isinstance(value, list):
            array: list[Any] = []
            return array, lambda: array.extend(map(self.of, value))
        if isinstance(value, dict):
            record: dict[str, Any] = {}
            return record, lambda: record.update(
                {text(key): self.of(item) for key, item in value.items()}
            )
        made = Special(kind_of(value))
        return made, lambda: made.fields.update(self.fields(value))

    def fields(self, value: model.Value) -> dict[str, Any]:
        of = self.of
        match value:
            case model.Date(time=time):
                return {"value": dates.iso_text(time) if time == time else None}  # noqa: PLR0124  (NaN)
            case model.Map(entries=entries):
                return {"entries": [[of(key), of(item)] for key, item in _distinct(entries)]}
            case model.Set(values=values):
                pairs = ((value, value) for value in values)
                return {"values": [of(value) for value, _ in _distinct(pairs)]}
            case model.Bytes(kind=kind, data=data):
                return {"kind": kind, "hex": data.hex()}
            case model.Blob(type=kind, data=data, name=name):
                shown = None if name is None else text(name)
                return {"name": shown, "type": kind, "hex": data.hex()}
            case model.FormData(entries=entries):
                return {"entries": [[of(name), of(item)] for name, item in entries]}
            case model.Iterator(values=values):
                return {"kind": "sync", "values": [of(item) for item in values]}
            case model.Error():
                return self.error(value)
            case model.Promise():
                last = followed(value)
                return {"error" if last.state == "rejected" else "value": of(last.value)}
            case model.ServerReference(id=identifier, bound=bound):
                named = {"name": text(identifier)}
                return named if bound is None else {**named, "bound": [*map(of, bound)]}
            case model.ClientReference(module=module, name=name):
                return {"module": module, "name": name}
            case model.TemporaryReference(path=path):
                return {"path": text(path)}
            case model.Element(type=kind, key=key, props=props):
                return {"type": of(kind), "key": key, "props": of(props)}
            case model.Stream():
                return self.stream(value)
        raise TypeError(type(value).__name__)

    def error(self, value: model.Error) -> dict[str, Any]:
        digest = {} if value.digest is None else {"digest": text(value.digest)}
        if value.redacted:
            return digest
        related = {"cause": value.cause, "errors": value.errors}
        held = {name: self.of(it) for name, it in related.items() if it is not model.UNDEFINED}
        return {"name": text(value.name), "message": text(value.message), **digest, **held}

    def stream(self, value: model.Stream) -> dict[str, Any]:
        chunks = [self.of(chunk) for chunk in value.chunks]
        if value.kind in {"default", "bytes"}:
            ended = {"error": self.of(value.error)} if value.state == "errored" else {}
            return {"kind": value.kind, "chunks": chunks, **ended}
        returned = (
            {} if value.returned is model.UNDEFINED else {"returned": self.of(value.returned)}
        )
        return {"kind": STREAM_KINDS[value.kind], "values": chunks, **returned}


def followed(promise: model.Promise) -> model.Promise:
    """What decides a promise: in JavaScript it is never fulfilled with another promise."""
    while promise.state == "fulfilled" and isinstance(promise.value, model.Promise):
        promise = promise.value
    return promise


def kind_of(value: model.Value) -> str:
    """The tag of a value in the notation."""
    match value:
        case model.Stream(kind="default" | "bytes"):
            return "stream"
        case model.Stream() | model.Iterator():
            return "iterator"
        case model.Blob():
            return "file"
        case model.ServerReference():
            return "reference"
        case model.ClientReference():
            return "client-reference"
        case model.TemporaryReference():
            return "temporary"
    return type(value).__name__.lower()


def outside(kind: str) -> model.Value:
    """What the contract does not have: an encoder that meets it refuses it by the name of its class.

    Clause: wire.rows.error.contained.
    """
    return type(kind, (), {})()


def kind_outside(value: Special) -> str:
    """How the codes of chapter 6 call a value in the notation that the contract does not have."""
    if value.kind != "instance":
        return value.kind
    return "null-prototype" if value.fields["class"] is None else "class-instance"


def from_notation(value: Any) -> model.Value:
    """The model of a value in the notation."""
    return _Model().of(value)


class _Model:
    def __init__(self) -> None:
        self.made: dict[int, model.Value] = {}

    def of(self, value: Any) -> model.Value:
        if isinstance(value, bool | None):
            return value
        if isinstance(value, int | float):
            return float(value)
        if isinstance(value, str):
            return to_units(value)
        if isinstance(value, Special) and value.kind in ABSENT:
            return ABSENT[value.kind]
        made = self.made.get(id(value))
        return self.make(value) if made is None else made

    def all(self, values: list[Any]) -> list[model.Value]:
        return [*map(self.of, values)]

    def make(self, value: Any) -> model.Value:
        """A new value; what can contain itself is known before it is filled."""
        if isinstance(value, list):
            array = self.made[id(value)] = []
            array.extend(map(self.of, value))
            return array
        if isinstance(value, dict):
            record = self.made[id(value)] = {}
            record.update({to_units(key): self.of(item) for key, item in value.items()})
            return record
        begin = _MAKERS.get(value.kind)
        if begin is None:
            return outside(kind_outside(value))
        made, fill = begin(self, value.fields)
        self.made[id(value)] = made
        fill()
        return made


def _nothing() -> None:
    pass


def _promise(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    promise = model.Promise()
    if "error" in fields:
        return promise, lambda: promise.reject(maker.of(fields["error"]))
    return promise, lambda: promise.fulfill(maker.of(fields["value"]))


def _stream(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    stream = model.Stream(fields["kind"])

    def fill() -> None:
        for chunk in fields["chunks"]:
            stream.push(maker.of(chunk))
        if "error" in fields:
            stream.fail(maker.of(fields["error"]))
        stream.close()

    return stream, fill


def _iterator(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    if fields["kind"] == "sync":
        iterator = model.Iterator()
        return iterator, lambda: iterator.values.extend(maker.all(fields["values"]))
    stream = model.Stream(ITERATOR_KINDS[fields["kind"]])  # type: ignore[arg-type]  # the table has the literals

    def fill() -> None:
        for chunk in fields["values"]:
            stream.push(maker.of(chunk))
        stream.close(maker.of(fields.get("returned", UNDEFINED)))

    return stream, fill


def _map(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    made = model.Map()
    pairs = fields["entries"]
    return made, lambda: made.entries.extend((maker.of(key), maker.of(it)) for key, it in pairs)


def _set(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    made = model.Set()
    return made, lambda: made.values.extend(maker.all(fields["values"]))


def _form(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    pairs = [(maker.of(name), maker.of(content)) for name, content in fields["entries"]]
    return model.FormData(pairs), _nothing


def _error(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    name, message = (to_units(fields.get(name, "")) for name in ("name", "message"))
    error = model.Error(name or "Error", message, fields.get("digest", "digest"))

    def fill() -> None:
        error.cause = maker.of(fields.get("cause", UNDEFINED))
        error.errors = maker.of(fields.get("errors", UNDEFINED))

    return error, fill


def _reference(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    reference = model.ServerReference(to_units(fields["name"]))

    def fill() -> None:
        if "bound" in fields:
            reference.bound = maker.all(fields["bound"])

    return reference, fill


def _element(maker: _Model, fields: Mapping[str, Any]) -> tuple[Any, Callable[[], object]]:
    element = model.Element(None, fields["key"], {})

    def fill() -> None:
        element.type, element.props = maker.of(fields["type"]), maker.of(fields["props"])

    return element, fill


def _simple(
    make: Callable[[Mapping[str, Any]], model.Value],
) -> Callable[[_Model, Mapping[str, Any]], tuple[Any, Callable[[], object]]]:
    return lambda _, fields: (make(fields), _nothing)


def _symbol(fields: Mapping[str, Any]) -> model.Value:
    if "key" not in fields:
        return outside("symbol")
    return model.Symbol(to_units(fields["key"]))


def _bytes(fields: Mapping[str, Any]) -> model.Value:
    # Clause: value.bytes.float16.
    if fields["kind"] not in model.ELEMENT_SIZES:
        return outside("typed-array")
    return model.Bytes(fields["kind"], bytes.fromhex(fields["hex"]))


def _blob(fields: Mapping[str, Any]) -> model.Value:
    name = None if fields["name"] is None else to_units(fields["name"])
    return model.Blob(fields["type"], bytes.fromhex(fields["hex"]), name)


_MAKERS: Mapping[str, Callable[[_Model, Mapping[str, Any]], tuple[Any, Callable[[], object]]]] = {
    "bigint": _simple(lambda fields: int(fields["value"])),
    "symbol": _simple(_symbol),
    "date": _simple(
        lambda fields: model.Date(
            float("nan") if fields["value"] is None else dates.parse(fields["value"])
        )
    ),
    "bytes": _simple(_bytes),
    "file": _simple(_blob),
    "client-reference": _simple(
        lambda fields: model.ClientReference(fields["module"], fields["name"])
    ),
    "temporary": _simple(lambda fields: model.TemporaryReference(fields.get("path", ""))),
    "map": _map,
    "set": _set,
    "formdata": _form,
    "promise": _promise,
    "stream": _stream,
    "iterator": _iterator,
    "error": _error,
    "reference": _reference,
    "element": _element,
}
