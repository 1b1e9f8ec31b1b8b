"""Blob and File; what is expected was compared with Node 20."""

import pytest


def test_a_blob_is_made_of_texts_bytes_and_blobs(result):
    parts = "['a\\r\\nb', new Uint8Array([65, 66]), new Blob(['!']), { toString: () => 'obj' }]"

    assert result(f"return new Blob({parts}).text()") == "a\r\nbAB!obj"


def test_native_endings_are_line_feeds(result):
    assert result("return new Blob(['a\\r\\nb\\rc'], {endings: 'native'}).text()") == "a\nb\nc"


@pytest.mark.parametrize(("given", "type_"), [("Text/Plain", "text/plain"), ("\\u00e4", "")])
def test_a_type_is_in_lower_case_or_empty(result, given, type_):
    assert type_ == result(f"return new Blob([], {{type: '{given}'}}).type")


def test_a_slice_counts_from_the_end(result):
    assert result("return new Blob(['abcdef']).slice(1, -2).text()") == "bcd"


def test_a_file_has_a_name_and_a_time(result):
    program = (
        "const f = new File(['x'], 'né.txt', {lastModified: 12}); return [f.name, f.lastModified]"
    )

    assert result(program) == ["né.txt", 12]


def test_a_file_is_a_blob(result):
    assert result("return new File([], 'n') instanceof Blob") is True


@pytest.mark.parametrize("call", ["new Blob('x')", "new File(['x'])", "new Blob([], 1)"])
def test_what_makes_no_blob_throws(result, call):
    assert result(f"return {call}") == "threw TypeError"


def test_a_blob_can_be_streamed(result):
    program = "const out = []; for await (const x of new Blob(['hey']).stream()) out.push([...x]);"

    assert result(f"{program} return out") == [[104, 101, 121]]
