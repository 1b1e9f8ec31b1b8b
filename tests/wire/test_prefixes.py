"""No beginning of a message is a message, in bounded steps: for all the corpus has and writes.

A body that ends with what says nothing (white space, rows that nothing refers to, the last end of
line of multipart) has beginnings that say all of it, and no others that are accepted.
"""

import pytest

from conformance import choices, corpus
from conformance.adapters.model_notation import from_notation, to_json
from conformance.depth import room_to_recurse
from conformance.observations import Decode, Encode, Run
from refimpl.values import model
from refimpl.values.outcome import DecodeError
from refimpl.wire.arguments_decoder import ArgumentsDecoder
from refimpl.wire.arguments_encoder import encode_arguments
from refimpl.wire.errors import EncodeError
from refimpl.wire.limits import DEFAULT
from refimpl.wire.multipart import MultipartReader, boundary_of, write_multipart
from refimpl.wire.result_decoder import ResultDecoder
from refimpl.wire.result_encoder import ResultEncoder
from refimpl.wire.text import decode_utf8, encode_utf8

#: Of a long body so many beginnings are tried, evenly spread; of a very long one fewer, so that
#: about so many bytes are read.
CUTS, FEWEST, BYTES = 120, 5, 100_000
#: Steps that any message may take, and those for each of its bytes.
STEPS, STEPS_PER_BYTE = 50, 10
PROFILE = "react-19.3"


def cases(chapter):
    known = choices.load()
    for file in corpus.read_all(corpus.ROOT / chapter, known):
        yield from file.cases


def is_ours(case):
    return PROFILE in case.requires.get("wire-profile", (PROFILE,))


def messages():
    """The messages of the corpus that have a value, by case."""
    for case in filter(is_ours, cases("wire")):
        for point in case.observations:
            if isinstance(point, Decode) and not point.rejects:
                member = next(iter(point.members())).member.message
                yield case.id, point.surroundings["message"], member.type, member.written()


def values():
    """The values of the corpus: what is written, what programs end with, what they are given."""
    for case in [*filter(is_ours, cases("wire")), *cases("values")]:
        for point in case.observations:
            if isinstance(point, Encode) and not point.rejects:
                yield case.id, point.value
            elif isinstance(point, Run) and not point.rejects:
                yield case.id, point.result


def read(message, content_type, body):
    """The decoder after a body, and what the body says or None."""
    if message == "result":
        decoder = ResultDecoder()
        decoder.feed(body)
        decoder.end()
        return decoder, told(decoder)
    decoder = ArgumentsDecoder()
    try:
        if content_type is None:
            decoder.feed("0", decode_utf8(body))
        else:
            reader = MultipartReader(boundary_of(content_type), DEFAULT, decoder.feed)
            reader.feed(body)
            reader.end()
    except DecodeError:
        return decoder, None
    decoder.end()
    return decoder, told(decoder)


def told(decoder):
    with room_to_recurse():
        return None if decoder.failed else to_json(decoder.root)


def cuts(body):
    count = min(CUTS, max(FEWEST, BYTES // (1 + len(body))))
    return range(0, len(body), max(1, len(body) // count))


def accepted_beginnings(message, content_type, body):
    """Where a body was cut and still accepted, with what it says then."""
    for cut in cuts(body):
        decoder, value = read(message, content_type, body[:cut])
        assert decoder.steps <= STEPS + STEPS_PER_BYTE * cut, cut
        if value is not None:
            yield cut, value


def written_result(value):
    rows = []
    root = model.Promise()
    root.fulfill(value)
    encoder = ResultEncoder(rows.append, lambda _: "digest")
    encoder.start(root)
    assert encoder.finished
    return "result", None, b"".join(rows)


def written_arguments(value):
    """The request with one argument; None for what only results have, or what never gets there."""
    try:
        encoded = encode_arguments([value])
    except EncodeError:
        return None
    if isinstance(encoded, str):
        return "arguments", None, encode_utf8(encoded)
    boundary, body = write_multipart(encoded)
    return "arguments", f"multipart/form-data; boundary={boundary}", body.removesuffix(b"\r\n")


@pytest.mark.parametrize(
    ("message", "content_type", "body"),
    [pytest.param(*rest, id=name) for name, *rest in messages()],
)
def test_a_beginning_is_an_error_or_says_everything(message, content_type, body):
    _, whole = read(message, content_type, body)
    assert whole is not None
    assert all(value == whole for _, value in accepted_beginnings(message, content_type, body))


@pytest.mark.parametrize("value", [pytest.param(value, id=name) for name, value in values()])
def test_no_beginning_of_what_is_written_is_a_message(value):
    held = from_notation(value)
    for written in filter(None, (written_result(held), written_arguments(held))):
        assert read(*written)[1] is not None
        assert [*accepted_beginnings(*written)] == []
