"""The tags: what a JSON string that begins with `$` says, and the grammar of what follows.

Rules of this module:

* The set is closed, in each direction. The grammar of every tag is total: a string that begins
  with `$` is exactly one tag, or an error.
* Numbers of parts and rows are hexadecimal in references, lower case, without leading zeros.
"""

from __future__ import annotations

import math
import re
from typing import Final

from refimpl.language.algorithms import dates
from refimpl.values import model
from refimpl.wire.errors import malformed

#: Exact words. Clause: wire.tags.words.
WORDS: Final = {
    "$undefined": model.UNDEFINED,
    "$NaN": math.nan,
    "$Infinity": math.inf,
    "$-Infinity": -math.inf,
    "$-0": -0.0,
}

#: The kinds of binary values by letter. Clause: wire.tags.binary.
BINARY: Final = {
    "A": "ArrayBuffer",
    "O": "Int8Array",
    "o": "Uint8Array",
    "U": "Uint8ClampedArray",
    "S": "Int16Array",
    "s": "Uint16Array",
    "L": "Int32Array",
    "l": "Uint32Array",
    "G": "Float32Array",
    "g": "Float64Array",
    "M": "BigInt64Array",
    "m": "BigUint64Array",
    "V": "DataView",
}
BINARY_LETTERS: Final = {kind: letter for letter, kind in BINARY.items()}

#: The kinds of streams by letter. Clause: wire.tags.stream.
STREAMS: Final = {"R": "default", "r": "bytes", "X": "iterable", "x": "iterator"}
STREAM_LETTERS: Final = {kind: letter for letter, kind in STREAMS.items()}

HEXADECIMAL: Final = re.compile("0|[1-9a-f][0-9a-f]{0,7}")
DECIMAL: Final = re.compile("0|[1-9][0-9]{0,8}")
BIGINT: Final = re.compile("0|-?[1-9][0-9]*")
DATE: Final = re.compile(
    r"(?:[0-9]{4}|\+[0-9]{6}|-(?!000000)[0-9]{6})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
)


def parse_number(text: str) -> int:
    """The number of a part or row in a reference. Clause: wire.references.number."""
    if not HEXADECIMAL.fullmatch(text):
        raise malformed("tag", f"{text[:20]!r} is no number of a part or row")
    return int(text, 16)


def parse_index(text: str) -> int | None:
    """The index of an array element in a path; None when it is none. Clause: wire.references.own."""
    return int(text) if DECIMAL.fullmatch(text) else None


def parse_date(text: str) -> model.Date:
    """The rest of a `$D` tag: what toISOString gives, or `null`. Clause: wire.tags.date."""
    if text == "null":
        return model.Date(math.nan)
    if DATE.fullmatch(text):
        time = dates.parse(text)
        if not math.isnan(time) and dates.iso_text(time) == text:
            return model.Date(time)
    raise malformed("tag", f"{text[:40]!r} is no date")


def write_date(date: model.Date) -> str:
    """The tag of a Date. Clause: wire.tags.date."""
    return "$Dnull" if math.isnan(date.time) else f"$D{dates.iso_text(date.time)}"


def is_bigint(text: str) -> bool:
    """Whether the rest of a `$n` tag is a bigint. Clause: wire.tags.bigint."""
    return BIGINT.fullmatch(text) is not None
