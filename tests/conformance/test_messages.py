"""Messages of the Flight profile as the suite spells, reads and compares them."""

import pytest

from conformance import yaml_source
from conformance.messages.canonical import canonical
from conformance.messages.reading import Unreadable
from conformance.observations.decode import Decode
from conformance.observations.encode import Encode
from conformance.protocol import Hello, Ok, Rejected
from conformance.written import Written

HELLO = Hello("any", "1")
COARSE = Hello("any", "1", choices={"decode-codes": "coarse"})


def written(text):
    return Written(yaml_source.compose(text, "test"), "test")


def bodies(text):
    return [member.request({})["body"] for member in Decode.read(written(text)).members()]


def result(body):
    return canonical("result", None, body)


def test_a_row_gets_its_end_of_line_and_its_length_in_bytes():
    decode = Decode.read(
        written("{message: result, rows: ['0:\"$1\"', {row: '1:T', text: é}], value: é}")
    )

    assert decode.request({})["body"] == '0:"$1"\n1:T2,é'


def test_parts_are_written_as_browsers_write_them():
    decode = Decode.read(
        written("{message: arguments, parts: [{name: 'a\"', file: {text: x}}], value: []}")
    )

    request = decode.request({})
    boundary = request["type"].partition("boundary=")[2]
    assert request["body"] == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="a%22"; filename="blob"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\nx\r\n--{boundary}--\r\n"
    )


def test_a_text_that_stands_for_others_changes_the_length_before_it():
    text = "{message: result, rows: [{row: '1:T', text: '*'}], family: [a, bcd], value: 1}"

    assert bodies(text) == ["1:T1,a", "1:T3,bcd"]


def test_the_prefixes_of_a_message_are_proper():
    text = "{message: arguments, body: '[1]', family: {prefixes: true}, rejects: {code: malformed}}"

    assert bodies(text) == ["", "[", "[1"]


def test_a_multipart_message_may_lack_its_last_end_of_line():
    text = "{message: arguments, parts: [], family: {prefixes: true}, rejects: {code: malformed}}"
    whole = Decode.read(written(text)).request({})["body"]

    assert bodies(text)[-1] == whole.removesuffix("-\r\n")


def test_a_message_is_cut_in_two_everywhere():
    text = "{message: arguments, body: '[1]', family: {splits: true}, value: [1]}"

    members = Decode.read(written(text)).members()
    assert [member.request({})["split"] for member in members] == [[1], [2]]


def test_rows_come_in_every_other_order():
    text = "{message: result, rows: [a, b], family: {permutations: true}, value: 1}"

    assert bodies(text) == ["b\na\n"]


def test_each_row_comes_twice():
    text = "{message: result, rows: [a, b], family: {duplicates: true}, value: 1}"

    assert bodies(text) == ["a\nb\na\n", "a\nb\nb\n"]


@pytest.mark.parametrize("code", ["malformed", "malformed.kind", "malformed.tag.x"])
def test_a_coarse_decoder_is_asked_for_the_first_word(code):
    decode = Decode.read(written("{message: arguments, body: x, rejects: {code: malformed.tag}}"))

    assert decode.judge(Rejected("decode", code), COARSE) is None
    assert (decode.judge(Rejected("decode", code), HELLO) is None) == (code == "malformed.tag.x")


def test_numbers_and_order_of_rows_do_not_count():
    assert result(b'0:"$@7"\n7:["$Q9"]\n9:[]\n') == result(b'1:["$Q2"]\n2:[]\n0:"$@1"\n')


def test_sharing_counts():
    assert result(b'0:["$1","$1"]\n1:{}\n') != result(b'0:["$1","$2"]\n1:{}\n2:{}\n')


def test_paths_are_renumbered():
    assert result(b'0:["$Q5","$5:0:1"]\n5:[[1,{}]]\n') == result(
        b'0:["$Q1","$1:0:1"]\n1:[[1,{}]]\n'
    )


def test_what_development_adds_does_not_count():
    rows = b':N17\n0:"$1"\n1:D{"time":1}\n1:E{"digest":"d","stack":[],"env":"Server"}\n'

    assert result(rows) == result(b'0:"$1"\n1:E{"digest":"d"}\n')


def test_what_nothing_refers_to_does_not_count():
    assert result(b"0:1\n5:[]\n") == result(b"0:1\n")


def test_chunks_of_a_stream_keep_their_order():
    assert result(b'0:"$1"\n1:R\n1:1\n1:2\n1:C\n') != result(b'0:"$1"\n1:R\n1:2\n1:1\n1:C\n')


def test_an_escaped_string_is_no_reference():
    assert result(b'0:"$$7"\n') == ['0: "$$7"']


@pytest.mark.parametrize("body", [b"x", b"0:T5,a", b"0:1", b'0:"\xff"\n', b"0:[\n"])
def test_what_is_no_response_cannot_be_compared(body):
    with pytest.raises(Unreadable):
        result(body)


@pytest.mark.parametrize("body", ["", "--b\r\n", "--b\r\nx\r\n\r\n\r\n--b--", "x--b--\r\n"])
def test_what_is_no_multipart_cannot_be_compared(body):
    with pytest.raises(Unreadable):
        canonical("arguments", "multipart/form-data; boundary=b", body.encode())


def test_another_message_is_a_mismatch():
    encode = Encode.read(written("{message: arguments, value: [1], body: '[1]'}"))

    assert encode.judge(Ok({"type": None, "body": "[1.0]"}), HELLO) is None
    found = encode.judge(Ok({"type": None, "body": "[2]"}), HELLO)
    assert found is not None
    assert (found.code, found.seen) == ("different-message", "0: [2]")


def test_a_row_that_needs_a_failed_row_is_that_failure():
    body = b'0:"$@1"\n1:{"a":["$Q2"]}\n2:E{"digest":"d"}\n'

    assert result(body) == result(b'0:"$@1"\n1:E{"digest":"d"}\n')


def test_a_row_with_a_promise_that_failed_is_none():
    assert len(result(b'0:"$@1"\n1:["$@2"]\n2:E{"digest":"d"}\n')) == 3
