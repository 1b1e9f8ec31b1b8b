"""The arguments of a call, from the fields of a request: buffered, or one field after the other.

Rules of this module:

* Fields come in any order, as far as what a part needs has come before it is needed: the root is
  decoded when it arrives. Only promises, streams and bound arguments may come later.
* The buffered form is the incremental one fed at once: both give the same, errors included.
* After an error nothing more is read; `root` and every promise and stream are rejected with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from refimpl.values import model
from refimpl.values.outcome import DecodeError
from refimpl.wire import tags
from refimpl.wire.errors import malformed
from refimpl.wire.graph import Chunk, Group
from refimpl.wire.limits import DEFAULT, Limits
from refimpl.wire.profiles import REACT_19_3, Field, Profile
from refimpl.wire.reviver import AN_ARRAY, Feed, Place, Reviver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from refimpl.values.model import Value

#: The names of parts, entries of a FormData, and stream chunks. Clause: wire.parts.names.
NAME: Final = re.compile(r"(S?)(0|[1-9][0-9]{0,8})|_(0|[1-9][0-9]{0,8})_(.*)", re.DOTALL)


def decode_arguments(
    body: str | Iterable[Field], limits: Limits = DEFAULT, profile: Profile = REACT_19_3
) -> list[Value]:
    """The arguments in a whole body. Clause: wire.arguments.body."""
    decoder = ArgumentsDecoder(limits, profile=profile)
    for name, content in [("0", body)] if isinstance(body, str) else body:
        decoder.feed(name, content)
    decoder.end()
    if decoder.failed is not None:
        raise decoder.failed
    arguments: list[Value] = decoder.root.value
    return arguments


def accept_reference(_: model.ServerReference) -> None:
    """Takes any server reference: whoever uses it looks it up."""


class ArgumentsDecoder(Reviver):
    """`root` is a promise of the list of arguments.

    `resolve_reference` looks at every server reference once it is complete, and may refuse it.
    """

    elements: ClassVar[bool] = False

    def __init__(
        self,
        limits: Limits = DEFAULT,
        resolve_reference: Callable[[model.ServerReference], None] = accept_reference,
        profile: Profile = REACT_19_3,
    ) -> None:
        super().__init__(limits)
        self.resolve_reference = resolve_reference
        self.profile = profile
        self.bytes = 0
        self.fields = 0
        self.entries: dict[int, list[tuple[str, str | model.Blob]]] = {}
        self.early: dict[int, list[str]] = {}
        self.want(self.chunk(0), self.settle_root)

    # --- being fed -------------------------------------------------------------------------------

    def feed(self, name: str, content: str | model.Blob) -> None:
        """Take a field: a text or a file. Clauses: wire.limits.body, wire.limits.parts."""
        if self.failed is not None:
            return
        try:
            self.count(name, content)
            self.take_field(name, content)
        except DecodeError as error:
            self.fail(error)

    def end(self) -> None:
        """The body is complete: what is still missing never comes. Clause: wire.truncated."""
        if not self.complete():
            self.fail(malformed("truncated", "parts are missing"))

    def count(self, name: str, content: str | model.Blob) -> None:
        """Count a field and its bytes; a body that is only the root's text has no names."""
        self.steps += 1
        self.fields += 1
        self.limits.check("parts", self.fields)
        self.bytes += (0 if name == "0" else size_of(name)) + (
            size_of(content) if isinstance(content, str) else len(content.data)
        )
        self.limits.check("body", self.bytes)

    def take_field(self, name: str, content: str | model.Blob) -> None:
        """Sort a field by its name. Clauses: wire.parts.names, wire.parts.unused."""
        found = NAME.fullmatch(name)
        if found is None:
            raise malformed("part-name", repr(name[:40]))
        prefix, number, form, entry = found.groups()
        if form is not None:
            self.take_entry(int(form), entry, content)
        elif prefix or (self.profile.stream_prefix == "" and self.is_stream(int(number))):
            self.take_chunk(int(number), content)
        else:
            self.take_part(int(number), content)

    def is_stream(self, number: int) -> bool:
        """Whether a tag has named this number as a stream."""
        return number in self.feeds

    def take_part(self, number: int, content: str | model.Blob) -> None:
        """A part: the text of a model, or binary."""
        chunk = self.chunk(number)
        if chunk.role in {"form", "stream"}:
            raise malformed("kind", f"part {number} is already a {chunk.role}")
        self.arrive(chunk, content)

    def take_entry(self, number: int, name: str, content: str | model.Blob) -> None:
        """An entry of a FormData, which comes before the reference to it.

        Clauses: wire.tags.formdata.entries, wire.tags.formdata.order.
        """
        if self.chunk(number).role is not None:
            raise malformed("order", f"an entry of FormData {number} after the reference to it")
        self.entries.setdefault(number, []).append((name, content))

    def take_chunk(self, number: int, content: str | model.Blob) -> None:
        """A chunk of a stream, or its end. Clauses: wire.tags.stream.chunks."""
        if not isinstance(content, str):
            raise malformed("kind", f"a chunk of stream {number} is a file")
        feed = self.feeds.get(number)
        if feed is None:
            self.early.setdefault(number, []).append(content)
        else:
            self.feed_stream(feed, content)
            self.run()

    # --- decoding --------------------------------------------------------------------------------

    def settle_root(self, chunk: Chunk) -> None:
        """The root is complete. Clauses: wire.arguments.root, wire.arguments.count."""
        chunk.role = chunk.role or "model"
        self.root.fulfill(self.root_array(chunk))

    def root_array(self, chunk: Chunk) -> list[Value]:
        """The array that the root must be."""
        value = chunk.cell[0]
        if type(value) is not list or chunk.payload != AN_ARRAY:
            raise malformed("root", "the arguments are an array")
        return value

    def need(self, chunk: Chunk, needed: Chunk) -> None:
        """Only bound arguments may arrive after the reference. Clause: wire.references.forward."""
        if needed.payload is None and needed.role != "bound":
            raise malformed("forward-reference", f"part {needed.number}")
        super().need(chunk, needed)

    def read(self, chunk: Chunk, _: Group) -> None:
        """Make the value of a part."""
        if not isinstance(chunk.payload, str):
            raise malformed("kind", f"part {chunk.number} is binary")
        if chunk.role == "reference":
            self.read_reference(chunk, chunk.payload)
            self.fill(chunk, lambda: self.resolve_reference(chunk.cell[0]))
        else:
            self.revive(chunk, chunk.payload)

    def binary_part(self, number: int, role: str) -> model.Blob:
        """The binary part a tag names. Clause: wire.references.kinds."""
        part = self.use(number, role)
        if part.payload is None:
            raise malformed("forward-reference", f"part {number}")
        if not isinstance(part.payload, model.Blob):
            raise malformed("kind", f"part {number} is not binary")
        return part.payload

    def binary(self, kind: str, text: str) -> Value:
        """A typed array, a DataView or an ArrayBuffer. Clause: wire.tags.binary."""
        data = self.binary_part(tags.parse_number(text), "binary").data
        if len(data) % model.ELEMENT_SIZES[kind]:
            raise malformed("kind", f"{len(data)} bytes are no whole number of elements")
        return model.Bytes(kind, data)

    def make_blob(self, _: Chunk, text: str) -> Value:
        """`$B`. Clause: wire.tags.blob."""
        return self.binary_part(tags.parse_number(text), "file")

    def make_form(self, _: Chunk, text: str) -> Value:
        """`$K`: the entries that have come. Clause: wire.tags.formdata."""
        part = self.use(tags.parse_number(text), "form")
        assert part.number is not None
        if part.payload is not None:
            raise malformed("kind", f"part {part.number} is no FormData")
        return model.FormData(self.entries.pop(part.number, []))

    def stream(self, kind: str, text: str) -> Value:
        """A stream; its chunks may come later. Clause: wire.tags.stream."""
        part = self.use(tags.parse_number(text), "stream")
        assert part.number is not None
        if part.payload is not None:
            raise malformed("kind", f"part {part.number} is no stream")
        stream = model.Stream(kind)  # type: ignore[arg-type]  # the table has the literals
        feed = self.feeds[part.number] = Feed(stream)
        for content in self.early.pop(part.number, ()):
            self.feed_stream(feed, content)
        return stream

    def feed_stream(self, feed: Feed, content: str) -> None:
        """One chunk, or the end with what was returned. Clauses: wire.tags.stream.close."""
        if feed.last is not None:
            raise malformed("order", "a chunk of a stream that was closed")
        chunk = Chunk(None)
        feed.take(chunk)
        if content.startswith("C"):
            feed.last = chunk
        if content == "C":
            chunk.done = True
            feed.deliver()
            return
        chunk.payload = content.removeprefix("C")
        self.want(chunk, feed.deliver)

    def temporary(self, chunk: Chunk, rest: str, place: Place | None, key: object) -> Value:
        """`$T`: a value that stayed on the client. Clause: wire.tags.temporary."""
        if rest or chunk.number is None:
            raise malformed("tag", "a temporary reference")
        if place is None:
            return model.TemporaryReference(f"{chunk.number:x}")
        self.limits.check("path", place.depth + 1)
        self.steps += place.depth
        return model.TemporaryReference(place.path(key))

    makers: ClassVar[Mapping[str, Callable[[ArgumentsDecoder, Chunk, str], Value]]] = {
        "@": Reviver.make_promise,
        "h": Reviver.make_server_reference,
        "Q": Reviver.make_map,
        "W": Reviver.make_set,
        "i": Reviver.make_iterator,
        "D": Reviver.make_date,
        "n": Reviver.make_bigint,
        "Y": Reviver.make_symbol,
        "K": make_form,
        "B": make_blob,
    }


def _binary(kind: str) -> Callable[[ArgumentsDecoder, Chunk, str], Value]:
    return lambda decoder, _, text: decoder.binary(kind, text)


def _stream(kind: str) -> Callable[[ArgumentsDecoder, Chunk, str], Value]:
    return lambda decoder, _, text: decoder.stream(kind, text)


ArgumentsDecoder.makers = {
    **ArgumentsDecoder.makers,
    **{letter: _binary(kind) for letter, kind in tags.BINARY.items()},
    **{letter: _stream(kind) for letter, kind in tags.STREAMS.items()},
}


def size_of(text: str) -> int:
    """The bytes of a text in UTF-8; a lone surrogate counts three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
