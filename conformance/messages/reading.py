"""The bytes of a message as numbered pieces: what an implementation wrote, taken apart.

Rules of this module:

* Only the framing is read: rows, and `multipart/form-data` as browsers write it. Anything else is
  `Unreadable`.
* What says nothing of the value (rows of development builds, hints) is left out.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MEASURED: Final = frozenset("TbAOoUSsLlGgMmV")
SKIPPED: Final = frozenset("HDJWN")
STREAMS: Final = frozenset("RrXx")
#: Rows whose payload is JSON; the others are bytes or nothing.
MODELS: Final = frozenset({"", "E", "I", "C"})

ROW = re.compile(rb"([0-9a-f]*):([A-Za-z]?)")
LENGTH = re.compile(rb"([0-9a-f]+),")
BOUNDARY = re.compile(r'multipart/form-data; *boundary="?([^";]+)"?', re.IGNORECASE)
DISPOSITION = re.compile(
    r'content-disposition: form-data; name="([^"]*)"(?:; filename="([^"]*)")?', re.IGNORECASE
)
CONTENT_TYPE = re.compile(r"content-type: *(.*)", re.IGNORECASE)
NAME = re.compile(r"(S?)(\d+)|_(\d+)_(.*)", re.DOTALL)


class Unreadable(ValueError):  # noqa: N818  (named like the verdict text it becomes)
    """Bytes that are not framed as SPEC.md has it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What came under a number: JSON text, or other content that is compared as it is."""

    label: str
    text: str
    is_model: bool


Pieces = dict[int, list[Piece]]


def read_arguments(content_type: str | None, body: bytes) -> Pieces:
    """The parts of a request."""
    if content_type is None or content_type.lower().startswith("text/plain"):
        return {0: [Piece("", _text(body), is_model=True)]}
    found = BOUNDARY.fullmatch(content_type)
    if found is None:
        raise Unreadable(f"{content_type!r} is not multipart/form-data with a boundary")
    pieces: Pieces = defaultdict(list)
    for name, file, content in _fields(f"--{found[1]}".encode(), body):
        number, piece = _part(name, file, content)
        pieces[number].append(piece)
    return dict(pieces)


def _fields(delimiter: bytes, body: bytes) -> Iterator[tuple[str, str | None, bytes]]:
    """Name, description of the file if it is one, and content of each field."""
    first, *parts = (b"\r\n" + body).split(b"\r\n" + delimiter)
    if first or not parts or parts.pop() not in {b"--", b"--\r\n"}:
        raise Unreadable("the body is not enclosed in its delimiters")
    for part in parts:
        head, end, content = part.partition(b"\r\n\r\n")
        lines = _text(head).split("\r\n")
        if not end or lines[0]:
            raise Unreadable("a part has no headers")
        disposition = DISPOSITION.fullmatch(lines[1]) if len(lines) > 1 else None
        if disposition is None or len(lines) > 3:
            raise Unreadable(f"the headers of a part are {lines[1:]}")
        kind = CONTENT_TYPE.fullmatch(lines[2]) if len(lines) == 3 else None
        file = None
        if disposition[2] is not None:
            file = f"file {disposition[2]!r} {kind[1] if kind else ''}"
        yield disposition[1], file, content


def _part(name: str, file: str | None, content: bytes) -> tuple[int, Piece]:
    found = NAME.fullmatch(name)
    if found is None:
        raise Unreadable(f"{name!r} is no name of a part")
    label = "" if found[3] is None else f"entry {found[4]!r}"
    number = int(found[3] or found[2])
    if file is not None:
        return number, Piece(f"{label} {file}".strip(), content.hex(), is_model=False)
    text = _text(content)
    if label:
        return number, Piece(label, text, is_model=False)
    if text.startswith("C"):
        return number, Piece("end", text[1:], is_model=bool(text[1:]))
    return number, Piece("chunk" if found[1] else "", text, is_model=True)


def read_result(body: bytes) -> Pieces:
    """The rows of a response."""
    pieces: Pieces = defaultdict(list)
    streams: set[int] = set()
    for number, letter, payload in _rows(body):
        if letter in STREAMS:
            streams.add(number)
        pieces[number].append(_row(letter, payload, in_stream=number in streams))
    return dict(pieces)


def _row(letter: str, payload: bytes, *, in_stream: bool) -> Piece:
    if letter == "T" and in_stream:
        return Piece("", _quoted(_text(payload)), is_model=True)
    if letter in MODELS:
        return Piece(letter, _text(payload), is_model=bool(payload))
    content = _text(payload) if letter == "T" else payload.hex()
    return Piece(letter, content, is_model=False)


def _rows(body: bytes) -> Iterator[tuple[int, str, bytes]]:
    position = 0
    while position < len(body):
        head = ROW.match(body, position)
        if head is None:
            raise Unreadable(f"there is no row at byte {position}")
        letter, start = head[2].decode(), head.end()
        if letter in MEASURED:
            length = LENGTH.match(body, start)
            if length is None:
                raise Unreadable(f"the row at byte {position} has no length")
            start = length.end()
            end = following = start + int(length[1], 16)
        else:
            end = body.find(b"\n", start)
            following = end + 1
        if end < 0 or end > len(body):
            raise Unreadable(f"the row at byte {position} is not complete")
        position = following
        if letter not in SKIPPED:
            if not head[1]:
                raise Unreadable("a row has no number")
            yield int(head[1], 16), letter, body[start:end]


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8: {error.reason}") from None


def _quoted(text: str) -> str:
    return json.dumps(f"${text}" if text.startswith("$") else text)
