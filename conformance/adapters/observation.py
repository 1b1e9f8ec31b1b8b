"""What a program of the reference left on its client, in the suite's notation.

Everything the notation can say is read off the guest's objects without running guest code, except
that accessors of plain objects are called: a program can see their value too. What takes time must
have been gathered before, by `conformance.adapters.gathering`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.adapters import Inability
from conformance.notation import model as notation
from conformance.notation import tagged
from conformance.notation.model import Special, special
from refimpl.application import Failed
from refimpl.language.algorithms.dates import iso_text, parse
from refimpl.language.builtins.array_buffer import ArrayBufferObject
from refimpl.language.builtins.data_view import DataViewObject
from refimpl.language.builtins.date import DateObject
from refimpl.language.builtins.host_functions import bytes_of
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.builtins.web.blob import BlobObject, FileObject
from refimpl.language.builtins.web.form_data import FormDataObject
from refimpl.language.builtins.web.streams import ReadableStreamObject
from refimpl.language.errors import ErrorObject
from refimpl.language.exotics import ArrayObject
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject, Property
from refimpl.language.promises import PromiseObject
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import BigInt, Symbol, Value, null, undefined
from refimpl.references.proxy import ClientReferenceObject, Proxy
from refimpl.source.text import code_units
from refimpl.values import model
from refimpl.values.snapshot import is_element, unbound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.adapters.gathering import Gathered
    from refimpl.language.realm import Realm

T = TypeVar("T", bound="notation.Value")


def observe(
    value: Value, realm: Realm, gathered: Mapping[JSObject, Gathered] | None = None
) -> notation.Value:
    """The notation of a guest value; the agent of its realm must be the running one."""
    return _Observer(realm, gathered or {}).observe(value)


def supply(arguments: list[Any]) -> list[Any]:
    """The model of some values of the protocol, for the reference to make guest values of."""
    decoded = tagged.decode(arguments)
    assert isinstance(decoded, list)
    supplier = _Supplier()
    return [supplier.supply(value) for value in decoded]


class _Supplier:
    def __init__(self) -> None:
        self.made: dict[int, Any] = {}

    def supply(self, value: notation.Value) -> Any:
        match value:
            case bool() | None:
                return value
            case int() | float():
                return float(value)
            case str():
                return code_units(value)
        if id(value) not in self.made:
            self.object(value)
        return self.made[id(value)]

    def object(self, value: notation.Value) -> None:
        match value:
            case list():
                array: list[Any] = []
                self.made[id(value)] = array
                array.extend(self.supply(item) for item in value)
            case dict():
                record: dict[str, Any] = {}
                self.made[id(value)] = record
                record.update((code_units(key), self.supply(item)) for key, item in value.items())
            case Special(kind="undefined"):
                self.made[id(value)] = model.UNDEFINED
            case Special(kind="bigint", fields={"value": digits}):
                self.made[id(value)] = int(str(digits))
            case Special(kind="date", fields={"value": iso}):
                time = math.nan if iso is None else parse(str(iso))
                self.made[id(value)] = model.Date(time)
            case Special(kind="map", fields={"entries": entries}):
                table = self.made[id(value)] = model.Map()
                table.entries.extend((self.supply(k), self.supply(v)) for k, v in entries)
            case Special(kind="set", fields={"values": values}):
                collection = self.made[id(value)] = model.Set()
                collection.values.extend(self.supply(item) for item in values)
            case Special(kind="symbol", fields={"key": key}):
                self.made[id(value)] = model.Symbol(code_units(str(key)))
            case Special(kind="bytes", fields={"kind": kind, "hex": digits}):
                self.made[id(value)] = model.Bytes(str(kind), bytes.fromhex(str(digits)))
            case Special(kind="file", fields={"name": name, "type": kind, "hex": digits}):
                name = None if name is None else code_units(str(name))
                data = bytes.fromhex(str(digits))
                self.made[id(value)] = model.Blob(code_units(str(kind)), data, name)
            case Special(kind="formdata", fields={"entries": entries}):
                form = self.made[id(value)] = model.FormData()
                form.entries.extend((self.supply(k), self.supply(v)) for k, v in entries)
            case Special(kind="promise", fields={"value": content}):
                promise = self.made[id(value)] = model.Promise()
                promise.fulfill(self.supply(content))
            case Special(kind="stream", fields={"kind": kind, "chunks": chunks}):
                self.supply_stream(value, kind, chunks)
            case Special(kind="iterator", fields={"kind": "sync", "values": values}):
                iterator = self.made[id(value)] = model.Iterator()
                iterator.values.extend(self.supply(item) for item in values)
            case Special(kind="iterator", fields={"kind": kind, "values": values}):
                kinds = {"async": "iterator", "async-iterable": "iterable"}
                self.supply_stream(value, kinds[kind], values)
            case Special(kind=kind):
                raise Inability(f"the reference cannot be given a value of the kind {kind}")

    def supply_stream(self, value: Special, kind: Any, chunks: list[Any]) -> None:
        if "error" in value.fields:
            raise Inability("the reference cannot be given a stream that breaks")
        stream = self.made[id(value)] = model.Stream(kind)
        for chunk in chunks:
            stream.push(self.supply(chunk))
        stream.close(self.supply(value.fields.get("returned", notation.UNDEFINED)))


class _Observer:
    def __init__(self, realm: Realm, gathered: Mapping[JSObject, Gathered]) -> None:
        self.realm = realm
        self.gathered = gathered
        self.seen: dict[JSObject, notation.Value] = {}

    def observe(self, value: Value) -> notation.Value:
        if value is undefined:
            return notation.UNDEFINED
        if value is null:
            return None
        if isinstance(value, str):
            return notation.text(value)
        if isinstance(value, BigInt):
            return special("bigint", value=str(value.n))
        if isinstance(value, Symbol):
            return self.symbol(value)
        if isinstance(value, float):
            return (
                int(value)
                if value.is_integer() and abs(value) < 2**53 and not _is_minus_zero(value)
                else value
            )
        if isinstance(value, JSObject):
            return self.seen[value] if value in self.seen else self.object(value)
        return bool(value)

    def symbol(self, value: Symbol) -> notation.Value:
        description = None if value.description is undefined else str(value.description)
        if description is not None and self.realm.agent.symbol_registry.get(description) is value:
            return special("symbol", key=notation.text(description))
        return special("symbol", description=description)

    def remember(self, value: JSObject, made: T) -> T:
        self.seen[value] = made
        return made

    def object(self, value: JSObject) -> notation.Value:
        match value:
            case FunctionObject():
                return self.remember(value, self.function(value))
            case ArrayObject():
                return self.array(value)
            case MapObject():
                entries = self.filled(value, "map", "entries")
                entries.extend(
                    [self.observe(entry.key), self.observe(entry.value)] for entry in value.table
                )
            case SetObject():
                values = self.filled(value, "set", "values")
                values.extend(self.observe(entry.key) for entry in value.table)
            case DateObject(time=time):
                return self.remember(
                    value, special("date", value=None if math.isnan(time) else iso_text(time))
                )
            case PromiseObject():
                return self.promise(value)
            case ArrayBufferObject() | TypedArrayObject() | DataViewObject():
                kind = getattr(value, "element", None)
                is_buffer = isinstance(value, ArrayBufferObject)
                name = f"{kind.name}Array" if kind else "ArrayBuffer" if is_buffer else "DataView"
                content = {"kind": name, "hex": bytes_of(value).hex()}
                return self.remember(value, Special("bytes", content))
            case BlobObject():
                return self.remember(value, _file(value))
            case FormDataObject():
                entries = self.filled(value, "formdata", "entries")
                entries.extend(
                    [notation.text(name), self.observe(item)] for name, item in value.entries
                )
            case _ if value in self.gathered:
                return self.stream_or_iterator(value, self.gathered[value])
            case ErrorObject():
                return self.error(value)
            case _ if is_element(value):
                return self.element(value)
            case _:
                return self.plain_or_instance(value)
        return self.seen[value]

    def filled(self, value: JSObject, kind: str, field: str) -> list[Any]:
        """A special value that is already known, and the list it is to be filled through."""
        content: list[Any] = []
        self.remember(value, Special(kind, {field: content}))
        return content

    def function(self, value: FunctionObject) -> notation.Value:
        target, _ = unbound(value)
        if isinstance(target, Proxy):
            return special("reference")
        if isinstance(target, ClientReferenceObject):
            return special("client-reference", module=target.module, name=target.name)
        return special("function")

    def array(self, value: ArrayObject) -> notation.Value:
        made: list[Any] = self.remember(value, [])
        for index in range(value.length):
            found = value.get_own_property(str(index))
            made.append(notation.HOLE if found is None else self.observe(_read(found, value)))
        return made

    def promise(self, value: PromiseObject) -> notation.Value:
        if value.state == "pending":
            raise Failed("call", "pending", "a promise in the result waits for what never comes")
        made: Special = self.remember(value, special("promise"))
        field = "value" if value.state == "fulfilled" else "error"
        made.fields[field] = self.observe(value.result)
        return made

    def stream_or_iterator(self, value: JSObject, gathered: Gathered) -> notation.Value:
        kind = "stream" if isinstance(value, ReadableStreamObject) else "iterator"
        held: list[Any] = []
        made: Special = self.remember(value, Special(kind, {"kind": gathered.kind}))
        made.fields["chunks" if kind == "stream" else "values"] = held
        held.extend(self.observe(chunk) for chunk in gathered.values)
        if gathered.returned is not undefined:
            made.fields["returned"] = self.observe(gathered.returned)
        if gathered.broken is not None and kind == "stream":
            made.fields["error"] = self.observe(gathered.broken.value)
        return made

    def error(self, value: ErrorObject) -> notation.Value:
        made: Special = self.remember(value, special("error"))
        for name in ("name", "message"):
            made.fields[name] = self.observe(value.get(name, value))
        return made

    def element(self, value: JSObject) -> notation.Value:
        made: Special = self.remember(value, special("element"))
        key = value.get("key", value)
        made.fields["type"] = self.observe(value.get("type", value))
        made.fields["key"] = None if key is null else self.observe(key)
        made.fields["props"] = self.observe(value.get("props", value))
        return made

    def plain_or_instance(self, value: JSObject) -> notation.Value:
        prototype = value.get_prototype_of()
        record: dict[str, Any] = {}
        if prototype is self.realm.intrinsics["%Object.prototype%"]:
            self.remember(value, record)
        else:
            name = "null" if prototype is None else _class_name(prototype)
            self.remember(value, special("instance", class_=name, props=record))
        for key in value.own_property_keys():
            found = value.get_own_property(key)
            if isinstance(key, str) and found is not None and found.enumerable:
                record[notation.text(key)] = self.observe(_read(found, value))
        return self.seen[value]


def _file(value: BlobObject) -> notation.Value:
    name = notation.text(value.name) if isinstance(value, FileObject) else None
    return special("file", name=name, type=notation.text(value.type), hex=value.data.hex())


def _read(found: Property, receiver: JSObject) -> Value:
    if found.is_accessor():
        return found.get.call(receiver, []) if isinstance(found.get, FunctionObject) else undefined
    return found.value


def _class_name(prototype: JSObject) -> str:
    constructor = prototype.props.get("constructor")
    constructor = constructor.value if isinstance(constructor, Property) else constructor
    if isinstance(constructor, FunctionObject):
        name = constructor.props.get("name")
        if isinstance(name, Property) and isinstance(name.value, str):
            return name.value
    return "Object"


def _is_minus_zero(value: float) -> bool:
    return value == 0 and math.copysign(1.0, value) < 0
