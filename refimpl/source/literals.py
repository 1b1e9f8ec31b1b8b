"""The values of literals: numbers, strings, templates, regular expressions, names, JSX text.

Rules of this module:

* Texts in the tree are UTF-16 code units with escapes decoded, as ECMAScript's SV, TV and TRV say.
* An escape that strict code does not have is `Malformed` in a string; in a template it makes the
  cooked value None, which is legal only in a tagged template (an early error elsewhere).
"""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import NoReturn

from refimpl.source import nodes as n
from refimpl.source.text import code_units

ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
SINGLE = {"n": "\n", "t": "\t", "b": "\b", "v": "\v", "f": "\f", "r": "\r"}
LINE_CONTINUATIONS = {"\n", "\r", "\r\n", "\u2028", "\u2029"}
LAST_CODE_POINT = 0x10FFFF


class Malformed(Exception):  # noqa: N818 -- it becomes a SyntaxDiagnostic
    """Something matched the grammar, but not in a way that the language has."""

    def __init__(
        self, start: int, end: int, message: str, code: str = "syntax", fix: str | None = None
    ) -> None:
        super().__init__(message)
        self.start, self.end, self.message, self.code, self.fix = start, end, message, code, fix


def malformed(node: n.Node, message: str, fix: str | None = None) -> NoReturn:
    """Refuse a node."""
    raise Malformed(node.start, node.end, message, fix=fix)


class InvalidEscapeError(ValueError):
    r"""`\8`, `\01`, `\x4`, `\u{110000}` and the like; `offset` is inside the literal."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def unescape(text: str) -> str:
    """The text with every escape sequence replaced by what it stands for."""
    return ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if (digits := match[1] or match[2] or match[3]) is not None:
        point = int(digits, 16)
        if point > LAST_CODE_POINT:
            raise InvalidEscapeError(match.start())
        return chr(point)
    single = match[4]
    following = match.string[match.end() : match.end() + 1]
    if single in LINE_CONTINUATIONS:
        return ""
    if single in "xu123456789" or (single == "0" and following.isdecimal()):
        raise InvalidEscapeError(match.start())
    return "\0" if single == "0" else SINGLE.get(single, single)


def string(start: int, end: int, raw: str) -> n.Literal:
    """Clause 12.9.4 StringLiteral."""
    value = raw[1:-1]
    if "\\" in value:
        try:
            value = unescape(value)
        except InvalidEscapeError as error:
            place = start + 1 + error.offset
            message = "strict code has no such escape sequence"
            raise Malformed(place, place + 2, message, "syntax.escape") from None
    return n.Literal(start, end, value if value.isascii() else code_units(value), raw)


def number(start: int, end: int, raw: str) -> n.Node:
    """Clause 12.9.3 NumericLiteral."""
    text = raw.replace("_", "")
    if text[-1] == "n":
        return n.BigIntLiteral(start, end, int(text[:-1], 0), raw)
    if text[0] == "0" and text[1:2].isalpha() and text[1] not in "eE":
        digits = int(text, 0)
        try:
            return n.Literal(start, end, float(digits), raw)
        except OverflowError:
            return n.Literal(start, end, float("inf"), raw)
    return n.Literal(start, end, float(text), raw)


def template_element(start: int, end: int, lexeme: str) -> n.TemplateElement:
    """Clause 12.9.6: the characters between the delimiters, line breaks as LF."""
    closing = 2 if lexeme.endswith("${") else 1
    raw = lexeme[1:-closing].replace("\r\n", "\n").replace("\r", "\n")
    cooked: str | None = raw
    if "\\" in raw:
        try:
            cooked = unescape(raw)
        except InvalidEscapeError:
            cooked = None
    if not raw.isascii() or cooked != raw:
        raw, cooked = code_units(raw), cooked if cooked is None else code_units(cooked)
    return n.TemplateElement(start + 1, end - closing, cooked, raw)


def regular_expression(start: int, end: int, lexeme: str) -> n.RegExpLiteral:
    """Clause 12.9.5: the pattern is checked by `source.early_errors`."""
    slash = lexeme.rindex("/")
    return n.RegExpLiteral(start, end, code_units(lexeme[1:slash]), lexeme[slash + 1 :])


def private_name(start: int, end: int, lexeme: str) -> n.PrivateIdentifier:
    """`#name`."""
    name = lexeme[1:]
    if "\\" in name:
        name = unescape(name)
    return n.PrivateIdentifier(start, end, name if name.isascii() else code_units(name))


def unusual_name(start: int, end: int, lexeme: str) -> n.Identifier:
    """A name with escapes or beyond ASCII."""
    escaped = "\\" in lexeme
    return n.Identifier(start, end, code_units(unescape(lexeme) if escaped else lexeme), escaped)


def jsx_string(start: int, end: int, raw: str) -> n.Literal:
    """An attribute value: character references, no escapes."""
    return n.Literal(start, end, code_units(_references(raw[1:-1])), raw)


def jsx_text(start: int, end: int, lexeme: str) -> n.JSXText:
    """Text between tags: character references decoded, white space as written."""
    return n.JSXText(start, end, code_units(_references(lexeme)))


def _references(text: str) -> str:
    """HTML's character references, of which JSX has those that end with a semicolon."""
    if "&" not in text:
        return text
    return re.sub(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z0-9]+);", _reference, text)


def _reference(match: re.Match[str]) -> str:
    written = match[0]
    return html.unescape(written) if written[1] == "#" else html5.get(written[1:], written)
