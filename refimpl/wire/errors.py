"""The errors of this chapter, with their codes.

* `malformed.<what>`: the message breaks a rule; `limit.<name>`: it is over a limit (`limits`).
* An encoder refuses only what the contract does not have, `unsupported-value.<kind>`.
"""

from __future__ import annotations

from refimpl.values.outcome import DecodeError

#: What each code of phase decode means. Clause: wire.errors.
MALFORMED = {
    "utf8": "text that is not UTF-8",
    "json": "text that is not JSON",
    "framing": "a row that is not written as rows are",
    "multipart": "a multipart body that breaks the grammar",
    "part-name": "a part whose name is none",
    "duplicate": "a second part or row with the same number",
    "root": "a root that is not an array",
    "tag": "a string that begins with $ and is no tag of this direction",
    "kind": "a reference to a part or row of another kind",
    "reused": "a part that is used twice, or in two ways",
    "path": "a path that does not lead to a value",
    "cycle": "a reference or a promise that leads only to itself",
    "forward-reference": "a reference to a part that has not arrived",
    "order": "a part that came too late",
    "truncated": "a message that ends before it is complete",
}


def malformed(what: str, detail: str) -> DecodeError:
    """The error of phase decode for one way to break the rules."""
    assert what in MALFORMED, what
    return DecodeError(f"malformed.{what}", f"{MALFORMED[what]}: {detail}")


class EncodeError(Exception):
    """A value that a message in this direction cannot carry; `code` is of phase encode."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a value of kind {kind} cannot be sent in this direction")
        self.code = f"unsupported-value.{kind}"
