"""The methods of Array.prototype that take a callback (ECMA-262 §23.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.algorithms.sorting import merge_sort
from refimpl.language.builtins.array import array_prototype, array_species_create
from refimpl.language.builtins.array_copies import array_length, elements_at
from refimpl.language.builtins.support import callback_argument, charge, is_falsy, never
from refimpl.language.operations import (
    JSObject,
    Value,
    create_array_from_list,
    create_data_property_or_throw,
    delete_property_or_throw,
    length_of_array_like,
    set_,
    throw_type_error,
    to_boolean,
    to_number,
    to_object,
    to_string,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def prepared(this: Value, callback: Value) -> tuple[JSObject, int, Any]:
    """The first steps of all of them: the object, its length, and the callback."""
    obj = to_object(this)
    length = length_of_array_like(obj)
    return obj, length, callback_argument(callback)


def visit(this: Value, callback: Value, this_arg: Value, stops: Callable[[Value], bool]) -> bool:
    """Call back for every element that exists, until a result stops; tell whether one did."""
    obj, length, function = prepared(this, callback)
    for k in range(length):
        charge(1)
        key = str(k)
        if obj.has_property(key):
            result = function.call(this_arg, [obj.get(key, obj), float(k), obj])
            if stops(result):
                return True
    return False


@array_prototype.method("every", length=1)
def every(this: Value, callback: Value, this_arg: Value) -> Value:
    return not visit(this, callback, this_arg, is_falsy)


@array_prototype.method("some", length=1)
def some(this: Value, callback: Value, this_arg: Value) -> Value:
    return visit(this, callback, this_arg, to_boolean)


@array_prototype.method("forEach", length=1)
def for_each(this: Value, callback: Value, this_arg: Value) -> Value:
    visit(this, callback, this_arg, never)
    return undefined


@array_prototype.method("filter", length=1)
def filter_(this: Value, callback: Value, this_arg: Value) -> Value:
    obj, length, function = prepared(this, callback)
    target = array_species_create(obj, 0)
    to = 0
    for k in range(length):
        charge(1)
        key = str(k)
        if not obj.has_property(key):
            continue
        element = obj.get(key, obj)
        if to_boolean(function.call(this_arg, [element, float(k), obj])):
            create_data_property_or_throw(target, str(to), element)
            to += 1
    return target


@array_prototype.method("map", length=1)
def map_(this: Value, callback: Value, this_arg: Value) -> Value:
    obj, length, function = prepared(this, callback)
    target = array_species_create(obj, length)
    for k in range(length):
        charge(1)
        key = str(k)
        if obj.has_property(key):
            mapped = function.call(this_arg, [obj.get(key, obj), float(k), obj])
            create_data_property_or_throw(target, key, mapped)
    return target


@array_prototype.method("find", length=1)
def find(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg)[1]


@array_prototype.method("findIndex", length=1)
def find_index(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg)[0]


@array_prototype.method("findLast", length=1)
def find_last(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg, descending=True)[1]


@array_prototype.method("findLastIndex", length=1)
def find_last_index(this: Value, predicate: Value, this_arg: Value) -> Value:
    return find_via_predicate(*prepared(this, predicate), this_arg, descending=True)[0]


def find_via_predicate(
    obj: JSObject, length: int, function: Any, this_arg: Value, *, descending: bool = False
) -> tuple[float, Value]:
    """FindViaPredicate: the index and the value found."""
    for k in reversed(range(length)) if descending else range(length):
        charge(1)
        value = obj.get(str(k), obj)
        if to_boolean(function.call(this_arg, [value, float(k), obj])):
            return float(k), value
    return -1.0, undefined


@array_prototype.method("reduce", length=1)
def reduce(this: Value, callback: Value, *initial: Value) -> Value:
    obj, length, function = prepared(this, callback)
    return fold(obj, range(length), function, initial)


@array_prototype.method("reduceRight", length=1)
def reduce_right(this: Value, callback: Value, *initial: Value) -> Value:
    obj, length, function = prepared(this, callback)
    return fold(obj, range(length - 1, -1, -1), function, initial)


def fold(
    obj: JSObject, indices: range, function: Any, initial: tuple[Value, ...], *, dense: bool = False
) -> Value:
    """The common part of `reduce` and `reduceRight`; a dense object has no holes to skip."""
    accumulator = initial[0] if initial else None
    for k in indices:
        charge(1)
        key = str(k)
        if not dense and not obj.has_property(key):
            continue
        value = obj.get(key, obj)
        if accumulator is None:
            accumulator = value
        else:
            accumulator = function.call(undefined, [accumulator, value, float(k), obj])
    if accumulator is None:
        throw_type_error("Reduce of empty array with no initial value")
    return accumulator


# --- sorting -------------------------------------------------------------------------------------


def comparator_argument(comparator: Value) -> Value:
    """The argument of `sort` and `toSorted`."""
    if comparator is not undefined:
        callback_argument(comparator)
    return comparator


def compare_array_elements(comparator: Value) -> Callable[[Value, Value], float]:
    """CompareArrayElements for elements that are not undefined."""
    if comparator is undefined:
        return lambda x, y: compare_texts(to_string(x), to_string(y))
    return lambda x, y: to_number(comparator.call(undefined, [x, y]))


def compare_texts(x: str, y: str) -> float:
    """The order of code units."""
    return float((x > y) - (x < y))


def sort_values(values: list[Value], comparator: Value) -> list[Value]:
    """The values in order, undefined last."""
    defined = [value for value in values if value is not undefined]
    charge(len(values))
    if comparator is undefined and all(type(value) in {str, float, bool} for value in defined):
        ordered = sorted(defined, key=to_string)
    else:
        ordered = merge_sort(defined, compare_array_elements(comparator))
    return ordered + [undefined] * (len(values) - len(defined))


@array_prototype.method("sort", length=1)
def sort(this: Value, comparator: Value) -> Value:
    comparator_argument(comparator)
    obj = to_object(this)
    length = length_of_array_like(obj)
    present: list[Value] = []
    for k in range(length):
        charge(1)
        if obj.has_property(str(k)):
            present.append(obj.get(str(k), obj))
    ordered = sort_values(present, comparator)
    for k, value in enumerate(ordered):
        set_(obj, str(k), value)
    for k in range(len(ordered), length):
        if obj.has_property(str(k)):
            delete_property_or_throw(obj, str(k))
    return obj


@array_prototype.method("toSorted", length=1)
def to_sorted(this: Value, comparator: Value) -> Value:
    comparator_argument(comparator)
    obj = to_object(this)
    values = elements_at(obj, range(array_length(length_of_array_like(obj))))
    return create_array_from_list(sort_values(values, comparator))
