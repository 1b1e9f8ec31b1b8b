"""Set (ECMA-262 §24.2) and WeakSet (§24.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.builtins.map import CollectionIterator, KeyedCollection, can_be_held_weakly
from refimpl.language.builtins.support import (
    callback_argument,
    canonical_key,
    charge,
    normalized,
    receiver,
)
from refimpl.language.operations import (
    ABSENT,
    IteratorRecord,
    JSObject,
    Throw,
    Value,
    get_iterator,
    get_iterator_direct,
    intrinsic,
    iterator_close,
    iterator_close_throwing,
    iterator_step_value,
    null,
    ordinary_create_from_constructor,
    throw_range_error,
    throw_type_error,
    to_boolean,
    to_integer_or_infinity,
    to_number,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_ITERATOR, SYMBOL_SPECIES

if TYPE_CHECKING:
    from refimpl.language.algorithms.ordered_table import OrderedTable

set_prototype = Table("%Set.prototype%")
set_prototype.to_string_tag("Set")
set_constructor = Table("%Set%")
set_iterator_prototype = Table("%SetIteratorPrototype%", prototype="%Iterator.prototype%")
set_iterator_prototype.to_string_tag("Set Iterator")
weak_set_prototype = Table("%WeakSet.prototype%")
weak_set_prototype.to_string_tag("WeakSet")
weak_set_constructor = Table("%WeakSet%")


class SetObject(KeyedCollection):
    """A Set."""

    __slots__ = ()


class WeakSetObject(KeyedCollection):
    """A WeakSet. It holds its values: no program can tell before its world ends."""

    __slots__ = ()


class SetIterator(CollectionIterator):
    """A Set Iterator."""

    __slots__ = ()


def fill_from_values(target: JSObject, iterable: Value) -> JSObject:
    """The last steps of the constructors Set and WeakSet."""
    if iterable is undefined or iterable is null:
        return target
    adder = callback_argument(target.get("add", target))
    record = get_iterator(iterable)
    while (value := iterator_step_value(record)) is not ABSENT:
        try:
            adder.call(target, [value])
        except Throw:
            iterator_close_throwing(record)
            raise
    return target


@set_constructor.constructor(length=0)
def construct_set(new_target: Value, iterable: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor Set requires 'new'")
    made = ordinary_create_from_constructor(new_target, "%Set.prototype%", SetObject)
    return fill_from_values(made, iterable)


@set_constructor.getter(SYMBOL_SPECIES)
def species(this: Value) -> Value:
    return this


def this_set(this: Value, method: str) -> OrderedTable[Value]:
    """The [[SetData]] of the receiver."""
    charge(1)
    return receiver(this, SetObject, f"Set.prototype.{method}").table


def add_value(table: OrderedTable[Value], value: Value) -> None:
    """Append a value unless it is there."""
    value = normalized(value)
    table.put(canonical_key(value), value, value)


@set_prototype.method("add", length=1)
def add(this: Value, value: Value) -> Value:
    add_value(this_set(this, "add"), value)
    return this


@set_prototype.method("clear", length=0)
def clear(this: Value) -> Value:
    table = this_set(this, "clear")
    charge(len(table))
    table.clear()
    return undefined


@set_prototype.method("delete", length=1)
def delete(this: Value, value: Value) -> Value:
    return this_set(this, "delete").remove(canonical_key(value))


@set_prototype.method("has", length=1)
def has(this: Value, value: Value) -> Value:
    return this_set(this, "has").find(canonical_key(value)) is not None


@set_prototype.getter("size")
def size(this: Value) -> Value:
    return float(len(this_set(this, "size")))


@set_prototype.method("forEach", length=1)
def for_each(this: Value, callback: Value, this_arg: Value) -> Value:
    table = this_set(this, "forEach")
    function = callback_argument(callback)
    for entry in table:
        charge(1)
        function.call(this_arg, [entry.key, entry.key, this])
    return undefined


@set_prototype.method("entries", length=0)
def entries(this: Value) -> Value:
    return SetIterator("%SetIteratorPrototype%", this_set(this, "entries"), "key+value")


@set_prototype.method("values", length=0)
def values(this: Value) -> Value:
    return SetIterator("%SetIteratorPrototype%", this_set(this, "values"), "value")


set_prototype.alias("keys", "values")
set_prototype.alias(SYMBOL_ITERATOR, "values")


@set_iterator_prototype.method("next", length=0)
def next_(this: Value) -> Value:
    return receiver(this, SetIterator, "%SetIteratorPrototype%.next").step()


# --- operations of two sets ----------------------------------------------------------------------


class SetRecord:
    """A Set Record: another set-like object, seen through its `size`, `has` and `keys`."""

    __slots__ = ("has_method", "keys_method", "set_object", "size")

    def __init__(self, value: Value) -> None:
        """GetSetRecord."""
        if not isinstance(value, JSObject):
            throw_type_error("The argument is not a set-like object")
        self.set_object = value
        number = to_number(value.get("size", value))
        if number != number:  # noqa: PLR0124 - NaN
            throw_type_error("The 'size' property is NaN")
        self.size = to_integer_or_infinity(number)
        if self.size < 0:
            throw_range_error("The 'size' property is negative")
        self.has_method = callback_argument(value.get("has", value))
        self.keys_method = callback_argument(value.get("keys", value))

    def has(self, value: Value) -> bool:
        """Whether the other set has a value, as it says itself."""
        charge(1)
        return to_boolean(self.has_method.call(self.set_object, [value]))

    def keys(self) -> IteratorRecord:
        """GetIteratorFromMethod with the method `keys`."""
        iterator = self.keys_method.call(self.set_object, [])
        if not isinstance(iterator, JSObject):
            throw_type_error("The result of 'keys' is not an object")
        return get_iterator_direct(iterator)


def copy_of(table: OrderedTable[Value]) -> SetObject:
    """A new Set with the same values."""
    copy = SetObject(intrinsic("%Set.prototype%"))
    charge(len(table))
    for entry in table:
        add_value(copy.table, entry.key)
    return copy


@set_prototype.method("union", length=1)
def union(this: Value, other: Value) -> Value:
    table = this_set(this, "union")
    record = SetRecord(other)
    keys = record.keys()
    result = copy_of(table)
    while (value := iterator_step_value(keys)) is not ABSENT:
        add_value(result.table, value)
    return result


@set_prototype.method("intersection", length=1)
def intersection(this: Value, other: Value) -> Value:
    table = this_set(this, "intersection")
    record = SetRecord(other)
    result = SetObject(intrinsic("%Set.prototype%"))
    if len(table) <= record.size:
        for entry in table:
            if record.has(entry.key):
                add_value(result.table, entry.key)
        return result
    keys = record.keys()
    while (value := iterator_step_value(keys)) is not ABSENT:
        if table.find(canonical_key(value)) is not None:
            add_value(result.table, value)
    return result


@set_prototype.method("difference", length=1)
def difference(this: Value, other: Value) -> Value:
    table = this_set(this, "difference")
    record = SetRecord(other)
    result = copy_of(table)
    if len(table) <= record.size:
        for entry in table:
            if record.has(entry.key):
                result.table.remove(canonical_key(entry.key))
        return result
    keys = record.keys()
    while (value := iterator_step_value(keys)) is not ABSENT:
        result.table.remove(canonical_key(value))
    return result


@set_prototype.method("symmetricDifference", length=1)
def symmetric_difference(this: Value, other: Value) -> Value:
    table = this_set(this, "symmetricDifference")
    record = SetRecord(other)
    keys = record.keys()
    result = copy_of(table)
    while (value := iterator_step_value(keys)) is not ABSENT:
        canonical = canonical_key(value)
        if table.find(canonical) is not None:
            result.table.remove(canonical)
        else:
            add_value(result.table, value)
    return result


@set_prototype.method("isSubsetOf", length=1)
def is_subset_of(this: Value, other: Value) -> Value:
    table = this_set(this, "isSubsetOf")
    record = SetRecord(other)
    if len(table) > record.size:
        return False
    for entry in table:  # noqa: SIM110 - guest code must not run inside `all`
        if not record.has(entry.key):
            return False
    return True


@set_prototype.method("isSupersetOf", length=1)
def is_superset_of(this: Value, other: Value) -> Value:
    table = this_set(this, "isSupersetOf")
    record = SetRecord(other)
    if len(table) < record.size:
        return False
    keys = record.keys()
    while (value := iterator_step_value(keys)) is not ABSENT:
        if table.find(canonical_key(value)) is None:
            iterator_close(keys)
            return False
    return True


@set_prototype.method("isDisjointFrom", length=1)
def is_disjoint_from(this: Value, other: Value) -> Value:
    table = this_set(this, "isDisjointFrom")
    record = SetRecord(other)
    if len(table) <= record.size:
        for entry in table:  # noqa: SIM110 - guest code must not run inside `all`
            if record.has(entry.key):
                return False
        return True
    keys = record.keys()
    while (value := iterator_step_value(keys)) is not ABSENT:
        if table.find(canonical_key(value)) is not None:
            iterator_close(keys)
            return False
    return True


# --- WeakSet -------------------------------------------------------------------------------------


@weak_set_constructor.constructor(length=0)
def construct_weak_set(new_target: Value, iterable: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor WeakSet requires 'new'")
    made = ordinary_create_from_constructor(new_target, "%WeakSet.prototype%", WeakSetObject)
    return fill_from_values(made, iterable)


def this_weak_set(this: Value, method: str) -> OrderedTable[Value]:
    """The [[WeakSetData]] of the receiver."""
    return receiver(this, WeakSetObject, f"WeakSet.prototype.{method}").table


@weak_set_prototype.method("add", length=1)
def weak_add(this: Value, value: Value) -> Value:
    table = this_weak_set(this, "add")
    if not can_be_held_weakly(value):
        throw_type_error("Invalid value used in weak set")
    add_value(table, value)
    return this


@weak_set_prototype.method("delete", length=1)
def weak_delete(this: Value, value: Value) -> Value:
    return this_weak_set(this, "delete").remove(canonical_key(value))


@weak_set_prototype.method("has", length=1)
def weak_has(this: Value, value: Value) -> Value:
    return this_weak_set(this, "has").find(canonical_key(value)) is not None


TABLES = (
    *(set_iterator_prototype, set_prototype, set_constructor),
    *(weak_set_prototype, weak_set_constructor),
)
