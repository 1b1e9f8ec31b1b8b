"""BigInt (ECMA-262 §21.2)."""

from __future__ import annotations

from refimpl.language.algorithms.numbers import bigint_to_string
from refimpl.language.builtins.number import radix_argument
from refimpl.language.builtins.support import charge, sized, this_primitive
from refimpl.language.operations import (
    Value,
    throw_range_error,
    throw_type_error,
    to_big_int,
    to_index,
    to_primitive,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import BigInt

bigint_prototype = Table("%BigInt.prototype%")
bigint_prototype.to_string_tag("BigInt")
bigint_constructor = Table("%BigInt%")


@bigint_constructor.constructor(length=1)
def construct_bigint(new_target: Value, value: Value) -> Value:
    if new_target is not undefined:
        throw_type_error("BigInt is not a constructor")
    primitive = to_primitive(value, "number")
    if type(primitive) is not float:
        return to_big_int(primitive)
    if not primitive.is_integer():
        throw_range_error("The number cannot be converted to a BigInt because it is not an integer")
    return BigInt(int(primitive))


@bigint_constructor.method("asIntN", length=2)
def as_int_n(this: Value, bits: Value, bigint: Value) -> Value:
    width, n = to_index(bits), to_big_int(bigint).n
    if width > n.bit_length():
        return BigInt(n)
    modulo = n & ((1 << width) - 1)
    negative = width > 0 and modulo >> (width - 1)
    return BigInt(modulo - (1 << width) if negative else modulo)


@bigint_constructor.method("asUintN", length=2)
def as_uint_n(this: Value, bits: Value, bigint: Value) -> Value:
    width, n = to_index(bits), to_big_int(bigint).n
    if n >= 0 and width >= n.bit_length():
        return BigInt(n)
    charge(sized(width) // 64)
    return BigInt(n & ((1 << width) - 1))


def this_bigint_value(this: Value, method: str) -> int:
    """ThisBigIntValue."""
    return this_primitive(this, BigInt, f"BigInt.prototype.{method}").n


@bigint_prototype.method("toString", length=0)
def to_string_method(this: Value, radix: Value) -> Value:
    n = this_bigint_value(this, "toString")
    base = radix_argument(radix)
    sized(n.bit_length())
    return bigint_to_string(n, base)


@bigint_prototype.method("toLocaleString", length=0)
def to_locale_string(this: Value) -> Value:
    digits = bigint_to_string(this_bigint_value(this, "toLocaleString"))
    sign, digits = ("-", digits[1:]) if digits[0] == "-" else ("", digits)
    first = len(digits) % 3 or 3
    groups = [digits[i : i + 3] for i in range(first, len(digits), 3)]
    return sign + ",".join([digits[:first], *groups])


@bigint_prototype.method("valueOf", length=0)
def value_of(this: Value) -> Value:
    return BigInt(this_bigint_value(this, "valueOf"))


TABLES = (bigint_prototype, bigint_constructor)
