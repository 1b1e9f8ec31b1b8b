"""Math (ECMA-262 §21.3)."""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from math import copysign, inf, isfinite, isinf, isnan, nan
from typing import TYPE_CHECKING

from refimpl.language.arithmetic import exponentiate
from refimpl.language.builtins.support import agent, charge
from refimpl.language.operations import (
    ABSENT,
    Throw,
    Value,
    get_iterator,
    iterator_close_throwing,
    iterator_step_value,
    require_object_coercible,
    throw_type_error,
    to_int32,
    to_number,
    to_uint32,
)
from refimpl.language.realm import Table

if TYPE_CHECKING:
    from collections.abc import Callable

math_object = Table("%Math%")
math_object.to_string_tag("Math")

for name, constant in {
    "E": math.e,
    "LN10": 2.302585092994046,
    "LN2": 0.6931471805599453,
    "LOG10E": 0.4342944819032518,
    "LOG2E": 1.4426950408889634,
    "PI": math.pi,
    "SQRT1_2": 0.7071067811865476,
    "SQRT2": 1.4142135623730951,
}.items():
    math_object.constant(name, constant)


def define_function(name: str, function: Callable[[float], float]) -> None:
    """A function of one number, NaN outside its domain and infinite where it overflows."""

    def behaviour(this: Value, x: Value) -> Value:
        number = to_number(x)
        if isnan(number):
            return nan
        try:
            return float(function(number))
        except ValueError:
            return nan
        except OverflowError:
            return copysign(inf, number) if name == "sinh" else inf

    math_object.method(name, length=1)(behaviour)


def rounded(number: float) -> float:
    """The nearest integer; of two, the larger; a zero keeps the sign of `number`."""
    if not isfinite(number) or number.is_integer():
        return number
    return copysign(float(math.floor(Fraction(number) + Fraction(1, 2))), number)


def logarithm(function: Callable[[float], float], pole: float) -> Callable[[float], float]:
    """A logarithm whose value at `pole` is minus infinity."""
    return lambda x: -inf if x == pole else function(x)


def integral(function: Callable[[float], int]) -> Callable[[float], float]:
    """A rounding function that keeps infinities and the sign of zero."""
    return lambda x: copysign(float(function(x)), x) if isfinite(x) else x


def narrowed(layout: str) -> Callable[[float], float]:
    """Rounding to a narrower binary format, given as a `struct` layout."""

    def narrow(x: float) -> float:
        try:
            return float(struct.unpack(layout, struct.pack(layout, x))[0])
        except OverflowError:
            return copysign(inf, x)

    return narrow


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "acos": math.acos,
    "acosh": math.acosh,
    "asin": math.asin,
    "asinh": math.asinh,
    "atan": math.atan,
    "atanh": lambda x: copysign(inf, x) if abs(x) == 1 else math.atanh(x),
    "cbrt": math.cbrt,
    "ceil": integral(math.ceil),
    "cos": math.cos,
    "cosh": math.cosh,
    "exp": math.exp,
    "expm1": math.expm1,
    "f16round": narrowed("<e"),
    "floor": integral(math.floor),
    "fround": narrowed("<f"),
    "log": logarithm(math.log, 0.0),
    "log10": logarithm(math.log10, 0.0),
    "log1p": logarithm(math.log1p, -1.0),
    "log2": logarithm(math.log2, 0.0),
    "round": rounded,
    "sign": lambda x: copysign(1.0, x) if x else x,
    "sin": math.sin,
    "sinh": math.sinh,
    "sqrt": math.sqrt,
    "tan": math.tan,
    "tanh": math.tanh,
    "trunc": integral(math.trunc),
}
for name, function in FUNCTIONS.items():
    define_function(name, function)


@math_object.method("atan2", length=2)
def atan2(this: Value, y: Value, x: Value) -> Value:
    ordinate = to_number(y)
    return math.atan2(ordinate, to_number(x))


@math_object.method("clz32", length=1)
def clz32(this: Value, x: Value) -> Value:
    return float(32 - to_uint32(x).bit_length())


@math_object.method("hypot", length=2)
def hypot(this: Value, *values: Value) -> Value:
    coerced = [to_number(value) for value in values]
    return inf if any(isinf(number) for number in coerced) else math.hypot(*coerced)


@math_object.method("imul", length=2)
def imul(this: Value, x: Value, y: Value) -> Value:
    multiplicand = to_int32(x)
    return float(to_int32(float(multiplicand * to_int32(y) & 0xFFFFFFFF)))


@math_object.method("max", length=2)
def max_(this: Value, *values: Value) -> Value:
    coerced = [to_number(value) for value in values]
    return extreme(coerced, -inf, lambda x, y: x > y)


@math_object.method("min", length=2)
def min_(this: Value, *values: Value) -> Value:
    coerced = [to_number(value) for value in values]
    return extreme(coerced, inf, lambda x, y: x < y)


def extreme(numbers: list[float], best: float, beyond: Callable[[float, float], bool]) -> float:
    """The number beyond all others, where -0 is below +0; NaN if there is one."""
    charge(len(numbers))
    for number in numbers:
        if isnan(number):
            return nan
        is_zero = number == 0 == best
        if beyond(copysign(1.0, number), copysign(1.0, best)) if is_zero else beyond(number, best):
            best = number
    return best


@math_object.method("pow", length=2)
def pow_(this: Value, base: Value, exponent: Value) -> Value:
    x = to_number(base)
    return exponentiate(x, to_number(exponent))


@math_object.method("random", length=0)
def random(this: Value) -> Value:
    return agent().random.random()


@math_object.method("sumPrecise", length=1)
def sum_precise(this: Value, items: Value) -> Value:
    require_object_coercible(items)
    record = get_iterator(items)
    numbers: list[float] = []
    while (value := iterator_step_value(record)) is not ABSENT:
        try:
            if type(value) is not float:
                throw_type_error("Math.sumPrecise takes only numbers")
        except Throw:
            iterator_close_throwing(record)
            raise
        numbers.append(value)
    return exact_sum(numbers)


def exact_sum(numbers: list[float]) -> float:
    """The sum of the mathematical values, rounded once."""
    infinite = {number for number in numbers if not isfinite(number)}
    if infinite:
        return infinite.pop() if len(infinite) == 1 else nan
    if all(number == 0 and copysign(1.0, number) < 0 for number in numbers):
        return -0.0
    try:
        return math.fsum(numbers)
    except OverflowError:
        total = sum(map(Fraction, numbers))
    try:
        return float(total)
    except OverflowError:
        return inf if total > 0 else -inf


TABLES = (math_object,)
