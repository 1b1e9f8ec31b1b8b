"""Array iterators (ECMA-262 §23.1.5), and the methods of arrays and typed arrays that make them."""

from __future__ import annotations

from refimpl.language.builtins.array import array_prototype
from refimpl.language.builtins.support import charge, receiver
from refimpl.language.operations import (
    JSObject,
    Value,
    create_array_from_list,
    create_iterator_result,
    intrinsic,
    length_of_array_like,
    to_object,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import SYMBOL_ITERATOR

array_iterator_prototype = Table("%ArrayIteratorPrototype%", prototype="%Iterator.prototype%")
array_iterator_prototype.to_string_tag("Array Iterator")


class ArrayIterator(JSObject):
    """An Array Iterator; `array` is None when it has come to the end."""

    __slots__ = ("array", "index", "kind")

    def __init__(self, array: JSObject, kind: str) -> None:
        """CreateArrayIterator; `kind` is "key", "value" or "key+value"."""
        super().__init__(intrinsic("%ArrayIteratorPrototype%"))
        self.array: JSObject | None = array
        self.index = 0
        self.kind = kind


@array_iterator_prototype.method("next", length=0)
def next_(this: Value) -> Value:
    iterator = receiver(this, ArrayIterator, "%ArrayIteratorPrototype%.next")
    array, index = iterator.array, iterator.index
    if array is None:
        return create_iterator_result(undefined, True)
    charge(1)
    if index >= iteration_length(array):
        iterator.array = None
        return create_iterator_result(undefined, True)
    iterator.index += 1
    if iterator.kind == "key":
        return create_iterator_result(float(index), False)
    element = array.get(str(index), array)
    if iterator.kind == "value":
        return create_iterator_result(element, False)
    return create_iterator_result(create_array_from_list([float(index), element]), False)


def iteration_length(array: JSObject) -> int:
    """How far an iterator goes, looked at anew for each step."""
    if isinstance(array, TypedArrayObject):
        return array.checked_length()
    return length_of_array_like(array)


@array_prototype.method("entries", length=0)
def entries(this: Value) -> Value:
    return ArrayIterator(to_object(this), "key+value")


@array_prototype.method("keys", length=0)
def keys(this: Value) -> Value:
    return ArrayIterator(to_object(this), "key")


@array_prototype.method("values", length=0, intrinsic="%Array.prototype.values%")
def values(this: Value) -> Value:
    return ArrayIterator(to_object(this), "value")


array_prototype.alias(SYMBOL_ITERATOR, "values")

TABLES = (array_iterator_prototype,)
