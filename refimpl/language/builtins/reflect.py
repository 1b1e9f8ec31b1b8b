"""Reflect (ECMA-262 §28.1)."""

from __future__ import annotations

from typing import Any

from refimpl.language.builtins.object import own_keys, prototype_argument
from refimpl.language.operations import (
    FunctionObject,
    JSObject,
    Value,
    create_array_from_list,
    create_list_from_array_like,
    from_property_descriptor,
    is_constructor,
    null,
    throw_type_error,
    to_property_descriptor,
    to_property_key,
)
from refimpl.language.realm import Table

reflect = Table("%Reflect%")
reflect.to_string_tag("Reflect")


def target_object(value: Value) -> JSObject:
    """The first argument of all functions but two."""
    if not isinstance(value, JSObject):
        throw_type_error("The target is not an object")
    return value


def constructor_argument(value: Value) -> Any:
    """An argument that must be a constructor."""
    if not is_constructor(value):
        throw_type_error("The value is not a constructor")
    return value


@reflect.method("apply", length=3)
def apply(this: Value, target: Value, this_arg: Value, arguments: Value) -> Value:
    if not isinstance(target, FunctionObject):
        throw_type_error("The target is not a function")
    return target.call(this_arg, create_list_from_array_like(arguments))


@reflect.method("construct", length=2)
def construct(this: Value, target: Value, arguments: Value, *new_target: Value) -> Value:
    constructor = constructor_argument(target)
    replacement = constructor_argument(new_target[0]) if new_target else constructor
    return constructor.construct(create_list_from_array_like(arguments), replacement)


@reflect.method("defineProperty", length=3)
def define_property(this: Value, target: Value, key: Value, attributes: Value) -> Value:
    obj = target_object(target)
    property_key = to_property_key(key)
    return obj.define_own_property(property_key, to_property_descriptor(attributes))


@reflect.method("deleteProperty", length=2)
def delete_property(this: Value, target: Value, key: Value) -> Value:
    obj = target_object(target)
    return obj.delete(to_property_key(key))


@reflect.method("get", length=2)
def get(this: Value, target: Value, key: Value, *receiver: Value) -> Value:
    obj = target_object(target)
    property_key = to_property_key(key)
    return obj.get(property_key, receiver[0] if receiver else obj)


@reflect.method("getOwnPropertyDescriptor", length=2)
def get_own_property_descriptor(this: Value, target: Value, key: Value) -> Value:
    obj = target_object(target)
    return from_property_descriptor(obj.get_own_property(to_property_key(key)))


@reflect.method("getPrototypeOf", length=1)
def get_prototype_of(this: Value, target: Value) -> Value:
    prototype = target_object(target).get_prototype_of()
    return null if prototype is None else prototype


@reflect.method("has", length=2)
def has(this: Value, target: Value, key: Value) -> Value:
    obj = target_object(target)
    return obj.has_property(to_property_key(key))


@reflect.method("isExtensible", length=1)
def is_extensible(this: Value, target: Value) -> Value:
    return target_object(target).is_extensible()


@reflect.method("ownKeys", length=1)
def own_keys_method(this: Value, target: Value) -> Value:
    return create_array_from_list([*own_keys(target_object(target))])


@reflect.method("preventExtensions", length=1)
def prevent_extensions(this: Value, target: Value) -> Value:
    return target_object(target).prevent_extensions()


@reflect.method("set", length=3)
def set_(this: Value, target: Value, key: Value, value: Value, *receiver: Value) -> Value:
    obj = target_object(target)
    property_key = to_property_key(key)
    return obj.set(property_key, value, receiver[0] if receiver else obj)


@reflect.method("setPrototypeOf", length=2)
def set_prototype_of(this: Value, target: Value, prototype: Value) -> Value:
    return target_object(target).set_prototype_of(prototype_argument(prototype))


TABLES = (reflect,)
