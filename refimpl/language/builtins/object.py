"""Object and Object.prototype (ECMA-262 §20.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.builtins.support import charge, group_by
from refimpl.language.operations import (
    ABSENT,
    JSObject,
    Property,
    Throw,
    Value,
    create_array_from_list,
    create_data_property,
    create_data_property_or_throw,
    define_property_or_throw,
    enumerable_own_properties,
    from_property_descriptor,
    get_iterator,
    has_own_property,
    intrinsic,
    invoke,
    is_array,
    is_callable,
    iterator_close_throwing,
    iterator_step_value,
    null,
    ordinary_create_from_constructor,
    require_object_coercible,
    same_value,
    set_,
    set_integrity_level,
    surrounding,
    test_integrity_level,
    throw_type_error,
    to_object,
    to_property_descriptor,
    to_property_key,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import SYMBOL_TO_STRING_TAG, Key, Symbol

if TYPE_CHECKING:
    from refimpl.language.operations import IteratorRecord


class ImmutablePrototypeObject(JSObject):
    """An immutable prototype exotic object (§10.4.7)."""

    __slots__ = ()

    def set_prototype_of(self, prototype: JSObject | None) -> bool:
        """SetImmutablePrototype."""
        return prototype is self.prototype


object_prototype = Table("%Object.prototype%", prototype=None, make=ImmutablePrototypeObject)
object_constructor = Table("%Object%")


@object_constructor.constructor(length=1)
def construct_object(new_target: Value, value: Value) -> Value:
    current = surrounding.agent.context.function
    if new_target is not undefined and new_target is not current:
        return ordinary_create_from_constructor(new_target, "%Object.prototype%")
    if value is undefined or value is null:
        return JSObject(intrinsic("%Object.prototype%"))
    return to_object(value)


# --- properties of the constructor ---------------------------------------------------------------


@object_constructor.method("assign", length=2)
def assign(this: Value, target: Value, *sources: Value) -> Value:
    to = to_object(target)
    for source in sources:
        if source is undefined or source is null:
            continue
        origin = to_object(source)
        for key in own_keys(origin):
            found = origin.get_own_property(key)
            if found is not None and found.enumerable:
                set_(to, key, origin.get(key, origin))
    return to


@object_constructor.method("create", length=2)
def create(this: Value, prototype: Value, properties: Value) -> Value:
    obj = JSObject(prototype_argument(prototype))
    return obj if properties is undefined else object_define_properties(obj, properties)


@object_constructor.method("defineProperties", length=2)
def define_properties(this: Value, obj: Value, properties: Value) -> Value:
    return object_define_properties(object_argument(obj, "defineProperties"), properties)


def object_define_properties(obj: JSObject, properties: Value) -> JSObject:
    """ObjectDefineProperties."""
    source = to_object(properties)
    descriptors: list[tuple[Key, Property]] = []
    for key in own_keys(source):
        found = source.get_own_property(key)
        if found is not None and found.enumerable:
            descriptors.append((key, to_property_descriptor(source.get(key, source))))
    for key, descriptor in descriptors:
        define_property_or_throw(obj, key, descriptor)
    return obj


@object_constructor.method("defineProperty", length=3)
def define_property(this: Value, obj: Value, key: Value, attributes: Value) -> Value:
    target = object_argument(obj, "defineProperty")
    property_key = to_property_key(key)
    define_property_or_throw(target, property_key, to_property_descriptor(attributes))
    return target


@object_constructor.method("entries", length=1)
def entries(this: Value, obj: Value) -> Value:
    return properties_of(obj, "key+value")


@object_constructor.method("keys", length=1)
def keys(this: Value, obj: Value) -> Value:
    return properties_of(obj, "key")


@object_constructor.method("values", length=1)
def values(this: Value, obj: Value) -> Value:
    return properties_of(obj, "value")


def properties_of(obj: Value, kind: str) -> Value:
    """The array of EnumerableOwnProperties."""
    found = enumerable_own_properties(to_object(obj), kind)
    charge(len(found))
    return create_array_from_list(found)


@object_constructor.method("freeze", length=1)
def freeze(this: Value, obj: Value) -> Value:
    return with_integrity(obj, "frozen")


@object_constructor.method("seal", length=1)
def seal(this: Value, obj: Value) -> Value:
    return with_integrity(obj, "sealed")


def with_integrity(obj: Value, level: str) -> Value:
    """The object itself, after SetIntegrityLevel."""
    if isinstance(obj, JSObject) and not set_integrity_level(obj, level):
        throw_type_error(f"The object cannot be {level}")
    return obj


@object_constructor.method("preventExtensions", length=1)
def prevent_extensions(this: Value, obj: Value) -> Value:
    if isinstance(obj, JSObject) and not obj.prevent_extensions():
        throw_type_error("Cannot prevent extensions")
    return obj


@object_constructor.method("isFrozen", length=1)
def is_frozen(this: Value, obj: Value) -> Value:
    return not isinstance(obj, JSObject) or test_integrity_level(obj, "frozen")


@object_constructor.method("isSealed", length=1)
def is_sealed(this: Value, obj: Value) -> Value:
    return not isinstance(obj, JSObject) or test_integrity_level(obj, "sealed")


@object_constructor.method("isExtensible", length=1)
def is_extensible(this: Value, obj: Value) -> Value:
    return isinstance(obj, JSObject) and obj.is_extensible()


@object_constructor.method("fromEntries", length=1)
def from_entries(this: Value, iterable: Value) -> Value:
    require_object_coercible(iterable)
    obj = JSObject(intrinsic("%Object.prototype%"))

    def add(key: Value, value: Value) -> None:
        create_data_property_or_throw(obj, to_property_key(key), value)

    add_entries_from_iterable(get_iterator(iterable), add)
    return obj


def add_entries_from_iterable(record: IteratorRecord, add: Any) -> None:
    """AddEntriesFromIterable; `add` is a Python function of key and value."""
    while (item := iterator_step_value(record)) is not ABSENT:
        try:
            if not isinstance(item, JSObject):
                throw_type_error("Iterator value is not an entry object")
            add(item.get("0", item), item.get("1", item))
        except Throw:
            iterator_close_throwing(record)
            raise


@object_constructor.method("getOwnPropertyDescriptor", length=2)
def get_own_property_descriptor(this: Value, obj: Value, key: Value) -> Value:
    target = to_object(obj)
    return from_property_descriptor(target.get_own_property(to_property_key(key)))


@object_constructor.method("getOwnPropertyDescriptors", length=1)
def get_own_property_descriptors(this: Value, obj: Value) -> Value:
    target = to_object(obj)
    descriptors = JSObject(intrinsic("%Object.prototype%"))
    for key in own_keys(target):
        descriptor = from_property_descriptor(target.get_own_property(key))
        if descriptor is not undefined:
            create_data_property(descriptors, key, descriptor)
    return descriptors


@object_constructor.method("getOwnPropertyNames", length=1)
def get_own_property_names(this: Value, obj: Value) -> Value:
    found = own_keys(to_object(obj))
    return create_array_from_list([key for key in found if type(key) is str])


@object_constructor.method("getOwnPropertySymbols", length=1)
def get_own_property_symbols(this: Value, obj: Value) -> Value:
    found = own_keys(to_object(obj))
    return create_array_from_list([key for key in found if type(key) is Symbol])


@object_constructor.method("getPrototypeOf", length=1)
def get_prototype_of(this: Value, obj: Value) -> Value:
    prototype = to_object(obj).get_prototype_of()
    return null if prototype is None else prototype


@object_constructor.method("setPrototypeOf", length=2)
def set_prototype_of(this: Value, obj: Value, prototype: Value) -> Value:
    require_object_coercible(obj)
    replacement = prototype_argument(prototype)
    if isinstance(obj, JSObject) and not obj.set_prototype_of(replacement):
        throw_type_error("Cannot set the prototype of this object")
    return obj


@object_constructor.method("groupBy", length=2)
def group_by_property(this: Value, items: Value, callback: Value) -> Value:
    groups = group_by(items, callback, to_property_key)
    obj = JSObject(None)
    for entry in groups:
        create_data_property(obj, entry.key, create_array_from_list(entry.value))
    return obj


@object_constructor.method("hasOwn", length=2)
def has_own(this: Value, obj: Value, key: Value) -> Value:
    target = to_object(obj)
    return has_own_property(target, to_property_key(key))


@object_constructor.method("is", length=2)
def is_(this: Value, x: Value, y: Value) -> Value:
    return same_value(x, y)


def own_keys(obj: JSObject) -> list[Key]:
    """[[OwnPropertyKeys]], paid for."""
    found = obj.own_property_keys()
    charge(len(found))
    return found


def object_argument(value: Value, method: str) -> JSObject:
    """The first argument of a method that takes no other value than an object."""
    if not isinstance(value, JSObject):
        throw_type_error(f"Object.{method} called on non-object")
    return value


def prototype_argument(value: Value) -> JSObject | None:
    """An argument that is an object or null; None for null."""
    if not isinstance(value, JSObject) and value is not null:
        throw_type_error("Object prototype may only be an Object or null")
    return value if isinstance(value, JSObject) else None


# --- properties of the prototype -----------------------------------------------------------------


@object_prototype.method("hasOwnProperty", length=1)
def has_own_property_method(this: Value, key: Value) -> Value:
    property_key = to_property_key(key)
    return has_own_property(to_object(this), property_key)


@object_prototype.method("isPrototypeOf", length=1)
def is_prototype_of(this: Value, value: Value) -> Value:
    if not isinstance(value, JSObject):
        return False
    obj = to_object(this)
    ancestor = value.get_prototype_of()
    while ancestor is not None and ancestor is not obj:
        charge(1)
        ancestor = ancestor.get_prototype_of()
    return ancestor is not None


@object_prototype.method("propertyIsEnumerable", length=1)
def property_is_enumerable(this: Value, key: Value) -> Value:
    property_key = to_property_key(key)
    found = to_object(this).get_own_property(property_key)
    return found is not None and found.enumerable


@object_prototype.method("toLocaleString", length=0)
def to_locale_string(this: Value) -> Value:
    return invoke(this, "toString")


@object_prototype.method("toString", length=0, intrinsic="%Object.prototype.toString%")
def to_string(this: Value) -> Value:
    if this is undefined or this is null:
        return f"[object {'Undefined' if this is undefined else 'Null'}]"
    obj = to_object(this)
    builtin_tag = "Array" if is_array(obj) else obj.builtin_tag
    tag = obj.get(SYMBOL_TO_STRING_TAG, obj)
    return f"[object {tag if type(tag) is str else builtin_tag}]"


@object_prototype.method("valueOf", length=0)
def value_of(this: Value) -> Value:
    return to_object(this)


@object_prototype.getter("__proto__")
def get_proto(this: Value) -> Value:
    return get_prototype_of(undefined, this)


@object_prototype.setter("__proto__")
def set_proto(this: Value, prototype: Value) -> Value:
    require_object_coercible(this)
    if isinstance(prototype, JSObject) or prototype is null:
        set_prototype_of(undefined, this, prototype)
    return undefined


@object_prototype.method("__defineGetter__", length=2)
def define_getter(this: Value, key: Value, getter: Value) -> Value:
    return define_accessor(this, key, Property(get=getter), getter)


@object_prototype.method("__defineSetter__", length=2)
def define_setter(this: Value, key: Value, setter: Value) -> Value:
    return define_accessor(this, key, Property(set=setter), setter)


def define_accessor(this: Value, key: Value, descriptor: Property, function: Value) -> Value:
    """The common part of `__defineGetter__` and `__defineSetter__`."""
    obj = to_object(this)
    if not is_callable(function):
        throw_type_error("The accessor is not a function")
    descriptor.enumerable = descriptor.configurable = True
    define_property_or_throw(obj, to_property_key(key), descriptor)
    return undefined


@object_prototype.method("__lookupGetter__", length=1)
def lookup_getter(this: Value, key: Value) -> Value:
    return lookup_accessor(this, key, "get")


@object_prototype.method("__lookupSetter__", length=1)
def lookup_setter(this: Value, key: Value) -> Value:
    return lookup_accessor(this, key, "set")


def lookup_accessor(this: Value, key: Value, half: str) -> Value:
    """The common part of `__lookupGetter__` and `__lookupSetter__`."""
    holder: JSObject | None = to_object(this)
    property_key = to_property_key(key)
    while holder is not None:
        found = holder.get_own_property(property_key)
        if found is not None:
            return getattr(found, half) if found.is_accessor() else undefined
        holder = holder.get_prototype_of()
    return undefined


TABLES = (object_prototype, object_constructor)
