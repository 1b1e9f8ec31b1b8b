"""URI encoding and decoding (Encode and Decode of the global object's URI functions)."""

from __future__ import annotations

import re
from typing import Final

from refimpl.language.algorithms.utf16 import is_well_formed, to_code_points, to_units

ALPHANUMERIC: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
MARKS: Final = "-_.!~*'()"
RESERVED: Final = ";/?:@&=+$,"

#: What each pair of functions leaves alone.
COMPONENT: Final = frozenset(ALPHANUMERIC + MARKS)
WHOLE: Final = frozenset(ALPHANUMERIC + MARKS + RESERVED + "#")
PRESERVED: Final = frozenset(RESERVED + "#")

#: One ASCII character, or a run of what must be UTF-8.
ESCAPES: Final = re.compile(r"%[0-7][0-9A-Fa-f]|(?:%[89A-Fa-f][0-9A-Fa-f])+")


class MalformedURIError(ValueError):
    """The text cannot be encoded or decoded; the guest sees a URIError."""


def encode(units: str, unescaped: frozenset[str]) -> str:
    """Percent-encode every code point outside `unescaped` as UTF-8."""
    if not is_well_formed(units):
        raise MalformedURIError
    return "".join(
        point if point in unescaped else "".join(f"%{byte:02X}" for byte in point.encode())
        for point in to_code_points(units)
    )


def decode(units: str, preserved: frozenset[str] = frozenset()) -> str:
    """Replace escape sequences by what they encode, except those of `preserved` characters."""

    def unescaped(escapes: re.Match[str]) -> str:
        try:
            text = bytes.fromhex(escapes[0].replace("%", "")).decode()
        except UnicodeDecodeError:
            raise MalformedURIError from None
        return escapes[0] if text in preserved else to_units(text)

    if "%" in ESCAPES.sub("", units):
        raise MalformedURIError
    return ESCAPES.sub(unescaped, units)
