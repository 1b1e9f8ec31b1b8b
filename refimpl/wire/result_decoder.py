"""The result of a call, from the rows of a response, in chunks of any size.

Rules of this module:

* A row may refer to rows that have not arrived; what needs them waits.
* Rows of development builds that say nothing of the value are skipped; hints too.
* When the response ends, everything still pending is rejected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from refimpl.language.algorithms.utf16 import to_units
from refimpl.values import model
from refimpl.values.model import UNDEFINED, Value
from refimpl.values.outcome import DecodeError
from refimpl.wire import tags
from refimpl.wire.errors import malformed
from refimpl.wire.graph import Chunk, Group
from refimpl.wire.limits import RESULT, Limits
from refimpl.wire.reviver import Feed, Place, Reviver
from refimpl.wire.rows import RowReader
from refimpl.wire.text import decode_utf8, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Rows that say nothing of the value. Clauses: wire.rows.hints, wire.rows.development.
SKIPPED: Final = frozenset("HDJWN")
#: Unescaped once more than other strings. Clause: wire.rows.error.development.cause.
ESCAPED_TWICE: Final = ("cause", "errors")


def decode_result(body: bytes, limits: Limits = RESULT) -> Value:
    """The value in a whole response, everything inside settled. Clause: wire.truncated."""
    decoder = ResultDecoder(limits)
    decoder.feed(body)
    decoder.end()
    if decoder.failed is not None:
        raise decoder.failed
    if decoder.root.state == "rejected":
        return rejected(decoder.root.value)
    return decoder.root.value


def rejected(reason: Value) -> model.Promise:
    """A promise rejected with `reason`."""
    promise = model.Promise()
    promise.reject(reason)
    return promise


class ResultDecoder(Reviver):
    """`root` is a promise of what the server sent; it is rejected when the root row is an error."""

    elements: ClassVar[bool] = True

    def __init__(self, limits: Limits = RESULT) -> None:
        super().__init__(limits)
        self.reader = RowReader(limits, self.take_row)
        #: The names of files, by the number of their row.
        self.names: dict[int | None, str] = {}
        #: The values that the client has kept, by their paths.
        self.stayed: dict[str, model.TemporaryReference] = {}
        self.want(self.chunk(0), self.settle_root)

    # --- being fed -------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        if self.failed is not None:
            return
        try:
            self.reader.feed(data)
        except DecodeError as error:
            self.fail(error)
        self.steps += self.reader.steps
        self.reader.steps = 0

    def end(self) -> None:
        """The response is complete. Clause: wire.truncated."""
        if self.failed is not None:
            return
        try:
            self.reader.end()
            if not self.complete():
                raise malformed("truncated", "rows are missing")
        except DecodeError as error:
            self.fail(error)

    def settle_root(self, chunk: Chunk) -> None:
        """The root row, and all it needs, is there."""
        if chunk.failure is not None:
            self.root.reject(chunk.failure)
        else:
            chunk.role = chunk.role or "model"
            self.root.fulfill(chunk.cell[0])

    def take_row(self, number: int | None, letter: str, payload: bytes) -> None:
        """Sort a row by its letter. Clauses: wire.rows.letters, wire.duplicates."""
        if letter == "H" and payload.startswith(b"F"):
            self.take_name(payload[1:])
        if letter in SKIPPED:
            return
        assert number is not None  # only rows that are skipped may have none
        feed = self.feeds.get(number)
        if feed is not None:
            self.take_chunk(feed, letter, payload)
            self.run()
        elif letter in tags.STREAMS:
            self.start_stream(number, letter, payload)
        elif letter in {"C", "b"}:
            raise malformed("framing", f"row {number} is no stream")
        else:
            self.arrive(self.chunk(number), self.row(letter, payload))

    def take_name(self, payload: bytes) -> None:
        """The hint that a Blob is a File. Clause: wire.rows.hints.file."""
        match parse_json(decode_utf8(payload)):
            case [float(number), str(name)]:
                self.names[int(number)] = to_units(name.removeprefix("$"))
            case _:
                raise malformed("kind", "a file has the number of a row, and a name")

    def row(self, letter: str, payload: bytes) -> Any:
        """What a row carries: JSON text (str), or a value that needs no reading."""
        if letter in tags.BINARY:
            return binary(tags.BINARY[letter], payload)
        text = decode_utf8(payload)
        if letter == "":
            return text
        if letter == "T":
            self.limits.check("string", len(text))
            return Text(text)
        if letter == "E":
            return Failure(text)
        return client_reference(text)

    def start_stream(self, number: int, letter: str, payload: bytes) -> None:
        """`R`, `r`, `X` or `x`: further rows of this number are chunks. Clause: wire.rows.streams."""
        if payload:
            raise malformed("framing", "the start of a stream carries nothing")
        stream = model.Stream(tags.STREAMS[letter])  # type: ignore[arg-type]  # the table has the literals
        self.arrive(self.chunk(number), stream)
        self.feeds[number] = Feed(stream)

    def take_chunk(self, feed: Feed, letter: str, payload: bytes) -> None:
        """A chunk of a stream, its end, or its error. Clauses: wire.rows.streams.chunks."""
        if feed.last is not None:
            raise malformed("order", "a row of a stream that has ended")
        if letter == "I" or letter in tags.STREAMS:
            raise malformed("duplicate", "the number of a stream")
        chunk = Chunk(None)
        feed.take(chunk)
        self.limits.check("parts", feed.taken)
        if letter in {"C", "E"}:
            feed.last = chunk
        if letter == "b" or (letter == "C" and not payload):
            chunk.cell[0] = model.Bytes("Uint8Array", payload) if letter == "b" else UNDEFINED
            chunk.done = True
            feed.deliver()
            return
        chunk.payload = self.row("" if letter == "C" else letter, payload)
        self.want(chunk, feed.deliver)

    # --- decoding --------------------------------------------------------------------------------

    def read(self, chunk: Chunk, _: Group) -> None:
        """Make the value of a row."""
        payload = chunk.payload
        if isinstance(payload, Text):
            chunk.cell[0] = payload.text
        elif isinstance(payload, Failure):
            self.read_failure(chunk, payload.json)
        elif not isinstance(payload, str):
            chunk.cell[0] = payload
        elif chunk.role == "reference":
            self.read_reference(chunk, payload)
        elif chunk.role == "error":
            self.read_error(chunk, payload)
        else:
            self.revive(chunk, payload)

    def read_failure(self, chunk: Chunk, text: str) -> None:
        """An `E` row. Clauses: wire.rows.error, wire.rows.error.development."""
        fields = error_fields(text)
        if not isinstance(fields.get("digest"), str):
            raise malformed("kind", "an error has a digest")
        error = chunk.failure = self.error_of(chunk, fields)
        if isinstance(fields.get("phase"), str) and isinstance(fields.get("code"), str):
            error.phase, error.code = fields["phase"], fields["code"]

    def read_error(self, chunk: Chunk, text: str) -> None:
        """The row behind a `$Z` tag. Clauses: wire.tags.error, wire.rows.error.development.cause."""
        fields = error_fields(text)
        for name in ("name", "message"):
            if isinstance(fields.get(name), str) and fields[name].startswith("$$"):
                fields[name] = fields[name][1:]
        for name in ESCAPED_TWICE:
            if isinstance(fields.get(name), str) and fields[name].startswith("$$"):
                fields[name] = fields[name][1:]
        error = self.error_of(chunk, fields)
        made = chunk.cell[0]
        made.name, made.message, made.digest = error.name, error.message, error.digest

    def error_of(self, chunk: Chunk, fields: dict[str, Any]) -> model.Error:
        """The error for these fields; its cause and errors are filled in with the group."""
        digest, name, message = (fields.get(key) for key in ("digest", "name", "message"))
        if not (isinstance(digest, str | None) and isinstance(name, str | None)):
            raise malformed("kind", "the fields of an error")
        if not isinstance(message, str | None):
            raise malformed("kind", "the message of an error")
        error = model.Error(
            to_units(name or "Error"), to_units(message or ""), digest, redacted=message is None
        )
        related: dict[str, Any] = {key: fields[key] for key in ESCAPED_TWICE if key in fields}
        if related:
            target = chunk.cell[0] if isinstance(chunk.cell[0], model.Error) else error
            holder = Chunk(None)
            holder.group = self.group_of(chunk)
            self.walk(holder, related, units=True)
            self.fill(holder, lambda: add_related(target, related))
        return error

    def temporary(self, chunk: Chunk, rest: str, place: Place | None, key: object) -> Value:  # noqa: ARG002 - what the other direction needs
        """`$T` and the path where the client has the value. Clause: wire.tags.temporary.result."""
        return self.stayed.setdefault(rest, model.TemporaryReference(rest))

    def make_lazy(self, chunk: Chunk, text: str) -> Value:
        """`$L`: the row may come later; it stands for its value. Clause: wire.tags.lazy."""
        tags.parse_number(text)
        return self.reference(chunk, text)

    def make_error(self, chunk: Chunk, text: str) -> Value:
        """`$Z`: redacted when bare. Clause: wire.tags.error."""
        if not text:
            return model.Error(redacted=True)
        part = self.use(tags.parse_number(text), "error")
        part.cell[0] = made = model.Error()
        self.need(chunk, part)
        return made

    def make_blob(self, chunk: Chunk, text: str) -> Value:
        """`$B`: a row with the type and references to bytes. Clause: wire.tags.blob.result."""
        made, part = model.Blob("", b""), self.use(tags.parse_number(text), "file")
        self.need(chunk, part)
        made.name = self.names.get(part.number)

        def fill() -> None:
            match self.array_of(part):
                case [str(kind), *pieces] if all(isinstance(p, model.Bytes) for p in pieces):
                    made.type, made.data = kind, b"".join(piece.data for piece in pieces)
                case _:
                    raise malformed("kind", "a Blob is a type and bytes")

        self.fill(part, fill)
        return made

    def make_form(self, chunk: Chunk, text: str) -> Value:
        """`$K`: a row with an array of entries. Clause: wire.tags.formdata.result."""
        made, part = model.FormData(), self.use(tags.parse_number(text), "form")
        self.need(chunk, part)
        self.fill(part, lambda: self.fill_form(made, part))
        return made

    def fill_form(self, form: model.FormData, part: Chunk) -> None:
        """Give a FormData its entries; one that has no name is a File called "blob"."""
        for entry in self.array_of(part):
            match entry:
                case [str(name), str(content)]:
                    form.entries.append((name, content))
                case [str(name), model.Blob() as blob]:
                    blob.name = "blob" if blob.name is None else blob.name
                    form.entries.append((name, blob))
                case _:
                    raise malformed("kind", "an entry of a FormData")

    makers: ClassVar[Mapping[str, Callable[[ResultDecoder, Chunk, str], Value]]] = {
        "@": Reviver.make_promise,
        "h": Reviver.make_server_reference,
        "Q": Reviver.make_map,
        "W": Reviver.make_set,
        "i": Reviver.make_iterator,
        "D": Reviver.make_date,
        "n": Reviver.make_bigint,
        "S": Reviver.make_symbol,
        "L": make_lazy,
        "Z": make_error,
        "B": make_blob,
        "K": make_form,
    }


class Text:
    """The payload of a `T` row."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Failure:
    """The payload of an `E` row."""

    __slots__ = ("json",)

    def __init__(self, json: str) -> None:
        self.json = json


def binary(kind: str, data: bytes) -> model.Bytes:
    """The value of a binary row. Clause: wire.rows.binary."""
    if len(data) % model.ELEMENT_SIZES[kind]:
        raise malformed("kind", f"{len(data)} bytes are no whole number of elements")
    return model.Bytes(kind, data)


def client_reference(text: str) -> model.ClientReference:
    """An `I` row: id, chunks and name of an export. Clause: wire.rows.import."""
    match parse_json(text):
        case [str(module), list(), str(name), *_]:
            return model.ClientReference(to_units(module), to_units(name))
    raise malformed("kind", "an import has a module, its chunks and a name")


def error_fields(text: str) -> dict[str, Any]:
    """The object in the row of an error."""
    fields = parse_json(text)
    if type(fields) is not dict:
        raise malformed("kind", "an error is an object")
    return fields


def add_related(error: model.Error, related: dict[str, Value]) -> None:
    """Give an error its cause and its errors."""
    error.cause = related.get("cause", UNDEFINED)
    error.errors = related.get("errors", UNDEFINED)
