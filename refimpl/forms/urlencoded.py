"""application/x-www-form-urlencoded, as browsers write it; the reader takes nothing else.

A file is its name here, which is all that this encoding can say of one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from refimpl.language.algorithms.urls import write_form
from refimpl.language.algorithms.utf16 import to_code_points, to_units
from refimpl.values.newlines import normalized
from refimpl.values.outcome import DecodeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from refimpl.forms.controls import Entry

TYPE: Final = "application/x-www-form-urlencoded"

#: A percent sign that begins no escape, or a byte that is always escaped.
STRAY: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})|[^\x21-\x7e]")


def write_urlencoded(entries: Iterable[Entry]) -> bytes:
    """The body for an entry list. Clause: form.encoding.urlencoded."""
    pairs = [
        (name, content if isinstance(content, str) else content.name or "")
        for name, content in entries
    ]
    texts = [(to_code_points(normalized(a)), to_code_points(normalized(b))) for a, b in pairs]
    return write_form(texts).encode("ascii")


def read_urlencoded(body: bytes) -> list[Entry]:
    """The entries in a body. Clause: form.encoding.urlencoded.strict."""
    if stray := STRAY.search(body):
        raise DecodeError("malformed.urlencoded", f"at byte {stray.start()}")
    return [
        (decoded(name), decoded(value))
        for name, _, value in (part.partition(b"=") for part in body.split(b"&") if part)
    ]


def decoded(text: bytes) -> str:
    """The code units of a name or a value."""
    try:
        return to_units(unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-8"))
    except UnicodeDecodeError:
        raise DecodeError("malformed.utf8", "an escape that is not UTF-8") from None
