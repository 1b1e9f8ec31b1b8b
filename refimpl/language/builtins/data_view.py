"""DataView (ECMA-262 §25.3)."""

from __future__ import annotations

from refimpl.language.builtins.array_buffer import ArrayBufferObject
from refimpl.language.builtins.support import receiver
from refimpl.language.element_types import ELEMENT_TYPES, ElementType
from refimpl.language.operations import (
    JSObject,
    Value,
    get_prototype_from_constructor,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_index,
    undefined,
)
from refimpl.language.realm import Table

data_view_prototype = Table("%DataView.prototype%")
data_view_prototype.to_string_tag("DataView")
data_view_constructor = Table("%DataView%")


class DataViewObject(JSObject):
    """A DataView; `fixed_length` is None when it follows the length of its buffer."""

    __slots__ = ("byte_offset", "fixed_length", "viewed_buffer")

    def __init__(
        self,
        prototype: JSObject | None,
        buffer: ArrayBufferObject,
        byte_offset: int,
        fixed_length: int | None,
    ) -> None:
        super().__init__(prototype)
        self.viewed_buffer = buffer
        self.byte_offset = byte_offset
        self.fixed_length = fixed_length

    def byte_length(self) -> int | None:
        """GetViewByteLength; None when the view is out of bounds."""
        data = self.viewed_buffer.data
        if data is None or self.byte_offset > len(data):
            return None
        rest = len(data) - self.byte_offset
        if self.fixed_length is None:
            return rest
        return self.fixed_length if self.fixed_length <= rest else None

    def checked_length(self) -> int:
        """The length of a view that must be within bounds."""
        length = self.byte_length()
        if length is None:
            throw_type_error("The DataView is out of the bounds of its buffer")
        return length


@data_view_constructor.constructor(length=1)
def construct_data_view(
    new_target: Value, buffer: Value, byte_offset: Value, byte_length: Value
) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor DataView requires 'new'")
    viewed = receiver(buffer, ArrayBufferObject, "DataView")
    offset = to_index(byte_offset)
    available = len(viewed.bytes())
    if offset > available:
        throw_range_error("Start offset is outside the bounds of the buffer")
    length = None if byte_length is undefined else to_index(byte_length)
    if length is None and viewed.max_length is None:
        length = available - offset
    elif length is not None and offset + length > available:
        throw_range_error("Invalid DataView length")
    prototype = get_prototype_from_constructor(new_target, "%DataView.prototype%")
    view = DataViewObject(prototype, viewed, offset, length)
    viewed.bytes()
    if view.byte_length() is None:
        throw_range_error("The buffer has become too short")
    return view


def this_view(this: Value, method: str) -> DataViewObject:
    """The receiver."""
    return receiver(this, DataViewObject, f"DataView.prototype.{method}")


@data_view_prototype.getter("buffer")
def buffer_getter(this: Value) -> Value:
    return this_view(this, "buffer").viewed_buffer


@data_view_prototype.getter("byteLength")
def byte_length_getter(this: Value) -> Value:
    return float(this_view(this, "byteLength").checked_length())


@data_view_prototype.getter("byteOffset")
def byte_offset_getter(this: Value) -> Value:
    view = this_view(this, "byteOffset")
    view.checked_length()
    return float(view.byte_offset)


def position_in(view: DataViewObject, index: int, element: ElementType) -> int:
    """Where an element stands in the buffer, if it is within the view."""
    if index + element.size > view.checked_length():
        throw_range_error("Offset is outside the bounds of the DataView")
    return view.byte_offset + index


def define_accessors(element: ElementType) -> None:
    """The get and set methods of one element type; single bytes have no order."""

    def get_value(this: Value, index: Value, little: Value) -> Value:
        view = this_view(this, f"get{element.name}")
        place = to_index(index)
        order = "<" if to_boolean(little) else ">"
        position = position_in(view, place, element)
        return element.read(view.viewed_buffer.bytes(), position, order)

    def set_value(this: Value, index: Value, value: Value, little: Value) -> Value:
        view = this_view(this, f"set{element.name}")
        place = to_index(index)
        number = element.convert(value)
        order = "<" if to_boolean(little) else ">"
        position = position_in(view, place, element)
        raw = element.to_bytes(number, order)
        view.viewed_buffer.bytes()[position : position + element.size] = raw
        return undefined

    data_view_prototype.method(f"get{element.name}", length=1)(get_value)
    data_view_prototype.method(f"set{element.name}", length=2)(set_value)


for element_type in ELEMENT_TYPES.values():
    if element_type.kind != "clamped":
        define_accessors(element_type)

TABLES = (data_view_prototype, data_view_constructor)
