"""Families of messages: many that differ in one way, written on one line and counted as one case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING

from conformance.messages.units import Message, Unit
from conformance.observations.family import INHERITED_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from conformance.written import Written


@dataclass(frozen=True, slots=True)
class Member:
    """One message of a family, and where its bytes are cut on the way."""

    message: Message
    #: What tells it from the others, for people.
    name: str = ""
    split: tuple[int, ...] = ()


def in_place(texts: tuple[str, ...], message: Message) -> Iterator[Member]:
    """The messages with each text in the place of `*`."""
    return (Member(message.with_text(text.encode()), text) for text in texts)


def prefixes(message: Message) -> Iterator[Member]:
    """Every proper prefix; the end of line after the last delimiter of multipart may be missing."""
    body = message.written()
    length = len(body) - (len(b"\r\n") if message.closing else 0)
    for size in range(length):
        yield Member(Message((Unit(body[:size]),), message.type), f"the first {size} bytes")


def splits(message: Message) -> Iterator[Member]:
    """The message, cut in two at every place."""
    for size in range(1, len(message.written())):
        yield Member(message, f"cut after {size} bytes", (size,))


def orders(message: Message) -> Iterator[Member]:
    """The parts or rows in every other order."""
    count = len(message.units)
    for order in list(permutations(range(count)))[1:]:
        units = (message.units[place] for place in order)
        yield Member(message.with_units(units), f"in the order {order}")


def duplicates(message: Message) -> Iterator[Member]:
    """The message with each of its parts or rows once more at its end."""
    for place, unit in enumerate(message.units):
        yield Member(message.with_units([*message.units, unit]), f"with unit {place} twice")


RULES: Mapping[str, Callable[[Message], Iterable[Member]]] = {
    "inherited-names": partial(in_place, tuple(INHERITED_NAMES)),
    "prefixes": prefixes,
    "splits": splits,
    "permutations": orders,
    "duplicates": duplicates,
}


def read_family(written: Written) -> Callable[[Message], Iterable[Member]]:
    """A list of texts for the place of `*`, or `{rule: true}`."""
    if written.is_list:
        return partial(in_place, written.texts())
    rules = written.fields(RULES)
    if len(rules) != 1:
        written.refuse("invalid-value", f"a family is a list, or made by one of {', '.join(RULES)}")
    (rule,) = rules
    return RULES[rule]


def alone(message: Message) -> Iterable[Member]:
    """No family: the message itself."""
    return (Member(message),)
