"""structuredClone (HTML §2.7): values copied as a graph, without functions and without prototypes."""

from __future__ import annotations

from typing import NoReturn

from refimpl.language.builtins.array_buffer import ArrayBufferObject, detach_array_buffer
from refimpl.language.builtins.data_view import DataViewObject
from refimpl.language.builtins.date import DateObject
from refimpl.language.builtins.error import NATIVE_ERRORS
from refimpl.language.builtins.global_object import global_this
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.regexp import RegExpObject, regexp_create
from refimpl.language.builtins.set import SetObject, add_value
from refimpl.language.builtins.support import canonical_key, charge, nested
from refimpl.language.errors import ErrorObject, make_error
from refimpl.language.exotics import ArrayObject, PrimitiveObject
from refimpl.language.objects import Property, hidden
from refimpl.language.operations import (
    JSObject,
    Throw,
    Value,
    array_create,
    create_data_property,
    enumerable_own_properties,
    intrinsic,
    iterate_to_list,
    to_object,
    to_string,
    undefined,
)
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.unfilled import kind_of
from refimpl.language.values import Symbol


@global_this.method("structuredClone", length=1)
def structured_clone(this: Value, value: Value, options: Value) -> Value:
    transfer: list[Value] = []
    if isinstance(options, JSObject):
        listed = options.get("transfer", options)
        transfer = [] if listed is undefined else iterate_to_list(listed)
    for item in transfer:
        if not isinstance(item, ArrayBufferObject):
            data_clone_error(item)
    clone = Cloner().clone(value)
    for item in transfer:
        detach_array_buffer(item)
    return clone


def data_clone_error(value: Value) -> NoReturn:
    """Throw the error for a value that cannot be cloned."""
    kind = "A symbol" if type(value) is Symbol else f"A {to_object(value).builtin_tag.lower()}"
    error = make_error("Error", f"{kind} could not be cloned.")
    error.props["name"] = hidden("DataCloneError")
    raise Throw(error)


class Cloner:
    """StructuredSerialize and StructuredDeserialize in one pass; `memory` keeps identity."""

    def __init__(self) -> None:
        self.memory: dict[JSObject, JSObject] = {}
        self.depth = 0

    def clone(self, value: Value) -> Value:
        """The copy of any value."""
        charge(1)
        if type(value) is Symbol:
            data_clone_error(value)
        if not isinstance(value, JSObject):
            return value
        known = self.memory.get(value)
        if known is not None:
            return known
        copy = self.leaf(value)
        if copy is not None:
            self.memory[value] = copy
            return copy
        self.depth = nested(self.depth)
        copy = self.container(value)
        self.depth -= 1
        return copy

    def leaf(self, value: JSObject) -> JSObject | None:
        """The copy of an object that contains no other values."""
        match value:
            case PrimitiveObject() if type(value.primitive) is not Symbol:
                return to_object(value.primitive)
            case DateObject():
                return DateObject(intrinsic("%Date.prototype%"), value.time)
            case RegExpObject():
                return regexp_create(value.source, value.flags)
            case ArrayBufferObject():
                buffer = ArrayBufferObject(intrinsic("%ArrayBuffer.prototype%"), value.bytes()[:])
                buffer.max_length = value.max_length
                return buffer
        return None

    def container(self, value: JSObject) -> JSObject:
        """The copy of an object whose contents are copied too."""
        match value:
            case TypedArrayObject():
                name = f"%{value.element.name}Array.prototype%"
                view: JSObject = TypedArrayObject(
                    intrinsic(name),
                    value.element,
                    self.clone(value.viewed_buffer),
                    value.byte_offset,
                    value.fixed_length,
                )
            case DataViewObject():
                view = DataViewObject(
                    intrinsic("%DataView.prototype%"),
                    self.clone(value.viewed_buffer),
                    value.byte_offset,
                    value.fixed_length,
                )
            case _:
                return self.mutable(value)
        self.memory[value] = view
        return view

    def mutable(self, value: JSObject) -> JSObject:
        """The copy of an object that may contain itself: first the shell, then the contents."""
        match value:
            case MapObject():
                map_copy = self.memory[value] = MapObject(intrinsic("%Map.prototype%"))
                for entry in [*value.table]:
                    key = self.clone(entry.key)
                    map_copy.table.put(canonical_key(key), key, self.clone(entry.value))
                return map_copy
            case SetObject():
                set_copy = self.memory[value] = SetObject(intrinsic("%Set.prototype%"))
                for entry in [*value.table]:
                    add_value(set_copy.table, self.clone(entry.key))
                return set_copy
            case ErrorObject():
                return self.error(value)
            case ArrayObject():
                copy: JSObject = array_create(value.length)
            case _ if kind_of(value) is JSObject:
                copy = JSObject(intrinsic("%Object.prototype%"))
            case _:
                data_clone_error(value)
        self.memory[value] = copy
        for key in enumerable_own_properties(value, "key"):
            create_data_property(copy, key, self.clone(value.get(key, value)))
        return copy

    def error(self, value: ErrorObject) -> ErrorObject:
        """The copy of an error: its name if that is a standard one, message, stack and cause."""
        name = value.get("name", value)
        copy = make_error(name if name in NATIVE_ERRORS else "Error", "")
        copy.props.clear()
        self.memory[value] = copy
        for key in ("message", "stack", "cause"):
            found = value.get_own_property(key)
            if type(found) is Property and found.is_data():
                content = self.clone(found.value) if key == "cause" else to_string(found.value)
                copy.props[key] = hidden(content)
        return copy
