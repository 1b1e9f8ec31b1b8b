"""What the observation points `encode` and `decode` share: a message, and who is in it.

Rules of this module:

* A message is written as a whole (`body`), as the fields of a request (`parts`), or as the rows of a
  response (`rows`). The framing that every message has is written by the suite.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from conformance.messages import units
from conformance.messages.units import Message, Unit
from conformance.observations.program import MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.written import Written

MESSAGES = ("arguments", "result")
SPELLINGS = frozenset({"body", "parts", "rows"})

#: What both points say of the implementation's surroundings, as requests carry it.
READERS: Mapping[str, Callable[[Written], Any]] = {
    "message": lambda written: written.one_of(MESSAGES),
    "references": lambda written: list(written.texts()),
    "clients": lambda written: list(written.texts()),
    "mode": lambda written: written.one_of(MODES),
}


def read_surroundings(fields: Mapping[str, Written]) -> dict[str, Any]:
    """Those of the fields that a request carries as they are."""
    return {name: read(fields[name]) for name, read in READERS.items() if name in fields}


def read_message(written: Written, fields: Mapping[str, Written]) -> Message:
    """The one message that is spelled among the fields."""
    spelled = SPELLINGS & fields.keys()
    if len(spelled) != 1:
        written.refuse("missing-field", f"a message is one of {', '.join(sorted(SPELLINGS))}")
    if "parts" in fields:
        return units.multipart(tuple(_part(item) for item in fields["parts"].items()))
    if "rows" in fields:
        return Message(tuple(_row(item) for item in fields["rows"].items()))
    kind = fields["type"].text() if "type" in fields else None
    return Message((Unit(_bytes(fields["body"])),), kind)


def _part(written: Written) -> Unit:
    fields = written.fields({"name", "text", "file"}, required=("name",))
    name = fields["name"].text()
    if "text" in fields:
        return units.text_part(name, _bytes(fields["text"]))
    if "file" not in fields:
        written.refuse("missing-field", "a part has a text or a file")
    file = fields["file"].fields({"name", "type", "text", "hex"})
    file_name = file["name"].text() if "name" in file else "blob"
    kind = file["type"].text() if "type" in file else "application/octet-stream"
    return units.file_part(name, file_name, kind, _content(file))


def _row(written: Written) -> Unit:
    if not written.is_mapping:
        return units.line(_bytes(written))
    fields = written.fields({"row", "text", "hex", "raw"})
    if "raw" in fields:
        return Unit(_bytes(fields["raw"]))
    if "row" not in fields:
        written.refuse("missing-field", "a row that is no line has a row or is raw")
    return units.measured_row(fields["row"].text(), _content(fields))


def _content(fields: Mapping[str, Written]) -> bytes:
    if "hex" in fields:
        return _unhex(fields["hex"])
    return _bytes(fields["text"]) if "text" in fields else b""


def _bytes(written: Written) -> bytes:
    """A text, or pieces one after the other."""
    if not written.is_list:
        return written.text().encode()
    return b"".join(map(_piece, written.items()))


def _piece(written: Written) -> bytes:
    if not written.is_mapping:
        return written.text().encode()
    fields = written.fields({"hex", "repeat", "times"})
    if "hex" in fields:
        return _unhex(fields["hex"])
    if fields.keys() != {"repeat", "times"}:
        written.refuse("missing-field", "a piece is a text, has a hex, or a repeat and its times")
    return fields["repeat"].text().encode() * fields["times"].integer()


def _unhex(written: Written) -> bytes:
    try:
        return bytes.fromhex(written.text())
    except ValueError:
        written.refuse("invalid-value", "these are no bytes in hexadecimal")


def body_as_json(body: bytes) -> Any:
    """Bytes as a protocol message carries them."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}
