"""Exotic objects: arrays (§10.4.2), String objects (§10.4.3), arguments objects (§10.4.4).

* A *dense* array keeps its elements in `items`, one per index, in the two-form of `props`: a plain
  value, a `Property` record, or `HOLE`. Its length is `len(items)`.
* Once an element is set far beyond the end the array is *sparse*: `items` is empty, elements are in
  `props`, and `sparse_length` is the length. It never turns dense again.
* A built-in may work on `items` directly when `is_simple(array)`; that is the only shortcut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from refimpl.language.agent import intrinsic, surrounding
from refimpl.language.conversions import to_number, to_uint32
from refimpl.language.errors import throw_range_error
from refimpl.language.objects import (
    ABSENT,
    Absent,
    JSObject,
    Property,
    array_index,
    call_setter,
    hidden,
    ordered_keys,
    stored_form,
    validate_and_complete,
    value_of,
)
from refimpl.language.values import SYMBOL_ITERATOR, Key, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Sequence

#: An index of a dense array without a property.
HOLE: Final[Absent] = ABSENT

#: How far beyond the end a dense array still grows in one step.
LARGEST_GAP = 4096


class ArrayObject(JSObject):
    """An Array exotic object."""

    __slots__ = ("has_records", "items", "length_writable", "sparse_length")

    builtin_tag = "Array"

    def __init__(self, prototype: JSObject | None, items: list[Any]) -> None:
        super().__init__(prototype)
        self.items = items
        self.length_writable = True
        self.sparse_length: int | None = None
        #: Whether `items` has ever held a `Property`.
        self.has_records = False

    def is_array(self) -> bool:
        """An array is an array."""
        return True

    @property
    def length(self) -> int:
        """The value of the property `length`."""
        return len(self.items) if self.sparse_length is None else self.sparse_length

    def get_own_property(self, key: Key) -> Property | None:
        """[[GetOwnProperty]]."""
        if key == "length":
            return Property(
                float(self.length),
                writable=self.length_writable,
                enumerable=False,
                configurable=False,
            )
        index = array_index(key)
        if index is None or index >= len(self.items):
            return super().get_own_property(key)
        found = self.items[index]
        if found is HOLE:
            return None
        if type(found) is Property:
            return found
        return Property(found, writable=True, enumerable=True, configurable=True)

    def get(self, key: Key, receiver: Value) -> Value:
        """[[Get]]."""
        if key == "length":
            return float(self.length)
        index = array_index(key)
        if index is None or index >= len(self.items):
            return super().get(key, receiver)
        found = self.items[index]
        if found is HOLE:
            return undefined if self.prototype is None else self.prototype.get(key, receiver)
        return value_of(found, receiver) if type(found) is Property else found

    def set(self, key: Key, value: Value, receiver: Value) -> bool:
        """[[Set]]."""
        index = array_index(key)
        if index is not None and index < len(self.items):
            found = self.items[index]
            if found is not HOLE and type(found) is not Property and receiver is self:
                self.items[index] = value
                return True
        own = self.get_own_property(key)
        if own is None:
            if self.prototype is not None:
                return self.prototype.set(key, value, receiver)
        elif own.is_accessor():
            return call_setter(own, value, receiver)
        elif not own.writable:
            return False
        return isinstance(receiver, JSObject) and receiver.set_own(key, value)

    def set_own(self, key: Key, value: Value) -> bool:
        """The last steps of OrdinarySetWithOwnDescriptor; most often, an element is appended."""
        if (
            array_index(key) == len(self.items)
            and self.sparse_length is None
            and self.extensible
            and self.length_writable
        ):
            surrounding.agent.allocate(1)
            self.items.append(value)
            return True
        return super().set_own(key, value)

    def define_own_property(self, key: Key, descriptor: Property) -> bool:
        """[[DefineOwnProperty]]."""
        if key == "length":
            return self.set_length(descriptor)
        index = array_index(key)
        if index is None:
            return super().define_own_property(key, descriptor)
        if index >= self.length and not self.length_writable:
            return False
        complete = validate_and_complete(self.extensible, descriptor, self.get_own_property(key))
        if complete is None:
            return False
        self.store(index, stored_form(complete))
        return True

    def store(self, index: int, value: Any) -> None:
        """Put the stored form of a property at `index`, growing the array."""
        self.has_records = self.has_records or type(value) is Property
        if self.sparse_length is None and index > len(self.items) + LARGEST_GAP:
            self.make_sparse()
        if self.sparse_length is not None:
            self.props[str(index)] = value
            self.sparse_length = max(self.sparse_length, index + 1)
        elif index < len(self.items):
            self.items[index] = value
        else:
            surrounding.agent.allocate(index + 1 - len(self.items))
            self.items.extend([HOLE] * (index - len(self.items)))
            self.items.append(value)

    def make_sparse(self) -> None:
        """Move the elements to `props`."""
        self.sparse_length = len(self.items)
        for index, value in enumerate(self.items):
            if value is not HOLE:
                self.props[str(index)] = value
        self.items = []

    def set_length(self, descriptor: Property) -> bool:
        """ArraySetLength."""
        length = self.length
        if descriptor.value is not ABSENT:
            length = to_uint32(descriptor.value)
            if length != to_number(descriptor.value):
                throw_range_error("Invalid array length")
        if (
            descriptor.configurable is True
            or descriptor.enumerable is True
            or descriptor.is_accessor()
        ):
            return False
        if not self.length_writable and (length != self.length or descriptor.writable is True):
            return False
        deleted = self.truncate(length) if length < self.length else self.extend(length)
        if descriptor.writable is False:
            self.length_writable = False
        return deleted

    def extend(self, length: int) -> bool:
        """Grow to `length` without new elements."""
        if self.sparse_length is None and length > len(self.items) + LARGEST_GAP:
            self.make_sparse()
        if self.sparse_length is not None:
            self.sparse_length = length
        else:
            self.items.extend([HOLE] * (length - len(self.items)))
        return True

    def truncate(self, length: int) -> bool:
        """Delete elements from the end down to `length`; stop at one that cannot be deleted."""
        if self.sparse_length is None:
            while len(self.items) > length:
                last = self.items[-1]
                if type(last) is Property and not last.configurable:
                    return False
                self.items.pop()
            return True
        for index in sorted(filter(None.__ne__, map(array_index, self.props)), reverse=True):  # type: ignore[type-var]
            if index is not None and index >= length and not super().delete(str(index)):
                self.sparse_length = index + 1
                return False
        self.sparse_length = length
        return True

    def delete(self, key: Key) -> bool:
        """[[Delete]]."""
        if key == "length":
            return False
        index = array_index(key)
        if index is None or index >= len(self.items):
            return super().delete(key)
        found = self.items[index]
        if type(found) is Property and not found.configurable:
            return False
        self.items[index] = HOLE
        return True

    def own_property_keys(self) -> list[Key]:
        """[[OwnPropertyKeys]]."""
        indices: list[Key] = [str(i) for i, value in enumerate(self.items) if value is not HOLE]
        others = ordered_keys(self.props)
        sparse = [key for key in others if array_index(key) is not None]
        return [*indices, *sparse, "length", *others[len(sparse) :]]


def array_create(length: int, prototype: JSObject | None = None) -> ArrayObject:
    """ArrayCreate."""
    if length > 0xFFFFFFFF:
        throw_range_error("Invalid array length")
    array = ArrayObject(prototype or intrinsic("%Array.prototype%"), [])
    array.extend(length)
    return array


def create_array_from_list(elements: list[Value]) -> ArrayObject:
    """CreateArrayFromList; the array takes the list over."""
    return ArrayObject(intrinsic("%Array.prototype%"), elements)


def is_simple(value: Value) -> bool:
    """Whether `value` is a dense array of plain values only, so that `items` is all there is to it."""
    return (
        isinstance(value, ArrayObject)
        and value.sparse_length is None
        and value.length_writable
        and value.extensible
        and not any(item is HOLE or type(item) is Property for item in value.items)
    )


class PrimitiveObject(JSObject):
    """A Boolean, Number, BigInt or Symbol object; `primitive` is its [[…Data]]."""

    __slots__ = ("primitive",)

    def __init__(self, prototype: JSObject | None, primitive: Value) -> None:
        super().__init__(prototype)
        self.primitive = primitive

    @property
    def builtin_tag(self) -> str:  # type: ignore[override]  # depends on the primitive
        """Boolean and Number objects have a tag of their own."""
        return {bool: "Boolean", float: "Number"}.get(type(self.primitive), "Object")


class StringObject(PrimitiveObject):
    """A String exotic object."""

    __slots__ = ()

    builtin_tag = "String"

    def __init__(self, prototype: JSObject | None, primitive: str) -> None:
        super().__init__(prototype, primitive)
        self.props["length"] = Property(
            float(len(primitive)), writable=False, enumerable=False, configurable=False
        )

    def get_own_property(self, key: Key) -> Property | None:
        """[[GetOwnProperty]] with StringGetOwnProperty."""
        index = array_index(key)
        if index is None or index >= len(self.primitive):
            return super().get_own_property(key)
        unit = self.primitive[index]
        return Property(unit, writable=False, enumerable=True, configurable=False)

    def define_own_property(self, key: Key, descriptor: Property) -> bool:
        """[[DefineOwnProperty]]."""
        index = array_index(key)
        if index is None or index >= len(self.primitive):
            return super().define_own_property(key, descriptor)
        current = self.get_own_property(key)
        return validate_and_complete(self.extensible, descriptor, current) is not None

    def get(self, key: Key, receiver: Value) -> Value:
        """[[Get]]."""
        index = array_index(key)
        if index is None or index >= len(self.primitive):
            return super().get(key, receiver)
        return self.primitive[index]

    def set(self, key: Key, value: Value, receiver: Value) -> bool:
        """[[Set]]."""
        index = array_index(key)
        if index is None or index >= len(self.primitive):
            return super().set(key, value, receiver)
        return False

    def delete(self, key: Key) -> bool:
        """[[Delete]]."""
        index = array_index(key)
        return (index is None or index >= len(self.primitive)) and super().delete(key)

    def own_property_keys(self) -> list[Key]:
        """[[OwnPropertyKeys]]."""
        return [*map(str, range(len(self.primitive))), *super().own_property_keys()]


class ArgumentsObject(JSObject):
    """An arguments object; in strict code it is ordinary."""

    __slots__ = ()

    builtin_tag = "Arguments"


def create_unmapped_arguments_object(arguments: Sequence[Value]) -> ArgumentsObject:
    """CreateUnmappedArgumentsObject."""
    result = ArgumentsObject(intrinsic("%Object.prototype%"))
    thrower = intrinsic("%ThrowTypeError%")
    values = intrinsic("%Array.prototype.values%")
    result.props["length"] = hidden(float(len(arguments)))
    for index, value in enumerate(arguments):
        result.props[str(index)] = value
    result.props[SYMBOL_ITERATOR] = hidden(values)
    result.props["callee"] = Property(
        get=thrower, set=thrower, enumerable=False, configurable=False
    )
    return result
