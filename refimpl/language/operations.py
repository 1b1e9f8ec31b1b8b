"""Operations on objects, and iterators (ECMA-262 §7.3, §7.4).

Everything here has its ECMAScript name. Conversions (§7.1) are in `conversions`, testing and comparison
(§7.2) in `comparison`, `call` and `construct` in `functions`; all are importable from here, so that a
module of built-ins needs one import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import current_realm, intrinsic, surrounding
from refimpl.language.algorithms.numbers import number_to_string, string_to_number
from refimpl.language.comparison import (
    is_array,
    is_integral_number,
    is_loosely_equal,
    is_strictly_equal,
    require_object_coercible,
    same_value_zero,
)
from refimpl.language.conversions import (
    prototype_of_primitive,
    relative_index,
    string_to_big_int,
    to_big_int,
    to_boolean,
    to_index,
    to_int32,
    to_integer_or_infinity,
    to_length,
    to_number,
    to_numeric,
    to_object,
    to_primitive,
    to_property_key,
    to_string,
    to_uint16,
    to_uint32,
)
from refimpl.language.errors import (
    Throw,
    describe,
    throw_range_error,
    throw_reference_error,
    throw_syntax_error,
    throw_type_error,
)
from refimpl.language.exotics import (
    HOLE,
    ArrayObject,
    array_create,
    create_array_from_list,
    is_simple,
)
from refimpl.language.functions import (
    BoundFunction,
    FunctionObject,
    call,
    construct,
    create_builtin_function,
    is_callable,
    is_constructor,
    set_function_name,
)
from refimpl.language.objects import (
    ABSENT,
    JSObject,
    Property,
    accessor_property,
    array_index,
    data_property,
    hidden,
    same_value,
)
from refimpl.language.values import (
    SYMBOL_ASYNC_ITERATOR,
    SYMBOL_HAS_INSTANCE,
    SYMBOL_ITERATOR,
    SYMBOL_SPECIES,
    BigInt,
    Key,
    Symbol,
    Value,
    null,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.language.realm import Realm

# --- operations on objects (§7.3) --------------------------------------------------------------


def get(obj: JSObject, key: Key) -> Value:
    """Get."""
    return obj.get(key, obj)


def get_v(value: Value, key: Key) -> Value:
    """GetV: the property of any value."""
    if isinstance(value, JSObject):
        return value.get(key, value)
    if type(value) is str:
        if key == "length":
            return float(len(value))
        index = array_index(key)
        if index is not None and index < len(value):
            return value[index]
    if value is undefined or value is null:
        throw_type_error(f"Cannot read properties of {value!r} (reading {describe_key(key)})")
    return prototype_of_primitive(value).get(key, value)


def describe_key(key: Key) -> str:
    """A property key in an error message."""
    return f"'{key}'" if type(key) is str else repr(key)


def set_(obj: JSObject, key: Key, value: Value) -> None:
    """Set with `throw` true."""
    if not obj.set(key, value, obj):
        throw_type_error(f"Cannot assign to read only property {describe_key(key)}")


def create_data_property(obj: JSObject, key: Key, value: Value) -> bool:
    """CreateDataProperty."""
    return obj.define_own_property(key, data_property(value))


def create_data_property_or_throw(obj: JSObject, key: Key, value: Value) -> None:
    """CreateDataPropertyOrThrow."""
    if not obj.define_own_property(key, data_property(value)):
        throw_type_error(f"Cannot add property {describe_key(key)}")


def define_property_or_throw(obj: JSObject, key: Key, descriptor: Property) -> None:
    """DefinePropertyOrThrow."""
    if not obj.define_own_property(key, descriptor):
        throw_type_error(f"Cannot redefine property: {describe_key(key)}")


def delete_property_or_throw(obj: JSObject, key: Key) -> None:
    """DeletePropertyOrThrow."""
    if not obj.delete(key):
        throw_type_error(f"Cannot delete property {describe_key(key)}")


def get_method(value: Value, key: Key) -> Any:
    """GetMethod: a function, or `undefined`."""
    function = get_v(value, key)
    if function is undefined or function is null:
        return undefined
    if not isinstance(function, FunctionObject):
        throw_type_error(f"{describe_key(key)} is not a function")
    return function


def has_own_property(obj: JSObject, key: Key) -> bool:
    """HasOwnProperty."""
    return obj.get_own_property(key) is not None


def invoke(value: Value, key: Key, *arguments: Value) -> Value:
    """Invoke."""
    function = get_v(value, key)
    if not isinstance(function, FunctionObject):
        throw_type_error(f"{describe_key(key)} is not a function")
    return function.call(value, [*arguments])


def set_integrity_level(obj: JSObject, level: str) -> bool:
    """SetIntegrityLevel; `level` is "sealed" or "frozen"."""
    if not obj.prevent_extensions():
        return False
    for key in obj.own_property_keys():
        current = obj.get_own_property(key)
        if current is None:
            continue
        descriptor = Property(configurable=False)
        if level == "frozen" and current.is_data():
            descriptor.writable = False
        define_property_or_throw(obj, key, descriptor)
    return True


def test_integrity_level(obj: JSObject, level: str) -> bool:
    """TestIntegrityLevel."""
    if obj.is_extensible():
        return False
    for key in obj.own_property_keys():
        current = obj.get_own_property(key)
        if current is None:
            continue
        if current.configurable or (level == "frozen" and current.is_data() and current.writable):
            return False
    return True


def length_of_array_like(obj: JSObject) -> int:
    """LengthOfArrayLike."""
    return to_length(obj.get("length", obj))


def create_list_from_array_like(value: Value) -> list[Value]:
    """CreateListFromArrayLike."""
    if not isinstance(value, JSObject):
        throw_type_error("CreateListFromArrayLike called on non-object")
    length = length_of_array_like(value)
    surrounding.agent.charge(length)
    return [value.get(str(index), value) for index in range(length)]


def species_constructor(obj: JSObject, default: FunctionObject) -> FunctionObject:
    """SpeciesConstructor."""
    constructor = obj.get("constructor", obj)
    if constructor is undefined:
        return default
    if not isinstance(constructor, JSObject):
        throw_type_error("The constructor property is not an object")
    species = constructor.get(SYMBOL_SPECIES, constructor)
    if species is undefined or species is null:
        return default
    if not isinstance(species, FunctionObject) or not species.is_constructor:
        throw_type_error("The species is not a constructor")
    return species


def enumerable_own_properties(obj: JSObject, kind: str) -> list[Value]:
    """EnumerableOwnProperties; `kind` is "key", "value" or "key+value"."""
    result: list[Value] = []
    for key in obj.own_property_keys():
        if type(key) is not str:
            continue
        found = obj.get_own_property(key)
        if found is None or not found.enumerable:
            continue
        if kind == "key":
            result.append(key)
        else:
            value = obj.get(key, obj)
            result.append(value if kind == "value" else create_array_from_list([key, value]))
    return result


def copy_data_properties(target: JSObject, source: Value, excluded: Iterable[Key] = ()) -> None:
    """CopyDataProperties."""
    if source is undefined or source is null:
        return
    origin = to_object(source)
    for key in origin.own_property_keys():
        if key not in excluded:
            found = origin.get_own_property(key)
            if found is not None and found.enumerable:
                create_data_property(target, key, origin.get(key, origin))


def get_function_realm(obj: JSObject) -> Realm:
    """GetFunctionRealm."""
    return obj.function_realm() if isinstance(obj, FunctionObject) else current_realm()


def get_prototype_from_constructor(constructor: FunctionObject, default: str) -> JSObject:
    """GetPrototypeFromConstructor; `default` is an intrinsic's name."""
    prototype = constructor.get("prototype", constructor)
    if isinstance(prototype, JSObject):
        return prototype
    fallback: JSObject = get_function_realm(constructor).intrinsics[default]
    return fallback


def ordinary_create_from_constructor(
    constructor: FunctionObject, default: str, make: Callable[[JSObject], JSObject] = JSObject
) -> Any:
    """OrdinaryCreateFromConstructor; `make` is the class of the new object."""
    return make(get_prototype_from_constructor(constructor, default))


def instance_of(value: Value, target: Value) -> bool:
    """InstanceofOperator."""
    if not isinstance(target, JSObject):
        throw_type_error("Right-hand side of 'instanceof' is not an object")
    handler = get_method(target, SYMBOL_HAS_INSTANCE)
    if handler is not undefined:
        return to_boolean(handler.call(target, [value]))
    if not isinstance(target, FunctionObject):
        throw_type_error("Right-hand side of 'instanceof' is not callable")
    return ordinary_has_instance(target, value)


def ordinary_has_instance(constructor: Value, value: Value) -> bool:
    """OrdinaryHasInstance."""
    if not isinstance(constructor, FunctionObject):
        return False
    if isinstance(constructor, BoundFunction):
        return instance_of(value, constructor.target)
    if not isinstance(value, JSObject):
        return False
    prototype = constructor.get("prototype", constructor)
    if not isinstance(prototype, JSObject):
        throw_type_error("Function has non-object prototype in instanceof check")
    ancestor = value.get_prototype_of()
    while ancestor is not None and ancestor is not prototype:
        ancestor = ancestor.get_prototype_of()
    return ancestor is not None


def to_property_descriptor(value: Value) -> Property:
    """ToPropertyDescriptor."""
    if not isinstance(value, JSObject):
        throw_type_error("Property description must be an object")
    descriptor = Property()
    for name in ("enumerable", "configurable", "value", "writable", "get", "set"):
        if value.has_property(name):
            field = value.get(name, value)
            boolean = name in {"enumerable", "configurable", "writable"}
            setattr(descriptor, name, to_boolean(field) if boolean else field)
            if name in {"get", "set"} and field is not undefined and not is_callable(field):
                throw_type_error(f"The {name} function must be callable")
    if descriptor.is_accessor() and descriptor.is_data():
        throw_type_error("Cannot both specify accessors and a value or writable attribute")
    return descriptor


def from_property_descriptor(descriptor: Property | None) -> Value:
    """FromPropertyDescriptor."""
    if descriptor is None:
        return undefined
    obj = JSObject(intrinsic("%Object.prototype%"))
    obj.props.update(descriptor.fields())
    return obj


# --- iterators (§7.4) ----------------------------------------------------------------------------


class IteratorRecord:
    """An Iterator Record; `done` is [[Done]]."""

    __slots__ = ("done", "iterator", "next_method")

    def __init__(self, iterator: JSObject, next_method: Value) -> None:
        self.iterator = iterator
        self.next_method = next_method
        self.done = False


def create_iterator_result(value: Value, done: bool) -> JSObject:
    """CreateIteratorResultObject."""
    result = JSObject(intrinsic("%Object.prototype%"))
    result.props["value"] = value
    result.props["done"] = done
    return result


def get_iterator_direct(obj: JSObject) -> IteratorRecord:
    """GetIteratorDirect."""
    return IteratorRecord(obj, obj.get("next", obj))


def get_iterator_from_method(value: Value, method: FunctionObject) -> IteratorRecord:
    """GetIteratorFromMethod."""
    iterator = method.call(value, [])
    if not isinstance(iterator, JSObject):
        throw_type_error("Result of the Symbol.iterator method is not an object")
    return get_iterator_direct(iterator)


def get_iterator(value: Value) -> IteratorRecord:
    """GetIterator with kind sync."""
    method = get_method(value, SYMBOL_ITERATOR)
    if method is undefined:
        throw_type_error(f"{describe(value)} is not iterable")
    return get_iterator_from_method(value, method)


def iterator_next(record: IteratorRecord, *arguments: Value) -> JSObject:
    """IteratorNext."""
    try:
        result = call(record.next_method, record.iterator, [*arguments])
    except Throw:
        record.done = True
        raise
    if not isinstance(result, JSObject):
        record.done = True
        throw_type_error(f"Iterator result {describe(result)} is not an object")
    return result


def iterator_complete(result: JSObject) -> bool:
    """IteratorComplete."""
    return to_boolean(result.get("done", result))


def iterator_value(result: JSObject) -> Value:
    """IteratorValue."""
    return result.get("value", result)


def iterator_step(record: IteratorRecord) -> JSObject | None:
    """IteratorStep: the result object, or None when done."""
    result = iterator_next(record)
    try:
        done = iterator_complete(result)
    except Throw:
        record.done = True
        raise
    if done:
        record.done = True
        return None
    return result


def iterator_step_value(record: IteratorRecord) -> Value:
    """IteratorStepValue: the next value, or the Python object `ABSENT` when done."""
    surrounding.agent.charge()
    result = iterator_step(record)
    if result is None:
        return ABSENT
    try:
        return result.get("value", result)
    except Throw:
        record.done = True
        raise


def iterator_close(record: IteratorRecord) -> None:
    """IteratorClose after a completion that is not a throw."""
    method = get_method(record.iterator, "return")
    if method is undefined:
        return
    result = method.call(record.iterator, [])
    if not isinstance(result, JSObject):
        throw_type_error(f"{describe(result)} is not an object")


def iterator_close_throwing(record: IteratorRecord) -> None:
    """IteratorClose after a throw completion: whatever `return` does, the first throw wins.

    Use as `except Throw: iterator_close_throwing(record); raise`. Never close in a Python `finally`:
    a host abort must not run guest code.
    """
    try:
        method = get_method(record.iterator, "return")
        if method is not undefined:
            method.call(record.iterator, [])
    except Throw:
        pass


def iterator_to_list(record: IteratorRecord) -> list[Value]:
    """IteratorToList."""
    values: list[Value] = []
    while (value := iterator_step_value(record)) is not ABSENT:
        values.append(value)
    return values


def iterate_to_list(value: Value) -> list[Value]:
    """The values of a sync iterable, as spread and `Promise.all` take them."""
    return iterator_to_list(get_iterator(value))
