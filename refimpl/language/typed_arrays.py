"""TypedArray exotic objects (ECMA-262 §10.4.5)."""

from __future__ import annotations

from math import copysign
from typing import TYPE_CHECKING

from refimpl.language.conversions import to_number, to_string
from refimpl.language.errors import throw_type_error
from refimpl.language.objects import ABSENT, JSObject, Property, array_index, ordered_keys
from refimpl.language.values import Key, Value, undefined

if TYPE_CHECKING:
    from refimpl.language.builtins.array_buffer import ArrayBufferObject
    from refimpl.language.element_types import ElementType


class TypedArrayObject(JSObject):
    """A typed array; `fixed_length` is None when it follows the length of its buffer."""

    __slots__ = ("byte_offset", "element", "fixed_length", "viewed_buffer")

    def __init__(
        self,
        prototype: JSObject | None,
        element: ElementType,
        buffer: ArrayBufferObject,
        byte_offset: int = 0,
        fixed_length: int | None = None,
    ) -> None:
        super().__init__(prototype)
        self.element = element
        self.viewed_buffer = buffer
        self.byte_offset = byte_offset
        self.fixed_length = fixed_length

    def current_length(self) -> int | None:
        """TypedArrayLength; None when the array is out of bounds or its buffer detached."""
        data = self.viewed_buffer.data
        if data is None or self.byte_offset > len(data):
            return None
        available = (len(data) - self.byte_offset) // self.element.size
        if self.fixed_length is None:
            return available
        return self.fixed_length if self.fixed_length <= available else None

    def checked_length(self) -> int:
        """The length of an array that must be within bounds."""
        length = self.current_length()
        if length is None:
            throw_type_error("The typed array is out of the bounds of its buffer")
        return length

    def element_bytes(self, start: int, end: int) -> bytes:
        """The bytes of a run of elements."""
        origin, size = self.byte_offset, self.element.size
        return bytes(self.viewed_buffer.bytes()[origin + start * size : origin + end * size])

    def put_bytes(self, start: int, raw: bytes) -> None:
        """Overwrite elements from `start` on."""
        position = self.byte_offset + start * self.element.size
        self.viewed_buffer.bytes()[position : position + len(raw)] = raw

    def get_element(self, index: float) -> Value:
        """TypedArrayGetElement."""
        if not self.is_valid_index(index):
            return undefined
        assert self.viewed_buffer.data is not None
        offset = self.byte_offset + int(index) * self.element.size
        return self.element.read(self.viewed_buffer.data, offset)

    def set_element(self, index: float, value: Value) -> None:
        """TypedArraySetElement."""
        number = self.element.convert(value)
        if self.is_valid_index(index):
            self.put_bytes(int(index), self.element.to_bytes(number))

    def is_valid_index(self, index: float) -> bool:
        """IsValidIntegerIndex."""
        length = self.current_length()
        if length is None or index != index // 1 or (index == 0 and copysign(1.0, index) < 0):
            return False
        return 0 <= index < length

    # the essential internal methods

    def prevent_extensions(self) -> bool:
        """[[PreventExtensions]]; not of an array whose length may change."""
        is_fixed = self.fixed_length is not None and self.viewed_buffer.max_length is None
        return is_fixed and super().prevent_extensions()

    def get_own_property(self, key: Key) -> Property | None:
        """[[GetOwnProperty]]."""
        index = canonical_numeric_index(key)
        if index is None:
            return super().get_own_property(key)
        value = self.get_element(index)
        if value is undefined:
            return None
        return Property(value, writable=True, enumerable=True, configurable=True)

    def has_property(self, key: Key) -> bool:
        """[[HasProperty]]."""
        index = canonical_numeric_index(key)
        return super().has_property(key) if index is None else self.is_valid_index(index)

    def define_own_property(self, key: Key, descriptor: Property) -> bool:
        """[[DefineOwnProperty]]."""
        index = canonical_numeric_index(key)
        if index is None:
            return super().define_own_property(key, descriptor)
        attributes = (descriptor.configurable, descriptor.enumerable, descriptor.writable)
        if not self.is_valid_index(index) or False in attributes or descriptor.is_accessor():
            return False
        if descriptor.value is not ABSENT:
            self.set_element(index, descriptor.value)
        return True

    def get(self, key: Key, receiver: Value) -> Value:
        """[[Get]]."""
        index = canonical_numeric_index(key)
        return super().get(key, receiver) if index is None else self.get_element(index)

    def set(self, key: Key, value: Value, receiver: Value) -> bool:
        """[[Set]]."""
        index = canonical_numeric_index(key)
        if index is None:
            return super().set(key, value, receiver)
        if receiver is self:
            self.set_element(index, value)
            return True
        if not self.is_valid_index(index):
            return True
        return isinstance(receiver, JSObject) and receiver.set_own(key, value)

    def delete(self, key: Key) -> bool:
        """[[Delete]]."""
        index = canonical_numeric_index(key)
        return super().delete(key) if index is None else not self.is_valid_index(index)

    def own_property_keys(self) -> list[Key]:
        """[[OwnPropertyKeys]]."""
        return [*map(str, range(self.current_length() or 0)), *ordered_keys(self.props)]


def canonical_numeric_index(key: Key) -> float | None:
    """CanonicalNumericIndexString; None for a key that is no number."""
    index = array_index(key)
    if index is not None:
        return float(index)
    if type(key) is not str or key[:1] not in "-0123456789IN" or not key:
        return None
    if key == "-0":
        return -0.0
    number = to_number(key)
    return number if to_string(number) == key else None
