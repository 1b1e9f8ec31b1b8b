"""Results: what each row means, what is refused, and that no chunking changes a meaning."""

import math

import pytest

from refimpl.values import model
from refimpl.values.outcome import DecodeError, Fulfilled, Rejected
from refimpl.wire.codec import FlightCodec
from refimpl.wire.limits import RESULT, Limits
from refimpl.wire.result_decoder import ResultDecoder, decode_result
from refimpl.wire.result_encoder import ResultEncoder, encode_result


def code_of(body, limits=RESULT):
    with pytest.raises(DecodeError) as caught:
        decode_result(body, limits)
    return caught.value.code


def read_through(value, *, development=False):
    return decode_result(encode_result(value, development=development))


def fulfilled(value):
    promise = model.Promise()
    promise.fulfill(value)
    return promise


def test_a_promise_as_root_is_a_row_of_its_own():
    assert encode_result(fulfilled({"sum": 42.0})) == b'0:"$@1"\n1:{"sum":42}\n'


def test_a_row_may_come_after_the_reference_to_it():
    assert decode_result(b'0:["$1"]\n1:[2]\n') == [[2.0]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"0",
        b"0:",
        b"0:1",
        b'0:"$1"\n',
        b'0:"$@1"\n',
        b"0:T5,abcd",
        b"1:1\n",
        b'1:R\n0:"$1"\n1:1\n',
    ],
)
def test_what_ends_too_early_is_an_error(body):
    assert code_of(body) == "malformed.truncated"


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b":1\n",
        b"00:1\n",
        b"A:1\n",
        b"0:Q1\n",
        b"0:Tx,",
        b"0:T,",
        b"0:T 1,a",
        b"0:C\n",
        b"123456789:1\n",
        b"0:T123456789,",
    ],
)
def test_what_is_no_row_is_refused(body):
    assert code_of(body) == "malformed.framing"


def test_a_row_comes_once():
    assert code_of(b"0:1\n0:1\n") == "malformed.duplicate"


def test_text_is_utf_8():
    assert code_of(b'0:"\xff"\n') == "malformed.utf8"


def test_lengths_count_bytes():
    assert decode_result('1:T4,éé0:"$1"\n'.encode()) == "éé"


def test_rows_of_development_builds_are_skipped():
    body = b':N12.5\n1:D{"time":1}\n2:J{"name":"x"}\n:W["log"]\n:HL["a","style"]\n1:D"$2"\n0:1\n'
    assert decode_result(body) == 1.0


def test_a_long_string_is_a_row():
    assert encode_result("y" * 1024).startswith(b"1:T400,yyy")


def test_a_long_string_with_a_lone_surrogate_stays_in_its_row():
    text = "\ud800" + "y" * 1100
    assert read_through(text) == text


def test_an_invalid_date_arrives_as_one_wherever_it_is():
    assert math.isnan(read_through([model.Date(math.nan)])[0].time)


def test_bytes_met_again_are_the_same_bytes():
    data = model.Bytes("Int16Array", b"ab")
    first, second = read_through([data, data])
    assert first is second


def test_a_map_may_contain_itself():
    table = model.Map()
    table.entries.append(("self", table))
    read = read_through(table)
    assert read.entries[0][1] is read


def test_a_production_error_is_its_digest():
    promise = model.Promise()
    promise.reject(model.Error("TypeError", "secret", "d1"))
    body = encode_result(promise)
    assert body == b'0:"$@1"\n1:E{"digest":"d1"}\n'


def test_a_development_error_has_its_cause():
    error = model.Error("TypeError", "$m", cause=["$c"])
    read = read_through([error], development=True)[0]
    assert (read.name, read.message, read.cause) == ("TypeError", "$m", ["$c"])


def test_what_needs_a_failed_row_has_failed():
    value = decode_result(b'0:["$@1","$@2"]\n1:{"a":"$3"}\n3:E{"digest":"d"}\n2:1\n')
    assert [(promise.state) for promise in value] == ["rejected", "fulfilled"]


def test_a_path_steps_into_the_props_of_an_element():
    value = decode_result(b'0:{"el":["$","p",null,{"s":{}}],"s":"$0:el:props:s"}\n')
    assert value["el"].props["s"] is value["s"]


def test_a_lazy_reference_stands_for_its_value():
    value = decode_result(b'0:["$L1"]\n1:["$","p",null,{},null,"$9",1]\n')
    assert value[0].type == "p"


def test_a_client_reference_is_an_import():
    value = decode_result(b'1:I["c.js",["k","k.js"],"x"]\n0:["$","$L1",null,{}]\n')
    assert (value.type.module, value.type.name) == ("c.js", "x")


@pytest.mark.parametrize("tag", ["$T", "$Ta:b", "$T0:0:x"])
def test_a_temporary_reference_is_its_path(tag):
    assert decode_result(f'0:["{tag}"]\n'.encode())[0].path == tag[2:]


def test_temporary_references_of_one_path_are_one_value():
    first, again, other = decode_result(b'0:["$T0:0","$T0:0","$T0:1"]\n')

    assert first is again
    assert first is not other


@pytest.mark.parametrize("tag", ["$A1", "$R1", "$Y1", "$F1", "$E", "$P"])
def test_what_is_no_tag_of_results_is_refused(tag):
    assert code_of(f'0:["{tag}"]\n'.encode()) == "malformed.tag"


def test_values_of_a_stream_keep_their_order():
    body = b'1:R\n0:"$1"\n1:"$5"\n1:T1,b1:C\n5:["a"]\n'
    assert decode_result(body).chunks == [["a"], "b"]


def test_a_stream_is_there_before_its_chunks():
    decoder = ResultDecoder()
    decoder.feed(b'1:R\n0:"$1"\n')
    decoder.feed(b"1:T1,a")
    assert decoder.root.value.chunks == ["a"]


def test_a_row_goes_out_when_its_promise_settles():
    rows, promise = [], model.Promise()
    encoder = ResultEncoder(rows.append)
    encoder.start([promise])
    before = b"".join(rows)
    promise.fulfill("late")
    assert (before, b"".join(rows)) == (b'0:["$@1"]\n', b'0:["$@1"]\n1:"late"\n')


def test_what_is_aborted_fails_with_one_error():
    rows = []
    encoder = ResultEncoder(rows.append)
    encoder.start([model.Promise(), model.Promise()])
    encoder.abort(model.Error("Error", "stop", "d"))
    value = decode_result(b"".join(rows))
    assert [promise.value.digest for promise in value] == ["d", "d"]


def test_a_value_that_cannot_be_sent_fails_its_own_row():
    shared = {}
    value = read_through([fulfilled([shared, object()]), fulfilled(shared)])
    assert [promise.state for promise in value] == ["rejected", "fulfilled"]


ALL = [
    fulfilled({"a": [1.0, "é", "$x"], "m": model.Map([("k", {"z": 1.0})])}),
    model.Bytes("Float64Array", b"\n" * 16),
    model.Blob("t/x", b"0:1\n"),
    "x" * 1030,
    [model.Symbol("s"), model.ServerReference("m#f", [1.0])],
]


@pytest.mark.parametrize("value", ALL)
def test_no_split_changes_a_decode(value):
    body = encode_result(value)
    whole = encode_result(decode_result(body))
    for cut in range(len(body) + 1):
        decoder = ResultDecoder()
        decoder.feed(body[:cut])
        decoder.feed(body[cut:])
        decoder.end()
        assert encode_result(decoder.root.value) == whole


@pytest.mark.parametrize("value", ALL)
def test_every_proper_prefix_is_an_error(value):
    body = encode_result(value)
    for cut in range(len(body)):
        with pytest.raises(DecodeError):
            decode_result(body[:cut])


def test_bytes_one_at_a_time_are_linear_work():
    def steps(n):
        decoder = ResultDecoder()
        for byte in encode_result("y" * n):
            decoder.feed(bytes([byte]))
        return decoder.steps

    assert math.log2(steps(8192) / steps(1024)) / 3 <= 1.05


def test_a_declared_length_over_the_limit_is_refused_at_once():
    decoder = ResultDecoder(Limits(body=100))
    decoder.feed(b"0:Tff,")
    assert decoder.failed is not None
    assert decoder.failed.code == "limit.body"


@pytest.mark.parametrize(
    "outcome",
    [
        Rejected("call", "thrown", "d1"),
        Rejected("call", "thrown", "d1", "TypeError", "boom"),
        Rejected("encode", "unsupported-value.regexp", "d2"),
    ],
)
def test_a_failed_call_keeps_what_the_client_may_know(outcome):
    assert carried(outcome, development=True) == [outcome]


def test_a_call_that_ends_well_keeps_its_value():
    assert carried(Fulfilled({"a": 1.0})) == [Fulfilled({"a": 1.0})]


def test_an_outcome_is_told_when_its_root_is_there():
    promise = model.Promise()
    (outcome,) = carried(Fulfilled([promise]))

    assert outcome.value[0].state == "pending"


def test_what_settles_later_follows():
    promise = model.Promise()
    (outcome,) = carried(Fulfilled([promise]))
    promise.fulfill("late")

    assert outcome.value[0].value == "late"


def test_the_body_is_closed_when_nothing_is_pending():
    promise, body = model.Promise(), model.Stream("bytes")
    FlightCodec().encode_outcome(Fulfilled([promise]), body)
    before = body.state
    promise.fulfill(None)

    assert (before, body.state) == ("open", "closed")


def test_what_an_interruption_leaves_pending_fails_with_its_reason():
    promise, outcomes = model.Promise(), []
    decoding = carried_by(Fulfilled([promise]), outcomes.append)
    decoding.interrupt(model.Error("Error", "gone", code="network.unknown"))

    assert outcomes[0].value[0].value.code == "network.unknown"


def carried(outcome, *, development=False):
    outcomes = []
    carried_by(outcome, outcomes.append, development=development)
    return outcomes


def carried_by(outcome, told, *, development=False):
    codec, body = FlightCodec(development=development), model.Stream("bytes")
    decoding = codec.decode_outcome(told)
    codec.encode_outcome(outcome, body)
    body.observe(decoding.feed, lambda _: None)
    return decoding


def test_a_file_arrives_with_its_name():
    assert read_through([model.Blob("t/x", b"x", "$ä.txt")])[0].name == "$ä.txt"


def test_a_blob_arrives_without_a_name():
    assert read_through([model.Blob("t/x", b"x")])[0].name is None


def test_a_date_that_occurs_twice_arrives_as_one():
    date = model.Date(0.0)
    first, second = read_through([date, [date]])

    assert first is second[0]
