"""Type conversion (ECMA-262 §7.1)."""

from __future__ import annotations

from math import isfinite, isnan, nan, trunc

from refimpl.language.agent import intrinsic
from refimpl.language.algorithms.numbers import (
    bigint_to_string,
    number_to_string,
    string_to_bigint,
    string_to_number,
)
from refimpl.language.errors import throw_range_error, throw_syntax_error, throw_type_error
from refimpl.language.functions import FunctionObject, call
from refimpl.language.objects import JSObject
from refimpl.language.values import (
    SYMBOL_TO_PRIMITIVE,
    BigInt,
    Key,
    Symbol,
    Value,
    null,
    undefined,
)


def to_primitive(value: Value, hint: str = "default") -> Value:
    """ToPrimitive; `hint` is "default", "number" or "string"."""
    if not isinstance(value, JSObject):
        return value
    exotic = value.get(SYMBOL_TO_PRIMITIVE, value)
    if exotic is undefined or exotic is null:
        return ordinary_to_primitive(value, "number" if hint == "default" else hint)
    result = call(exotic, value, [hint])
    if isinstance(result, JSObject):
        throw_type_error("Cannot convert object to primitive value")
    return result


def ordinary_to_primitive(value: JSObject, hint: str) -> Value:
    """OrdinaryToPrimitive."""
    for name in ("toString", "valueOf") if hint == "string" else ("valueOf", "toString"):
        method = value.get(name, value)
        if isinstance(method, FunctionObject):
            result = method.call(value, [])
            if not isinstance(result, JSObject):
                return result
    throw_type_error("Cannot convert object to primitive value")


def to_boolean(value: Value) -> bool:
    """ToBoolean."""
    kind = type(value)
    if kind is bool:
        return bool(value)
    if kind is float:
        return not (value == 0.0 or isnan(value))
    if kind is str:
        return len(value) > 0
    if kind is BigInt:
        return bool(value.n)
    return value is not undefined and value is not null


def to_number(value: Value) -> float:
    """ToNumber."""
    kind = type(value)
    if kind is float:
        return float(value)
    if kind is str:
        return string_to_number(value)
    if kind is bool:
        return 1.0 if value else 0.0
    if value is undefined:
        return nan
    if value is null:
        return 0.0
    if kind is Symbol or kind is BigInt:
        throw_type_error(f"Cannot convert a {kind.__name__} value to a number")
    return to_number(to_primitive(value, "number"))


def to_numeric(value: Value) -> float | BigInt:
    """ToNumeric."""
    if type(value) is float:
        return value
    primitive = to_primitive(value, "number")
    return primitive if type(primitive) is BigInt else to_number(primitive)


def to_integer_or_infinity(value: Value) -> int | float:
    """ToIntegerOrInfinity: an int, or one of the float infinities."""
    number = to_number(value)
    if isfinite(number):
        return trunc(number)
    return 0 if isnan(number) else number


def to_uint32(value: Value) -> int:
    """ToUint32."""
    number = to_number(value)
    return trunc(number) & 0xFFFFFFFF if isfinite(number) else 0


def to_int32(value: Value) -> int:
    """ToInt32."""
    unsigned = to_uint32(value)
    return unsigned - 0x100000000 if unsigned & 0x80000000 else unsigned


def to_uint16(value: Value) -> int:
    """ToUint16."""
    return to_uint32(value) & 0xFFFF


def to_string(value: Value) -> str:
    """ToString."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is float:
        return number_to_string(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is BigInt:
        return bigint_to_string(value.n)
    if kind is Symbol:
        throw_type_error("Cannot convert a Symbol value to a string")
    if isinstance(value, JSObject):
        return to_string(to_primitive(value, "string"))
    return repr(value)


def to_object(value: Value) -> JSObject:
    """ToObject."""
    if isinstance(value, JSObject):
        return value
    from refimpl.language.exotics import PrimitiveObject, StringObject  # noqa: PLC0415 - exotics convert lengths

    if value is undefined or value is null:
        throw_type_error(f"Cannot convert {value!r} to object")
    prototype = prototype_of_primitive(value)
    if type(value) is str:
        return StringObject(prototype, value)
    return PrimitiveObject(prototype, value)


def prototype_of_primitive(value: Value) -> JSObject:
    """The prototype through which a primitive other than undefined and null finds its methods."""
    names = {str: "String", float: "Number", bool: "Boolean", Symbol: "Symbol", BigInt: "BigInt"}
    prototype: JSObject = intrinsic(f"%{names[type(value)]}.prototype%")
    return prototype


def to_property_key(value: Value) -> Key:
    """ToPropertyKey."""
    if type(value) is str or type(value) is Symbol:
        return value
    primitive = to_primitive(value, "string")
    return primitive if type(primitive) is Symbol else to_string(primitive)


def to_length(value: Value) -> int:
    """ToLength."""
    return int(min(max(to_integer_or_infinity(value), 0), 2**53 - 1))


def to_index(value: Value) -> int:
    """ToIndex."""
    integer = to_integer_or_infinity(value)
    if not 0 <= integer <= 2**53 - 1:
        throw_range_error("Invalid index")
    return int(integer)


def relative_index(value: Value, length: int, default: int = 0) -> int:
    """The clamped position a relative start or end argument means; `default` for undefined."""
    if value is undefined:
        return default
    integer = to_integer_or_infinity(value)
    return int(max(length + integer, 0) if integer < 0 else min(integer, length))


def to_big_int(value: Value) -> BigInt:
    """ToBigInt."""
    primitive = to_primitive(value, "number")
    if type(primitive) is BigInt:
        return primitive
    if type(primitive) is bool:
        return BigInt(int(primitive))
    if type(primitive) is str:
        parsed = string_to_big_int(primitive)
        if parsed is None:
            throw_syntax_error(f"Cannot convert {primitive!r} to a BigInt")
        return parsed
    throw_type_error("Cannot convert the value to a BigInt")


def string_to_big_int(string: str) -> BigInt | None:
    """StringToBigInt; None where the text is no integer."""
    integer = string_to_bigint(string)
    return None if integer is None else BigInt(integer)
