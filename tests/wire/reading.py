"""Reading a body of either direction, and what it costs."""

from refimpl.wire.arguments_decoder import ArgumentsDecoder, size_of
from refimpl.wire.limits import Limits
from refimpl.wire.result_decoder import ResultDecoder


def read(body):
    """The decoder that has read a body: bytes are a response, everything else is a request."""
    if isinstance(body, bytes):
        decoder = ResultDecoder()
        decoder.feed(body)
    else:
        decoder = ArgumentsDecoder(Limits())
        for field in [("0", body)] if isinstance(body, str) else body:
            decoder.feed(*field)
    decoder.end()
    assert decoder.failed is None, decoder.failed
    return decoder


def size(body):
    """The bytes of a body; of fields, without what multipart adds."""
    if isinstance(body, bytes):
        return len(body)
    if isinstance(body, str):
        return size_of(body)
    return sum(
        size_of(name) + (size_of(content) if isinstance(content, str) else len(content.data))
        for name, content in body
    )


def steps_and_bytes(body):
    """How many steps reading a body took, and its bytes."""
    return read(body).steps, size(body)
