"""multipart/form-data: strict, incremental, and as browsers write names."""

import itertools

import pytest

from refimpl.values import model
from refimpl.values.outcome import DecodeError
from refimpl.wire.codec import FlightCodec
from refimpl.wire.limits import DEFAULT, Limits
from refimpl.wire.multipart import MultipartReader, boundary_of, write_multipart

GOOD = (
    b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    b'--B\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: t/x\r\n\r\n\r\n--C\r\n'
    b"--B--\r\n"
)


def read(body, boundary="B", cuts=(), limits=DEFAULT):
    fields = []
    reader = MultipartReader(boundary, limits, lambda *field: fields.append(field))
    edges = [0, *cuts, len(body)]
    for begin, end in itertools.pairwise(edges):
        reader.feed(body[begin:end])
    reader.end()
    return [
        (name, it if isinstance(it, str) else (it.name, it.type, it.data)) for name, it in fields
    ]


def code_of(body, limits=DEFAULT):
    with pytest.raises(DecodeError) as caught:
        read(body, limits=limits)
    return caught.value.code


def test_a_part_with_a_file_name_is_a_file():
    assert read(GOOD) == [("a", "x"), ("f", ("n.txt", "t/x", b"\r\n--C"))]


def test_no_split_changes_what_is_read():
    assert all(read(GOOD, cuts=(cut,)) == read(GOOD) for cut in range(len(GOOD)))


def test_every_proper_prefix_but_the_last_end_of_line_is_an_error():
    assert all(code_of(GOOD[:cut]).startswith("malformed.") for cut in range(len(GOOD) - 2))


@pytest.mark.parametrize(
    "change",
    [
        (
            b'--B\r\nContent-Disposition: form-data; name="a"',
            b'preamble\r\n--B\r\nContent-Disposition: form-data; name="a"',
        ),
        (b"--B--\r\n", b"--B--\r\nmore"),
        (b'; name="a"', b""),
        (b'; name="a"', b"; name=a"),
        (b'name="f";', b'name="f"; name="g";'),
        (b"filename=", b"filename*="),
        (b"Content-Type: t/x", b"Content-Transfer-Encoding: base64"),
        (b"Content-Type: t/x", b"Content-Type: t/x\r\nContent-Type: t/y"),
        (b"--B\r\n", b"--B \r\n"),
        (b"\r\n\r\nx", b"\r\nContent-Type: multipart/mixed\r\n\r\nx"),
        (b"\r\n\r\nx", b"\r\n\r\n\xff"),
    ],
)
def test_what_browsers_do_not_write_is_refused(change):
    assert code_of(GOOD.replace(*change)) in {"malformed.multipart", "malformed.utf8"}


def test_headers_are_limited():
    assert code_of(GOOD, Limits(header=10)) == "limit.header"


def test_no_split_makes_headers_longer():
    body = GOOD.split(b"\r\n--B\r\n")[0] + b"\r\n--B--\r\n"
    longest = len(b'Content-Disposition: form-data; name="a"')
    cuts = range(len(body))
    assert all(read(body, cuts=(cut,), limits=Limits(header=longest)) for cut in cuts)


@pytest.mark.parametrize("name", ['q"uote', "a\r\nb", "näme", "a/../b", "%zz", "back\\slash", ""])
def test_a_file_name_survives(name):
    boundary, body = write_multipart([("f", model.Blob("t/x", b"", name))])
    assert read(body, boundary) == [("f", (name, "t/x", b""))]


def test_newlines_in_names_and_texts_become_crlf():
    boundary, body = write_multipart([("a\nb", "c\rd\ne\r\nf")])
    assert read(body, boundary) == [("a\r\nb", "c\r\nd\r\ne\r\nf")]


def test_a_boundary_occurs_in_no_part():
    boundary, _ = write_multipart([("a", "x")])
    other, body = write_multipart([("a", f"\r\n--{boundary}")])
    assert read(body, other) == [("a", f"\r\n--{boundary}")]


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=abc", "abc"),
        ('multipart/form-data; boundary="a b"', None),
        ('Multipart/Form-Data;boundary="abc"', "abc"),
        ("multipart/form-data", None),
        ("multipart/mixed; boundary=abc", None),
    ],
)
def test_the_boundary_is_in_the_content_type(content_type, boundary):
    assert boundary_of(content_type) == boundary


def test_the_codec_knows_a_multipart_body_by_its_type():
    codec = FlightCodec()
    (value,) = codec.decode_arguments(*codec.encode_arguments([model.Set([1.0])]))
    assert value.values == [1.0]
