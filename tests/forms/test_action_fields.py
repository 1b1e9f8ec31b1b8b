"""The fields that name a function: written, told apart from entries, and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refimpl.calls.messages import Refusal
from refimpl.forms.action_fields import RESERVED, Unwritable, read_action, split, write_action
from refimpl.forms.state import FormState, state_key, with_state
from refimpl.values import model
from refimpl.values.outcome import DecodeError
from refimpl.wire.form_codec import FlightForms

CODEC = FlightForms()
PLAIN = model.ServerReference("abc")
BOUND = model.ServerReference("abc", ["b1", 2.0])
#: What React 19.3.1 writes for a function with two values bound, in the order of its client.
WRITTEN = [
    ("$ACTION_REF_1", ""),
    ("$ACTION_1:0", '{"id":"abc","bound":"$@1"}'),
    ("$ACTION_1:1", '["b1",2]'),
]

json_like = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text("$@a1:\n\"'<&é"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a$:", min_size=1), inner),
    max_leaves=8,
)


def read(fields):
    reference = read_action(split(fields), CODEC)
    return reference.id, reference.bound


def test_a_plain_function_is_one_field():
    assert write_action(PLAIN, "1", CODEC) == [("$ACTION_ID_abc", "")]


def test_bound_values_are_a_message_of_their_own():
    assert write_action(BOUND, "1", CODEC) == WRITTEN


@given(st.lists(json_like), st.text("0:r-", max_size=3))
def test_what_is_written_is_read_again(bound, prefix):
    fields = write_action(model.ServerReference("abc", bound), prefix, CODEC)

    assert read(fields) == ("abc", bound)


@given(st.permutations([*WRITTEN, ("a", "x")]))
def test_the_order_of_the_fields_plays_no_part(fields):
    assert read(fields) == ("abc", ["b1", 2.0])
    assert split(fields).entries == [("a", "x")]


@given(st.lists(st.text("$ACTION_ax ", max_size=10)))
def test_entries_are_what_does_not_begin_with_the_reserved_prefix(names):
    submitted = split([(name, "") for name in names])

    assert [name for name, _ in submitted.reserved] == [
        name for name in names if name.startswith(RESERVED)
    ]
    assert len(submitted.reserved) + len(submitted.entries) == len(names)


def test_the_last_of_several_functions_counts():
    assert read([*WRITTEN, ("$ACTION_ID_xyz", "")]) == ("xyz", None)
    assert read([("$ACTION_ID_xyz", ""), *WRITTEN]) == ("abc", ["b1", 2.0])


@pytest.mark.parametrize("missing", [1, 2])
def test_a_reference_with_a_part_missing_is_refused(missing):
    with pytest.raises(DecodeError):
        read([field for number, field in enumerate(WRITTEN) if number != missing])


@pytest.mark.parametrize("twice", [1, 2])
def test_a_part_that_is_there_twice_is_refused(twice):
    with pytest.raises(DecodeError):
        read([*WRITTEN, WRITTEN[twice]])


def test_without_a_function_there_is_nothing_to_run():
    with pytest.raises(Refusal):
        read([("$ACTION_KEY", "k"), ("a", "x")])


def test_bytes_cannot_be_written_into_hidden_fields():
    with pytest.raises(Unwritable):
        write_action(model.ServerReference("abc", [model.Blob("t/x", b"1", "f")]), "1", CODEC)


def test_the_first_key_counts_and_a_file_is_none():
    assert split([("$ACTION_KEY", "a"), ("$ACTION_KEY", "b")]).key == "a"
    assert split([("$ACTION_KEY", model.Blob("", b"")), ("$ACTION_KEY", "b")]).key is None


def test_state_is_the_last_of_what_is_bound():
    assert with_state(PLAIN, "s").bound == ["s"]
    assert with_state(BOUND, "s").bound == ["b1", 2.0, "s"]
    assert BOUND.bound == ["b1", 2.0]


def test_state_belongs_to_the_form_with_its_key_function_and_number_of_bound_values():
    state = FormState("v", "k0", "abc", 2)

    assert state.belongs_to("k0", BOUND)
    assert not state.belongs_to("k1", BOUND)
    assert not state.belongs_to("k0", PLAIN)
    assert not state.belongs_to("k0", model.ServerReference("xyz", ["b1", 2.0]))


def test_a_permalink_is_the_key_of_its_state():
    assert (state_key(3, None), state_key(3, "/x")) == ("k3", "p/x")
