"""The methods of Array.prototype that make a new array of the elements (ECMA-262 §23.1.3)."""

from __future__ import annotations

from typing import Any

from refimpl.language.builtins.array import MAX_SAFE, array_prototype, array_species_create
from refimpl.language.builtins.support import callback_argument, charge, nested
from refimpl.language.operations import (
    JSObject,
    Value,
    create_array_from_list,
    create_data_property_or_throw,
    is_array,
    length_of_array_like,
    relative_index,
    set_,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_integer_or_infinity,
    to_object,
    undefined,
)
from refimpl.language.values import (
    SYMBOL_IS_CONCAT_SPREADABLE,
)


@array_prototype.method("concat", length=1)
def concat(this: Value, *items: Value) -> Value:
    obj = to_object(this)
    target = array_species_create(obj, 0)
    n = 0
    for item in (obj, *items):
        if is_concat_spreadable(item):
            length = length_of_array_like(item)
            if n + length > MAX_SAFE:
                throw_type_error("The array would be too long")
            copy_elements(item, range(length), target, n)
            n += length
        else:
            if n >= MAX_SAFE:
                throw_type_error("The array would be too long")
            create_data_property_or_throw(target, str(n), item)
            n += 1
    set_(target, "length", float(n))
    return target


def is_concat_spreadable(value: Value) -> bool:
    """IsConcatSpreadable."""
    if not isinstance(value, JSObject):
        return False
    spreadable = value.get(SYMBOL_IS_CONCAT_SPREADABLE, value)
    return is_array(value) if spreadable is undefined else to_boolean(spreadable)


def copy_elements(source: JSObject, indices: range, target: JSObject, start: int) -> None:
    """Copy the elements that exist, keeping the holes between them."""
    for n, k in enumerate(indices, start):
        charge(1)
        key = str(k)
        if source.has_property(key):
            create_data_property_or_throw(target, str(n), source.get(key, source))


@array_prototype.method("slice", length=2)
def slice_(this: Value, start: Value, end: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    k = relative_index(start, length)
    final = relative_index(end, length, length)
    count = max(final - k, 0)
    target = array_species_create(obj, count)
    copy_elements(obj, range(k, final), target, 0)
    set_(target, "length", float(count))
    return target


@array_prototype.method("flat", length=0)
def flat(this: Value, depth: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    levels = 1 if depth is undefined else max(to_integer_or_infinity(depth), 0)
    target = array_species_create(obj, 0)
    Flattener(target).flatten(obj, length, levels)
    return target


@array_prototype.method("flatMap", length=1)
def flat_map(this: Value, mapper: Value, this_arg: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    function = callback_argument(mapper)
    target = array_species_create(obj, 0)

    def mapped(value: Value, k: int) -> Value:
        return function.call(this_arg, [value, float(k), obj])

    Flattener(target, mapped).flatten(obj, length, 1)
    return target


class Flattener:
    """FlattenIntoArray: appends to `target`, `depth` levels deep."""

    def __init__(self, target: JSObject, mapped: Any = None) -> None:
        self.target = target
        self.mapped = mapped
        self.count = 0

    def flatten(self, source: JSObject, length: int, depth: float, level: int = 0) -> None:
        """Append the elements of `source`, and those of arrays in it; only the first level is mapped."""
        level = nested(level)
        for k in range(length):
            charge(1)
            key = str(k)
            if not source.has_property(key):
                continue
            element = source.get(key, source)
            if self.mapped is not None and level == 1:
                element = self.mapped(element, k)
            if depth > 0 and is_array(element):
                self.flatten(element, length_of_array_like(element), depth - 1, level)
            else:
                create_data_property_or_throw(self.target, str(self.count), element)
                self.count += 1


def elements_at(obj: JSObject, indices: range) -> list[Value]:
    """The elements at some indices, holes read as undefined."""
    charge(len(indices))
    return [obj.get(str(k), obj) for k in indices]


def array_length(length: int) -> int:
    """A length that an array can have."""
    if length > 0xFFFFFFFF:
        throw_range_error("Invalid array length")
    return length


@array_prototype.method("toReversed", length=0)
def to_reversed(this: Value) -> Value:
    obj = to_object(this)
    indices = range(array_length(length_of_array_like(obj)))
    return create_array_from_list(elements_at(obj, indices[::-1]))


@array_prototype.method("toSpliced", length=2)
def to_spliced(this: Value, *arguments: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    start, skip = splice_arguments(arguments, length)
    inserted = arguments[2:]
    if length + len(inserted) - skip > MAX_SAFE:
        throw_type_error("The array would be too long")
    array_length(length + len(inserted) - skip)
    before = elements_at(obj, range(start))
    after = elements_at(obj, range(start + skip, length))
    return create_array_from_list([*before, *inserted, *after])


def splice_arguments(arguments: tuple[Value, ...], length: int) -> tuple[int, int]:
    """Where `splice` and `toSpliced` start, and how many elements they skip."""
    start = relative_index(arguments[0] if arguments else undefined, length)
    if len(arguments) < 2:
        return start, length - start if arguments else 0
    return start, int(min(max(to_integer_or_infinity(arguments[1]), 0), length - start))


@array_prototype.method("with", length=2)
def with_(this: Value, index: Value, value: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    relative = to_integer_or_infinity(index)
    actual = relative + length if relative < 0 else relative
    if not 0 <= actual < length:
        throw_range_error("Invalid index")
    indices = range(array_length(length))
    k = int(actual)
    before, after = elements_at(obj, indices[:k]), elements_at(obj, indices[k + 1 :])
    return create_array_from_list([*before, value, *after])
