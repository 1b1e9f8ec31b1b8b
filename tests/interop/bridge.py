"""Between the reference's model and the suite's value notation, which real React is asked in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from conformance.notation import tagged
from conformance.notation.model import HOLE, UNDEFINED, Special, special, text
from refimpl.language.algorithms.dates import iso_text
from refimpl.language.algorithms.utf16 import to_units
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Callable


def notation(value: model.Value, *, proxies_are_new: bool = False) -> Any:
    """The notation of a model value; `proxies_are_new`: each server reference is another object."""
    return _Notation(proxies_are_new).of(value)


def to_json(value: model.Value) -> Any:
    """The tagged JSON of a model value."""
    return tagged.encode(notation(value, proxies_are_new=True))


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
            case model.ServerReference(id=identifier) if self.proxies_are_new:
                return special("reference", name=text(identifier))
        # One function has one id: React decodes equal references to the very function.
        key: object = id(value)
        if isinstance(value, model.ServerReference):
            key = value.id
        elif isinstance(value, model.ClientReference):
            key = (value.module, value.name)
        made = self.made.get(key)
        if made is None:
            made, fill = self.begin(value)
            self.made[key] = made
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
        made = Special(self.kind(value))
        return made, lambda: made.fields.update(self.fields(value))

    def kind(self, value: model.Value) -> str:
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
        return type(value).__name__.lower()

    def fields(self, value: model.Value) -> dict[str, Any]:
        of = self.of
        match value:
            case model.Date(time=time):
                return {"value": iso_text(time) if time == time else None}  # noqa: PLR0124  (NaN)
            case model.Map(entries=entries):
                return {"entries": [[of(key), of(item)] for key, item in entries]}
            case model.Set(values=values):
                return {"values": [of(item) for item in values]}
            case model.Bytes(kind=kind, data=data):
                return {"kind": kind, "hex": data.hex()}
            case model.Blob(type=kind, data=data, name=name):
                shown = None if name is None else text(name)
                return {"name": shown, "type": kind, "hex": data.hex()}
            case model.FormData(entries=entries):
                return {"entries": [[of(name), of(item)] for name, item in entries]}
            case model.Iterator(values=values):
                return {"kind": "sync", "values": [of(item) for item in values]}
            case model.Error(redacted=True):
                return {}
            case model.Error(name=name, message=message):
                return {"name": text(name), "message": text(message)}
            case model.Promise(state="rejected", value=reason):
                return {"error": of(reason)}
            case model.Promise(value=held):
                return {"value": of(held)}
            case model.ServerReference(id=identifier):
                return {"name": text(identifier)}
            case model.ClientReference(module=module, name=name):
                return {"module": module, "name": name}
            case model.Element(type=kind, key=key, props=props):
                return {"type": of(kind), "key": key, "props": of(props)}
            case model.Stream():
                return self.stream(value)
        raise TypeError(type(value).__name__)

    def stream(self, value: model.Stream) -> dict[str, Any]:
        chunks = [self.of(chunk) for chunk in value.chunks]
        if value.kind in {"default", "bytes"}:
            ended = {"error": self.of(value.error)} if value.state == "errored" else {}
            return {"kind": value.kind, "chunks": chunks, **ended}
        kind = "async" if value.kind == "iterator" else "async-iterable"
        returned = (
            {} if value.returned is model.UNDEFINED else {"returned": self.of(value.returned)}
        )
        return {"kind": kind, "values": chunks, **returned}


def from_notation(value: Any) -> model.Value:
    """The model of a value in the notation: of the kinds that divergences need."""
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
        made = self.made.get(id(value))
        return self.make(value) if made is None else made

    def make(self, value: Any) -> model.Value:
        if isinstance(value, list):
            array = self.made[id(value)] = []
            array.extend(map(self.of, value))
            return array
        if isinstance(value, dict):
            record = self.made[id(value)] = {}
            record.update({to_units(key): self.of(item) for key, item in value.items()})
            return record
        fields = value.fields
        match value.kind:
            case "map":
                table = self.made[id(value)] = model.Map()
                table.entries.extend((self.of(k), self.of(v)) for k, v in fields["entries"])
                return table
            case "set":
                collection = self.made[id(value)] = model.Set()
                collection.values.extend(map(self.of, fields["values"]))
                return collection
            case "bytes":
                data = bytes.fromhex(fields["hex"])
                return self.made.setdefault(id(value), model.Bytes(fields["kind"], data))
            case "formdata":
                return model.FormData([(name, self.of(item)) for name, item in fields["entries"]])
            case "symbol":
                return model.Symbol(fields["key"])
            case "file":
                blob = model.Blob(fields["type"], bytes.fromhex(fields["hex"]), fields["name"])
                return self.made.setdefault(id(value), blob)
            case "undefined":
                return model.UNDEFINED
            case "date":
                return model.Date(math.nan)
            case "stream":
                stream = model.Stream(fields["kind"])
                for chunk in fields["chunks"]:
                    stream.push(self.of(chunk))
                stream.close()
                return stream
        raise TypeError(value.kind)
