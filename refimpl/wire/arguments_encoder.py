"""The arguments of a call as the fields of a request.

Rules of this module:

* Everything inside has settled, and every stream has ended, before the body is written
  (`values.settlement` tells when); a rejection inside is an error.
* What a message to a server cannot carry is an error before anything is sent.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from refimpl.language.algorithms.utf16 import to_well_formed
from refimpl.values import model
from refimpl.wire.errors import EncodeError
from refimpl.wire.profiles import REACT_19_3, Field, Profile
from refimpl.wire.tags import BINARY_LETTERS, STREAM_LETTERS
from refimpl.wire.text import quote
from refimpl.wire.writer import Place, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from refimpl.values.model import Value

#: What a Blob without a type has after a multipart hop. Clause: wire.tags.blob.type.
UNTYPED = "application/octet-stream"


class Unsettled(EncodeError):  # noqa: N818 - a refusal that becomes an error of the call
    """Something inside has failed, or has not settled yet: the call is not sent.

    Clause: wire.arguments.rejected.
    """


def encode_arguments(arguments: list[Value], profile: Profile = REACT_19_3) -> str | list[Field]:
    """The body for a list of arguments: the text of the root alone, or fields.

    Clauses: wire.arguments.body, wire.arguments.drained.
    """
    match ArgumentsEncoder(profile).encode(arguments):
        case [(_, str(root))]:
            return root
        case fields:
            return fields


class ArgumentsEncoder(Writer):
    """Encodes the arguments of one call."""

    def __init__(self, profile: Profile = REACT_19_3) -> None:
        super().__init__()
        self.profile = profile
        self.fields: list[Field] = []
        #: What waits for the part that is being written to be complete.
        self.jobs: deque[Callable[[], None]] = deque()

    def encode(self, root: Value) -> list[Field]:
        """Write the root, then what was promised in it."""
        self.write(0, root)
        while self.jobs:
            self.jobs.popleft()()
        return self.fields

    def send_model(self, number: int, text: str) -> None:
        """Add a text part. Clause: wire.parts.names."""
        self.fields.append((str(number), text))

    # --- kinds -----------------------------------------------------------------------------------

    def binary_part(self, blob: model.Blob) -> int:
        """Add a binary part. Clause: wire.parts.binary."""
        number = self.next_number()
        self.fields.append((str(number), as_file(blob)))
        return number

    def write_bytes(self, value: model.Bytes, _: Place | None) -> str:
        """A typed array, a DataView or an ArrayBuffer. Clause: wire.tags.binary."""
        number = self.binary_part(model.Blob("", value.data))
        return f'"${BINARY_LETTERS[value.kind]}{number:x}"'

    def write_blob(self, value: model.Blob, _: Place | None) -> str:
        """`$B`. Clause: wire.tags.blob."""
        return f'"$B{self.binary_part(value):x}"'

    def write_form(self, value: model.FormData, _: Place | None) -> str:
        """`$K`. Clauses: wire.tags.formdata, wire.tags.formdata.entries."""
        number = self.next_number()
        for name, content in value.entries:
            text = to_well_formed(content) if isinstance(content, str) else as_file(content)
            self.fields.append((f"_{number}_{to_well_formed(name)}", text))
        return f'"$K{number:x}"'

    def write_symbol(self, value: model.Symbol, _: Place | None) -> str:
        """`$Y`, which React has no tag for. Clause: wire.tags.symbol.argument."""
        return quote(f"$Y{value.key}")

    def write_promise(self, value: model.Promise, _: Place | None) -> str:
        """`$@`. Clause: wire.tags.promise."""
        if value.state != "fulfilled":
            raise Unsettled(value.state)
        number = self.next_number()
        self.jobs.append(lambda: self.write(number, value.value))
        return f'"$@{number:x}"'

    def write_stream(self, value: model.Stream, _: Place | None) -> str:
        """`$R`, `$r`, `$X` or `$x`. Clauses: wire.tags.stream, wire.tags.stream.chunks."""
        if value.state != "closed":
            raise Unsettled(value.state)
        number = self.next_number()
        name = f"{self.profile.stream_prefix}{number}"
        if value.kind == "bytes":
            self.jobs.append(lambda: self.write_collected(name, value.chunks))
        else:
            self.jobs.extend(partial(self.write_chunk, name, chunk) for chunk in value.chunks)
        self.jobs.append(lambda: self.end_stream(name, value.returned))
        return f'"${STREAM_LETTERS[value.kind]}{number:x}"'

    def write_chunk(self, name: str, value: Value, before: str = "") -> None:
        """One chunk of a stream."""
        self.begin_slot(value, None, lambda text: self.fields.append((name, before + text)))
        self.run()

    def write_collected(self, name: str, chunks: list[model.Bytes]) -> None:
        """All chunks of a byte stream, as one. Clause: wire.tags.stream.bytes."""
        if collected := b"".join(chunk.data for chunk in chunks):
            number = self.binary_part(model.Blob("", collected))
            self.fields.append((name, f'"$o{number:x}"'))

    def end_stream(self, name: str, returned: Value) -> None:
        """The end of a stream, with what was returned. Clause: wire.tags.stream.close."""
        if returned is model.UNDEFINED:
            self.fields.append((name, "C"))
        else:
            self.write_chunk(name, returned, "C")

    writers: ClassVar[Mapping[type, Callable[[Any, Any, Place | None], str]]] = {
        **Writer.common,
        model.Bytes: write_bytes,
        model.Blob: write_blob,
        model.FormData: write_form,
        model.Symbol: write_symbol,
        model.Promise: write_promise,
        model.Stream: write_stream,
    }


def as_file(blob: model.Blob) -> model.Blob:
    """A Blob as it arrives: a File with a name and a type. Clauses: wire.tags.blob.name."""
    return model.Blob(blob.type or UNTYPED, blob.data, "blob" if blob.name is None else blob.name)
