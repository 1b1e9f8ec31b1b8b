"""From the model to JSON text: one part or row after the other, in both directions.

Rules of this module:

* A part that others hang on (the entries of a Map, say) is written when it is met, so it is out
  before the part that refers to it.
* What is met again is written as the path to where it was written first. A slot that no path can
  name (its key has a `:`, or it is the chunk of a stream) holds a reference to a part of its own.
* Nothing recurses: depth costs memory only.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from refimpl.language.algorithms.numbers import bigint_to_string, number_to_string
from refimpl.values import model
from refimpl.wire import tags
from refimpl.wire.errors import EncodeError
from refimpl.wire.text import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from refimpl.values.model import Value


#: What is deeper than this is a part of its own, so that no path grows with the depth and the
#: message stays linear in the value. Clause: wire.sharing.
LONGEST: Final = 64


class Place:
    """A slot that a path can name: a key in the place around it, or a whole part."""

    __slots__ = ("around", "depth", "key")

    def __init__(self, around: Place | None, key: object) -> None:
        self.around = around
        self.key = key
        self.depth: int = 0 if around is None else around.depth + 1

    def __str__(self) -> str:
        keys, place = [], self
        while place.around is not None:
            keys.append(str(place.key))
            place = place.around
        return ":".join([f"{place.key:x}", *reversed(keys)])


class Frame:
    """A container that is being written, or a whole part."""

    __slots__ = ("begun", "close", "items", "named", "pieces", "place")

    def __init__(
        self,
        items: Iterator[tuple[object, Value]],
        place: Place | None,
        pieces: list[str],
        close: str | Callable[[str], None],
    ) -> None:
        self.items = items
        self.place = place
        self.pieces = pieces
        #: The closing bracket, or what takes the text of the part.
        self.close = close
        #: Whether the items are the members of an object.
        self.named = close == "}"
        #: Whether the next item follows another.
        self.begun = False


def finite(value: float) -> str:
    """A Number, in JSON where JSON has it. Clause: wire.tags.words."""
    if math.isfinite(value):
        if not value and math.copysign(1, value) < 0:
            return '"$-0"'
        return number_to_string(value)
    return '"$NaN"' if math.isnan(value) else f'"${number_to_string(value)}"'


@lru_cache(maxsize=4096)
def member_name(name: str) -> str:
    """The name of a member with its colon; the same names come again and again."""
    return f"{quote(name)}:"


class Writer:
    """Writes models; a subclass sends the parts away and has the tags of one direction."""

    #: Kinds that are written again as they were, so that no path to them is needed.
    #: Clause: wire.sharing.own-tag.
    own_tag: ClassVar[frozenset[type]] = frozenset({model.Promise, model.ServerReference})
    #: What writes each kind of value.
    writers: ClassVar[Mapping[type, Callable[[Any, Any, Place | None], str]]]

    def __init__(self) -> None:
        self.count = 0
        self.frames: list[Frame] = []
        #: How to write again what was written, by identity; `kept` keeps the identities taken.
        self.known: dict[int, Place | str] = {}
        self.kept: list[Value] = []

    def send_model(self, number: int, text: str) -> None:
        """Send a part with the JSON text of a model."""
        raise NotImplementedError

    def next_number(self) -> int:
        """A number for a new part."""
        self.count += 1
        return self.count

    # --- the walk --------------------------------------------------------------------------------

    def write(self, number: int, value: Value) -> None:
        """Write one part, and before it what it needs."""
        self.begin(number, value)
        self.run()

    def run(self) -> None:
        """Write what was begun."""
        frames = self.frames
        while frames:
            frame = frames[-1]
            pieces, place, named = frame.pieces, frame.place, frame.named
            for key, value in frame.items:
                if frame.begun:
                    pieces.append(",")
                frame.begun = True
                if named:
                    pieces.append(member_name(key))
                pieces.append(self.slot(value, place, key))
                if frames[-1] is not frame:
                    break
            else:
                frames.pop()
                if isinstance(frame.close, str):
                    frame.pieces.append(frame.close)
                else:
                    frame.close("".join(frame.pieces))

    def begin(self, number: int, value: Value) -> None:
        """Open a part that holds one value."""
        self.begin_slot(value, Place(None, number), lambda text: self.send_model(number, text))

    def begin_slot(self, value: Value, place: Place | None, send: Callable[[str], None]) -> None:
        """Open a part whose text goes to `send`; None for a place that no path can name."""
        self.frames.append(Frame(iter([(place, value)]), place, [], send))

    def slot(self, value: Value, around: Place | None, key: object) -> str:
        """The text for one slot; what a container holds follows later. Clause: wire.tags."""
        kind = type(value)
        if kind is str:
            return self.string(value)
        if kind is float:
            return finite(value)
        if value is None:
            return "null"
        if kind is bool:
            return "true" if value else "false"
        if kind is int:
            return f'"$n{bigint_to_string(value)}"'
        if value is model.UNDEFINED or value is model.HOLE:
            return '"$undefined"'
        if kind is tuple:
            return self.open("[", enumerate(value), around and Place(around, key), "]")
        return self.identified(value, around, key)

    def string(self, text: str) -> str:
        """A string. Clause: wire.strings.escape."""
        return quote(f"${text}" if text.startswith("$") else text)

    def identified(self, value: Value, around: Place | None, key: object) -> str:
        """A value with identity. Clauses: wire.sharing, wire.sharing.unnameable."""
        known = self.known.get(id(value))
        if known is not None:
            return known if isinstance(known, str) else quote(f"${known}")
        write = self.writers.get(type(value))
        if write is None:
            raise EncodeError(type(value).__name__.lower())
        self.kept.append(value)
        if type(value) in self.own_tag:
            text = self.known[id(value)] = write(self, value, None)
            return text
        place = around if key is None or type(key) is Place else self.inside(around, key)
        if place is None:
            number = self.next_number()
            self.begin(number, value)
            return f'"${number:x}"'
        self.known[id(value)] = place
        return write(self, value, place)

    def inside(self, around: Place | None, key: object) -> Place | None:
        """The slot `key` of a place; None when no path can name it."""
        if around is None or around.depth == LONGEST or (type(key) is str and ":" in key):
            return None
        return Place(around, key)

    def open(
        self,
        bracket: str,
        items: Iterable[tuple[object, Value]],
        place: Place | None,
        close: str,
    ) -> str:
        """Open a container in the part that is being written."""
        self.frames.append(Frame(iter(items), place, self.frames[-1].pieces, close))
        return bracket

    # --- kinds that both directions write alike --------------------------------------------------

    def write_array(self, value: list[Value], place: Place | None) -> str:
        """An array; a hole is undefined."""
        return self.open("[", enumerate(value), place, "]")

    def write_record(self, value: dict[str, Value], place: Place | None) -> str:
        """A plain object. Clause: wire.members.proto."""
        if "__proto__" in value:
            value = {key: item for key, item in value.items() if key != "__proto__"}
        return self.open("{", value.items(), place, "}")

    def outlined(self, letter: str, items: Iterable[Value]) -> str:
        """A container whose contents are a part of their own."""
        number = self.next_number()
        place = Place(None, number)
        pieces = ["["]
        send = self.closing(number)
        self.frames.append(Frame(enumerate(items), place, pieces, send))
        return f'"${letter}{number:x}"'

    def closing(self, number: int) -> Callable[[str], None]:
        """What closes the array of a part and sends it."""
        return lambda text: self.send_model(number, f"{text}]")

    def write_map(self, value: model.Map, _: Place | None) -> str:
        """`$Q`. Clause: wire.tags.map."""
        return self.outlined("Q", value.entries)

    def write_set(self, value: model.Set, _: Place | None) -> str:
        """`$W`. Clause: wire.tags.set."""
        return self.outlined("W", value.values)

    def write_iterator(self, value: model.Iterator, _: Place | None) -> str:
        """`$i`. Clause: wire.tags.iterator."""
        return self.outlined("i", value.values)

    def write_date(self, value: model.Date, _: Place | None) -> str:
        """`$D`. Clause: wire.tags.date."""
        return f'"{tags.write_date(value)}"'

    def write_server_reference(self, value: model.ServerReference, _: Place | None) -> str:
        """`$h`. Clause: wire.tags.server-reference."""
        number = self.next_number()
        bound = "null"
        if value.bound is not None:
            part = self.next_number()
            bound = f'"$@{part:x}"'
            self.begin(part, value.bound)
        self.send_model(number, f'{{"id":{quote(value.id)},"bound":{bound}}}')
        return f'"$h{number:x}"'

    common: ClassVar[Mapping[type, Callable[[Any, Any, Place | None], str]]] = {
        list: write_array,
        dict: write_record,
        model.Date: write_date,
        model.Map: write_map,
        model.Set: write_set,
        model.Iterator: write_iterator,
        model.ServerReference: write_server_reference,
    }
