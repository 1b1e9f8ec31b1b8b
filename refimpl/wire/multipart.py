"""multipart/form-data as browsers write it, both ways; the reader is strict and incremental.

Rules of this module:

* Nothing stands before the first delimiter or after the last. A part has one Content-Disposition,
  at most one Content-Type, and no other header.
* In names and file names `"`, CR and LF are percent-escaped, and nothing else is; text is UTF-8.
* A part with a file name is a file; a file name is data, never a path.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from refimpl.language.algorithms.utf16 import to_well_formed
from refimpl.values import model
from refimpl.values.newlines import normalized
from refimpl.wire.errors import malformed
from refimpl.wire.text import decode_utf8, encode_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.wire.limits import Limits
    from refimpl.wire.profiles import Field

#: Clause: wire.multipart.names.
ESCAPES: Final = {'"': "%22", "\r": "%0D", "\n": "%0A"}
UNESCAPES: Final = {escape: character for character, escape in ESCAPES.items()}
DISPOSITION: Final = re.compile(
    r'content-disposition: *form-data; *name="([^"\r\n]*)"(?:; *filename="([^"\r\n]*)")?',
    re.IGNORECASE,
)
CONTENT_TYPE: Final = re.compile(r"content-type: *([^\r\n]*?) *", re.IGNORECASE)
TEXT_TYPE: Final = re.compile(r"text/plain(?:; *charset=utf-8)?", re.IGNORECASE)
BOUNDARY: Final = re.compile(
    r'multipart/form-data; *boundary=("?)([0-9A-Za-z\'()+_,./:=?-]{1,70})\1', re.IGNORECASE
)
#: What a file part without a Content-Type has.
DEFAULT_TYPE: Final = "text/plain"


def boundary_of(content_type: str) -> str | None:
    """The boundary that a Content-Type names. Clause: wire.multipart.boundary."""
    found = BOUNDARY.fullmatch(content_type)
    return None if found is None else found[2]


# --- writing -------------------------------------------------------------------------------------


def write_multipart(fields: Iterable[Field]) -> tuple[str, bytes]:
    """A boundary that occurs in no field, and the body. Clauses: wire.multipart, wire.multipart.newlines."""
    parts = [_part(name, content) for name, content in fields]
    boundary = _boundary(parts)
    delimiter = b"--" + boundary.encode()
    pieces = [piece for part in parts for piece in (delimiter, b"\r\n", part, b"\r\n")]
    return boundary, b"".join([*pieces, delimiter, b"--\r\n"])


def _part(name: str, content: str | model.Blob) -> bytes:
    head = f'Content-Disposition: form-data; name="{_escape(normalized(name))}"'
    if isinstance(content, str):
        return encode_utf8(f"{head}\r\n\r\n{normalized(content)}")
    kind = content.type or "application/octet-stream"
    file_name = _escape("blob" if content.name is None else content.name)
    head = f'{head}; filename="{file_name}"\r\nContent-Type: {kind}\r\n\r\n'
    return encode_utf8(head) + content.data


def _escape(name: str) -> str:
    return re.sub('["\r\n]', lambda match: ESCAPES[match[0]], to_well_formed(name))


def _boundary(parts: list[bytes]) -> str:
    digest = hashlib.sha256(b"\n".join(parts))
    while True:
        boundary = f"----ServerFunction{digest.hexdigest()[:24]}"
        if not any(boundary.encode() in part for part in parts):
            return boundary
        digest.update(b"again")


# --- reading -------------------------------------------------------------------------------------


class MultipartReader:
    """Calls `take(name, content)` for every field as soon as it is complete."""

    def __init__(
        self, boundary: str, limits: Limits, take: Callable[[str, str | model.Blob], None]
    ) -> None:
        self.limits = limits
        self.take = take
        #: Every delimiter but the first begins with an end of line; the reader supplies that one.
        self.delimiter = b"\r\n--" + boundary.encode()
        self.buffer = bytearray(b"\r\n")
        self.bytes = 0
        self.searched = 0
        self.read: Callable[[], bool] = self.preamble
        self.head: tuple[str, model.Blob | None] = ("", None)

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Clauses: wire.multipart.chunking, wire.limits.body."""
        self.bytes += len(data)
        self.limits.check("body", self.bytes)
        self.buffer += data
        while self.read():
            pass

    def end(self) -> None:
        """The body is complete. Clause: wire.truncated."""
        if self.read != self.epilogue or bytes(self.buffer) not in {b"", b"\r\n"}:
            raise malformed("truncated", "the last delimiter is missing")

    def preamble(self) -> bool:
        """The first delimiter, with nothing before it. Clause: wire.multipart.strict."""
        size = len(self.delimiter)
        if bytes(self.buffer[:size]) != self.delimiter[: len(self.buffer)]:
            raise malformed("multipart", "the body does not begin with its delimiter")
        if len(self.buffer) < size:
            return False
        return self.next(size, self.after_delimiter)

    def after_delimiter(self) -> bool:
        """What follows a delimiter: an end of line, or the end of the body."""
        if len(self.buffer) < 2:
            return False
        if self.buffer.startswith(b"--"):
            return self.next(2, self.epilogue)
        if self.buffer.startswith(b"\r\n"):
            return self.next(2, self.headers)
        raise malformed("multipart", "a delimiter is not followed by an end of line")

    def headers(self) -> bool:
        """The headers of a part, up to the empty line. Clause: wire.multipart.headers."""
        end = self.buffer.find(b"\r\n\r\n", max(0, self.searched - 3))
        # Up to three of the bytes that came may belong to the empty line already.
        self.limits.check("header", len(self.buffer) - 3 if end < 0 else end)
        if end < 0:
            self.searched = len(self.buffer)
            return False
        self.head = read_headers(decode_utf8(bytes(self.buffer[:end])))
        # The empty line's end may be the beginning of the next delimiter: an empty part.
        return self.next(end + 4, self.content)

    def content(self) -> bool:
        """The content of a part, up to the next delimiter."""
        end = self.buffer.find(self.delimiter, max(0, self.searched - len(self.delimiter)))
        if end < 0:
            self.searched = len(self.buffer)
            return False
        data = bytes(memoryview(self.buffer)[:end])
        self.next(end + len(self.delimiter), self.after_delimiter)
        name, blob = self.head
        if blob is None:
            self.take(name, decode_utf8(data))
        else:
            self.take(name, model.Blob(blob.type, data, blob.name))
        return True

    def epilogue(self) -> bool:
        """Nothing follows the last delimiter but an end of line."""
        if not b"\r\n".startswith(self.buffer):
            raise malformed("multipart", "something follows the last delimiter")
        return False

    def next(self, size: int, state: Callable[[], bool]) -> bool:
        """Drop `size` bytes and go on in another state."""
        del self.buffer[:size]
        self.searched = 0
        self.read = state
        return True


def read_headers(text: str) -> tuple[str, model.Blob | None]:
    """The name of a part and, if it is a file, an empty one. Clause: wire.multipart.headers."""
    lines = text.split("\r\n")
    found = [DISPOSITION.fullmatch(line) for line in lines]
    kinds = [CONTENT_TYPE.fullmatch(line) for line in lines]
    dispositions = [match for match in found if match]
    types = [match[1] for match in kinds if match]
    if len(dispositions) != 1 or len(types) > 1 or len(lines) != len(types) + 1:
        raise malformed("multipart", "a part has one Content-Disposition and one Content-Type")
    name, file_name = dispositions[0].groups()
    if file_name is None:
        if types and not TEXT_TYPE.fullmatch(types[0]):
            raise malformed("multipart", f"a text part of type {types[0][:40]!r}")
        return _unescape(name), None
    return _unescape(name), model.Blob(
        types[0] if types else DEFAULT_TYPE, b"", _unescape(file_name)
    )


def _unescape(name: str) -> str:
    return re.sub("%(?:22|0D|0A)", lambda match: UNESCAPES[match[0]], name)
