"""The value notation: both forms carry every value, and nothing else."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import notation
from conformance.adapters import model_notation
from conformance.notation import UNDEFINED, MalformedValue, Special, decode, dump, encode, load
from conformance.notation.strategies import graphs
from conformance.problems import Refused
from refimpl.values import model

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)


@relaxed
@given(graphs())
def test_yaml_and_tagged_json_carry_every_value(value):
    """YAML → model → tagged JSON → model → YAML ends with the value it began with."""
    from_yaml = load(dump(value))
    from_json = decode(json.loads(json.dumps(encode(from_yaml))))

    assert notation.first_difference(value, from_yaml) is None
    assert notation.first_difference(value, from_json) is None
    assert notation.first_difference(value, load(dump(from_json))) is None


@relaxed
@given(graphs(), st.integers(20, 120))
def test_the_width_changes_nothing(value, width):
    assert notation.first_difference(value, load(dump(value, width=width))) is None


@relaxed
@given(graphs())
def test_writing_tagged_json_twice_gives_the_same(value):
    assert json.dumps(encode(decode(encode(value)))) == json.dumps(encode(value))


@relaxed
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["$", "id", "value", "entries", "kind"]), inner)
        ),
    )
)
def test_any_json_is_a_value_or_malformed(data):
    try:
        value = decode(data)
    except MalformedValue:
        return
    assert notation.first_difference(value, decode(encode(value))) is None


def test_the_yaml_of_the_design_is_read():
    value = load(
        """
        - !undefined
        - !number -0
        - !bigint 12
        - !date 2020-01-02T03:04:05.006Z
        - !symbol key
        - !map [[k, v]]
        - !set [1]
        - !bytes {kind: Uint8Array, hex: 00ff}
        - !formdata [[name, value]]
        - !promise 1
        - !reference
        - !error {name: TypeError}
        - !hole
        """
    )

    assert encode(value) == [
        {"$": "undefined"},
        {"$": "number", "value": "-0"},
        {"$": "bigint", "value": "12"},
        {"$": "date", "value": "2020-01-02T03:04:05.006Z"},
        {"$": "symbol", "key": "key"},
        {"$": "map", "entries": [["k", "v"]]},
        {"$": "set", "values": [1]},
        {"$": "bytes", "kind": "Uint8Array", "hex": "00ff"},
        {"$": "formdata", "entries": [["name", "value"]]},
        {"$": "promise", "value": 1},
        {"$": "reference"},
        {"$": "error", "name": "TypeError"},
        {"$": "hole"},
    ]


def test_an_alias_is_the_same_object():
    value = load("[&a {}, *a]")

    assert value[0] is value[1]


def test_an_alias_to_an_ancestor_is_a_cycle():
    value = load("&a {self: *a}")

    assert value["self"] is value


def test_a_tagged_object_can_hold_itself():
    value = load("&a !map [[self, *a]]")

    assert value.fields["entries"][0][1] is value


def test_shared_objects_are_numbered_by_first_encounter():
    shared = [1]
    other = [2]

    assert encode([other, shared, shared, other]) == [
        {"$": "def", "id": 1, "value": [2]},
        {"$": "def", "id": 2, "value": [1]},
        {"$": "ref", "id": 2},
        {"$": "ref", "id": 1},
    ]


@pytest.mark.parametrize("key", ["$", "__proto__"])
def test_an_object_with_a_telling_key_is_escaped(key):
    assert encode({key: 1}) == {"$": "object", "entries": [[key, 1]]}


def test_a_mapping_with_the_field_error_is_a_rejected_promise():
    assert load("!promise {error: 1}").fields == {"error": 1}


def test_an_iterator_that_is_only_a_list_is_synchronous():
    assert load("!iterator [1]").fields == {"kind": "sync", "values": [1]}


@pytest.mark.parametrize(
    "plain", ["yes", "on", "no", "off", "1:30", "2020-01-01", "0x10", "1_000", "+1", "010", ".5"]
)
def test_a_plain_scalar_that_is_no_json_is_a_text(plain):
    assert load(plain) == plain


@pytest.mark.parametrize(
    ("plain", "number"), [("0", 0), ("-1", -1), ("1.5", 1.5), ("1e3", 1000), ("-2.5E-1", -0.25)]
)
def test_a_decimal_numeral_is_a_number(plain, number):
    assert load(plain) == number


def test_a_plain_minus_zero_is_minus_zero():
    assert math.copysign(1, load("-0")) == -1


def test_an_integer_that_is_no_double_is_the_nearest_double():
    assert load("9007199254740993") == 9007199254740992.0


def test_an_unpaired_surrogate_survives():
    assert load(r"!string 'a\ud800'") == "a\ud800"


def test_a_surrogate_pair_is_one_character():
    assert decode("\ud83d\ude00") == "\U0001f600"


def test_a_key_is_its_text():
    assert load("{1: a, null: b, true: c}") == {"1": "a", "null": "b", "true": "c"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("!dat 2020", "corpus.unknown-tag"),
        ("!!python/name:os.system x", "corpus.unknown-tag"),
        ("!bigint 1.5", "corpus.invalid-value"),
        ("!number twelve", "corpus.invalid-value"),
        ("!bytes {kind: Uint8Array, hex: 0}", "corpus.invalid-value"),
        ("!bytes {kind: Bytes, hex: 00}", "corpus.invalid-value"),
        ("!bytes {kind: Uint8Array}", "corpus.missing-field"),
        ("!bytes {kind: Uint8Array, hex: 00, length: 1}", "corpus.unknown-field"),
        ("!bytes 00", "corpus.wrong-type"),
        ("!map [1]", "corpus.wrong-type"),
        ("!set 1", "corpus.wrong-type"),
        ("!promise {}", "corpus.invalid-value"),
        (r"!string '\x'", "corpus.invalid-value"),
        ("{a: 1, a: 2}", "corpus.duplicate-key"),
        ("{[a]: 1}", "corpus.wrong-type"),
        ("[", "corpus.yaml-syntax"),
        ("*nobody", "corpus.yaml-syntax"),
    ],
)
def test_what_is_no_value_is_refused_with_a_code(text, code):
    with pytest.raises(Refused) as refused:
        load(text)

    assert refused.value.problem.code == code


@pytest.mark.parametrize(
    "data",
    [
        {"$": 1},
        {"$": "nothing"},
        {"$": "bigint", "value": 1},
        {"$": "bigint", "value": "1.0"},
        {"$": "number", "value": "12"},
        {"$": "number", "value": []},
        {"$": "map", "entries": [[1]]},
        {"$": "map", "entries": {}},
        {"$": "set"},
        {"$": "set", "values": [], "more": 1},
        {"$": "ref", "id": 1},
        {"$": "ref", "id": []},
        {"$": "ref"},
        {"$": "def", "id": 1, "value": 1},
        {"$": "def", "value": []},
        {"$": "object", "entries": [[1, 2]]},
        {"$": "promise", "value": 1, "error": 1},
        {"$": "bytes", "kind": "Uint8Array", "hex": "FF"},
        {"$": "date", "value": 12},
        [{"$": "def", "id": 1, "value": []}, {"$": "def", "id": 1, "value": []}],
    ],
)
def test_malformed_tagged_json_is_refused(data):
    with pytest.raises(MalformedValue):
        decode(data)


def test_a_malformed_value_says_where():
    with pytest.raises(MalformedValue, match=r"at \$\.a\[1\]: the tag \"x\" is unknown"):
        decode({"a": [1, {"$": "x"}]})


def test_nesting_beyond_reason_is_malformed_and_no_crash():
    data = []
    for _ in range(100_000):
        data = [data]

    with pytest.raises(MalformedValue, match="nested too deeply"):
        decode(data)


def test_a_thousand_levels_are_carried_through_both_forms():
    value = data = []
    for _ in range(1_000):
        value = [value]
        data = [data]

    assert notation.first_difference(decode(data), value) is None
    assert notation.first_difference(decode(encode(value)), value) is None
    assert dump(value, width=10_000).count("[") == 1_001


def test_short_values_are_written_on_one_line():
    assert dump({"a": [1, UNDEFINED], "b": Special("date", {"value": None})}) == (
        "{a: [1, !undefined ''], b: !date ''}\n"
    )


@pytest.mark.parametrize(
    ("pairs", "entries"),
    [
        ([("a", 1.0), ("b", 2.0), ("a", 3.0)], [["a", 3.0], ["b", 2.0]]),
        ([(-0.0, 1.0), (0.0, 2.0)], [[0.0, 2.0]]),
        ([(math.nan, 1.0), (float("nan"), 2.0)], [[math.nan, 2.0]]),
        ([(1.0, "number"), (True, "boolean")], [[1.0, "number"], [True, "boolean"]]),
        ([([], 1.0), ([], 2.0)], [[[], 1.0], [[], 2.0]]),
    ],
)
def test_a_map_of_the_model_is_written_with_each_key_once(pairs, entries):
    written = model_notation.notation(model.Map(pairs)).fields["entries"]

    assert repr(written) == repr(entries)
