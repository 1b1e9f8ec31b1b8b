"""Comparison is graph isomorphism, and names the first place that differs."""

import pytest

from conformance.notation import first_difference, load
from conformance.presentation import difference_sentence


def difference(expected, seen):
    found = first_difference(load(expected), load(seen))
    return found and difference_sentence(found)


@pytest.mark.parametrize(
    "value",
    [
        "!number NaN",
        "!number -0",
        "[1, a, null, true, !undefined ]",
        "&a [*a]",
        "[&a {}, *a]",
        "!map [[&k {}, *k]]",
        "&a {b: &b {a: *a, b: *b}}",
    ],
)
def test_a_value_is_the_same_as_itself_written_again(value):
    assert difference(value, value) is None


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        ("{a: 1, b: 2}", "{b: 2, a: 1}"),
        ("1", "1.0"),
        ("!error {name: TypeError}", "!error {name: TypeError, message: anything}"),
        ("!error", "!error {name: TypeError, message: anything}"),
        ("!reference", "!reference save"),
        ("!stream [1]", "!stream {kind: default, chunks: [1]}"),
    ],
)
def test_these_are_the_same(expected, seen):
    assert difference(expected, seen) is None


@pytest.mark.parametrize(
    ("expected", "seen", "sentence"),
    [
        ("0", "-0", "$: expected 0, saw !number -0"),
        ("1", "'1'", "$: expected 1, saw '1'"),
        ("1", "true", "$: expected 1, saw true"),
        ("1", "!bigint 1", "$: expected 1, saw !bigint 1"),
        ("null", "!undefined", "$: expected null, saw !undefined"),
        ("{a: !undefined }", "{}", "$.a: expected !undefined, saw nothing"),
        ("{}", "{a: 1}", "$.a: expected nothing, saw 1"),
        ("[]", "{}", "$: expected [], saw {}"),
        ("[1]", "[1, 2]", "$[1]: expected nothing, saw 2"),
        ("[!hole ]", "[!undefined ]", "$[0]: expected !hole, saw !undefined"),
        ("[{user: {born: 1}}]", "[{user: {born: 2}}]", "$[0].user.born: expected 1, saw 2"),
        ("{'a b': 1}", "{'a b': 2}", "$['a b']: expected 1, saw 2"),
        ("!map [[a, 1], [b, 2]]", "!map [[b, 2], [a, 1]]", "$ {entry 0 key}: expected a, saw b"),
        ("!map [[a, 1]]", "!map [[a, 2]]", "$ {entry 0 value}: expected 1, saw 2"),
        ("!set [1, 2]", "!set [2, 1]", "$ {values 0}: expected 1, saw 2"),
        ("!error {name: A}", "!error {name: B}", "$ {name}: expected A, saw B"),
        ("!error {name: A}", "!error", "$ {name}: expected A, saw nothing"),
        ("!promise 1", "!promise {error: 1}", "$ {value}: expected 1, saw nothing"),
        (
            "!stream [1]",
            "!stream {kind: default, chunks: [1], error: 2}",
            "$ {error}: expected nothing, saw 2",
        ),
        (
            "!symbol a",
            "!symbol {description: a}",
            "$: expected !symbol a, saw !symbol {description: a}",
        ),
    ],
)
def test_these_differ_and_the_place_is_named(expected, seen, sentence):
    assert difference(expected, seen) == sentence.replace("$ {", "${")


def test_two_equal_objects_are_not_one_object():
    assert difference("[&a {}, *a]", "[{}, {}]") == (
        "$[1]: expected the same object as at $[0], saw another one"
    )


def test_one_object_is_not_two_equal_objects():
    assert difference("[{}, {}]", "[&a {}, *a]") == (
        "$[1]: expected an object of its own, saw the same object as at $[0]"
    )


def test_an_unrolled_cycle_is_not_the_cycle():
    assert difference("&a [*a]", "&a [[*a]]") == (
        "$[0]: expected the same object as at $, saw another one"
    )


def test_sharing_between_other_places_is_a_difference():
    assert difference("[&a {}, &b {}, *a, *b]", "[&a {}, &b {}, *b, *a]") is not None


def test_the_identity_of_dates_counts():
    assert difference("[&d !date 2020, *d]", "[!date 2020, !date 2020]") is not None


def test_the_first_difference_in_reading_order_is_named():
    assert difference("[[1, 2], 3]", "[[1, 9], 9]") == "$[0][1]: expected 2, saw 9"


def test_depth_is_no_limit():
    expected, seen = [], []
    for _ in range(50_000):
        expected, seen = [expected], [seen]

    assert first_difference(expected, seen) is None
