"""Number (ECMA-262 §21.1) and Boolean (§20.3)."""

from __future__ import annotations

from math import inf, isfinite, isnan, nan
from sys import float_info

from refimpl.language.algorithms import numbers
from refimpl.language.builtins.support import this_primitive
from refimpl.language.exotics import PrimitiveObject
from refimpl.language.operations import (
    JSObject,
    Value,
    get_prototype_from_constructor,
    is_integral_number,
    throw_range_error,
    to_boolean,
    to_integer_or_infinity,
    to_numeric,
    to_string,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.values import BigInt

MAX_SAFE_INTEGER = 2.0**53 - 1


def make_number_prototype(prototype: JSObject | None) -> PrimitiveObject:
    """Number.prototype is itself a Number object."""
    return PrimitiveObject(prototype, 0.0)


def make_boolean_prototype(prototype: JSObject | None) -> PrimitiveObject:
    """Boolean.prototype is itself a Boolean object."""
    return PrimitiveObject(prototype, False)


number_prototype = Table("%Number.prototype%", make=make_number_prototype)
number_constructor = Table("%Number%")
boolean_prototype = Table("%Boolean.prototype%", make=make_boolean_prototype)
boolean_constructor = Table("%Boolean%")


@number_constructor.constructor(length=1)
def construct_number(new_target: Value, *arguments: Value) -> Value:
    number = 0.0
    if arguments:
        numeric = to_numeric(arguments[0])
        number = numbers.integer_to_number(numeric.n) if isinstance(numeric, BigInt) else numeric
    if new_target is undefined:
        return number
    return PrimitiveObject(get_prototype_from_constructor(new_target, "%Number.prototype%"), number)


for name, constant in {
    "EPSILON": float_info.epsilon,
    "MAX_SAFE_INTEGER": MAX_SAFE_INTEGER,
    "MAX_VALUE": float_info.max,
    "MIN_SAFE_INTEGER": -MAX_SAFE_INTEGER,
    "MIN_VALUE": 5e-324,
    "NaN": nan,
    "NEGATIVE_INFINITY": -inf,
    "POSITIVE_INFINITY": inf,
}.items():
    number_constructor.constant(name, constant)

number_constructor.value("parseFloat", "%parseFloat%")
number_constructor.value("parseInt", "%parseInt%")


@number_constructor.method("isFinite", length=1)
def is_finite(this: Value, value: Value) -> Value:
    return type(value) is float and isfinite(value)


@number_constructor.method("isInteger", length=1)
def is_integer(this: Value, value: Value) -> Value:
    return is_integral_number(value)


@number_constructor.method("isNaN", length=1)
def is_nan(this: Value, value: Value) -> Value:
    return type(value) is float and isnan(value)


@number_constructor.method("isSafeInteger", length=1)
def is_safe_integer(this: Value, value: Value) -> Value:
    return is_integral_number(value) and abs(value) <= MAX_SAFE_INTEGER


def this_number_value(this: Value, method: str) -> float:
    """ThisNumberValue."""
    return this_primitive(this, float, f"Number.prototype.{method}")


def digits_argument(value: Value, lowest: int) -> int:
    """A number of digits from `lowest` to 100, or a RangeError."""
    digits = to_integer_or_infinity(value)
    if not lowest <= digits <= 100:
        throw_range_error(f"The number of digits must be between {lowest} and 100")
    return int(digits)


@number_prototype.method("toExponential", length=1)
def to_exponential(this: Value, fraction_digits: Value) -> Value:
    x = this_number_value(this, "toExponential")
    digits = float(to_integer_or_infinity(fraction_digits))
    if not isfinite(x):
        return numbers.number_to_string(x)
    shown = digits_argument(digits, 0)
    return numbers.to_exponential(x, None if fraction_digits is undefined else shown)


@number_prototype.method("toFixed", length=1)
def to_fixed(this: Value, fraction_digits: Value) -> Value:
    x = this_number_value(this, "toFixed")
    digits = digits_argument(fraction_digits, 0)
    if not abs(x) < 1e21:
        return numbers.number_to_string(x)
    return numbers.to_fixed(x, digits)


@number_prototype.method("toPrecision", length=1)
def to_precision(this: Value, precision: Value) -> Value:
    x = this_number_value(this, "toPrecision")
    if precision is undefined:
        return numbers.number_to_string(x)
    digits = float(to_integer_or_infinity(precision))
    if not isfinite(x):
        return numbers.number_to_string(x)
    return numbers.to_precision(x, digits_argument(digits, 1))


@number_prototype.method("toString", length=1)
def to_string_method(this: Value, radix: Value) -> Value:
    x = this_number_value(this, "toString")
    return numbers.number_to_string(x, radix_argument(radix))


def radix_argument(radix: Value) -> int:
    """The radix of a toString method."""
    base = 10 if radix is undefined else to_integer_or_infinity(radix)
    if not 2 <= base <= 36:
        throw_range_error("toString() radix must be between 2 and 36")
    return int(base)


@number_prototype.method("toLocaleString", length=0)
def to_locale_string(this: Value) -> Value:
    """In the English of the United States: thousands grouped, at most three decimals."""
    x = this_number_value(this, "toLocaleString")
    if not abs(x) < 1e21:
        return numbers.number_to_string(x)
    whole, _, fraction = numbers.to_fixed(x, 3).partition(".")
    fraction = fraction.rstrip("0")
    sign = "-" if whole[0] == "-" else ""
    return f"{sign}{int(whole.lstrip('-')):,}{'.' if fraction else ''}{fraction}"


@number_prototype.method("valueOf", length=0)
def value_of(this: Value) -> Value:
    return this_number_value(this, "valueOf")


# --- Boolean -------------------------------------------------------------------------------------


@boolean_constructor.constructor(length=1)
def construct_boolean(new_target: Value, value: Value) -> Value:
    boolean = to_boolean(value)
    if new_target is undefined:
        return boolean
    prototype = get_prototype_from_constructor(new_target, "%Boolean.prototype%")
    return PrimitiveObject(prototype, boolean)


@boolean_prototype.method("toString", length=0)
def boolean_to_string(this: Value) -> Value:
    return to_string(this_primitive(this, bool, "Boolean.prototype.toString"))


@boolean_prototype.method("valueOf", length=0)
def boolean_value_of(this: Value) -> Value:
    return this_primitive(this, bool, "Boolean.prototype.valueOf")


TABLES = (number_prototype, number_constructor, boolean_prototype, boolean_constructor)
