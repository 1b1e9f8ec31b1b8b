"""Array, and the methods of Array.prototype that only look (ECMA-262 §23.1).

The methods that make a new array are in `array_copies`, those that change their receiver in
`array_changes`, those that take a callback in `array_callbacks`; all fill the same table.
"""

from __future__ import annotations

from typing import Any

from refimpl.language.builtins.support import callback_argument, charge, joined
from refimpl.language.operations import (
    ABSENT,
    ArrayObject,
    FunctionObject,
    JSObject,
    Throw,
    Value,
    array_create,
    create_data_property_or_throw,
    current_realm,
    get_function_realm,
    get_iterator_from_method,
    get_method,
    get_prototype_from_constructor,
    intrinsic,
    invoke,
    is_array,
    is_constructor,
    is_strictly_equal,
    iterator_close_throwing,
    iterator_step_value,
    length_of_array_like,
    null,
    relative_index,
    same_value_zero,
    set_,
    surrounding,
    throw_range_error,
    throw_type_error,
    to_integer_or_infinity,
    to_object,
    to_string,
    to_uint32,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import (
    SYMBOL_ITERATOR,
    SYMBOL_SPECIES,
    SYMBOL_UNSCOPABLES,
)

MAX_SAFE = 2**53 - 1


def make_array_prototype(prototype: JSObject | None) -> ArrayObject:
    """Array.prototype is itself an array."""
    return ArrayObject(prototype, [])


def make_unscopables(prototype: JSObject | None) -> JSObject:
    """The object of the names that `with` does not see."""
    names = (
        *("at", "copyWithin", "entries", "fill", "find", "findIndex", "findLast", "findLastIndex"),
        *("flat", "flatMap", "includes", "keys", "toReversed", "toSorted", "toSpliced", "values"),
    )
    unscopables = JSObject(None)
    unscopables.props.update(dict.fromkeys(names, True))
    return unscopables


array_prototype = Table("%Array.prototype%", make=make_array_prototype)
array_unscopables = Table("%Array.prototype[@@unscopables]%", make=make_unscopables)
array_constructor = Table("%Array%")


@array_constructor.constructor(length=1)
def construct_array(new_target: Value, *arguments: Value) -> Value:
    constructor = surrounding.agent.context.function if new_target is undefined else new_target
    assert isinstance(constructor, FunctionObject)
    prototype = get_prototype_from_constructor(constructor, "%Array.prototype%")
    if len(arguments) != 1:
        return ArrayObject(prototype, [*arguments])
    if type(arguments[0]) is not float:
        return ArrayObject(prototype, [arguments[0]])
    length = to_uint32(arguments[0])
    if length != arguments[0]:
        throw_range_error("Invalid array length")
    return array_create(length, prototype)


# --- properties of the constructor ---------------------------------------------------------------


@array_constructor.method("from", length=1)
def from_(this: Value, items: Value, mapper: Value, this_arg: Value) -> Value:
    if mapper is not undefined:
        callback_argument(mapper)
    method = get_method(items, SYMBOL_ITERATOR)
    if method is undefined:
        return from_array_like(this, to_object(items), mapper, this_arg)
    target = this.construct([], this) if is_constructor(this) else array_create(0)
    record = get_iterator_from_method(items, method)
    k = 0
    while (value := iterator_step_value(record)) is not ABSENT:
        try:
            if mapper is not undefined:
                value = mapper.call(this_arg, [value, float(k)])
            create_data_property_or_throw(target, str(k), value)
        except Throw:
            iterator_close_throwing(record)
            raise
        k += 1
    set_(target, "length", float(k))
    return target


def from_array_like(this: Value, source: JSObject, mapper: Value, this_arg: Value) -> Value:
    """The steps of Array.from for what is not iterable."""
    length = length_of_array_like(source)
    target = new_of_length(this, length)
    charge(length)
    for k in range(length):
        value = source.get(str(k), source)
        if mapper is not undefined:
            value = mapper.call(this_arg, [value, float(k)])
        create_data_property_or_throw(target, str(k), value)
    set_(target, "length", float(length))
    return target


def new_of_length(constructor: Value, length: int) -> JSObject:
    """A new object of `constructor` with the argument `length`, or an array."""
    if is_constructor(constructor):
        made: JSObject = constructor.construct([float(length)], constructor)
        return made
    return array_create(length)


@array_constructor.method("isArray", length=1)
def is_array_method(this: Value, value: Value) -> Value:
    return is_array(value)


@array_constructor.method("of", length=0)
def of(this: Value, *items: Value) -> Value:
    target = new_of_length(this, len(items))
    for k, item in enumerate(items):
        create_data_property_or_throw(target, str(k), item)
    set_(target, "length", float(len(items)))
    return target


@array_constructor.getter(SYMBOL_SPECIES)
def species(this: Value) -> Value:
    return this


def array_species_create(original: JSObject, length: int) -> JSObject:
    """ArraySpeciesCreate."""
    if not is_array(original):
        return array_create(length)
    constructor = original.get("constructor", original)
    if is_constructor(constructor):
        realm = get_function_realm(constructor)
        if realm is not current_realm() and constructor is realm.intrinsics["%Array%"]:
            constructor = undefined
    if isinstance(constructor, JSObject):
        constructor = constructor.get(SYMBOL_SPECIES, constructor)
        constructor = undefined if constructor is null else constructor
    if constructor is undefined:
        return array_create(length)
    if not is_constructor(constructor):
        throw_type_error("The species is not a constructor")
    made: JSObject = constructor.construct([float(length)], constructor)
    return made


# --- looking -------------------------------------------------------------------------------------


@array_prototype.method("at", length=1)
def at(this: Value, index: Value) -> Value:
    obj = to_object(this)
    return element_at(obj, length_of_array_like(obj), index)


def element_at(obj: JSObject, length: int, index: Value) -> Value:
    """The steps of `at` after the length."""
    k = to_integer_or_infinity(index)
    k = k + length if k < 0 else k
    return obj.get(str(k), obj) if 0 <= k < length else undefined


@array_prototype.method("includes", length=1)
def includes(this: Value, sought: Value, from_index: Value) -> Value:
    obj = to_object(this)
    return has_element(obj, length_of_array_like(obj), sought, from_index)


def has_element(obj: JSObject, length: int, sought: Value, from_index: Value) -> bool:
    """The steps of `includes` after the length."""
    for k in range(relative_index(from_index, length) if length else 0, length):
        charge(1)
        if same_value_zero(obj.get(str(k), obj), sought):
            return True
    return False


@array_prototype.method("indexOf", length=1)
def index_of(this: Value, sought: Value, from_index: Value) -> Value:
    obj = to_object(this)
    return first_index(obj, length_of_array_like(obj), sought, from_index)


def first_index(obj: JSObject, length: int, sought: Value, from_index: Value) -> float:
    """The steps of `indexOf` after the length."""
    start = relative_index(from_index, length) if length else 0
    return first_equal(obj, sought, range(start, length))


@array_prototype.method("lastIndexOf", length=1)
def last_index_of(this: Value, sought: Value, *from_index: Value) -> Value:
    obj = to_object(this)
    return last_index(obj, length_of_array_like(obj), sought, *from_index)


def last_index(obj: JSObject, length: int, sought: Value, *from_index: Value) -> float:
    """The steps of `lastIndexOf` after the length."""
    if length == 0:
        return -1.0
    n = to_integer_or_infinity(from_index[0]) if from_index else length - 1
    start = min(n, length - 1) if n >= 0 else length + n
    return first_equal(obj, sought, range(int(max(start, -1)), -1, -1))


def first_equal(obj: JSObject, sought: Value, indices: range) -> float:
    """The first of `indices` at which `obj` has the element `sought`, or -1."""
    for k in indices:
        charge(1)
        key = str(k)
        if obj.has_property(key) and is_strictly_equal(obj.get(key, obj), sought):
            return float(k)
    return -1.0


@array_prototype.method("join", length=1)
def join(this: Value, separator: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    between = "," if separator is undefined else to_string(separator)
    return join_elements(obj, length, between, to_string)


def join_elements(obj: JSObject, length: int, separator: str, text: Any) -> str:
    """The texts of all elements; nothing for undefined and null."""
    parts: list[str] = []
    charge(length)
    for k in range(length):
        value = obj.get(str(k), obj)
        parts.append("" if value is undefined or value is null else text(value))
    return joined(parts, separator)


@array_prototype.method("toString", length=0, intrinsic="%Array.prototype.toString%")
def to_string_method(this: Value) -> Value:
    obj = to_object(this)
    function = obj.get("join", obj)
    if not isinstance(function, FunctionObject):
        function = intrinsic("%Object.prototype.toString%")
    return function.call(obj, [])


@array_prototype.method("toLocaleString", length=0)
def to_locale_string(this: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    return join_elements(obj, length, ",", lambda value: to_string(invoke(value, "toLocaleString")))


array_prototype.value(
    SYMBOL_UNSCOPABLES, "%Array.prototype[@@unscopables]%", writable=False, configurable=True
)

TABLES = (array_prototype, array_unscopables, array_constructor)
