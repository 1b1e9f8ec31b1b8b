import datetime as dt
import json
import math
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refimpl.language.algorithms import dates, json_text, uri, utf16
from refimpl.language.algorithms.ordered_table import OrderedTable

UNITS = st.text(st.characters(max_codepoint=0xFFFF, categories=["L", "N", "P", "Z", "Cc", "Cs"]))
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 -- the oracle counts in the same zone as we do
MOMENTS = st.datetimes().map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


def milliseconds(moment):
    return (moment - EPOCH) / dt.timedelta(milliseconds=1)


# --- UTF-16 ---


@given(st.text())
def test_code_units_round_trip(text):
    assert utf16.to_code_points(utf16.to_units(text)) == text


@given(UNITS)
def test_well_formed_means_encodable(units):
    try:
        utf16.to_code_points(units).encode()
    except UnicodeEncodeError:
        assert not utf16.is_well_formed(units)
    else:
        assert utf16.is_well_formed(units)


@given(UNITS)
def test_to_well_formed_agrees_with_the_replacing_decoder(units):
    encoded = units.encode("utf-16-le", "surrogatepass")
    assert utf16.to_well_formed(units) == utf16.to_units(encoded.decode("utf-16-le", "replace"))


# --- dates ---


@given(MOMENTS)
def test_fields_agree_with_datetime(moment):
    at = dates.fields(milliseconds(moment))
    assert (at.year, at.month + 1, at.day, at.hour, at.minute, at.second) == moment.timetuple()[:6]
    assert at.weekday == moment.isoweekday() % 7


@given(MOMENTS)
def test_make_date_agrees_with_datetime(moment):
    day = dates.make_day(moment.year, moment.month - 1, moment.day)
    clock = dates.make_time(moment.hour, moment.minute, moment.second, moment.microsecond // 1000)
    assert dates.make_date(day, clock) == milliseconds(moment)


@given(st.integers(-(10**8), 10**8), st.integers(0, dates.DAY - 1))
def test_every_text_of_a_date_is_read_back(day, rest):
    time = dates.time_clip(float(day * dates.DAY + rest))
    if math.isnan(time):
        return
    whole = time // 1000 * 1000
    assert dates.parse(dates.iso_text(time)) == time
    assert dates.parse(dates.utc_text(time)) == whole
    assert dates.parse(f"{dates.date_text(time)} {dates.time_text(time)}") == whole


def test_months_overflow_into_years():
    assert dates.make_day(2020, 14, 1) == dates.make_day(2021, 2, 1)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020", "2020-01-01T00:00:00.000Z"),
        ("2020-02-03T04:05+01:00", "2020-02-03T03:05:00.000Z"),
        ("2020-02-03T24:00", "2020-02-04T00:00:00.000Z"),
        ("Feb 3, 2020", "2020-02-03T00:00:00.000Z"),
        ("3 February 2020 4:05 PM", "2020-02-03T16:05:00.000Z"),
        ("2/3/2020", "2020-02-03T00:00:00.000Z"),
        ("2020-02-03 04:05:06", "2020-02-03T04:05:06.000Z"),
    ],
)
def test_parse_reads(text, iso):
    assert dates.iso_text(dates.parse(text)) == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "2020-13-01",
        "2020-02-30",
        "2020-01-01T25:00Z",
        "-000000-01-01T00:00:00Z",
        "2020-01-01T24:01",
    ],
)
def test_parse_refuses(text):
    assert math.isnan(dates.parse(text))


def test_a_long_text_is_refused_at_once():
    assert math.isnan(dates.parse("Jan 1 2020" + " " * 100_000 + "x"))


# --- JSON ---


class Plain:
    literal = staticmethod(lambda value: ("literal", value))
    array = staticmethod(list)
    object = staticmethod(dict)


def unwrapped(value):
    if isinstance(value, list):
        return [unwrapped(item) for item in value]
    if isinstance(value, dict):
        return {name: unwrapped(item) for name, item in value.items()}
    return value[1]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | UNITS,
    lambda inner: st.lists(inner) | st.dictionaries(UNITS, inner),
    max_leaves=20,
)


@given(JSON_VALUES, st.sampled_from([None, 2]))
def test_parse_reads_what_the_json_module_writes(value, indent):
    assert unwrapped(json_text.parse(json.dumps(value, indent=indent), Plain)) == value


@given(st.text('[]{},:"\\ 0129.eE+-truefalsn\n\x01'))
def test_parse_accepts_exactly_what_the_json_module_accepts(text):
    try:
        expected = json.loads(text, parse_int=float)
    except (json.JSONDecodeError, RecursionError):
        with pytest.raises(json_text.JSONTextError):
            json_text.parse(text, Plain)
    else:
        assert unwrapped(json_text.parse(text, Plain)) == expected


def test_nesting_costs_no_python_frames():
    value = json_text.parse("[" * 100_000 + "]" * 100_000, Plain)
    for _ in range(99_999):
        (value,) = value
    assert value == []


@pytest.mark.parametrize(
    "text", ["NaN", "-Infinity", "\ufeff1", "1\xa0", "'a'", '"\\u00g0"', "01", "1."]
)
def test_parse_refuses_what_is_not_json(text):
    with pytest.raises(json_text.JSONTextError):
        json_text.parse(text, Plain)


def test_an_unclosed_string_is_refused_at_once():
    with pytest.raises(json_text.JSONTextError):
        json_text.parse('"' + "a" * 1_000_000, Plain)


@given(UNITS)
def test_quote_is_read_back(units):
    assert json.loads(json_text.quote(units)) == utf16.to_code_points(units)


def test_quote_escapes_only_lone_surrogates():
    assert json_text.quote("\ud800 \ud83d\ude00") == '"\\ud800 \ud83d\ude00"'


# --- URI ---


@given(st.text())
def test_encode_component_agrees_with_urllib(text):
    assert uri.encode(utf16.to_units(text), uri.COMPONENT) == urllib.parse.quote(
        text, safe="-_.!~*'()"
    )


@given(st.text())
def test_decode_undoes_encode(text):
    units = utf16.to_units(text)
    assert uri.decode(uri.encode(units, uri.COMPONENT)) == units


def test_decode_keeps_the_escapes_of_preserved_characters_as_written():
    assert uri.decode("%3b%41%2F", uri.PRESERVED) == "%3bA%2F"


@pytest.mark.parametrize(
    "text", ["%", "%4", "%80", "%C0%80", "%ED%A0%80", "%F0%9F%98", "%F8%80%80%80%80"]
)
def test_decode_refuses(text):
    with pytest.raises(uri.MalformedURIError):
        uri.decode(text)


# --- ordered table ---


@given(st.lists(st.tuples(st.sampled_from(["put", "remove", "clear"]), st.integers(0, 5))))
def test_the_table_orders_like_a_dict(operations):
    table, model = OrderedTable(None), {}
    for operation, key in operations:
        match operation:
            case "put":
                table.put(key, key, operation)
                model[key] = operation
            case "remove":
                assert table.remove(key) == (model.pop(key, None) is not None)
            case "clear":
                table.clear()
                model.clear()
        assert [entry.key for entry in table] == list(model)


def visited(table, change):
    seen = []
    for entry in table:
        seen.append(entry.key)
        change(table, entry.key)
    return seen


def filled():
    table = OrderedTable(None)
    for key in "abcd":
        table.put(key, key, key)
    return table


def test_a_cursor_skips_what_is_removed_ahead_of_it():
    assert visited(filled(), lambda table, key: key == "a" and table.remove("b")) == ["a", "c", "d"]


def test_a_cursor_survives_the_removal_of_its_entry_and_those_before():
    def change(table, key):
        if key == "c":
            for name in "bca":
                table.remove(name)

    assert visited(filled(), change) == ["a", "b", "c", "d"]


def test_a_cursor_finds_what_is_added_after_a_clear():
    def change(table, key):
        if key == "b":
            table.clear()
            table.put("e", "e", "e")

    assert visited(filled(), change) == ["a", "b", "e"]


def test_a_key_added_again_is_visited_again():
    first = iter([True])

    def change(table, key):
        if key == "a" and next(first, False):
            table.remove("a")
            table.put("a", "a", "again")

    assert visited(filled(), change) == ["a", "b", "c", "d", "a"]
