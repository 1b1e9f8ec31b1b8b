"""Numbers and BigInts as text, and text as numbers.

Everything is exact: decimal digits come from Python's shortest round-trip `repr` or from rational
arithmetic, never from repeated floating-point division.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"

#: WhiteSpace and LineTerminator, as one set of characters to strip.
WHITE_SPACE: Final = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
DECIMAL_PREFIX: Final = re.compile(
    r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
)
RADIX_LITERAL: Final = re.compile(r"0(?:[xX]([0-9a-fA-F]+)|[oO]([0-7]+)|[bB]([01]+))")
DECIMAL_INTEGER: Final = re.compile(r"[+-]?[0-9]+")

#: Above this many digits Python refuses (or is slow at) decimal conversion, so we halve.
CHUNK: Final = 1000
#: The least integer with more than that.
MORE_DIGITS: Final = 10**CHUNK
#: Every integer below this is a Number of its own.
EXACT_INTEGER: Final = 2.0**53


def number_to_string(x: float, radix: int = 10) -> str:
    """Number::toString."""
    if x.is_integer() and abs(x) < EXACT_INTEGER:
        return bigint_to_string(int(x), radix)
    if math.isnan(x):
        return "NaN"
    if x < 0:
        return "-" + number_to_string(-x, radix)
    if x == math.inf:
        return "Infinity"
    return _decimal(x) if radix == 10 else _in_radix(x, radix)


def shortest_digits(x: float) -> tuple[str, int]:
    """The fewest digits that identify a positive `x`, and n, where `x` is 0.digits times 10**n."""
    _, digits, exponent = Decimal(repr(x)).as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    return text.rstrip("0"), len(text) + exponent


def _decimal(x: float) -> str:
    digits, n = shortest_digits(x)
    if len(digits) <= n <= 21:
        return digits.ljust(n, "0")
    if 0 < n <= 21:
        return f"{digits[:n]}.{digits[n:]}"
    if -6 < n <= 0:
        return "0." + "0" * -n + digits
    return _with_exponent(digits, n - 1)


def _with_exponent(digits: str, exponent: int) -> str:
    fraction = "." + digits[1:] if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{exponent:+d}"


def _in_radix(x: float, radix: int) -> str:
    """The integer part exactly, then as many digits as tell `x` from its neighbours."""
    integer = int(x)
    fraction = Fraction(x) - integer
    # The gap below is the smaller one at a power of two, and leaving digits away errs downwards.
    delta = (Fraction(x) - Fraction(math.nextafter(x, 0.0))) / 2
    digits: list[int] = []
    while fraction >= delta:
        fraction *= radix
        delta *= radix
        digit = int(fraction)
        digits.append(digit)
        fraction -= digit
        if fraction + delta > 1 and (fraction > Fraction(1, 2) or digit % 2):
            return _rounded_up(integer, digits, radix)
    return _point(integer, digits, radix)


def _rounded_up(integer: int, digits: list[int], radix: int) -> str:
    while digits and digits[-1] == radix - 1:
        digits.pop()
    if digits:
        digits[-1] += 1
        return _point(integer, digits, radix)
    return _point(integer + 1, digits, radix)


def _point(integer: int, digits: list[int], radix: int) -> str:
    tail = "." + "".join(DIGITS[digit] for digit in digits) if digits else ""
    return bigint_to_string(integer, radix) + tail


def to_fixed(x: float, fraction_digits: int) -> str:
    """Number.prototype.toFixed for a finite `x` below 10**21."""
    sign, n = ("-" if x < 0 else ""), _half_up(abs(x), fraction_digits)
    text = str(n).rjust(fraction_digits + 1, "0")
    point = len(text) - fraction_digits
    return sign + (f"{text[:point]}.{text[point:]}" if fraction_digits else text)


def to_exponential(x: float, fraction_digits: int | None) -> str:
    """Number.prototype.toExponential for a finite `x`; None asks for the shortest digits."""
    if x < 0:
        return "-" + to_exponential(-x, fraction_digits)
    if fraction_digits is None:
        digits, n = shortest_digits(x) if x else ("0", 1)
        return _with_exponent(digits, n - 1)
    return _with_exponent(*_significant(x, fraction_digits + 1))


def to_precision(x: float, precision: int) -> str:
    """Number.prototype.toPrecision for a finite `x`."""
    if x < 0:
        return "-" + to_precision(-x, precision)
    digits, e = _significant(x, precision)
    if e < -6 or e >= precision:
        return _with_exponent(digits, e)
    if e == precision - 1:
        return digits
    return f"{digits[: e + 1]}.{digits[e + 1 :]}" if e >= 0 else "0." + "0" * (-e - 1) + digits


def _half_up(x: float, places: int) -> int:
    """The integer nearest to x times 10**places; of two, the larger."""
    return math.floor(Fraction(x) * Fraction(10) ** places + Fraction(1, 2))


def _significant(x: float, precision: int) -> tuple[str, int]:
    if x == 0:
        return "0" * precision, 0
    e = Decimal(x).adjusted()
    n = _half_up(x, precision - 1 - e)
    if n == 10**precision:
        return str(n // 10), e + 1
    return str(n), e


def string_to_number(text: str) -> float:
    """StringToNumber."""
    text = text.strip(WHITE_SPACE)
    if not text:
        return 0.0
    if DECIMAL_PREFIX.fullmatch(text):
        return float(text)
    if literal := RADIX_LITERAL.fullmatch(text):
        return integer_to_number(_radix_literal(literal))
    return math.nan


def _radix_literal(literal: re.Match[str]) -> int:
    assert literal.lastindex is not None
    return int(literal[literal.lastindex], (16, 8, 2)[literal.lastindex - 1])


def string_to_bigint(text: str) -> int | None:
    """StringToBigInt; None when the text is no StringIntegerLiteral."""
    text = text.strip(WHITE_SPACE)
    if not text:
        return 0
    if DECIMAL_INTEGER.fullmatch(text):
        magnitude = parse_digits(text.lstrip("+-"), 10)
        return -magnitude if text[0] == "-" else magnitude
    if literal := RADIX_LITERAL.fullmatch(text):
        return _radix_literal(literal)
    return None


def integer_to_number(n: int) -> float:
    """The Number value for an integer, rounding to nearest even and overflowing to infinity."""
    try:
        return float(n)
    except OverflowError:
        return math.inf if n > 0 else -math.inf


def parse_float(text: str) -> float:
    """The global function parseFloat."""
    prefix = DECIMAL_PREFIX.match(text.lstrip(WHITE_SPACE))
    return float(prefix[0]) if prefix else math.nan


def parse_int(text: str, radix: int) -> float:
    """The global function parseInt; `radix` is already an Int32."""
    text = text.lstrip(WHITE_SPACE)
    sign = -1.0 if text[:1] == "-" else 1.0
    text = text[1:] if text[:1] in {"+", "-"} else text
    if radix in {0, 16} and text[:2].lower() == "0x":
        text, radix = text[2:], 16
    radix = radix or 10
    if not 2 <= radix <= 36:
        return math.nan
    allowed = DIGITS[:radix] + DIGITS[10:radix].upper()
    end = next((i for i, unit in enumerate(text) if unit not in allowed), len(text))
    return sign * integer_to_number(parse_digits(text[:end], radix)) if end else math.nan


def parse_digits(digits: str, radix: int) -> int:
    """The integer that a run of digits stands for, however long it is."""
    if len(digits) <= CHUNK:
        return int(digits, radix)
    low = len(digits) // 2
    scale: int = radix**low
    return parse_digits(digits[:-low], radix) * scale + parse_digits(digits[-low:], radix)


def bigint_to_string(n: int, radix: int = 10) -> str:
    """BigInt::toString, however long the result is."""
    if n < 0:
        return "-" + bigint_to_string(-n, radix)
    if radix == 10 and n < MORE_DIGITS:
        return str(n)
    if radix == 16:
        return f"{n:x}"
    return _digits_of(n, radix).lstrip("0") or "0"


def _digits_of(n: int, radix: int, width: int = 0) -> str:
    """The digits of `n`, by halves, so that the work is not quadratic in Python code."""
    if width == 0:
        width = int(n.bit_length() / math.log2(radix)) + 1
    if width > 32:
        low = width // 2
        head, tail = divmod(n, radix**low)
        return _digits_of(head, radix, width - low) + _digits_of(tail, radix, low)
    digits = []
    for _ in range(width):
        n, digit = divmod(n, radix)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))
