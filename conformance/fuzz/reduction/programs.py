"""What can go from the text of a program: statements, parts of them, and words, by its syntax tree.

Rules of this module:

* An edit takes one piece out, or puts a smaller one in its place; the rest stays as it is written.
* Of the items of a list all go, or half of them, or one. A part that need not be there takes the words
  before it along. A node gives way to one of its children, or to `0`.
* What is declared for one use goes to where it is used.
* Words outside of all children go, up to four together: so types do, and `async`, and `export`.
* Comments and empty lines go. A line may only be joined with the one before it inside a statement:
  a program of one line would not be a smaller one.
* A text that does not parse loses lines, and words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from conformance.fuzz.reduction.greedy import stretches
from refimpl.source import parser
from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.nodes import (
    Directive,
    FunctionBody,
    FunctionDeclaration,
    Identifier,
    VariableDeclaration,
    VariableDeclarator,
)
from refimpl.source.text import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from refimpl.source.nodes import Node, Program

COMMENT = r"//[^\n\r\u2028\u2029]*|/\*.*?\*/"
#: Tokens, roughly: only where a piece may begin and end depends on it.
WORD = re.compile(
    rf"""{COMMENT}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[\w$#]+|=>|\S""", re.DOTALL
)
GAP = re.compile(rf"(?:\s|{COMMENT})+", re.DOTALL)
BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")
#: So many words go together, and so many characters is a line worth.
TOGETHER, LINE = 4, 20
ZERO = "0"
#: Beside which there need not be a space.
OPENING, CLOSING = frozenset("(["), frozenset(")],;")
OPENERS, CLOSERS = frozenset("([{"), frozenset(")]}")
#: The fields of nodes whose items have lines of their own.
LINES = frozenset({"body", "directives", "cases", "consequent"})


class Edit(NamedTuple):
    """A piece of a text, and what would stand there instead."""

    start: int
    end: int
    text: str = ""

    def applied(self, whole: str) -> str:
        """The text with the edit."""
        return whole[: self.start] + self.text + whole[self.end :]

    def saves(self, whole: str) -> int:
        """How much smaller the text would be."""
        return weight(whole[self.start : self.end]) - weight(self.text)


def weight(text: str) -> int:
    """The size of a text: its characters, and something for every line."""
    return len(text) + LINE * len(BREAK.findall(text))


def edits(text: str, path: str) -> list[Edit]:
    """Everything that makes a text smaller, in order, whether or not it is a program then."""
    program = parsed(text, path)
    found = (
        _of_syntax(program, text) if program else [*_of_lines(text), *_words(text, 0, len(text))]
    )
    return sorted({edit for edit in found if edit.saves(text) > 0})


def parsed(text: str, path: str) -> Program | None:
    """The tree of a text; None if it is no program."""
    try:
        return parser.parse(Source(path, text))
    except SyntaxDiagnostic:
        return None


def _of_syntax(program: Program, text: str) -> Iterator[Edit]:
    yield from _gaps(program, text)
    yield from _inlinings(program, text)
    for node in program.walk():
        yield from _lists(node)
        yield from _parts(node, text)
        if not isinstance(node, Directive):
            yield from _replacements(node, text)


def _lists(node: Node) -> Iterator[Edit]:
    """All items of each list, halves of them, and each alone."""
    for items in _lists_of(node):
        yield from (_without(items, begin, end) for begin, end in stretches(len(items)))


def _lists_of(node: Node, among: Collection[str] | None = None) -> Iterator[list[Node]]:
    """The lists of children, of these fields or of all."""
    for name in node.children:
        value = getattr(node, name)
        if isinstance(value, list) and (among is None or name in among):
            yield [item for item in value if item is not None]


def _without(items: Sequence[Node], begin: int, end: int) -> Edit:
    """Items with what separates them from the next, or the last ones from what is before."""
    if end < len(items):
        return Edit(items[begin].start, items[end].start)
    return Edit(items[begin - 1].end if begin else items[0].start, items[-1].end)


def _parts(node: Node, text: str) -> Iterator[Edit]:
    """Each part with the words before it, without them, and these words."""
    before = node.start
    for child in node.iterate():
        yield Edit(before, child.end)
        yield Edit(child.start, child.end)
        yield from _words(text, before, child.start)
        before = max(before, child.end)
    yield Edit(before, node.end)
    yield from _words(text, before, node.end)


def _replacements(node: Node, text: str) -> Iterator[Edit]:
    """A child in the place of a node; of the body of a function, what is in it."""
    yield Edit(node.start, node.end, ZERO)
    for child in node.iterate():
        inner = [*child.iterate()] if isinstance(child, FunctionBody) else [child]
        if inner:
            yield Edit(node.start, node.end, text[inner[0].start : inner[-1].end])


def _inlinings(program: Program, text: str) -> Iterator[Edit]:
    """What is declared and used once, where it is used."""
    named = defaultdict(list)
    for node in program.walk():
        if isinstance(node, Identifier):
            named[node.name].append(node)
    for node in program.walk():
        for items in _lists_of(node, LINES):
            for at, item in enumerate(items):
                found = _declared(item)
                uses = named[found[0].name][1:] if found else []
                if found and len(uses) == 1 and uses[0].start >= item.end:
                    after, (use,) = _without(items, at, at + 1).end, uses
                    value = text[found[1].start : found[1].end]
                    between = text[after : use.start] if after <= use.start else ""
                    yield Edit(item.start, use.end, f"{between}({value})")


def _declared(item: Node) -> tuple[Identifier, Node] | None:
    """The one name that a statement declares, and what it stands for."""
    match item:
        case VariableDeclaration(
            declarations=[VariableDeclarator(id=Identifier() as name, init=init)]
        ):
            return (name, init) if init else None
        case FunctionDeclaration(id=Identifier() as name):
            return name, item
    return None


def _words(text: str, start: int, end: int) -> Iterator[Edit]:
    words = [found.span() for found in WORD.finditer(text, start, end)]
    for at, (begin, _) in enumerate(words):
        yield from (Edit(begin, last) for _, last in words[at : at + TOGETHER])


def _gaps(program: Program, text: str) -> Iterator[Edit]:
    """What is between two words, as short as it can be; statements keep lines of their own."""
    items = [item for node in program.walk() for each in _lists_of(node, LINES) for item in each]
    edges = {item.start for item in items} | {item.end for item in items}
    for gap in GAP.finditer(text):
        start, end = gap.span()
        *lines, last = BREAK.split(gap[0])
        indentation = last if last.isspace() else ""
        yield Edit(start, end, f"\n{indentation}" if lines else " ")
        if text[start - 1 : start] in OPENING or text[end : end + 1] in CLOSING:
            yield Edit(start, end)
        if edges.isdisjoint((start, end)):
            yield Edit(start, end, " ")


def _of_lines(text: str) -> Iterator[Edit]:
    """All lines of a text, halves of them, and each alone."""
    starts = [0, *(found.end() for found in BREAK.finditer(text))]
    ends = [*starts[1:], len(text)]
    yield from (Edit(starts[begin], ends[end - 1]) for begin, end in stretches(len(starts)))


def indented(text: str) -> str:
    """The text with its lines indented as their brackets are nested."""
    depth, lines = 0, []
    for line in BREAK.split(text):
        words = WORD.findall(line)
        closing = len([*takewhile(CLOSERS.__contains__, words)])
        lines.append("  " * max(depth - closing, 0) + line.strip())
        depth += sum((word in OPENERS) - (word in CLOSERS) for word in words)
    return "\n".join(lines).strip() + "\n"
