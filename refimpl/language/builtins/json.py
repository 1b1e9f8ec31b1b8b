"""JSON (ECMA-262 §25.5)."""

from __future__ import annotations

from math import isfinite
from typing import Any

from refimpl.language.algorithms import json_text
from refimpl.language.builtins.support import charge, joined, nested, sized
from refimpl.language.exotics import PrimitiveObject
from refimpl.language.operations import (
    FunctionObject,
    JSObject,
    Value,
    create_array_from_list,
    create_data_property,
    enumerable_own_properties,
    get_v,
    intrinsic,
    is_array,
    is_callable,
    length_of_array_like,
    null,
    number_to_string,
    throw_syntax_error,
    throw_type_error,
    to_integer_or_infinity,
    to_number,
    to_string,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import BigInt

json_object = Table("%JSON%")
json_object.to_string_tag("JSON")


class GuestBuilder:
    """Makes guest values of JSON text."""

    def literal(self, value: str | float | bool | None) -> Value:
        """A primitive."""
        charge(1)
        return null if value is None else value

    def array(self, items: list[Value]) -> Value:
        """An Array."""
        charge(1)
        return create_array_from_list(items)

    def object(self, members: dict[str, Value]) -> Value:
        """An ordinary object, on which even `__proto__` is a property like others."""
        charge(1)
        obj = JSObject(intrinsic("%Object.prototype%"))
        obj.props.update(members)
        return obj


def parse_json_text(text: str) -> Value:
    """The value of a JSON text, or a SyntaxError."""
    charge(len(text) // 64)
    try:
        return json_text.parse(text, GuestBuilder())
    except json_text.JSONTextError as error:
        throw_syntax_error(str(error))


@json_object.method("parse", length=2)
def parse(this: Value, text: Value, reviver: Value) -> Value:
    value = parse_json_text(to_string(text))
    if not is_callable(reviver):
        return value
    root = JSObject(intrinsic("%Object.prototype%"))
    root.props[""] = value
    return internalize(root, "", reviver, 0)


def internalize(holder: JSObject, name: str, reviver: Any, depth: int) -> Value:
    """InternalizeJSONProperty."""
    charge(1)
    depth = nested(depth)
    value = holder.get(name, holder)
    if isinstance(value, JSObject):
        if is_array(value):
            for index in range(length_of_array_like(value)):
                internalize_into(value, str(index), reviver, depth)
        else:
            for key in enumerable_own_properties(value, "key"):
                internalize_into(value, key, reviver, depth)
    return reviver.call(holder, [name, value])


def internalize_into(obj: JSObject, key: str, reviver: Any, depth: int) -> None:
    """Replace or delete one property by what the reviver makes of it."""
    revived = internalize(obj, key, reviver, depth)
    if revived is undefined:
        obj.delete(key)
    else:
        create_data_property(obj, key, revived)


@json_object.method("stringify", length=3)
def stringify(this: Value, value: Value, replacer: Value, space: Value) -> Value:
    serializer = Serializer(replacer, space)
    holder = JSObject(intrinsic("%Object.prototype%"))
    holder.props[""] = value
    text = serializer.property("", holder)
    return undefined if text is None else text


class Serializer:
    """A JSON Serialization Record: replacer, property list, gap, and what is open."""

    def __init__(self, replacer: Value, space: Value) -> None:
        self.function: Any = replacer if isinstance(replacer, FunctionObject) else None
        self.names: list[str] | None = None
        if self.function is None and is_array(replacer):
            self.names = property_list(replacer)
        self.gap = gap_of(space)
        self.indent = ""
        self.stack: list[JSObject] = []

    def property(self, key: str, holder: JSObject) -> str | None:
        """SerializeJSONProperty; None for undefined."""
        charge(1)
        value = holder.get(key, holder)
        if isinstance(value, (JSObject, BigInt)):
            to_json = get_v(value, "toJSON")
            if isinstance(to_json, FunctionObject):
                value = to_json.call(value, [key])
        if self.function is not None:
            value = self.function.call(holder, [key, value])
        if isinstance(value, PrimitiveObject):
            value = unwrapped(value)
        if isinstance(value, JSObject):
            return None if is_callable(value) else self.structure(value)
        return literal(value)

    def structure(self, value: JSObject) -> str:
        """SerializeJSONObject and SerializeJSONArray."""
        if value in self.stack:
            throw_type_error("Converting circular structure to JSON")
        nested(len(self.stack))
        self.stack.append(value)
        outer, self.indent = self.indent, self.indent + self.gap
        text = (
            self.enclosed("[", self.elements(value), "]", outer)
            if is_array(value)
            else self.enclosed("{", self.members(value), "}", outer)
        )
        self.stack.pop()
        self.indent = outer
        return text

    def elements(self, array: JSObject) -> list[str]:
        """The texts of the elements of an array."""
        length = length_of_array_like(array)
        return [self.property(str(index), array) or "null" for index in range(length)]

    def members(self, obj: JSObject) -> list[str]:
        """The texts of the properties of an object."""
        names = enumerable_own_properties(obj, "key") if self.names is None else self.names
        colon = ": " if self.gap else ":"
        texts: list[str] = []
        for name in names:
            text = self.property(name, obj)
            if text is not None:
                texts.append(f"{json_text.quote(name)}{colon}{text}")
        return texts

    def enclosed(self, start: str, parts: list[str], end: str, outer: str) -> str:
        """The parts between brackets, on lines of their own when there is a gap."""
        if not parts:
            return start + end
        if not self.gap:
            return f"{start}{joined(parts, ',')}{end}"
        separator = f",\n{self.indent}"
        return f"{start}\n{self.indent}{joined(parts, separator)}\n{outer}{end}"


def property_list(replacer: JSObject) -> list[str]:
    """The names an array of JSON.stringify's replacer allows, once each."""
    names: dict[str, None] = {}
    for index in range(length_of_array_like(replacer)):
        charge(1)
        item = replacer.get(str(index), replacer)
        primitive = item.primitive if isinstance(item, PrimitiveObject) else item
        if type(primitive) in {str, float}:
            names[to_string(item)] = None
    return [*names]


def gap_of(space: Value) -> str:
    """The text of one level of indentation."""
    if isinstance(space, PrimitiveObject):
        space = unwrapped(space)
    if type(space) is float:
        return " " * int(max(min(to_integer_or_infinity(space), 10), 0))
    return space[:10] if type(space) is str else ""


def unwrapped(obj: PrimitiveObject) -> Value:
    """The primitive that JSON sees in a wrapper object; a Symbol object stays what it is."""
    match obj.primitive:
        case float():
            return to_number(obj)
        case str():
            return to_string(obj)
        case bool() | BigInt():
            return obj.primitive
        case _:
            return obj


def literal(value: Value) -> str | None:
    """The text of a primitive; None for undefined and symbols."""
    match value:
        case str():
            sized(len(value))
            return json_text.quote(value)
        case float():
            return number_to_string(value) if isfinite(value) else "null"
        case bool():
            return "true" if value else "false"
        case BigInt():
            throw_type_error("Do not know how to serialize a BigInt")
    return "null" if value is null else None


TABLES = (json_object,)
