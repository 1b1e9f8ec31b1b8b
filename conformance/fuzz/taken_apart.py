"""A message that was written by an implementation, taken apart into parts or rows.

The rule of this module: whatever cannot be taken apart is one piece; put together again, the pieces
are the very bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.messages.reading import BOUNDARY, LENGTH, MEASURED, ROW
from conformance.messages.units import Message, Unit
from conformance.observations.encode import message_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.protocol import JSON


def message_from(kind: str, answer: JSON) -> Message:
    """The message in an answer to `encode`."""
    content_type, body = message_of(answer)
    if kind == "result":
        return Message(tuple(_rows(body)), content_type)
    found = BOUNDARY.fullmatch(content_type) if content_type else None
    if found is None:
        return Message((Unit(body),), content_type)
    delimiter = b"--" + found[1].encode()
    *parts, closing = body.split(delimiter)[1:]
    units = (_part(delimiter, part) for part in parts)
    return Message(tuple(units), content_type, delimiter + closing)


def _part(delimiter: bytes, part: bytes) -> Unit:
    head, end, content = part.partition(b"\r\n\r\n")
    return Unit(content.removesuffix(b"\r\n"), delimiter + head + end, b"\r\n")


def _rows(body: bytes) -> Iterator[Unit]:
    position = 0
    while position < len(body):
        head = ROW.match(body, position)
        length = head and head[2].decode() in MEASURED and LENGTH.match(body, head.end())
        if head and length:
            end = length.end() + int(length[1], 16)
            yield Unit(body[length.end() : end], head[0], measured=True)
        else:
            end = body.find(b"\n", position) + 1 or len(body)
            yield Unit(body[position : end - 1], after=body[end - 1 : end])
        position = end
