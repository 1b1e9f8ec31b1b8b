"""JSON text: a parser that needs no stack and a string quoter.

The parser builds values through a `Builder`, so that it knows nothing of the guest's objects, and
keeps its own stack, so that nesting costs memory and never Python frames.
"""

from __future__ import annotations

import re
from typing import Final, Generic, Protocol, TypeVar

V = TypeVar("V")

SPACE: Final = re.compile(r"[ \t\n\r]*")
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
STRING: Final = re.compile(r'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+)"')
ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
UNESCAPED: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
QUOTED: Final = re.compile(
    '["\\\\\x00-\x1f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]'
)
SHORT_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


class JSONTextError(ValueError):
    """The text is not JSON; the message says what stands where."""


class Builder(Protocol[V]):
    """Makes the values that the text describes."""

    def literal(self, value: str | float | bool | None) -> V:
        """A string, number, boolean or null."""

    def array(self, items: list[V]) -> V:
        """An array."""

    def object(self, members: dict[str, V]) -> V:
        """An object; of members with the same name the last one counts."""


def quote(units: str) -> str:
    """QuoteJSONString: control characters, quotes and lone surrogates are escaped."""
    return f'"{QUOTED.sub(_escape, units)}"'


def _escape(match: re.Match[str]) -> str:
    return SHORT_ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}"


def parse(text: str, builder: Builder[V]) -> V:
    """The one value of a JSON text."""
    return _Parser(text, builder).parse()


class _Parser(Generic[V]):
    def __init__(self, text: str, builder: Builder[V]) -> None:
        self.text = text
        self.builder = builder
        self.position = 0
        #: The arrays and objects that are open, innermost last, with the names their values get.
        self.open: list[list[V] | dict[str, V]] = []
        self.names: list[str] = []

    def parse(self) -> V:
        while True:
            value = self.value()
            while value is not None and self.open:
                value = self.continued(value)
            if value is not None:
                self.skip()
                if self.position < len(self.text):
                    raise self.unexpected()
                return value

    def value(self) -> V | None:
        """A whole value, or None when an array or object was opened and its first value is due."""
        match self.peek():
            case "{":
                return self.open_object()
            case "[":
                self.position += 1
                if self.accept("]"):
                    return self.builder.array([])
                self.open.append([])
                return None
            case '"':
                return self.builder.literal(self.string())
            case _:
                return self.builder.literal(self.number_or_word())

    def open_object(self) -> V | None:
        self.position += 1
        if self.accept("}"):
            return self.builder.object({})
        self.open.append({})
        self.name()
        return None

    def continued(self, value: V) -> V | None:
        """Put a finished value into the innermost open one; the latter, if that finished it."""
        container = self.open[-1]
        if isinstance(container, list):
            container.append(value)
            if self.accept(","):
                return None
            self.expect("]")
            self.open.pop()
            return self.builder.array(container)
        container[self.names.pop()] = value
        if self.accept(","):
            self.name()
            return None
        self.expect("}")
        self.open.pop()
        return self.builder.object(container)

    def name(self) -> None:
        if self.peek() != '"':
            raise self.unexpected()
        self.names.append(self.string())
        self.expect(":")

    def string(self) -> str:
        found = STRING.match(self.text, self.position)
        if not found:
            raise JSONTextError(f"Bad string in JSON at position {self.position}")
        self.position = found.end()
        return ESCAPE.sub(_unescape, found[1]) if "\\" in found[1] else found[1]

    def number_or_word(self) -> float | bool | None:
        if found := NUMBER.match(self.text, self.position):
            self.position = found.end()
            return float(found[0])
        words: dict[str, bool | None] = {"true": True, "false": False, "null": None}
        for word, value in words.items():
            if self.text.startswith(word, self.position):
                self.position += len(word)
                return value
        raise self.unexpected()

    def skip(self) -> None:
        space = SPACE.match(self.text, self.position)
        assert space is not None
        self.position = space.end()

    def peek(self) -> str:
        self.skip()
        return self.text[self.position : self.position + 1]

    def accept(self, character: str) -> bool:
        found = self.peek() == character
        self.position += found
        return found

    def expect(self, character: str) -> None:
        if not self.accept(character):
            raise self.unexpected()

    def unexpected(self) -> JSONTextError:
        found = self.text[self.position : self.position + 1]
        if not found:
            return JSONTextError("Unexpected end of JSON input")
        return JSONTextError(f"Unexpected token {found} in JSON at position {self.position}")


def _unescape(match: re.Match[str]) -> str:
    escape = match[1]
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return UNESCAPED.get(escape, escape)
