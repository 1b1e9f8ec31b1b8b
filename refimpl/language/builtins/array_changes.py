"""The methods of Array.prototype that change their receiver (ECMA-262 §23.1.3)."""

from __future__ import annotations

from refimpl.language.builtins.array import (
    MAX_SAFE,
    array_prototype,
    array_species_create,
)
from refimpl.language.builtins.array_copies import copy_elements, splice_arguments
from refimpl.language.builtins.support import agent, charge
from refimpl.language.operations import (
    HOLE,
    ArrayObject,
    JSObject,
    Value,
    delete_property_or_throw,
    intrinsic,
    length_of_array_like,
    relative_index,
    set_,
    throw_type_error,
    to_object,
    undefined,
)


@array_prototype.method("push", length=1)
def push(this: Value, *items: Value) -> Value:
    obj = to_object(this)
    charge(len(items))
    if isinstance(obj, ArrayObject) and is_plain(obj):
        agent().allocate(len(items))
        obj.items.extend(items)
        return float(len(obj.items))
    length = length_of_array_like(obj)
    if length + len(items) > MAX_SAFE:
        throw_type_error("The array would be too long")
    for k, item in enumerate(items, length):
        set_(obj, str(k), item)
    set_(obj, "length", float(length + len(items)))
    return float(length + len(items))


def is_plain(array: JSObject) -> bool:
    """Whether elements may be moved directly: nothing is locked, and no prototype has elements."""
    if not isinstance(array, ArrayObject) or array.sparse_length is not None or array.has_records:
        return False
    parent: JSObject | None = array.prototype
    top: JSObject = intrinsic("%Object.prototype%")
    if not isinstance(parent, ArrayObject) or parent.length or parent.prototype is not top:
        return False
    elements_above = any(type(key) is str and key[0:1].isdigit() for key in top.props)
    return array.length_writable and array.extensible and not elements_above


@array_prototype.method("pop", length=0)
def pop(this: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    if length == 0:
        set_(obj, "length", 0.0)
        return undefined
    key = str(length - 1)
    element = obj.get(key, obj)
    delete_property_or_throw(obj, key)
    set_(obj, "length", float(length - 1))
    return element


@array_prototype.method("shift", length=0)
def shift(this: Value) -> Value:
    obj = to_object(this)
    if isinstance(obj, ArrayObject) and is_plain(obj) and obj.items:
        charge(1 + len(obj.items) // 64)
        first = obj.items.pop(0)
        return undefined if first is HOLE else first
    length = length_of_array_like(obj)
    if length == 0:
        set_(obj, "length", 0.0)
        return undefined
    first = obj.get("0", obj)
    move(obj, range(1, length), -1)
    delete_property_or_throw(obj, str(length - 1))
    set_(obj, "length", float(length - 1))
    return first


@array_prototype.method("unshift", length=1)
def unshift(this: Value, *items: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    count = len(items)
    if count > 0:
        if length + count > MAX_SAFE:
            throw_type_error("The array would be too long")
        move(obj, range(length - 1, -1, -1), count)
        for j, item in enumerate(items):
            set_(obj, str(j), item)
    set_(obj, "length", float(length + count))
    return float(length + count)


def move(obj: JSObject, indices: range, distance: int) -> None:
    """Move the elements at `indices`, holes included, in that order."""
    for k in indices:
        charge(1)
        source, target = str(k), str(k + distance)
        if obj.has_property(source):
            set_(obj, target, obj.get(source, obj))
        else:
            delete_property_or_throw(obj, target)


@array_prototype.method("splice", length=2)
def splice(this: Value, *arguments: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    start, count = splice_arguments(arguments, length)
    items = arguments[2:]
    if length + len(items) - count > MAX_SAFE:
        throw_type_error("The array would be too long")
    removed = array_species_create(obj, count)
    copy_elements(obj, range(start, start + count), removed, 0)
    set_(removed, "length", float(count))
    distance = len(items) - count
    if distance < 0:
        move(obj, range(start + count, length), distance)
        for k in range(length - 1, length + distance - 1, -1):
            charge(1)
            delete_property_or_throw(obj, str(k))
    elif distance > 0:
        move(obj, range(length - 1, start + count - 1, -1), distance)
    for k, item in enumerate(items, start):
        set_(obj, str(k), item)
    set_(obj, "length", float(length + distance))
    return removed


@array_prototype.method("reverse", length=0)
def reverse(this: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    for k in range(length // 2):
        charge(1)
        swap(obj, str(k), str(length - k - 1))
    return obj


def swap(obj: JSObject, lower: str, upper: str) -> None:
    """Exchange two elements, either of which may be a hole."""
    lower_exists = obj.has_property(lower)
    lower_value = obj.get(lower, obj) if lower_exists else undefined
    upper_exists = obj.has_property(upper)
    upper_value = obj.get(upper, obj) if upper_exists else undefined
    if upper_exists:
        set_(obj, lower, upper_value)
    elif lower_exists:
        delete_property_or_throw(obj, lower)
    if lower_exists:
        set_(obj, upper, lower_value)
    elif upper_exists:
        delete_property_or_throw(obj, upper)


@array_prototype.method("fill", length=1)
def fill(this: Value, value: Value, start: Value, end: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    k = relative_index(start, length)
    for index in range(k, relative_index(end, length, length)):
        charge(1)
        set_(obj, str(index), value)
    return obj


@array_prototype.method("copyWithin", length=2)
def copy_within(this: Value, target: Value, start: Value, end: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    to = relative_index(target, length)
    origin = relative_index(start, length)
    final = relative_index(end, length, length)
    count = min(final - origin, length - to)
    indices = range(origin, origin + count)
    move(obj, indices[::-1] if origin < to < origin + count else indices, to - origin)
    return obj
