"""Invariant: an entry list that is written and read again is itself, but for line breaks, in either encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refimpl.forms.page import write_body
from refimpl.forms.urlencoded import TYPE, read_urlencoded, write_urlencoded
from refimpl.language.algorithms.utf16 import to_units
from refimpl.values import model
from refimpl.values.newlines import normalized
from refimpl.values.outcome import DecodeError
from refimpl.wire.form_codec import FlightForms

CODEC = FlightForms()

#: Scalar values as code units; what a browser writes as an escape in names is left to another test.
texts = st.text(st.characters(exclude_categories=("Cs",))).map(to_units)
names = texts.filter(lambda name: not any(e in name for e in ("%22", "%0D", "%0A")))
files = st.builds(model.Blob, st.sampled_from(["t/x", "text/plain"]), st.binary(), names)


def shown(entries):
    return [
        (name, it if isinstance(it, str) else (it.name, it.type, it.data)) for name, it in entries
    ]


def expected(entries):
    return shown(
        (normalized(name), normalized(it) if isinstance(it, str) else it) for name, it in entries
    )


@given(st.lists(st.tuples(texts, texts)))
def test_urlencoded_texts_arrive(entries):
    entries = [entry for entry in entries if entry != ("", "")]

    assert read_urlencoded(write_urlencoded(entries)) == expected(entries)


@given(st.lists(st.tuples(texts, texts)))
def test_an_urlencoded_body_is_printable_ascii(entries):
    assert all(0x21 <= byte <= 0x7E for byte in write_urlencoded(entries))


@given(st.lists(st.tuples(names, st.one_of(texts, files)), min_size=1))
def test_multipart_entries_arrive(entries):
    content_type, body = CODEC.write_multipart(entries)

    assert shown(CODEC.read_multipart(content_type, body)) == expected(entries)


@given(st.lists(st.tuples(names, texts), min_size=1))
def test_both_encodings_mean_the_same(entries):
    entries = [entry for entry in entries if entry != ("", "")] or [("a", "")]
    read = [CODEC.read_multipart(*write_body(entries, "multipart/form-data", CODEC))]
    read.append(read_urlencoded(write_body(entries, TYPE, CODEC)[1]))

    assert read[0] == read[1]


def test_a_file_is_its_name_where_there_is_no_place_for_bytes():
    entries = [("f", model.Blob("t/x", b"bytes", "é.txt")), ("g", model.Blob("t/x", b""))]

    assert write_urlencoded(entries) == b"f=%C3%A9.txt&g="


@pytest.mark.parametrize("body", [b"a=%", b"a=%4", b"a=%4g", b"a=x y", b"a=\xff", b"a=%ff", b"\0"])
def test_what_no_browser_writes_is_refused(body):
    with pytest.raises(DecodeError, match=r".") as caught:
        read_urlencoded(body)
    assert caught.value.code.startswith("malformed.")


def test_empty_sequences_between_separators_are_no_entries():
    assert read_urlencoded(b"&a=1&&b&") == [("a", "1"), ("b", "")]


def test_a_multipart_type_without_a_boundary_is_refused():
    with pytest.raises(DecodeError):
        CODEC.read_multipart("multipart/form-data", b"")
