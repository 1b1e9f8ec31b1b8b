"""The methods of %TypedArray%.prototype (ECMA-262 §23.2.3)."""

from __future__ import annotations

from math import copysign, isnan
from typing import TYPE_CHECKING, Any

from refimpl.language.algorithms.sorting import merge_sort
from refimpl.language.builtins.array import (
    element_at,
    first_index,
    has_element,
    join_elements,
    last_index,
)
from refimpl.language.builtins.array_callbacks import (
    comparator_argument,
    find_via_predicate,
    fold,
)
from refimpl.language.builtins.array_iterator import ArrayIterator
from refimpl.language.builtins.support import callback_argument, charge, is_falsy, never
from refimpl.language.builtins.typed_array import (
    converted_bytes,
    this_typed_array,
    typed_array_create_same_type,
    typed_array_prototype,
    typed_array_species_create,
    validated,
)
from refimpl.language.operations import (
    Value,
    invoke,
    length_of_array_like,
    relative_index,
    set_,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_integer_or_infinity,
    to_number,
    to_object,
    to_string,
    undefined,
)
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import SYMBOL_ITERATOR, BigInt

if TYPE_CHECKING:
    from collections.abc import Callable

prototype = typed_array_prototype

# --- looking -------------------------------------------------------------------------------------


@prototype.method("at", length=1)
def at(this: Value, index: Value) -> Value:
    return element_at(*validated(this), index)


@prototype.method("includes", length=1)
def includes(this: Value, sought: Value, from_index: Value) -> Value:
    return has_element(*validated(this), sought, from_index)


@prototype.method("indexOf", length=1)
def index_of(this: Value, sought: Value, from_index: Value) -> Value:
    return first_index(*validated(this), sought, from_index)


@prototype.method("lastIndexOf", length=1)
def last_index_of(this: Value, sought: Value, *from_index: Value) -> Value:
    return last_index(*validated(this), sought, *from_index)


@prototype.method("join", length=1)
def join(this: Value, separator: Value) -> Value:
    array, length = validated(this)
    return join_elements(
        array, length, "," if separator is undefined else to_string(separator), to_string
    )


@prototype.method("toLocaleString", length=0)
def to_locale_string(this: Value) -> Value:
    array, length = validated(this)
    return join_elements(
        array, length, ",", lambda value: to_string(invoke(value, "toLocaleString"))
    )


prototype.value("toString", "%Array.prototype.toString%")


@prototype.method("entries", length=0)
def entries(this: Value) -> Value:
    return ArrayIterator(validated(this)[0], "key+value")


@prototype.method("keys", length=0)
def keys(this: Value) -> Value:
    return ArrayIterator(validated(this)[0], "key")


@prototype.method("values", length=0)
def values(this: Value) -> Value:
    return ArrayIterator(validated(this)[0], "value")


prototype.alias(SYMBOL_ITERATOR, "values")

# --- calling back --------------------------------------------------------------------------------


def prepared(this: Value, callback: Value) -> tuple[TypedArrayObject, int, Any]:
    """The array, its length, and the callback."""
    array, length = validated(this)
    return array, length, callback_argument(callback)


def visit(this: Value, callback: Value, this_arg: Value, stops: Callable[[Value], bool]) -> bool:
    """Call back for every element until a result stops; tell whether one did."""
    array, length, function = prepared(this, callback)
    for k in range(length):
        charge(1)
        if stops(function.call(this_arg, [array.get_element(k), float(k), array])):
            return True
    return False


@prototype.method("every", length=1)
def every(this: Value, callback: Value, this_arg: Value) -> Value:
    return not visit(this, callback, this_arg, is_falsy)


@prototype.method("some", length=1)
def some(this: Value, callback: Value, this_arg: Value) -> Value:
    return visit(this, callback, this_arg, to_boolean)


@prototype.method("forEach", length=1)
def for_each(this: Value, callback: Value, this_arg: Value) -> Value:
    visit(this, callback, this_arg, never)
    return undefined


@prototype.method("find", length=1)
def find(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg)[1]


@prototype.method("findIndex", length=1)
def find_index(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg)[0]


@prototype.method("findLast", length=1)
def find_last(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg, descending=True)[1]


@prototype.method("findLastIndex", length=1)
def find_last_index(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg, descending=True)[0]


@prototype.method("reduce", length=1)
def reduce(this: Value, callback: Value, *initial: Value) -> Value:
    array, length, function = prepared(this, callback)
    return fold(array, range(length), function, initial, dense=True)


@prototype.method("reduceRight", length=1)
def reduce_right(this: Value, callback: Value, *initial: Value) -> Value:
    array, length, function = prepared(this, callback)
    return fold(array, range(length - 1, -1, -1), function, initial, dense=True)


@prototype.method("map", length=1)
def map_(this: Value, callback: Value, this_arg: Value) -> Value:
    array, length, function = prepared(this, callback)
    target = typed_array_species_create(array, [float(length)])
    for k in range(length):
        charge(1)
        set_(target, str(k), function.call(this_arg, [array.get_element(k), float(k), array]))
    return target


@prototype.method("filter", length=1)
def filter_(this: Value, callback: Value, this_arg: Value) -> Value:
    array, length, function = prepared(this, callback)
    kept: list[Value] = []
    for k in range(length):
        charge(1)
        element = array.get_element(k)
        if to_boolean(function.call(this_arg, [element, float(k), array])):
            kept.append(element)
    target = typed_array_species_create(array, [float(len(kept))])
    for k, element in enumerate(kept):
        set_(target, str(k), element)
    return target


# --- changing ------------------------------------------------------------------------------------


@prototype.method("fill", length=1)
def fill(this: Value, value: Value, start: Value, end: Value) -> Value:
    array, length = validated(this)
    number = array.element.convert(value)
    first = relative_index(start, length)
    final = relative_index(end, length, length)
    count = min(final, array.checked_length()) - first
    if count > 0:
        charge(count)
        array.put_bytes(first, array.element.to_bytes(number) * count)
    return array


@prototype.method("copyWithin", length=2)
def copy_within(this: Value, target: Value, start: Value, end: Value) -> Value:
    array, length = validated(this)
    to = relative_index(target, length)
    origin = relative_index(start, length)
    count = min(relative_index(end, length, length) - origin, length - to)
    if count > 0:
        charge(count)
        length = array.checked_length()
        count = min(count, length - origin, length - to)
        if count > 0:
            array.put_bytes(to, array.element_bytes(origin, origin + count))
    return array


@prototype.method("reverse", length=0)
def reverse(this: Value) -> Value:
    array, length = validated(this)
    array.put_bytes(0, reversed_bytes(array, length))
    return array


def reversed_bytes(array: TypedArrayObject, length: int) -> bytes:
    """The bytes of the elements in reverse order."""
    charge(length)
    raw, size = array.element_bytes(0, length), array.element.size
    return b"".join([raw[i : i + size] for i in range(len(raw) - size, -1, -size)])


@prototype.method("set", length=1)
def set_method(this: Value, source: Value, offset: Value) -> Value:
    array = this_typed_array(this)
    start = to_integer_or_infinity(offset)
    if start < 0:
        throw_range_error("The offset is negative")
    length = array.checked_length()
    if isinstance(source, TypedArrayObject):
        count = source.checked_length()
        if (source.element.kind == "big") != (array.element.kind == "big"):
            throw_type_error("Cannot mix BigInt and other types")
    else:
        source = to_object(source)
        count = length_of_array_like(source)
    if count + start > length:
        throw_range_error("The source is too large")
    if isinstance(source, TypedArrayObject):
        array.put_bytes(int(start), converted_bytes(source, array.element, 0, count))
        return undefined
    for k in range(count):
        charge(1)
        array.set_element(int(start) + k, source.get(str(k), source))
    return undefined


@prototype.method("sort", length=1)
def sort(this: Value, comparator: Value) -> Value:
    comparator_argument(comparator)
    array, length = validated(this)
    ordered = sorted_elements(array, length, comparator)
    final = min(length, array.current_length() or 0)
    if final:
        array.put_bytes(0, b"".join([array.element.to_bytes(n) for n in ordered[:final]]))
    return array


def sorted_elements(array: TypedArrayObject, length: int, comparator: Value) -> list[Value]:
    """The elements in order."""
    charge(length)
    elements = [array.get_element(k) for k in range(length)]
    if comparator is undefined:
        return sorted(elements, key=sort_key)
    return merge_sort(elements, lambda x, y: to_number(comparator.call(undefined, [x, y])))


def sort_key(value: Value) -> tuple[bool, float, float]:
    """CompareTypedArrayElements without a comparator: -0 before +0, NaN last."""
    if isinstance(value, BigInt):
        return False, value.n, 0.0
    return (True, 0.0, 0.0) if isnan(value) else (False, value, copysign(1.0, value))


# --- making a new one ----------------------------------------------------------------------------


@prototype.method("slice", length=2)
def slice_(this: Value, start: Value, end: Value) -> Value:
    array, length = validated(this)
    first = relative_index(start, length)
    final = relative_index(end, length, length)
    count = max(final - first, 0)
    target = typed_array_species_create(array, [float(count)])
    if count > 0:
        final = min(final, array.checked_length())
        copy_slice(array, target, first, final)
    return target


def copy_slice(source: TypedArrayObject, target: TypedArrayObject, first: int, final: int) -> None:
    """Copy elements, as bytes where both have the same type."""
    charge(max(final - first, 0))
    if source.element is target.element:
        raw = source.element_bytes(first, max(first, final))
        if source.viewed_buffer is not target.viewed_buffer:
            target.put_bytes(0, raw)
            return
        for k in range(len(raw)):  # byte by byte: the ranges may overlap
            data = target.viewed_buffer.bytes()
            origin = source.byte_offset + first * source.element.size
            data[target.byte_offset + k] = data[origin + k]
        return
    for n, k in enumerate(range(first, final)):
        set_(target, str(n), source.get_element(k))


@prototype.method("subarray", length=2)
def subarray(this: Value, start: Value, end: Value) -> Value:
    array = this_typed_array(this)
    length = array.current_length() or 0
    first = relative_index(start, length)
    offset = float(array.byte_offset + first * array.element.size)
    arguments = [array.viewed_buffer, offset]
    if array.fixed_length is not None or end is not undefined:
        final = relative_index(end, length, length)
        arguments.append(float(max(final - first, 0)))
    return typed_array_species_create(array, arguments)


@prototype.method("toReversed", length=0)
def to_reversed(this: Value) -> Value:
    array, length = validated(this)
    target = typed_array_create_same_type(array, length)
    target.put_bytes(0, reversed_bytes(array, length))
    return target


@prototype.method("toSorted", length=1)
def to_sorted(this: Value, comparator: Value) -> Value:
    comparator_argument(comparator)
    array, length = validated(this)
    target = typed_array_create_same_type(array, length)
    ordered = sorted_elements(array, length, comparator)
    target.put_bytes(0, b"".join([array.element.to_bytes(n) for n in ordered]))
    return target


@prototype.method("with", length=2)
def with_(this: Value, index: Value, value: Value) -> Value:
    array, length = validated(this)
    k = to_integer_or_infinity(index)
    k = k + length if k < 0 else k
    number = array.element.convert(value)
    if not array.is_valid_index(k):
        throw_range_error("Invalid typed array index")
    target = typed_array_create_same_type(array, length)
    for n in range(length):
        charge(1)
        set_(target, str(n), number if n == k else array.get_element(n))
    return target
