"""The result of a call as the rows of a response, each as soon as there is something to say.

Rules of this module:

* Row 0 is the root. Rows go out in the order in which values are met, settle, or arrive.
* In production an error is its digest and nothing else; in development its name, message, cause
  and errors are sent too.
* A failure inside is the failure of its own promise, stream or row.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar

from refimpl.language.algorithms.utf16 import is_well_formed, to_well_formed
from refimpl.values import model
from refimpl.wire.errors import EncodeError
from refimpl.wire.profiles import REACT_19_3, Profile
from refimpl.wire.rows import write_row
from refimpl.wire.tags import BINARY_LETTERS, STREAM_LETTERS
from refimpl.wire.text import encode_utf8, quote
from refimpl.wire.writer import Place, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from refimpl.values.model import Value

#: A string of at least this many code units is a row of its own. Clause: wire.strings.long.
LONG = 1024


def no_digest(_: model.Error) -> str:
    """The digest of errors that nobody gave one."""
    return ""


def encode_result(
    root: Value, profile: Profile = REACT_19_3, *, development: bool = False
) -> bytes:
    """The rows for a value in which everything has settled."""
    rows: list[bytes] = []
    encoder = ResultEncoder(rows.append, no_digest, profile, development=development)
    encoder.start(root)
    assert encoder.finished, "something inside is pending"
    return b"".join(rows)


class ResultEncoder(Writer):
    """Calls `write` with one or several rows at a time; `errors` gives the digest of an error."""

    def __init__(
        self,
        write: Callable[[bytes], None],
        errors: Callable[[model.Error], str] = no_digest,
        profile: Profile = REACT_19_3,
        *,
        development: bool = False,
    ) -> None:
        super().__init__()
        self.output = write
        self.errors = errors
        self.profile = profile
        self.development = development
        self.jobs: deque[Callable[[], None]] = deque()
        self.busy = False
        #: Rows that were promised: numbers of promises and streams.
        self.pending: set[int] = set()
        #: How to write again the symbols that were written, by key: they have no identity.
        self.symbols: dict[str, str] = {}

    @property
    def finished(self) -> bool:
        """Whether nothing is pending: the response may end."""
        return not self.pending

    def start(self, root: Value) -> None:
        """Write the root. Clause: wire.rows.root."""
        self.pending.add(0)
        self.later(0, lambda: self.write_last(0, root))

    def abort(self, reason: Value) -> None:
        """Fail everything pending with one error. Clause: wire.rows.abort."""
        if self.pending:
            number = self.next_number()
            self.send_error(number, reason)
            for pending in sorted(self.pending):
                self.send(pending, "", b'"$%x"' % number)
            self.pending.clear()
            self.jobs.clear()

    def later(self, number: int, job: Callable[[], None]) -> None:
        """Do `job`, which writes for row `number`, when nothing is being written."""
        self.jobs.append(lambda: self.attempt(number, job))
        if self.busy:
            return
        self.busy = True
        try:
            while self.jobs:
                self.jobs.popleft()()
        finally:
            self.busy = False

    def attempt(self, number: int, job: Callable[[], None]) -> None:
        """Do a job unless its row has ended; what it cannot write is an error of that row.

        Clause: wire.rows.error.contained.
        """
        if number not in self.pending:
            return
        written = len(self.kept)
        try:
            job()
        except EncodeError as error:
            self.frames.clear()
            for value in self.kept[written:]:
                self.known.pop(id(value), None)
            self.send_error(number, model.Error("TypeError", str(error)))
            self.pending.discard(number)

    def write_last(self, number: int, value: Value) -> None:
        """Write the row of a promise, which ends it."""
        self.write(number, value)
        self.pending.discard(number)

    # --- rows ------------------------------------------------------------------------------------

    def send(self, number: int, letter: str, payload: bytes) -> None:
        """Send one row."""
        self.output(write_row(number, letter, payload))

    def send_model(self, number: int, text: str) -> None:
        """Send a row with the JSON text of a model."""
        self.send(number, "", text.encode("utf-8"))

    def send_error(self, number: int, reason: Value) -> None:
        """An `E` row. Clauses: wire.rows.error, wire.rows.error.redacted."""
        error = reason if isinstance(reason, model.Error) else model.Error("Error", str(reason))
        digest = self.errors(error) if error.digest is None else error.digest
        fields = f'"digest":{quote(digest)}'
        if self.development and not error.redacted:
            related = self.related(error, "")
            fields += f',{self.texts(error, "")},"owner":null{related}'
        if (error.phase, error.code) != ("call", "thrown"):
            fields += f',"phase":{quote(error.phase)},"code":{quote(error.code)}'
        self.send(number, "E", f"{{{fields}}}".encode())

    def texts(self, error: model.Error, escape: str) -> str:
        """What development adds to an error; `escape` stands before texts that begin with `$`."""
        texts = [escape * text.startswith("$") + text for text in (error.name, error.message)]
        return f'"name":{quote(texts[0])},"message":{quote(texts[1])},"stack":[],"env":"Server"'

    def related(self, error: model.Error, escape: str) -> str:
        """The rows of an error's cause and errors. Clause: wire.rows.error.development.cause."""
        fields = ""
        for name, value in (("cause", error.cause), ("errors", error.errors)):
            if value is not model.UNDEFINED:
                number = self.next_number()
                self.begin(number, value)
                fields += f',"{name}":"{escape}${number:x}"'
        return fields

    # --- kinds -----------------------------------------------------------------------------------

    def string(self, text: str) -> str:
        """A string; a long one is a row, unless UTF-8 has no room for it. Clause: wire.strings.long."""
        if len(text) < LONG or not is_well_formed(text):
            return super().string(text)
        number = self.next_number()
        self.send(number, "T", encode_utf8(text))
        return f'"${number:x}"'

    def write_bytes(self, value: model.Bytes, _: Place | None) -> str:
        """A binary row. Clause: wire.rows.binary."""
        number = self.next_number()
        self.send(number, BINARY_LETTERS[value.kind], value.data)
        return f'"${number:x}"'

    def write_blob(self, value: model.Blob, _: Place | None) -> str:
        """`$B`. Clauses: wire.tags.blob.result, wire.rows.hints.file."""
        number, reference = self.next_number(), ""
        if value.name is not None:
            self.output(f":HF[{number},{super().string(value.name)}]\n".encode())
        if value.data:
            piece = self.next_number()
            self.send(piece, "o", value.data)
            reference = f',"${piece:x}"'
        self.send_model(number, f"[{quote(value.type)}{reference}]")
        return f'"$B{number:x}"'

    def write_form(self, value: model.FormData, _: Place | None) -> str:
        """`$K`. Clause: wire.tags.formdata.result."""
        entries = [
            (to_well_formed(name), to_well_formed(it) if isinstance(it, str) else it)
            for name, it in value.entries
        ]
        return self.outlined("K", entries)

    def write_symbol(self, value: model.Symbol, _: Place | None) -> str:
        """`$S`, in one row for each key. Clauses: wire.tags.symbol, wire.sharing.own-tag."""
        text = self.symbols.get(value.key)
        if text is None:
            number = self.next_number()
            self.send_model(number, quote(f"$S{value.key}"))
            text = self.symbols[value.key] = f'"${number:x}"'
        return text

    def write_error(self, value: model.Error, _: Place | None) -> str:
        """`$Z`: bare in production. Clauses: wire.tags.error, wire.rows.error.redacted."""
        if not self.development or value.redacted:
            return '"$Z"'
        number = self.next_number()
        self.send_model(number, f"{{{self.texts(value, '$')}{self.related(value, '$')}}}")
        return f'"$Z{number:x}"'

    def write_element(self, value: model.Element, place: Place | None) -> str:
        """A tuple that begins with `$`. Clause: wire.elements."""
        items = iter([("type", value.type), ("key", value.key), ("props", value.props)])
        text = self.open('["$"', items, place, "]")
        self.frames[-1].begun = True
        return text

    def write_client_reference(self, value: model.ClientReference, _: Place | None) -> str:
        """An `I` row. Clause: wire.rows.import."""
        number = self.next_number()
        row = f"[{quote(value.module)},[],{quote(value.name)}]"
        self.send(number, "I", encode_utf8(row))
        return f'"${number:x}"'

    def write_temporary(self, value: model.TemporaryReference, _: Place | None) -> str:
        """`$T` and the path the client knows. Clause: wire.tags.temporary.result."""
        return quote(f"$T{value.path}")

    def write_promise(self, value: model.Promise, _: Place | None) -> str:
        """`$@`. Clauses: wire.tags.promise, wire.rows.error."""
        number = self.next_number()
        self.pending.add(number)

        def settled(promise: model.Promise) -> None:
            if promise.state == "rejected":
                self.later(number, lambda: self.end_with(number, promise.value))
            else:
                self.later(number, lambda: self.write_last(number, promise.value))

        value.when_settled(settled)
        return f'"$@{number:x}"'

    def end_with(self, number: int, reason: Value) -> None:
        """End a promise or a stream with an error."""
        self.send_error(number, reason)
        self.run()
        self.pending.discard(number)

    def write_stream(self, value: model.Stream, _: Place | None) -> str:
        """`R`, `r`, `X` or `x`, and then its chunks. Clauses: wire.rows.streams."""
        number = self.next_number()
        self.pending.add(number)
        self.send(number, STREAM_LETTERS[value.kind], b"")

        def on_chunk(chunk: Value) -> None:
            self.later(number, lambda: self.write_chunk(value, number, chunk))

        def on_end(stream: model.Stream) -> None:
            if stream.state == "errored":
                self.later(number, lambda: self.end_with(number, stream.error))
            else:
                self.later(number, lambda: self.end_stream(number, stream.returned))

        value.observe(on_chunk, on_end)
        return f'"${number:x}"'

    def write_chunk(self, stream: model.Stream, number: int, chunk: Value) -> None:
        """One chunk of a stream. Clause: wire.rows.streams.chunks."""
        if stream.kind == "bytes":
            self.send(number, self.profile.byte_chunk, chunk.data)
        elif isinstance(chunk, str) and is_well_formed(chunk):
            self.send(number, "T", encode_utf8(chunk))
        else:
            self.begin_slot(chunk, None, lambda text: self.send_model(number, text))
            self.run()

    def end_stream(self, number: int, returned: Value) -> None:
        """The end of a stream, with what was returned. Clause: wire.rows.streams.close."""
        payload = b""
        if returned is not model.UNDEFINED:
            row = self.next_number()
            self.write(row, returned)
            payload = b'"$%x"' % row
        self.send(number, "C", payload)
        self.pending.discard(number)

    own_tag: ClassVar[frozenset[type]] = Writer.own_tag | {
        model.Bytes,
        model.Symbol,
        model.ClientReference,
        model.TemporaryReference,
        model.Stream,
    }
    writers: ClassVar[Mapping[type, Callable[[Any, Any, Place | None], str]]] = {
        **Writer.common,
        model.Bytes: write_bytes,
        model.Blob: write_blob,
        model.FormData: write_form,
        model.Symbol: write_symbol,
        model.Error: write_error,
        model.Element: write_element,
        model.ClientReference: write_client_reference,
        model.TemporaryReference: write_temporary,
        model.Promise: write_promise,
        model.Stream: write_stream,
    }
