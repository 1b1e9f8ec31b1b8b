"""A message as an author writes it: parts or rows, which families exchange, repeat and cut.

Rules of this module:

* A length is written when the message is, so that whatever stands in a row has the right one.
* Multipart is written as browsers write it, with one boundary for all cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BOUNDARY = "----ConformanceSuite0123456789"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
ESCAPES = {'"': "%22", "\r": "%0D", "\n": "%0A"}
#: Stands in a message where the members of a family differ.
PLACE = b"*"


@dataclass(frozen=True, slots=True)
class Unit:
    """A part, a row, or any bytes; `measured`: the length of the content stands before it."""

    content: bytes
    before: bytes = b""
    after: bytes = b""
    measured: bool = False

    def written(self) -> bytes:
        """The bytes of the unit."""
        length = b"%x," % len(self.content) if self.measured else b""
        return self.before + length + self.content + self.after

    def with_text(self, text: bytes) -> Unit:
        """The unit with a text in the place of `*`."""
        content = self.content.replace(PLACE, text)
        return replace(self, content=content, before=self.before.replace(PLACE, text))


@dataclass(frozen=True, slots=True)
class Message:
    """The units of a message and what closes them."""

    units: tuple[Unit, ...]
    type: str | None = None
    closing: bytes = b""

    def written(self) -> bytes:
        """The bytes of the message."""
        return b"".join([*(unit.written() for unit in self.units), self.closing])

    def with_text(self, text: bytes) -> Message:
        """The message with a text in the place of `*`."""
        return self.with_units(unit.with_text(text) for unit in self.units)

    def with_units(self, units: Iterable[Unit]) -> Message:
        """The message with other units."""
        return replace(self, units=tuple(units))


def line(text: bytes) -> Unit:
    """A row that ends with its line."""
    return Unit(text, after=b"\n")


def measured_row(head: str, content: bytes) -> Unit:
    """A row that announces its length."""
    return Unit(content, before=head.encode(), measured=True)


def text_part(name: str, content: bytes) -> Unit:
    """A text field."""
    return Unit(content, _disposition(name) + b"\r\n\r\n", b"\r\n")


def file_part(name: str, file_name: str, kind: str, content: bytes) -> Unit:
    """A field that is a file."""
    head = f'; filename="{_escaped(file_name)}"\r\nContent-Type: {kind}\r\n\r\n'
    return Unit(content, _disposition(name) + head.encode(), b"\r\n")


def multipart(parts: tuple[Unit, ...]) -> Message:
    """A body of parts."""
    return Message(parts, MULTIPART, f"--{BOUNDARY}--\r\n".encode())


def _disposition(name: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_escaped(name)}"'.encode()


def _escaped(name: str) -> str:
    return "".join(ESCAPES.get(character, character) for character in name)
