"""Array, and the methods of Array.prototype that change no array but make a new one or look (§23.1).

The methods that change their receiver are in `array_changes`, those that take a callback in
`array_callbacks`; all three fill the same table.
"""

from __future__ import annotations

from typing import Any

from refimpl.language.builtins.support import callback_argument, charge, joined, nested
from refimpl.language.operations import (
    ABSENT,
    ArrayObject,
    FunctionObject,
    JSObject,
    Throw,
    Value,
    array_create,
    create_array_from_list,
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
    is_simple,
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
    to_boolean,
    to_integer_or_infinity,
    to_object,
    to_string,
    to_uint32,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import (
    SYMBOL_IS_CONCAT_SPREADABLE,
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


# --- making a new array --------------------------------------------------------------------------


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


def elements_of(obj: JSObject, length: int) -> list[Value]:
    """Every element from 0 to `length`, holes read as undefined, for an array of that length."""
    if length > 0xFFFFFFFF:
        throw_range_error("Invalid array length")
    charge(length)
    if is_simple(obj) and len(obj.items) == length:  # type: ignore[attr-defined]  # an array then
        return [*obj.items]  # type: ignore[attr-defined]
    return [obj.get(str(k), obj) for k in range(length)]


@array_prototype.method("toReversed", length=0)
def to_reversed(this: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    if length > 0xFFFFFFFF:
        throw_range_error("Invalid array length")
    charge(length)
    return create_array_from_list([obj.get(str(k), obj) for k in reversed(range(length))])


@array_prototype.method("toSpliced", length=2)
def to_spliced(this: Value, *arguments: Value) -> Value:
    obj = to_object(this)
    length = length_of_array_like(obj)
    start, skip = splice_arguments(arguments, length)
    inserted = arguments[2:]
    new_length = length + len(inserted) - skip
    if new_length > MAX_SAFE:
        throw_type_error("The array would be too long")
    if new_length > 0xFFFFFFFF:
        throw_range_error("Invalid array length")
    charge(new_length)
    before = [obj.get(str(k), obj) for k in range(start)]
    after = [obj.get(str(k), obj) for k in range(start + skip, length)]
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
    k = to_integer_or_infinity(index)
    k = k + length if k < 0 else k
    if not 0 <= k < length:
        throw_range_error("Invalid index")
    copy = elements_of(obj, length)
    copy[int(k)] = value
    return create_array_from_list(copy)


array_prototype.value(
    SYMBOL_UNSCOPABLES, "%Array.prototype[@@unscopables]%", writable=False, configurable=True
)

TABLES = (array_prototype, array_unscopables, array_constructor)
