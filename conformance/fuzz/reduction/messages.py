"""What can go from a message: rows or parts, and values in what is JSON; otherwise bytes.

Rules of this module:

* A message is taken apart as its author would write it, so that lengths and delimiters stay right.
* Of JSON an item goes, a value gives way to one that is inside it, and a text or a number gets shorter;
  the rest keeps its spelling.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.fuzz.reduction.greedy import stretches
from conformance.messages.reading import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.messages.units import Message


def smaller_messages(message: Message) -> Iterator[Message]:
    """The message with one thing less."""
    units = message.units
    yield from map(message.with_units, _pieces(units))
    for at, unit in enumerate(units):
        for content in smaller_contents(unit.content):
            yield message.with_units(
                [*units[:at], replace(unit, content=content), *units[at + 1 :]]
            )


def smaller_contents(content: bytes) -> Iterator[bytes]:
    """The content of a row or a part with one thing less."""
    found = ROW.match(content)
    head = found[0] if found else b""
    model = content.removeprefix(head)
    try:
        value = json.loads(model)
    except ValueError:
        value = None
    if _written(value) == model:
        yield from (head + _written(smaller) for smaller in _smaller(value))
    else:
        yield from _pieces(content)


def _written(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def _smaller(value: Any) -> Iterator[Any]:
    match value:
        case list():
            yield from value
            yield from _sequences(value)
        case dict():
            yield from value.values()
            yield from map(dict, _sequences([*value.items()]))
        case str():
            yield from _pieces(value)
        case bool() | None:
            pass
        case int() | float() if value:
            yield 0


def _sequences(items: list[Any]) -> Iterator[list[Any]]:
    """Items with all, half or one of them gone, or with one that is smaller."""
    yield from _pieces(items)
    for at, item in enumerate(items):
        key, inner = item if isinstance(item, tuple) else (None, item)
        for smaller in _smaller(inner):
            yield [*items[:at], smaller if key is None else (key, smaller), *items[at + 1 :]]


def _pieces(whole: Any) -> Iterator[Any]:
    """A text, bytes or a sequence with all, half or one of its items gone."""
    yield from (whole[:begin] + whole[end:] for begin, end in stretches(len(whole)))
