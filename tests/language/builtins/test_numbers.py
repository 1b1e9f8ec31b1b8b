import json
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from refimpl.language.algorithms import numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE)
def test_number_to_string_round_trips(x):
    assert float(numbers.number_to_string(x)) == x


@given(FINITE)
def test_number_to_string_has_the_digits_of_the_shortest_repr(x):
    digits = numbers.number_to_string(abs(x)).split("e")[0].replace(".", "").strip("0")
    assert digits == repr(abs(x)).split("e")[0].replace(".", "").strip("0")


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (-0.0, "0"),
        (2.0**63, "9223372036854776000"),
        (1e21, "1e+21"),
        (1.5e-7, "1.5e-7"),
        (0.000001, "0.000001"),
        (123456.789, "123456.789"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
        (5e-324, "5e-324"),
    ],
)
def test_number_to_string_chooses_the_form_of_the_specification(x, text):
    assert numbers.number_to_string(x) == text


@pytest.mark.parametrize(
    ("x", "radix", "text"),
    [(255.0, 16, "ff"), (-0.5, 2, "-0.1"), (0.1, 3, "0.002200220022002200220022002200220102")],
)
def test_number_to_string_writes_other_radices(x, radix, text):
    assert numbers.number_to_string(x, radix)[:30] == text[:30]


@given(st.floats(min_value=0, max_value=1e15), st.integers(2, 36).filter(lambda n: n != 10))
@example(2.0**-14, 34)
def test_a_number_in_any_radix_is_nearer_to_itself_than_to_its_neighbours(x, radix):
    whole, _, fraction = numbers.number_to_string(x, radix).partition(".")
    value = Fraction(int(whole + fraction, radix), radix ** len(fraction))
    assert float(value) == x


@given(st.floats(min_value=-1e20, max_value=1e20), st.integers(0, 30))
def test_to_fixed_is_the_nearest_decimal(x, places):
    error = abs(Fraction(numbers.to_fixed(x, places)) - Fraction(x))
    assert error <= Fraction(1, 2 * 10**places)


def test_to_fixed_looks_at_the_exact_value():
    assert numbers.to_fixed(1.005, 2) == "1.00"


def test_to_fixed_rounds_half_away_from_zero():
    assert [numbers.to_fixed(x, 0) for x in (0.5, 2.5, -2.5)] == ["1", "3", "-3"]


@given(FINITE, st.integers(1, 40))
def test_to_precision_is_within_half_a_unit_of_the_last_digit(x, precision):
    text = numbers.to_precision(x, precision)
    exact, shown = Fraction(x), Fraction(text)
    unit = Fraction(10) ** (Decimal(text).adjusted() - precision + 1) if shown else 1
    assert abs(shown - exact) <= unit / 2


@given(FINITE, st.integers(0, 40))
def test_to_exponential_shows_as_many_digits_as_asked(x, digits):
    mantissa = numbers.to_exponential(x, digits).lstrip("-").split("e")[0]
    assert len(mantissa.replace(".", "")) == digits + 1


def test_to_exponential_without_digits_is_the_shortest():
    assert numbers.to_exponential(123456.0, None) == "1.23456e+5"


@given(FINITE)
def test_string_to_number_reads_what_json_writes(x):
    assert numbers.string_to_number(json.dumps(x)) == x


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0),
        (" \ufeff12\n", 12),
        ("0x1F", 31),
        ("0b11", 3),
        (".5", 0.5),
        ("5.", 5),
        ("1e1000", math.inf),
    ],
)
def test_string_to_number_reads_numeric_literals(text, value):
    assert numbers.string_to_number(text) == value


@pytest.mark.parametrize(
    "text", ["1_0", "0x", "-0x1", "inf", "nan", "1n", ".", "e5", "\u0663", "Infinityx"]
)
def test_string_to_number_refuses_what_only_python_reads(text):
    assert math.isnan(numbers.string_to_number(text))


@pytest.mark.parametrize(
    ("text", "radix", "value"),
    [
        ("12px", 0, 12),
        ("0x1f", 0, 31),
        ("  -0x1f", 16, -31),
        ("z", 36, 35),
        ("9" * 400, 10, math.inf),
    ],
)
def test_parse_int_reads_the_longest_prefix(text, radix, value):
    assert numbers.parse_int(text, radix) == value


def test_parse_int_knows_only_ascii_letters():
    assert numbers.parse_int("1\u212a", 36) == 1


@given(st.integers(), st.integers(2, 36))
def test_bigint_text_round_trips_in_every_radix(n, radix):
    text = numbers.bigint_to_string(n, radix)
    assert (int(text, radix), text) == (n, text.lower())


def test_bigint_text_has_no_length_limit():
    assert numbers.string_to_bigint(numbers.bigint_to_string(-(7**9000))) == -(7**9000)


@pytest.mark.parametrize("text", ["1.0", "0x", "-0x1", "1n", "1_0", "\u0661"])
def test_string_to_bigint_refuses(text):
    assert numbers.string_to_bigint(text) is None
