"""What forms need of the Flight profile: multipart, and a server reference as a message of its own.

Rules of this module:

* In a message that is a reference, part 0 has its id and names the part with what is bound to it.
* The limits are those of a call's body.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from refimpl.values import model
from refimpl.wire.arguments_decoder import ArgumentsDecoder
from refimpl.wire.arguments_encoder import ArgumentsEncoder
from refimpl.wire.errors import malformed
from refimpl.wire.limits import DEFAULT
from refimpl.wire.multipart import MultipartReader, boundary_of, write_multipart
from refimpl.wire.profiles import REACT_19_3, Field, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from refimpl.wire.graph import Chunk
    from refimpl.wire.limits import Limits


class FlightForms:
    """Implements `forms.page.FormCodec`; `request_body` is the limit that the server has at its door."""

    def __init__(self, profile: Profile = REACT_19_3, *, request_body: int = DEFAULT.body) -> None:
        self.profile = profile
        self.limits = replace(DEFAULT, body=request_body)

    def write_multipart(self, entries: list[Field]) -> tuple[str, bytes]:
        """The Content-Type and the body for an entry list. Clause: form.names."""
        boundary, body = write_multipart(entries)
        return f"multipart/form-data; boundary={boundary}", body

    def read_multipart(self, content_type: str, body: bytes) -> list[Field]:
        """The entries in a body. Clause: form.encoding.malformed."""
        boundary = boundary_of(content_type)
        if boundary is None:
            raise malformed("multipart", "the Content-Type names no boundary")
        entries: list[Field] = []
        reader = MultipartReader(boundary, self.limits, lambda *entry: entries.append(entry))
        reader.feed(body)
        reader.end()
        return entries

    def check_entries(self, count: int) -> None:
        """Refuse more entries than `parts` allows. Clause: form.limits."""
        self.limits.check("parts", count)

    def write_reference(self, reference: model.ServerReference) -> list[Field]:
        """The parts of a reference to which something is bound. Clause: form.react.reference."""
        bound = model.Promise()
        bound.fulfill(reference.bound)
        return ArgumentsEncoder(self.profile).encode({"id": reference.id, "bound": bound})

    def read_reference(self, parts: Iterable[Field]) -> model.ServerReference:
        """The reference in some parts. Clauses: form.react.reference, form.react.incomplete."""
        decoder = ReferenceDecoder(self.limits, self.profile)
        for name, content in parts:
            decoder.feed(name, content)
        decoder.end()
        if decoder.failed is not None:
            raise decoder.failed
        reference: model.ServerReference = decoder.root.value
        return reference


class ReferenceDecoder(ArgumentsDecoder):
    """Reads a message whose root is a server reference. Clause: wire.tags.server-reference.bound."""

    def __init__(self, limits: Limits, profile: Profile) -> None:
        super().__init__(limits, profile=profile)
        root = self.chunk(0)
        root.role = "reference"
        root.cell[0] = model.ServerReference("")

    def settle_root(self, chunk: Chunk) -> None:
        """The root is complete."""
        self.root.fulfill(chunk.cell[0])
