"""Map (ECMA-262 §24.1) and WeakMap (§24.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.algorithms.ordered_table import OrderedTable
from refimpl.language.builtins.object import add_entries_from_iterable
from refimpl.language.builtins.support import (
    agent,
    callback_argument,
    canonical_key,
    charge,
    group_by,
    normalized,
    receiver,
)
from refimpl.language.operations import (
    JSObject,
    Value,
    create_array_from_list,
    create_iterator_result,
    get_iterator,
    intrinsic,
    null,
    ordinary_create_from_constructor,
    throw_type_error,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_ITERATOR, SYMBOL_SPECIES, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refimpl.language.algorithms.ordered_table import Entry

map_prototype = Table("%Map.prototype%")
map_prototype.to_string_tag("Map")
map_constructor = Table("%Map%")
map_iterator_prototype = Table("%MapIteratorPrototype%", prototype="%Iterator.prototype%")
map_iterator_prototype.to_string_tag("Map Iterator")
weak_map_prototype = Table("%WeakMap.prototype%")
weak_map_prototype.to_string_tag("WeakMap")
weak_map_constructor = Table("%WeakMap%")


class KeyedCollection(JSObject):
    """A Map, Set, WeakMap or WeakSet; `table` is its [[MapData]] or [[SetData]]."""

    __slots__ = ("table",)

    def __init__(self, prototype: JSObject | None) -> None:
        super().__init__(prototype)
        self.table: OrderedTable[Value] = OrderedTable(undefined)


class MapObject(KeyedCollection):
    """A Map."""

    __slots__ = ()


class WeakMapObject(KeyedCollection):
    """A WeakMap. It holds its keys: no program can tell before its world ends."""

    __slots__ = ()


class CollectionIterator(JSObject):
    """A Map Iterator or Set Iterator; `cursor` is None when it has come to the end."""

    __slots__ = ("cursor", "kind")

    def __init__(self, prototype: str, table: OrderedTable[Value], kind: str) -> None:
        """CreateMapIterator and CreateSetIterator; `kind` is "key", "value" or "key+value"."""
        super().__init__(intrinsic(prototype))
        self.cursor: Iterator[Entry[Value]] | None = iter(table)
        self.kind = kind

    def step(self) -> JSObject:
        """The result object of `next`."""
        charge(1)
        entry = next(self.cursor, None) if self.cursor is not None else None
        if entry is None:
            self.cursor = None
            return create_iterator_result(undefined, True)
        if self.kind == "key+value":
            pair = create_array_from_list([entry.key, entry.value])
            return create_iterator_result(pair, False)
        return create_iterator_result(entry.key if self.kind == "key" else entry.value, False)


class MapIterator(CollectionIterator):
    """A Map Iterator."""

    __slots__ = ()


def fill_from_entries(target: Any, iterable: Value) -> Any:
    """The last steps of the constructors Map and WeakMap."""
    if iterable is undefined or iterable is null:
        return target
    adder = callback_argument(target.get("set", target))
    add_entries_from_iterable(
        get_iterator(iterable), lambda key, value: adder.call(target, [key, value])
    )
    return target


@map_constructor.constructor(length=0)
def construct_map(new_target: Value, iterable: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor Map requires 'new'")
    made = ordinary_create_from_constructor(new_target, "%Map.prototype%", MapObject)
    return fill_from_entries(made, iterable)


@map_constructor.method("groupBy", length=2)
def group_by_key(this: Value, items: Value, callback: Value) -> Value:
    grouped = MapObject(intrinsic("%Map.prototype%"))
    grouped.table = group_by(items, callback, normalized)
    for entry in grouped.table:
        entry.value = create_array_from_list(entry.value)
    return grouped


@map_constructor.getter(SYMBOL_SPECIES)
def species(this: Value) -> Value:
    return this


def this_map(this: Value, method: str) -> OrderedTable[Value]:
    """The [[MapData]] of the receiver."""
    charge(1)
    return receiver(this, MapObject, f"Map.prototype.{method}").table


@map_prototype.method("clear", length=0)
def clear(this: Value) -> Value:
    table = this_map(this, "clear")
    charge(len(table))
    table.clear()
    return undefined


@map_prototype.method("delete", length=1)
def delete(this: Value, key: Value) -> Value:
    return this_map(this, "delete").remove(canonical_key(key))


@map_prototype.method("get", length=1)
def get(this: Value, key: Value) -> Value:
    entry = this_map(this, "get").find(canonical_key(key))
    return undefined if entry is None else entry.value


@map_prototype.method("has", length=1)
def has(this: Value, key: Value) -> Value:
    return this_map(this, "has").find(canonical_key(key)) is not None


@map_prototype.method("set", length=2)
def set_(this: Value, key: Value, value: Value) -> Value:
    this_map(this, "set").put(canonical_key(key), normalized(key), value)
    return this


@map_prototype.getter("size")
def size(this: Value) -> Value:
    return float(len(this_map(this, "size")))


@map_prototype.method("forEach", length=1)
def for_each(this: Value, callback: Value, this_arg: Value) -> Value:
    table = this_map(this, "forEach")
    function = callback_argument(callback)
    for entry in table:
        charge(1)
        function.call(this_arg, [entry.value, entry.key, this])
    return undefined


@map_prototype.method("entries", length=0)
def entries(this: Value) -> Value:
    return MapIterator("%MapIteratorPrototype%", this_map(this, "entries"), "key+value")


@map_prototype.method("keys", length=0)
def keys(this: Value) -> Value:
    return MapIterator("%MapIteratorPrototype%", this_map(this, "keys"), "key")


@map_prototype.method("values", length=0)
def values(this: Value) -> Value:
    return MapIterator("%MapIteratorPrototype%", this_map(this, "values"), "value")


map_prototype.alias(SYMBOL_ITERATOR, "entries")


@map_iterator_prototype.method("next", length=0)
def next_(this: Value) -> Value:
    return receiver(this, MapIterator, "%MapIteratorPrototype%.next").step()


# --- WeakMap -------------------------------------------------------------------------------------


def can_be_held_weakly(value: Value) -> bool:
    """CanBeHeldWeakly."""
    if type(value) is Symbol:
        return agent().symbol_registry.get(str(value.description)) is not value
    return isinstance(value, JSObject)


@weak_map_constructor.constructor(length=0)
def construct_weak_map(new_target: Value, iterable: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor WeakMap requires 'new'")
    made = ordinary_create_from_constructor(new_target, "%WeakMap.prototype%", WeakMapObject)
    return fill_from_entries(made, iterable)


def this_weak_map(this: Value, method: str) -> OrderedTable[Value]:
    """The [[WeakMapData]] of the receiver."""
    return receiver(this, WeakMapObject, f"WeakMap.prototype.{method}").table


@weak_map_prototype.method("delete", length=1)
def weak_delete(this: Value, key: Value) -> Value:
    return this_weak_map(this, "delete").remove(canonical_key(key))


@weak_map_prototype.method("get", length=1)
def weak_get(this: Value, key: Value) -> Value:
    entry = this_weak_map(this, "get").find(canonical_key(key))
    return undefined if entry is None else entry.value


@weak_map_prototype.method("has", length=1)
def weak_has(this: Value, key: Value) -> Value:
    return this_weak_map(this, "has").find(canonical_key(key)) is not None


@weak_map_prototype.method("set", length=2)
def weak_set(this: Value, key: Value, value: Value) -> Value:
    table = this_weak_map(this, "set")
    if not can_be_held_weakly(key):
        throw_type_error("Invalid value used as weak map key")
    table.put(canonical_key(key), key, value)
    return this


TABLES = (
    *(map_iterator_prototype, map_prototype, map_constructor),
    *(weak_map_prototype, weak_map_constructor),
)
