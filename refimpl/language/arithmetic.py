"""Operators on values: Number and BigInt arithmetic, relations, concatenation (ECMA-262 §6.1.6, §7.2.12, §13.15.3).

`BINARY` maps the text of a binary operator to the function that applies it to two values.
"""

from __future__ import annotations

import operator
from math import copysign, fmod, inf, isfinite, isnan, nan
from typing import TYPE_CHECKING, Final

from refimpl.language.agent import surrounding
from refimpl.language.conversions import (
    string_to_big_int,
    to_int32,
    to_numeric,
    to_primitive,
    to_property_key,
    to_string,
    to_uint32,
)
from refimpl.language.errors import throw_range_error, throw_type_error
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    describe_key,
    instance_of,
    is_loosely_equal,
    is_strictly_equal,
)
from refimpl.language.values import BigInt, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable

#: Bits of the largest BigInt; a larger result is the guest's RangeError.
BIGINT_BITS = 1 << 20


def add(x: Value, y: Value) -> Value:
    """§13.8.1 The Addition Operator."""
    if type(x) is float and type(y) is float:
        return x + y
    x, y = to_primitive(x), to_primitive(y)
    if type(x) is str or type(y) is str:
        return concatenate(to_string(x), to_string(y))
    return _add(x, y)


def concatenate(x: str, y: str) -> str:
    """String concatenation, within the limits of string length and allocations."""
    length = len(x) + len(y)
    if length > 1024:
        agent = surrounding.agent
        agent.allocate(length >> 6)
        if length > agent.limits.string_length:
            throw_range_error("Invalid string length")
    return x + y


def numeric(
    on_numbers: Callable[[float, float], float], on_integers: Callable[[int, int], int]
) -> Callable[[Value, Value], Value]:
    """ApplyStringOrNumericBinaryOperator for an operator that is not `+`."""

    def apply(x: Value, y: Value) -> Value:
        if type(x) is float and type(y) is float:
            return on_numbers(x, y)
        x, y = to_numeric(x), to_numeric(y)
        if type(x) is BigInt and type(y) is BigInt:
            return big_int(on_integers(x.n, y.n))
        if type(x) is BigInt or type(y) is BigInt:
            throw_type_error("Cannot mix BigInt and other types, use explicit conversions")
        return on_numbers(x, y)

    return apply


def big_int(n_: int) -> BigInt:
    """A BigInt within the limit of size."""
    if n_.bit_length() > BIGINT_BITS:
        throw_range_error("Maximum BigInt size exceeded")
    return BigInt(n_)


def divide(x: float, y: float) -> float:
    """Number::divide."""
    if y != 0.0:
        return x / y
    return nan if x == 0.0 or isnan(x) else copysign(inf, x) * copysign(1.0, y)


def remainder(x: float, y: float) -> float:
    """Number::remainder."""
    return nan if y == 0.0 or isnan(y) or not isfinite(x) else fmod(x, y)


def exponentiate(base: float, exponent: float) -> float:
    """Number::exponentiate."""
    if isnan(exponent) or (abs(base) == 1.0 and not isfinite(exponent)):
        return nan
    if base < 0.0 and isfinite(base) and isfinite(exponent) and not exponent.is_integer():
        return nan
    odd = abs(exponent) < 2**53 and exponent % 2.0 == 1.0
    try:
        result = base**exponent
    except ZeroDivisionError:
        return copysign(inf, base) if odd else inf
    except OverflowError:
        return -inf if base < 0 and odd else inf
    return float(result)


def big_divide(x: int, y: int) -> int:
    """BigInt::divide: the quotient rounded towards zero."""
    if y == 0:
        throw_range_error("Division by zero")
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


def big_remainder(x: int, y: int) -> int:
    """BigInt::remainder."""
    return x - y * big_divide(x, y)


def big_exponentiate(base: int, exponent: int) -> int:
    """BigInt::exponentiate."""
    if exponent < 0:
        throw_range_error("Exponent must be non-negative")
    if base.bit_length() > 1 and exponent * (base.bit_length() - 1) > BIGINT_BITS:
        throw_range_error("Maximum BigInt size exceeded")
    return int(base**exponent)


def big_shift(x: int, by: int) -> int:
    """BigInt::leftShift; a negative shift is a signed right shift."""
    if by > BIGINT_BITS and x != 0:
        throw_range_error("Maximum BigInt size exceeded")
    return x << by if by >= 0 else x >> min(-by, x.bit_length() + 1)


def unsigned_right_shift(x: float, y: float) -> float:
    """Number::unsignedRightShift."""
    return float(to_uint32(x) >> (to_uint32(y) & 31))


def big_unsigned_right_shift(x: int, y: int) -> int:
    """BigInt::unsignedRightShift."""
    del x, y
    throw_type_error("BigInts have no unsigned right shift, use >> instead")


def signed(n_: int) -> float:
    """An integer modulo 2^32 as a signed Number."""
    return float(to_int32(float(n_)))


def is_less_than(x: Value, y: Value, left_first: bool = True) -> bool | None:
    """IsLessThan; None stands for undefined (a NaN is involved)."""
    if left_first:
        x = to_primitive(x, "number")
        y = to_primitive(y, "number")
    else:
        y = to_primitive(y, "number")
        x = to_primitive(x, "number")
    if type(x) is str and type(y) is str:
        return x < y
    if type(x) is BigInt and type(y) is str:
        other = string_to_big_int(y)
        return None if other is None else x.n < other.n
    if type(x) is str and type(y) is BigInt:
        other = string_to_big_int(x)
        return None if other is None else other.n < y.n
    left, right = to_numeric(x), to_numeric(y)
    left = left.n if isinstance(left, BigInt) else left
    right = right.n if isinstance(right, BigInt) else right
    return None if left != left or right != right else left < right  # noqa: PLR0124 - NaN


def less(x: Value, y: Value) -> bool:
    """`x < y`."""
    return x < y if type(x) is type(y) is float else is_less_than(x, y) is True


def greater(x: Value, y: Value) -> bool:
    """`x > y`."""
    return x > y if type(x) is type(y) is float else is_less_than(y, x, left_first=False) is True


def less_or_equal(x: Value, y: Value) -> bool:
    """`x <= y`."""
    return x <= y if type(x) is type(y) is float else is_less_than(y, x, left_first=False) is False


def greater_or_equal(x: Value, y: Value) -> bool:
    """`x >= y`."""
    return x >= y if type(x) is type(y) is float else is_less_than(x, y) is False


def has_property(key: Value, obj: Value) -> bool:
    """§13.10 `key in object`."""
    if not isinstance(obj, JSObject):
        name = describe_key(key) if isinstance(key, (str, Symbol)) else "a key"
        throw_type_error(f"Cannot use 'in' operator to search for {name} in a primitive value")
    return obj.has_property(to_property_key(key))


_add = numeric(operator.add, operator.add)

BINARY: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": add,
    "-": numeric(operator.sub, operator.sub),
    "*": numeric(operator.mul, operator.mul),
    "/": numeric(divide, big_divide),
    "%": numeric(remainder, big_remainder),
    "**": numeric(exponentiate, big_exponentiate),
    "&": numeric(lambda x, y: float(to_int32(x) & to_int32(y)), operator.and_),
    "|": numeric(lambda x, y: float(to_int32(x) | to_int32(y)), operator.or_),
    "^": numeric(lambda x, y: float(to_int32(x) ^ to_int32(y)), operator.xor),
    "<<": numeric(lambda x, y: signed(to_int32(x) << (to_uint32(y) & 31)), big_shift),
    ">>": numeric(
        lambda x, y: float(to_int32(x) >> (to_uint32(y) & 31)), lambda x, y: big_shift(x, -y)
    ),
    ">>>": numeric(unsigned_right_shift, big_unsigned_right_shift),
    "<": less,
    ">": greater,
    "<=": less_or_equal,
    ">=": greater_or_equal,
    "===": is_strictly_equal,
    "!==": lambda x, y: not is_strictly_equal(x, y),
    "==": is_loosely_equal,
    "!=": lambda x, y: not is_loosely_equal(x, y),
    "instanceof": instance_of,
    "in": has_property,
}
