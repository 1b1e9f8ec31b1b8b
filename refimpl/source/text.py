"""Source texts: where characters come from, what dialect they are in, and where a place is.

Rules of this module:

* Offsets count Python characters. Lines end where ECMAScript says: LF, CR, CRLF, LS, PS.
* The extension decides the dialect: `.mjs` is plain JavaScript; `.js`, `.cjs` and `.jsx` have
  JSX as well, because that is what the React ecosystem writes in `.js` files; `.ts`, `.mts` and
  `.cts` are TypeScript; `.tsx` is both. Any other name is read as `.js`.
* Bytes that cannot be a program are refused here, by name and byte offset.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from refimpl.source.diagnostics import Diagnostic, SyntaxDiagnostic

#: Limit `source.size`, in bytes of a file and in characters of a text. What is larger is refused
#: with `syntax.limit.size`: it would take longer than a person waits.
MAXIMUM_SIZE = 8 * 1024 * 1024

LINE_BREAK = re.compile("\r\n|[\n\r\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which extensions of the grammar are switched on."""

    jsx: bool
    typescript: bool


JAVASCRIPT = Dialect(jsx=False, typescript=False)
JSX = Dialect(jsx=True, typescript=False)
TYPESCRIPT = Dialect(jsx=False, typescript=True)
TSX = Dialect(jsx=True, typescript=True)

DIALECTS = {
    ".mjs": JAVASCRIPT,
    ".ts": TYPESCRIPT,
    ".mts": TYPESCRIPT,
    ".cts": TYPESCRIPT,
    ".tsx": TSX,
}


@dataclass(slots=True)
class Source:
    """A named source text."""

    name: str
    text: str
    _line_starts: list[int] = field(init=False, repr=False, compare=False, default_factory=list)

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> Source:
        """Decode UTF-8, with or without a byte order mark."""
        if len(data) > MAXIMUM_SIZE:
            size = f"{len(data):,} bytes; at most {MAXIMUM_SIZE:,} are read"
            raise SyntaxDiagnostic(_unreadable(name, "syntax.limit.size", f"the file has {size}"))
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            offset = error.start
            what = f"byte {data[offset]:#04x} at offset {offset} is not UTF-8"
            fix = "save the file as UTF-8"
            raise SyntaxDiagnostic(_unreadable(name, "syntax.encoding", what, fix)) from None
        if (offset := data.find(0)) >= 0:
            what = f"a NUL byte at offset {offset}: this looks like a binary file"
            raise SyntaxDiagnostic(_unreadable(name, "syntax.binary", what))
        return cls(name, text)

    @property
    def dialect(self) -> Dialect:
        """The dialect that the extension of the name stands for."""
        return DIALECTS.get(PurePosixPath(self.name.replace("\\", "/")).suffix.lower(), JSX)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column, both from 1, of an offset."""
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its line break."""
        starts = self._starts()
        begin = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[begin:end].rstrip("\r\n\u2028\u2029")

    def _starts(self) -> list[int]:
        if not self._line_starts:
            breaks = (match.end() for match in LINE_BREAK.finditer(self.text))
            self._line_starts = [0, *breaks]
        return self._line_starts


def _unreadable(name: str, code: str, message: str, fix: str | None = None) -> Diagnostic:
    return Diagnostic(code, message, name, 0, 0, 1, 1, fix=fix)


def code_units(text: str) -> str:
    """The text as UTF-16 code units: what ECMAScript calls a String."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, struct.unpack(f"<{len(encoded) // 2}H", encoded)))


def spells_a_directive(text: str) -> bool:
    """Whether `use server` or `use client` occurs; if not, no directive can take effect.

    Who asks only for directives need not parse such a text. (One that is misspelt, such as
    `use-server`, may still be in it: it has no effect.)
    """
    return "use server" in text or "use client" in text
