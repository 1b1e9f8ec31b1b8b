"""The arguments of a call as the fields of a request.

Rules of this module:

* The body is complete when everything inside has settled and every stream has ended; the first
  rejection inside is the failure of the whole.
* What a message to a server cannot carry is an error before anything is sent.
"""

from __future__ import annotations

from collections import deque
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


class EncodedArguments(model.Promise):
    """A promise of the body: the text of the root alone, or fields."""

    __slots__ = ()

    @property
    def body(self) -> str | list[Field]:
        """The body, once this is fulfilled."""
        assert self.state == "fulfilled", self.state
        body: str | list[Field] = self.value
        return body


def encode_arguments(arguments: list[Value], profile: Profile = REACT_19_3) -> EncodedArguments:
    """The body for a list of arguments. Clauses: wire.arguments.body, wire.arguments.drained."""
    return ArgumentsEncoder(profile).encode(arguments)


class ArgumentsEncoder(Writer):
    """Encodes the arguments of one call."""

    def __init__(self, profile: Profile = REACT_19_3) -> None:
        super().__init__()
        self.profile = profile
        self.fields: list[Field] = []
        self.encoded = EncodedArguments()
        #: What waits for the part that is being written to be complete.
        self.jobs: deque[Callable[[], None]] = deque()
        self.pending = 0
        self.busy = False

    def encode(self, root: Value) -> EncodedArguments:
        """Write the root, then what was promised, as it settles."""
        self.pending += 1
        self.later(lambda: self.write(0, root))
        return self.encoded

    def later(self, job: Callable[[], None]) -> None:
        """Do `job` when nothing is being written; it settles one of the `pending`."""
        self.jobs.append(job)
        if self.busy:
            return
        self.busy = True
        try:
            while self.jobs and self.encoded.state == "pending":
                self.jobs.popleft()()
                self.pending -= 1
        except EncodeError as error:
            self.encoded.reject(error)
        finally:
            self.busy = False
        if self.pending == 0:
            single = len(self.fields) == 1
            self.encoded.fulfill(self.fields[0][1] if single else self.fields)

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
        """`$@`. Clauses: wire.tags.promise, wire.arguments.rejected."""
        number = self.next_number()
        self.pending += 1

        def settled(promise: model.Promise) -> None:
            if promise.state == "rejected":
                self.encoded.reject(promise.value)
            self.later(lambda: self.write(number, promise.value))

        value.when_settled(settled)
        return f'"$@{number:x}"'

    def write_stream(self, value: model.Stream, _: Place | None) -> str:
        """`$R`, `$r`, `$X` or `$x`. Clauses: wire.tags.stream, wire.tags.stream.chunks."""
        number = self.next_number()
        name = f"{self.profile.stream_prefix}{number}"
        self.pending += 1
        collected: list[bytes] = []

        def on_chunk(chunk: Value) -> None:
            if value.kind == "bytes":
                collected.append(chunk.data)
            else:
                self.pending += 1
                self.later(lambda: self.write_chunk(name, chunk))

        def on_end(stream: model.Stream) -> None:
            if stream.state == "errored":
                self.encoded.reject(stream.error)
            self.later(lambda: self.end_stream(name, stream, b"".join(collected)))

        value.observe(on_chunk, on_end)
        return f'"${STREAM_LETTERS[value.kind]}{number:x}"'

    def write_chunk(self, name: str, value: Value, before: str = "") -> None:
        """One chunk of a stream."""
        self.begin_slot(value, None, lambda text: self.fields.append((name, before + text)))
        self.run()

    def end_stream(self, name: str, stream: model.Stream, collected: bytes) -> None:
        """The end of a stream, after the bytes of a byte stream.

        Clauses: wire.tags.stream.close, wire.tags.stream.bytes.
        """
        if collected:
            number = self.binary_part(model.Blob("", collected))
            self.fields.append((name, f'"$o{number:x}"'))
        if stream.returned is model.UNDEFINED:
            self.fields.append((name, "C"))
        else:
            self.write_chunk(name, stream.returned, "C")

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
