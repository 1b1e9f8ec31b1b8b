"""Testing and comparison of values (ECMA-262 §7.2). `same_value` is in `objects`, which needs it."""

from __future__ import annotations

from refimpl.language.conversions import string_to_big_int, to_number, to_primitive
from refimpl.language.errors import throw_type_error
from refimpl.language.objects import JSObject
from refimpl.language.values import BigInt, Symbol, Value, null, undefined


def require_object_coercible(value: Value) -> Value:
    """RequireObjectCoercible."""
    if value is undefined or value is null:
        throw_type_error(f"Cannot convert {value!r} to object")
    return value


def is_array(value: Value) -> bool:
    """IsArray."""
    return isinstance(value, JSObject) and value.is_array()


def is_integral_number(value: Value) -> bool:
    """IsIntegralNumber."""
    return type(value) is float and value.is_integer()


def is_strictly_equal(x: Value, y: Value) -> bool:
    """IsStrictlyEqual."""
    return type(x) is type(y) and bool(x == y)


def same_value_zero(x: Value, y: Value) -> bool:
    """SameValueZero."""
    return is_strictly_equal(x, y) or (type(x) is type(y) is float and x != x and y != y)  # noqa: PLR0124 - NaN


def is_loosely_equal(x: Value, y: Value) -> bool:
    """IsLooselyEqual."""
    if type(x) is type(y):
        return bool(x == y)
    if x is undefined or x is null:
        return y is undefined or y is null
    if y is undefined or y is null:
        return False
    if isinstance(x, JSObject) and isinstance(y, JSObject):
        return False
    if isinstance(x, JSObject) or isinstance(y, JSObject):
        return is_loosely_equal(to_primitive(x), to_primitive(y))
    if type(x) is Symbol or type(y) is Symbol:
        return False
    return _mathematically_equal(x, y)


def _mathematically_equal(x: Value, y: Value) -> bool:
    """The numeric steps of IsLooselyEqual, for two primitives of different types."""
    if type(x) is not BigInt and type(y) is not BigInt:
        return to_number(x) == to_number(y)
    big, other = (x, y) if type(x) is BigInt else (y, x)
    if type(other) is str:
        return string_to_big_int(other) == big
    return bool(big.n == to_number(other))
