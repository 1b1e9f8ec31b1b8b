"""Why a parse cannot go on, in words: what was found, what could stand there, what was meant.

Rules of this module:

* The words come from the `@words` of the grammar: the largest thing that could begin at the place
  is named, not the forty tokens that it can begin with.
* A frequent mistake is recognized before anything general is said, and names its likely fix.
* This runs once per faulty file and may take its time: it even tries other dialects, because the
  best answer to a type annotation in a `.js` file is the other extension.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from refimpl.source.diagnostics import Diagnostic, at
from refimpl.source.literals import Malformed
from refimpl.source.text import TSX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refimpl.source.lexer import Lexer

#: More alternatives than this help nobody.
MOST_ALTERNATIVES = 5


class Stuck(NamedTuple):
    """The place where a parse cannot go on, with the stack as it was before it.

    (A driver that meets an impossible token has reduced a little further than it should.)
    """

    states: list[int]
    starts: list[int]
    start: int
    newline: bool
    complete: bool  #: it is the end of the text, and nothing is missing


def stuck_at(lexer: Lexer) -> Stuck:
    """Run over the text until no token fits."""
    states, starts, pos = [lexer.language.grammar.starts[lexer.language.goal]], [0], 0
    while True:
        token = lexer.next(states, pos)
        if token.action is None:
            return Stuck(states, starts, token.start, token.newline, complete=False)
        if not lexer.advance(states, starts, token):
            return Stuck(states, starts, token.start, token.newline, complete=True)
        pos = max(pos, token.stop)


def explain(run: Lexer, widest: Lexer) -> Diagnostic:
    """The diagnostic for the first token that cannot continue any program.

    `widest` reads the same text as TypeScript with JSX.
    """
    stuck = stuck_at(run)
    place = stuck.start
    lexeme = _lexeme(run, place)
    for code, message, fix, end in _mistakes(run, widest, stuck, lexeme):
        return at(run.source, place, end or place + len(lexeme), code, message, fix=fix)
    wanted = _either(_expected(run, stuck))
    message = f"expected {wanted}, found {_found(lexeme)}"
    return at(run.source, place, place + len(lexeme), "syntax", message)


Mistake = tuple[str, str, str | None, int | None]


def _mistakes(run: Lexer, widest: Lexer, stuck: Stuck, lexeme: str) -> Iterator[Mistake]:
    text, place = run.text, stuck.start
    yield from _unclosed_token(run, stuck)
    if (
        "<!--" in text[max(place - 1, 0) : place + 4]
        or "-->" in text[max(place - 2, 0) : place + 3]
    ):
        message = "modules have no HTML-like comments"
        yield "syntax.html-comment", message, "write `//`", place + 3
    if stuck.newline and run.language.symbols[stuck.states[-1]] == "THROW":
        message = "no line break may stand between `throw` and its expression"
        yield "syntax.line-break", message, "write both on one line", None
    if re.search(r"(?<![\w$.])using[ \t]+$", text[max(place - 80, 0) : place]):
        yield "syntax.using", "ECMAScript 2025 has no `using` declarations", None, None
    yield from _other_dialect(run, widest, stuck)
    if lexeme in {"", ")", "]", "}"}:
        yield from _missing_bracket(run, stuck, lexeme)
    reserved = run.language.grammar.terminals["RESERVED_WORD"].lexemes
    acceptable = _acceptable(run, stuck)
    if lexeme in reserved and "IDENTIFIER" in acceptable and "REGEXP" not in acceptable:
        message = f"`{lexeme}` is a reserved word and cannot be a name here"
        yield "syntax.reserved-word", message, "choose another name", None


def _unclosed_token(run: Lexer, stuck: Stuck) -> Iterator[Mistake]:
    text, place = run.text, stuck.start
    line_end = len(run.source.line(run.source.position(place)[0]))
    rest = place + line_end - run.source.position(place)[1] + 1
    whole = run.language.match(text, place)
    if whole and run.language.kinds[whole.lastindex] in {"STRING", "TEMPLATE_FULL"}:
        return
    if text.startswith(("'", '"'), place):
        message = "this string is not closed on its line"
        yield "syntax.unclosed-string", message, f"add {text[place]}", rest
    elif text.startswith("`", place):
        message = "this template is never closed"
        yield "syntax.unclosed-template", message, "add a backtick at its end", rest
    elif text.startswith("/*", place):
        message = "this comment is never closed"
        yield "syntax.unclosed-comment", message, "add `*/` at its end", rest
    elif text.startswith("}", place) and "TEMPLATE_TAIL" in _acceptable(run, stuck):
        message = "the template that goes on here is never closed"
        yield "syntax.unclosed-template", message, "add a backtick at its end", rest
    elif text.startswith("/", place) and "REGEXP" in _acceptable(run, stuck):
        message = "this regular expression is not closed on its line"
        yield "syntax.unclosed-regexp", message, "add `/` at its end", rest


def _other_dialect(run: Lexer, other: Lexer, stuck: Stuck) -> Iterator[Mistake]:
    """If TypeScript with JSX gets further, the extension is the mistake."""
    dialect = run.source.dialect
    if dialect == TSX:
        return
    try:
        further = stuck_at(other)
    except Malformed:
        return
    if further.start <= stuck.start and not further.complete:
        return
    jsx = not dialect.jsx and run.text.startswith("<", stuck.start)
    if not (jsx or dialect.typescript) and (further.complete or _begins_typescript(other, stuck)):
        message = "this is TypeScript, and the name of the file says that it is JavaScript"
        yield "syntax.typescript-in-javascript", message, "rename it to .ts or .tsx", None
    elif jsx or dialect.typescript:
        message = "this is JSX, and the name of the file says that it has none"
        fix = "rename it to .tsx" if dialect.typescript else "rename it to .js or .jsx"
        yield "syntax.jsx-not-here", message, fix, None


def _begins_typescript(other: Lexer, stuck: Stuck) -> bool:
    """Whether the stack up to here, in TypeScript, can take the token that JavaScript cannot."""
    terminal = other.next(stuck.states, stuck.start, stuck.newline).terminal
    terminals = other.language.grammar.terminals
    return terminal in terminals and terminals[terminal].layer == "typescript"


def _missing_bracket(run: Lexer, stuck: Stuck, lexeme: str) -> Iterator[Mistake]:
    """A text that ends, or closes something else, while a bracket is open."""
    pairs = dict(pair for pair in _pairs(run))
    for state, start in zip(reversed(stuck.states), reversed(stuck.starts), strict=True):
        symbol = run.language.symbols[state]
        if symbol in pairs and pairs[symbol] in _acceptable_names(run, stuck):
            line, column = run.source.position(start)
            opened = run.text[start]
            wanted = run.language.grammar.terminals[pairs[symbol]].lexemes[0]
            message = f"expected `{wanted}` to close the `{opened}` of line {line}, column {column}"
            if lexeme != wanted:
                yield "syntax.unclosed-bracket", message + f", found {_found(lexeme)}", None, None
            return
        if symbol in {"jsx_name", "JSX_NAME"} and lexeme == "":
            line, column = run.source.position(start)
            name = _lexeme(run, start)
            message = f"`<{name}>` of line {line}, column {column} is never closed"
            yield "syntax.unclosed-element", message, f"add `</{name}>`", None
            return


def _pairs(run: Lexer) -> Iterator[tuple[str, str]]:
    words = run.language.grammar.notes["pair"]
    yield from zip(words[::2], words[1::2], strict=True)


def _acceptable_names(run: Lexer, stuck: Stuck) -> set[str]:
    found = _acceptable(run, stuck)
    return found | ({"RBRACE"} if "TEMPLATE_TAIL" in found else set())


def _acceptable(run: Lexer, stuck: Stuck) -> set[str]:
    row = run.language.table[stuck.states[-1]]
    return {name for name in row if run.accepts(stuck.states, name)}


def _expected(run: Lexer, stuck: Stuck) -> list[str]:
    """What could stand here: things first, then punctuation."""
    grammar = run.language.grammar
    left = _acceptable(run, stuck) - {"(none)"}
    words = dict(note.split(": ", 1) for note in grammar.notes["words"])
    if "EQUALITY_OPERATOR" in left:  # an operand is complete: that it may go on is no news
        left = _without(left, grammar.notes["continues"])
    named = []
    dialect = run.source.dialect
    for name, first in grammar.first.items():
        if (name.startswith("jsx") and not dialect.jsx) or (
            name[0] == "_" and not dialect.typescript
        ):
            continue
        present = set(first) & run.language.terminals
        if present and present <= left:
            left -= present
            named.append(words[name])
    left = _without(left, grammar.notes["continues"], keep=bool(named))
    insertions = {*grammar.notes["asi-at-break"], *grammar.notes["asi-anywhere"]}
    if named:
        left -= insertions
    for name in sorted(left):
        if name in insertions:
            named.append(words["_ASI"])
        elif name in words:
            named.append(words[name])
        else:
            named += [f"`{text}`" for text in _spellings(run, name)]
    return list(dict.fromkeys(named))


def _without(names: set[str], unwanted: list[str], *, keep: bool = False) -> set[str]:
    """The names less the unwanted ones, unless nothing at all would be left to say."""
    fewer = names - set(unwanted)
    return fewer if fewer or keep else names


def _spellings(run: Lexer, name: str) -> list[str]:
    terminal = run.language.grammar.terminals[name]
    if terminal.lexemes:
        return terminal.lexemes
    lexemes = [
        key
        for key, candidates in run.language.grammar.candidates.items()
        if any(candidate == name for candidate, _ in candidates)
    ]
    return sorted(lexemes, key=len)[:1]


def _either(alternatives: list[str]) -> str:
    shown = alternatives[:MOST_ALTERNATIVES]
    if len(alternatives) > MOST_ALTERNATIVES:
        shown = [*alternatives[: MOST_ALTERNATIVES - 1], "something else"]
    if len(shown) < 2:
        return "".join(shown) or "nothing more"
    return ", ".join(shown[:-1]) + " or " + shown[-1]


def _lexeme(run: Lexer, place: int) -> str:
    """The characters that a reader sees as one thing; none at the end of the file."""
    found = run.language.match(run.text, place)
    if found is None or found.start(found.lastindex) != place or found.end() == place:
        found = run.language.matcher("IDENTIFIER")(run.text, place)
        return found[0] if found else run.text[place : place + 1]
    return str(found[0])


def _found(lexeme: str) -> str:
    if lexeme == "":
        return "the end of the file"
    if lexeme[0] in "'\"":
        return "a string"
    if lexeme[0] == "`":
        return "a template"
    return f"`{lexeme}`" if lexeme.isprintable() else f"the character {lexeme!a}"
