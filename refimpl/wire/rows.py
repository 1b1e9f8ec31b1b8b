"""The framing of a response: rows, in chunks of any size.

A row is `<number>:<payload>LF`, `<number>:<letter><payload>LF`, or, when its letter announces a
length, `<number>:<letter><length>,<bytes>` without an end of line. Numbers and lengths are
hexadecimal; lengths count bytes.

Rules of this module:

* The letter decides the form; of all letters JSON texts begin with f, n and t alone.
* Nothing is allocated for an announced length; an announcement over the limit is refused at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from refimpl.wire.errors import malformed
from refimpl.wire.tags import BINARY, STREAMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.wire.limits import Limits

#: Letters of rows that announce a length. Clause: wire.rows.length.
WITH_LENGTH: Final = frozenset({"T", "b", *BINARY})
#: Letters of rows that end with their line. Clause: wire.rows.letters.
WITH_LINE: Final = frozenset({"E", "I", "C", "H", "D", "J", "W", "N", *STREAMS})
#: Letters of rows without a number. Clause: wire.rows.unnumbered.
UNNUMBERED: Final = frozenset({"H", "N", "W"})

HEAD: Final = re.compile(rb"(0|[1-9a-f][0-9a-f]{0,7})?:([A-Za-eg-mo-su-z]?)")
LENGTH: Final = re.compile(rb"(0|[1-9a-f][0-9a-f]{0,7}),")
#: No head, and no length, is longer than this.
LONGEST: Final = 10


def write_row(number: int, letter: str, payload: bytes) -> bytes:
    """The bytes of one row. Clauses: wire.rows, wire.rows.length."""
    if letter in WITH_LENGTH:
        return b"%x:%s%x,%s" % (number, letter.encode(), len(payload), payload)
    return b"%x:%s%s\n" % (number, letter.encode(), payload)


class RowReader:
    """Calls `take(number, letter, payload)` for every row; `number` is None where it has none."""

    def __init__(self, limits: Limits, take: Callable[[int | None, str, bytes], None]) -> None:
        self.limits = limits
        self.take = take
        self.buffer = bytearray()
        self.bytes = 0
        #: How far the buffer has been searched for the end of a line.
        self.searched = 0
        self.steps = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Clauses: wire.rows.chunking, wire.limits.body, security.data.memory."""
        self.bytes += len(data)
        self.steps += 1 + len(data)
        self.limits.check("body", self.bytes)
        self.buffer += data
        while self.buffer and self.row():
            self.steps += 1

    def end(self) -> None:
        """The response is complete. Clause: wire.truncated."""
        if self.buffer:
            raise malformed("truncated", "the last row is not complete")

    def row(self) -> bool:
        """Take one row from the buffer; False when it has not arrived."""
        head = HEAD.match(self.buffer)
        if head is None:
            if len(self.buffer) >= LONGEST or not re.fullmatch(rb"[0-9a-f]*", self.buffer):
                raise malformed("framing", "a row begins with a number and a colon")
            return False
        if head.end() == len(self.buffer):
            return False
        number = None if head[1] is None else int(head[1], 16)
        letter = head[2].decode()
        if letter not in WITH_LENGTH and letter not in WITH_LINE and letter:
            raise malformed("framing", f"there are no rows with the letter {letter}")
        if number is None and letter not in UNNUMBERED:
            raise malformed("framing", "a row without a number")
        if letter in WITH_LENGTH:
            return self.measured(number, letter, head.end())
        return self.line(number, letter, head.end())

    def measured(self, number: int | None, letter: str, start: int) -> bool:
        """A row that announces its length."""
        length = LENGTH.match(self.buffer, start)
        if length is None:
            begun = self.buffer[start : start + LONGEST]
            if len(begun) >= LONGEST or not re.fullmatch(rb"[0-9a-f]*", begun):
                raise malformed("framing", "a length is hexadecimal and ends with a comma")
            return False
        size = int(length[1], 16)
        self.limits.check("body", size)
        start = length.end()
        return self.cut(number, letter, start, start + size, start + size)

    def line(self, number: int | None, letter: str, start: int) -> bool:
        """A row that ends with its line."""
        end = self.buffer.find(b"\n", max(start, self.searched))
        if end < 0:
            self.searched = len(self.buffer)
            return False
        return self.cut(number, letter, start, end, end + 1)

    def cut(self, number: int | None, letter: str, start: int, end: int, following: int) -> bool:
        """Take a row out of the buffer, if all of it is there."""
        if len(self.buffer) < following:
            return False
        payload = bytes(memoryview(self.buffer)[start:end])
        del self.buffer[:following]
        self.searched = 0
        self.take(number, letter, payload)
        return True
