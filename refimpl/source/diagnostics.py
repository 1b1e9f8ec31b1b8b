"""What a reader is told about their program: one sentence, its place, and the likely fix.

Rules of this module:

* A diagnostic is frozen data. `code` is stable and dotted, and is what programs compare;
  the sentence is for people and may improve at any time.
* The sentence says what was expected in the words of the language's own documentation.
* Rendering is separate from finding: `render` draws for a person, `as_json` serves a program.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from refimpl.source.text import Source

Severity = Literal["error", "warning"]

#: A line longer than this is shown as a window around the caret.
WINDOW = 100


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing worth saying about one place in one source text."""

    code: str  #: dotted: a case that expects `syntax` accepts `syntax.anything`
    message: str
    source_name: str
    start: int  #: offsets in Python characters
    end: int
    line: int  #: from 1
    column: int  #: from 1
    severity: Severity = "error"
    clause: str = ""  #: the slug of the violated clause, if one says so
    fix: str | None = None  #: what most likely was meant, as an instruction

    def __str__(self) -> str:
        """One line: place, code, sentence, and the fix if there is one."""
        place = f"{self.source_name}:{self.line}:{self.column}"
        advice = f" ({self.fix})" if self.fix else ""
        return f"{place}: {self.severity}[{self.code}]: {self.message}{advice}"


class SyntaxDiagnostic(Exception):  # noqa: N818 -- it carries the error, as SyntaxError is taken
    """The source text is not in the language; `diagnostic` says where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic


def at(  # the one way to make a diagnostic about a place
    source: Source,
    start: int,
    end: int,
    code: str,
    message: str,
    *,
    severity: Severity = "error",
    clause: str = "",
    fix: str | None = None,
) -> Diagnostic:
    """A diagnostic about `source.text[start:end]`."""
    line, column = source.position(start)
    return Diagnostic(code, message, source.name, start, end, line, column, severity, clause, fix)


def as_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The diagnostic as plain data for JSON."""
    return asdict(diagnostic)


def render(diagnostic: Diagnostic, source: Source) -> str:
    """The one-line form, then the source line with a caret under the place."""
    text = source.line(diagnostic.line)
    first = diagnostic.column - 1
    last = min(first + max(diagnostic.end - diagnostic.start, 1), max(len(text), first + 1))
    begin = max(0, first - WINDOW // 2) if len(text) > WINDOW else 0
    shown = _visible(text[begin : begin + WINDOW])
    gutter = f"{diagnostic.line} | "
    marks = _width(_visible(text[first : min(last, begin + WINDOW)])) or 1
    caret = " " * (len(gutter) + _width(_visible(text[begin:first]))) + "^" * marks
    return f"{diagnostic}\n{gutter}{shown}\n{caret}"


def _visible(text: str) -> str:
    """The text with tabs as four columns and controls and lone surrogates as one visible mark."""
    return "".join(_glyph(character) for character in text)


def _glyph(character: str) -> str:
    if character == "\t":
        return "    "
    return (
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(character) in {"Cc", "Cs"}
        else character
    )


def _width(text: str) -> int:
    """How many terminal columns the text takes: wide characters two, combining ones none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
