"""From a source text to its tree: an LALR(1) driver over the table that Lark built.

Rules of this module:

* States, start offsets and values are three parallel stacks; a reduction calls the function that
  `source.build` has for it. There are no tokens and no intermediate trees.
* The loop in `Run.tree` decides the common token itself and asks `Run.choose` for the rest.
* Nesting is bounded by `MAXIMUM_STACK` (`syntax.limit.nesting`), never by Python's recursion.
* A syntax error is found at the first token that cannot continue any program (LALR reduces a
  little further than it should, so the stack is rebuilt to say what was expected).
"""

from __future__ import annotations

import gc
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from refimpl.source import build, grammar, literals
from refimpl.source.diagnostics import SyntaxDiagnostic, at
from refimpl.source.explain import explain
from refimpl.source.lexer import END, MAXIMUM_LOOKAHEAD, Language, Reduction

if TYPE_CHECKING:
    from refimpl.source.nodes import Program
    from refimpl.source.text import Dialect, Source

#: Limit `source.nesting`: symbols that wait for their end at one time.
MAXIMUM_STACK = 20_000

NO_RIVALS: set[str] = set()

LINE_BREAK = re.compile("[\n\r\u2028\u2029]")


def parse(source: Source, goal: str = "module") -> Program:
    """The tree of a source text, before early errors and scope analysis."""
    run = Run(source, goal)
    collecting = gc.isenabled()
    gc.disable()
    try:
        program: Program = run.tree()
    except build.Malformed as error:
        raise SyntaxDiagnostic(
            at(source, error.start, error.end, error.code, error.message, fix=error.fix or None)
        ) from None
    finally:
        if collecting:
            gc.enable()
    program.end = len(source.text)
    return program


@cache
def language_of(dialect: Dialect, goal: str) -> Language:
    """The tables, made once per process."""
    return Language(dialect, goal, build.builders(), build.LEAVES)


class Stuck(NamedTuple):
    """The place where a parse cannot go on."""

    states: list[int]
    starts: list[int]
    start: int
    final: int
    newline: bool


class Run:
    """One parse of one text."""

    def __init__(self, source: Source, goal: str) -> None:
        self.source = source
        self.goal = goal
        self.text = source.text
        self.language = language_of(source.dialect, goal)
        self.recognized: dict[tuple[str, int], bool] = {}
        self.lookahead = 0

    def tree(self) -> Any:
        text, language = self.text, self.language
        keys, kinds, scan = language.keys, language.kinds, language.scan
        rows, gotos = language.rows, language.gotos
        space = kinds.index("(space)")
        final = language.grammar.ends[self.goal]
        state = language.grammar.starts[self.goal]
        states, starts, values = [state], [0], []
        deepest = MAXIMUM_STACK
        pos = end = 0
        newline = False
        while True:
            match = scan[state]
            found = match(text, pos) if match else None
            if found is None:
                token = self.next(states, pos, newline, final)
                terminal, action, leaf, start, stop, newline = token
            else:
                kind = found.lastindex
                start, stop = found.span(kind)
                if kind == space:
                    newline = newline or LINE_BREAK.search(text, start, stop) is not None
                    pos = stop
                    continue
                lexeme = text[start:stop]
                key = keys.get(lexeme, kinds[kind]) if kind < 6 else kinds[kind]
                choice = rows[state][key]
                if choice is None or (newline and not choice[4]):
                    terminal, action, leaf, stop = self.choose(states, key, start, stop, newline, final)
                else:
                    terminal, action, leaf, match, _ = choice
                    if match is not None:
                        matched = match(text, start)
                        if matched is None:
                            terminal, action, leaf, stop = self.choose(
                                states, key, start, stop, newline, final
                            )
                        else:
                            stop = matched.end()
            while action.__class__ is not int:
                if action is None:
                    if terminal == END and state == final:
                        return values[0]
                    raise SyntaxDiagnostic(explain(self))
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
                lexeme = text[start:stop]
                values.append(lexeme if leaf is True else leaf(start, stop, lexeme))
            if stop >= start:
                pos = end = stop
                newline = False
            if len(states) > deepest:
                self.fail(start, stop, "syntax.limit.nesting", "this is nested too deeply")

    # --- tokens that more than one look-up decides ---------------------------------------------

    def next(
        self, states: list[int], pos: int, newline: bool, final: int
    ) -> tuple[str, Any, Any, int, int, bool]:
        """The next token from `pos`, by the full rules."""
        language, text = self.language, self.text
        row = language.table[states[-1]]
        for name in language.before_space:
            if name in row and (found := language.matcher(name)(text, pos)):
                if self.accepts(states, name, final):
                    return name, row[name], language.leaves[name], pos, found.end(), newline
        if pos == 0 and "HASHBANG" in row and (found := language.matcher("HASHBANG")(text)):
            return "HASHBANG", row["HASHBANG"], True, 0, found.end(), False
        while True:
            found = language.match(text, pos)
            if found is None:
                start = stop = len(text) - len(text[pos:].lstrip(" \t"))
                key = END if start == len(text) else "(none)"
                break
            kind = found.lastindex
            start, stop = found.span(kind)
            key = language.kinds[kind]
            if key != "(space)":
                key = language.keys.get(text[start:stop], key)
                break
            newline = newline or LINE_BREAK.search(text, start, stop) is not None
            pos = stop
        terminal, action, leaf, stop = self.choose(states, key, start, stop, newline, final)
        return terminal, action, leaf, start, stop, newline

    def choose(
        self, states: list[int], key: str, start: int, stop: int, newline: bool, final: int
    ) -> tuple[str, Any, Any, int]:
        """Which terminal a lexeme is; for an inserted semicolon the end lies before the start."""
        language = self.language
        row = language.table[states[-1]]
        leaf: Any = None
        if key == "(unusual)":
            key, stop, leaf = self.unusual(states, start)
        elif key == "await" and language.await_is_name(states):
            key = "IDENTIFIER"
        viable = self.viable(states, key, start, stop, newline, final)
        possible = {name for name, _ in viable}
        for name, token_end in viable:
            rivals, rule = language.predicates.get(name, (NO_RIVALS, ""))
            if rivals & possible and not self.recognize(rule, start):
                continue
            action = row[name]
            if newline and states[-1] in language.after_restricted and action.__class__ is int:
                if name != "SEMICOLON":
                    break
            return name, action, leaf or language.leaves[name], token_end
        if key == END and self.accepts(states, END, final):
            return END, row.get(END), None, start
        offered = language.insertions if newline or key in {"}", END} else []
        for name in (*offered, *language.free_insertions):
            if name in row and self.accepts(states, name, final):
                return name, row[name], None, -1
        return "", None, None, stop

    def viable(
        self, states: list[int], key: str, start: int, stop: int, newline: bool, final: int
    ) -> list[tuple[str, int]]:
        """The terminals that could be here, best first, with the end each would have."""
        language = self.language
        row = language.table[states[-1]]
        found = []
        for name, varies in language.candidates.get(key, ()):
            if name not in row or (newline and name in language.same_line):
                continue
            # A template's rest may be long, so there the parser is asked before the text.
            if key == "}" and not self.accepts(states, name, final):
                continue
            matched = language.matcher(name)(self.text, start) if varies else None
            if varies and not matched:
                continue
            if key == "}" or self.accepts(states, name, final):
                found.append((name, matched.end() if matched else stop))
        return found

    def unusual(self, states: list[int], start: int) -> tuple[str, int, Any]:
        """A name with escapes or with characters beyond ASCII, or a word before such a space."""
        language = self.language
        kind = "PRIVATE_NAME" if self.text.startswith("#", start) else "IDENTIFIER"
        found = language.matcher(kind)(self.text, start)
        if found is None:
            return "(none)", start, None
        lexeme = found[0]
        if lexeme.isascii() and "\\" not in lexeme:
            return language.keys.get(lexeme, kind), found.end(), None
        try:
            name = literals.unescape(lexeme)
        except literals.InvalidEscape as error:
            self.fail(start + error.offset, found.end(), "syntax.escape", "no such character")
        again = language.matcher(kind)(name)
        if again is None or again.end() != len(name):
            message = "this escape stands for a character that a name cannot have"
            self.fail(start, found.end(), "syntax.escape", message)
        if kind == "PRIVATE_NAME":
            return kind, found.end(), literals.private_name
        reserved = language.grammar.terminals["RESERVED_WORD"].lexemes
        free = name == "await" and language.await_is_name(states)
        key = "RESERVED_WORD" if name in reserved and not free else kind
        return key, found.end(), literals.unusual_name

    def accepts(self, states: list[int], terminal: str, final: int) -> bool:
        """Whether the parser, after its reductions, would shift the terminal."""
        gotos = self.language.gotos
        action = self.language.table[states[-1]].get(terminal)
        depth = len(states)
        above: list[int] = []
        while action.__class__ is Reduction:
            size = action.size
            if size < len(above):
                del above[len(above) - size :]
            else:
                depth -= size - len(above)
                above.clear()
            below = above[-1] if above else states[depth - 1]
            state, action = gotos[below][action.origin][terminal]
            if action is None:
                return terminal == END and state == final
            above.append(state)
        return action is not None

    def recognize(self, rule: str, pos: int) -> bool:
        """Whether some prefix of the text from `pos` is an instance of the rule."""
        known = self.recognized.get((rule, pos))
        if known is None:
            if self.lookahead >= MAXIMUM_LOOKAHEAD:
                message = "too many readings of this have to be tried inside each other"
                self.fail(pos, pos + 1, "syntax.limit.lookahead", message)
            self.lookahead += 1
            known = self.recognized[rule, pos] = self.matches(rule, pos)
            self.lookahead -= 1
        return known

    def matches(self, rule: str, pos: int) -> bool:
        language = self.language
        table, gotos = language.table, language.gotos
        final = language.grammar.ends[rule]
        states, starts = [language.grammar.starts[rule]], [pos]
        while True:
            try:
                terminal, action, _, start, stop, _ = self.next(states, pos, False, final)
            except SyntaxDiagnostic as error:
                if error.diagnostic.code.startswith("syntax.limit"):
                    raise
                return False
            while action.__class__ is Reduction:
                del states[-action.size :]
                del starts[len(states) + 1 :]
                state, action = gotos[states[-1]][action.origin][terminal]
                states.append(state)
            if action is None:
                self.forget_open(rule, states, starts)
                return False
            states.append(action)
            starts.append(start)
            if stop >= start:
                pos = stop
            if END in table[action] and self.accepts(states, END, final):
                return True

    def forget_open(self, rule: str, states: list[int], starts: list[int]) -> None:
        """What began inside a failed attempt and was still open there fails in the same way.

        Without this `a<b<c<…` would be read again from every `<`.
        """
        symbols = self.language.symbols
        for state, start in zip(states, starts, strict=True):
            if symbols[state] in {"_TYPE_ARGUMENTS_LT", "_INSTANTIATION_LT"}:
                self.recognized.setdefault((rule, start), False)

    # --- errors ----------------------------------------------------------------------------------

    def fail(self, start: int, end: int, code: str, message: str, fix: str | None = None) -> Any:
        raise SyntaxDiagnostic(at(self.source, start, end, code, message, fix=fix))

    def in_dialect(self, source: Source) -> Run:
        """A run over another source, to see how far its dialect gets."""
        return Run(source, self.goal)

    def complete(self, stuck: Stuck) -> bool:
        """Whether nothing is missing."""
        return stuck.states[-1] == stuck.final

    def stuck(self) -> Stuck:
        """Where no token fits, with the stack as it was before any reduction for that token."""
        language = self.language
        gotos = language.gotos
        final = language.grammar.ends[self.goal]
        states, starts, pos = [language.grammar.starts[self.goal]], [0], 0
        while True:
            terminal, action, _, start, stop, newline = self.next(states, pos, False, final)
            if action is None:
                return Stuck(states, starts, start, final, newline)
            while action.__class__ is Reduction:
                if action.size:
                    del states[-action.size :]
                    del starts[len(states) + 1 :]
                else:
                    starts.append(start)
                state, action = gotos[states[-1]][action.origin][terminal]
                states.append(state)
            if action is None:
                return Stuck(states, starts, start, final, newline)
            states.append(action)
            starts.append(start)
            pos = stop if stop >= start else pos
