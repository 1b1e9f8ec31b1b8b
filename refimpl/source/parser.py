"""From a source text to its tree: an LALR(1) driver over the table that Lark built.

Rules of this module:

* States, start offsets and values are three parallel stacks; a reduction calls the function that
  `source.productions` has for it. There are no token objects and no intermediate trees.
* The loop decides the common token itself, by one regular expression and one look-up, and asks
  the lexer for every other.
* Nesting is bounded by `MAXIMUM_STACK` (`syntax.limit.nesting`), never by Python's recursion.
* The garbage collector rests while a tree grows: every node is reachable, so it could find
  nothing, and looking costs as much as parsing.
"""

from __future__ import annotations

import gc
from functools import cache
from typing import TYPE_CHECKING, Any

from refimpl.source.diagnostics import SyntaxDiagnostic, at
from refimpl.source.explain import explain
from refimpl.source.lexer import LINE_BREAK, Lexeme, Lexer
from refimpl.source.literals import Malformed
from refimpl.source.productions import LEAVES, PRODUCTIONS
from refimpl.source.tables import ACCEPT, Language
from refimpl.source.text import MAXIMUM_SIZE, TSX

if TYPE_CHECKING:
    from refimpl.source.nodes import Program
    from refimpl.source.text import Dialect, Source

#: Limit `source.nesting`: symbols that wait for their end at one time (10,000 brackets fit).
MAXIMUM_STACK = 20_000


def parse(source: Source, goal: str = "module") -> Program:
    """The tree of a source text, before early errors and scope analysis."""
    if len(source.text) > MAXIMUM_SIZE:
        message = f"the text is longer than the {MAXIMUM_SIZE:,} characters that are read"
        raise SyntaxDiagnostic(at(source, 0, 0, "syntax.limit.size", message))
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _program(source, goal)
    except Malformed as error:
        place = error.start, error.end, error.code, error.message
        raise SyntaxDiagnostic(at(source, *place, fix=error.fix)) from None
    finally:
        if collecting:
            gc.enable()


def _program(source: Source, goal: str) -> Program:
    lexer = Lexer(source, language_of(source.dialect, goal))
    program = _tree(lexer)
    if program is None:
        widest = Lexer(source, language_of(TSX, goal))
        raise SyntaxDiagnostic(explain(lexer, widest))
    program.end = len(source.text)
    return program


@cache
def language_of(dialect: Dialect, goal: str) -> Language:
    """The tables of a dialect, made once per process."""
    return Language(dialect, goal, PRODUCTIONS, LEAVES)


def _tree(lexer: Lexer) -> Program | None:
    """The tree, or None at the first token that fits nowhere.

    The length of this function is its speed: a call per token or per reduction costs a third.
    """
    text, language = lexer.text, lexer.language
    keys, kinds, scan = language.keys, language.kinds, language.scan
    rows, gotos = language.rows, language.gotos
    space, last_fixed = kinds.index("(space)"), kinds.index("(punctuator)")
    state = language.grammar.starts[language.goal]
    states, starts = [state], [0]
    values: list[Any] = []
    deepest = MAXIMUM_STACK
    pos = end = 0
    newline = False
    while True:
        match = scan[state]
        found = match(text, pos) if match else None
        if found is None:
            terminal, action, leaf, start, stop, newline = lexer.next(states, pos, newline)
        else:
            kind = found.lastindex
            start, stop = found.span(kind)
            if kind == space:
                newline = newline or LINE_BREAK.search(text, start, stop) is not None
                pos = stop
                continue
            key = kinds[kind]
            if kind <= last_fixed:
                key = keys.get(text[start:stop], key)
            choice = rows[state][key]
            matched = None
            if choice is not None and (choice[4] or not newline):
                terminal, action, leaf, match, _ = choice
                matched = match(text, start) if match else found
            if matched is None:
                lexeme = Lexeme(key, start, stop, newline)
                terminal, action, leaf, start, stop, newline = lexer.choose(states, lexeme)
            elif matched is not found:
                stop = matched.end()
        while action.__class__ is not int:
            if not action:
                return values[0] if action is ACCEPT else None
            size, kept, make, origin = action
            if make is None:
                if kept:
                    del values[-kept:]
            elif kept == 2:
                value = values.pop()
                values[-1] = make(starts[-size], end, values[-1], value)
            elif kept == 1:
                values[-1] = make(starts[-size], end, values[-1])
            elif kept:
                parts = values[-kept:]
                del values[1 - kept :]
                values[-1] = make(starts[-size], end, *parts)
            else:
                values.append(make(starts[-size] if size else start, end))
            if size:
                del states[-size:]
                if size > 1:
                    del starts[1 - size :]
            else:
                starts.append(start)
            state, action = gotos[states[-1]][origin][terminal]
            states.append(state)
        state = action
        states.append(state)
        starts.append(start)
        if leaf is not None:
            value = text[start:stop]
            values.append(value if leaf is True else leaf(start, stop, value))
        if stop >= start:
            pos = end = stop
            newline = False
        if len(states) > deepest:
            raise Malformed(start, stop, "this is nested too deeply", "syntax.limit.nesting")
