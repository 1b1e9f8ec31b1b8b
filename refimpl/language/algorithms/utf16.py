"""Strings of the guest are sequences of UTF-16 code units; this is the way in and out of them.

A guest string is a Python `str` whose characters are all at most U+FFFF; a code point above that
is two of them. Lone surrogates are allowed everywhere and survive the round trip.
"""

from __future__ import annotations

import re
from typing import Final

from refimpl.source.text import code_units as to_units

__all__ = [
    "LONE_SURROGATE",
    "SURROGATE_PAIR",
    "code_point_at",
    "from_code_point",
    "is_well_formed",
    "join",
    "to_code_points",
    "to_units",
    "to_well_formed",
]

SURROGATE_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
LONE_SURROGATE: Final = re.compile(
    "[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]"
)


def to_code_points(units: str) -> str:
    """The text of code points that these code units encode (StringToCodePoints)."""
    return SURROGATE_PAIR.sub(lambda match: chr(join(*match[0])), units)


def from_code_point(code_point: int) -> str:
    """UTF16EncodeCodePoint."""
    if code_point < 0x10000:
        return chr(code_point)
    offset = code_point - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))


def join(lead: str, trail: str) -> int:
    """UTF16SurrogatePairToCodePoint."""
    return ((ord(lead) - 0xD800) << 10) + (ord(trail) - 0xDC00) + 0x10000


def code_point_at(units: str, index: int) -> str:
    """CodePointAt: the one or two code units of the code point that starts at `index`."""
    pair = units[index : index + 2]
    return pair if SURROGATE_PAIR.fullmatch(pair) else pair[:1]


def is_well_formed(units: str) -> bool:
    """IsStringWellFormedUnicode."""
    return units.isascii() or LONE_SURROGATE.search(units) is None


def to_well_formed(units: str) -> str:
    """Each lone surrogate becomes U+FFFD."""
    return units if units.isascii() else LONE_SURROGATE.sub("\ufffd", units)
