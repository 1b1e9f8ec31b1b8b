"""Observation point `withholds`: texts that must not occur in any byte given to the client.

Rules of this module:

* A canary is looked for as it is, and in the disguises that keep nothing secret: base64 (at each
  of its three alignments), hexadecimal, and UTF-16.
* An answer without artifacts, or without a `witness` that has to be there, shows nothing and is
  a failure: an empty hand must not look like a kept secret.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.observations.observation import (
    Mismatch,
    Observation,
    expect,
    unexpected_rejection,
)
from conformance.observations.program import FIELDS, read_program
from conformance.protocol import Ok, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.protocol import Hello, Rejected, Request
    from conformance.written import Written


@dataclass(frozen=True, slots=True)
class Withholds(Observation):
    """Canary texts that stay on the server, and witnesses that show the client's bytes were read."""

    name: ClassVar[str] = "withholds"

    program: Mapping[str, Any]
    canaries: tuple[str, ...]
    witnesses: tuple[str, ...]

    @classmethod
    def read(cls, written: Written) -> Withholds:
        """`{entry, args, client, canaries, witnesses}`."""
        fields = written.fields(FIELDS | {"canaries", "witnesses"}, required=("canaries",))
        canaries = fields["canaries"].texts()
        for canary in canaries:
            if len(canary) < 8:
                reason = f"the canary {canary!r} is so short that it may occur by chance"
                fields["canaries"].refuse("invalid-value", reason, "use eight characters or more")
        witnesses = fields["witnesses"].texts() if "witnesses" in fields else ()
        return cls(read_program(fields), canaries, witnesses)

    def request(self, files: Mapping[str, str]) -> Request:
        """Hand over every byte that the client is given."""
        return {"op": "withholds", "files": dict(files), **self.program}

    def judge(self, reply: Ok | Rejected, hello: Hello) -> Mismatch | None:  # noqa: ARG002  (the same for everybody)
        """Look for the canaries."""
        expected = "none of these in any artifact:\n" + "\n".join(self.canaries)
        if not isinstance(reply, Ok):
            return unexpected_rejection(reply, expected)
        artifacts = dict(_artifacts(reply))
        for canary in self.canaries:
            for name, data in artifacts.items():
                if disguise := _found(canary, data):
                    summary = f"the client is given {canary!r} ({disguise}) in {name}"
                    return Mismatch("leaks", summary, expected, _surroundings(canary, name, data))
        for witness in self.witnesses:
            if not any(witness.encode() in data for data in artifacts.values()):
                summary = f"no artifact holds the witness {witness!r}: too little was handed over"
                return Mismatch("no-witness", summary, expected, _listing(artifacts))
        if not artifacts:
            summary = "no artifacts were handed over, so nothing was examined"
            return Mismatch("no-artifacts", summary, expected, "(nothing)")
        return None


def _artifacts(reply: Ok) -> Iterator[tuple[str, bytes]]:
    expect(isinstance(reply.value, dict), "the ok of withholds is an object")
    artifacts = reply.value.get("artifacts")
    expect(isinstance(artifacts, dict), 'the ok of withholds is {"artifacts": {name: content}}')
    for name, content in artifacts.items():
        if isinstance(content, str):
            yield name, content.encode("utf-8", "surrogatepass")
            continue
        expect(
            isinstance(content, dict) and isinstance(content.get("base64"), str),
            f"the artifact {name} is neither a text nor {{base64: text}}",
        )
        try:
            yield name, base64.b64decode(content["base64"], validate=True)
        except binascii.Error:
            raise Violation(f"the artifact {name} is not valid base64") from None


def _found(canary: str, data: bytes) -> str | None:
    """The disguise in which a canary occurs in some bytes."""
    plain = canary.encode()
    if plain in data:
        return "as it is"
    if plain.hex().encode() in data.lower():
        return "in hexadecimal"
    if canary.encode("utf-16-le") in data or canary.encode("utf-16-be") in data:
        return "in UTF-16"
    unified = data.translate(bytes.maketrans(b"-_", b"+/"))
    if any(form in unified for form in _base64_forms(plain)):
        return "in base64"
    return None


def _base64_forms(plain: bytes) -> Iterator[bytes]:
    """The characters that only the canary decides, wherever it begins in what is encoded."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + plain)
        first = (offset * 8 + 5) // 6
        last = (offset + len(plain)) * 8 // 6
        yield encoded[first:last]


def _surroundings(canary: str, name: str, data: bytes) -> str:
    at = max(data.find(canary.encode()), 0)
    return f"{name}:\n…{data[max(at - 60, 0) : at + 120].decode('utf-8', 'replace')}…"


def _listing(artifacts: Mapping[str, bytes]) -> str:
    return "\n".join(f"{name} ({len(data)} bytes)" for name, data in artifacts.items()) or "(none)"
