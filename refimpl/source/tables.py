"""The tables of one dialect, in the form in which the lexer and the driver use them.

Rules of this module:

* Nothing here depends on a text. A table cell is computed when it is first needed and kept for
  the life of the process.
* A dialect is the one table of the grammar without the terminals of the layers it lacks.
* What a lexeme is, is settled per parser state where the state alone can settle it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import regex

from refimpl.source import grammar

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.source.grammar import Production
    from refimpl.source.text import Dialect

END = "$END"

#: int: shift to that state; Reduction: reduce; ACCEPT: the text is complete; None: an error.
Action = Any

ACCEPT: Action = ()


class Reduction(NamedTuple):
    """What the driver does when a production is complete."""

    size: int
    kept: int  #: values to take; without `build`, values to drop
    build: Any
    origin: str


class Choice(NamedTuple):
    """What a lexeme is in a state, when nothing but the state decides."""

    terminal: str
    action: Action
    leaf: Any  #: makes the value: None leaves none, True the lexeme, else a function
    match: Any  #: finds the end of the token when that is not the end of the lexeme
    steady: bool  #: a line break before the token changes nothing


class Goto(dict[str, tuple[int, Action]]):
    """Where a reduction to one symbol on top of one state leads, per terminal that follows.

    Chains of productions that hand their one value on unchanged (assignment <- conditional <- …
    <- primary) are walked once and then are a single step.
    """

    __slots__ = ("_language", "_origin", "_state")

    def __init__(self, language: Language, state: int, origin: str) -> None:
        self._language = language
        self._state = state
        self._origin = origin

    def __missing__(self, terminal: str) -> tuple[int, Action]:
        language = self._language
        below = language.grammar.gotos[self._state]
        state = below[self._origin]
        action = language.table[state].get(terminal)
        while (
            action.__class__ is Reduction
            and action.build is None
            and action.size == 1
            and not action.kept
        ):
            state = below[action.origin]
            action = language.table[state].get(terminal)
        self[terminal] = state, action
        return state, action


class Language:
    """The tables of one dialect and goal."""

    def __init__(
        self, dialect: Dialect, goal: str, builders: dict[str, Any], leaves: dict[str, Any]
    ) -> None:
        self.grammar = grammar.load()
        self.goal = goal
        layers = {"ecmascript"}
        layers |= {"jsx"} if dialect.jsx else set()
        layers |= {"typescript"} if dialect.typescript else set()
        terminals = self.grammar.terminals
        self.terminals = {name for name, of in terminals.items() if of.layer in layers}
        self.leaves = {
            name: leaves.get(name, True) if terminals[name].kept else None
            for name in self.terminals
        }
        self.table = self._table(builders)
        self.gotos = [
            {origin: Goto(self, state, origin) for origin in row}
            for state, row in enumerate(self.grammar.gotos)
        ]
        notes = self.grammar.notes
        self.predicates = {
            name: (set(rivals), rule) for name, *rivals, rule in map(str.split, notes["predicate"])
        }
        self.insertions = [name for name in notes["asi-at-break"] if name in self.terminals]
        self.free_insertions = notes["asi-anywhere"]
        self.same_line = set(notes["same-line"])
        self.after_restricted = {
            row[name] for row in self.grammar.rows for name in notes["restricted"] if name in row
        }
        self.reserved = frozenset(terminals["RESERVED_WORD"].lexemes)
        self.symbols = self._symbols()
        self.before_space = [name for name in notes["before-space"] if name in self.terminals]
        self.candidates = {
            key: [(name, varies) for name, varies in of if name in self.terminals]
            for key, of in self.grammar.candidates.items()
        }
        self.candidates["RESERVED_WORD"] = [("RESERVED_WORD", False)]
        self.keys = {key: key for key in self.candidates if key not in grammar.KINDS}
        self.match, self.kinds = self._master()
        self.rows: list[dict[str, Choice | None]] = [
            Row(self, state) for state in range(len(self.table))
        ]
        self.scan = [
            None if any(name in row for name in self.before_space) else self.match
            for row in self.table
        ]

    def _table(self, builders: dict[str, Any]) -> list[dict[str, Action]]:
        reductions = [_reduction(production, builders) for production in self.grammar.productions]
        usable = self.terminals | {END}
        table = [
            {
                terminal: cell if cell >= 0 else reductions[-1 - cell]
                for terminal, cell in row.items()
                if terminal in usable
            }
            for row in self.grammar.rows
        ]
        for state in self.grammar.ends.values():
            table[state][END] = ACCEPT
        return table

    def _symbols(self) -> list[str]:
        """What the parser has just read when it is in a state."""
        symbols = [""] * len(self.grammar.rows)
        for row in (*self.grammar.rows, *self.grammar.gotos):
            for symbol, state in row.items():
                if state >= 0:
                    symbols[state] = symbol
        return symbols

    def await_is_name(self, states: list[int]) -> bool:
        """In a script `await` is a name except directly inside an async function."""
        if self.goal != "script":
            return False
        symbols = [self.symbols[state] for state in states]
        for index in range(len(symbols) - 1, 0, -1):
            match symbols[index]:
                case "ARROW":
                    head = symbols[max(0, index - 3) : index]
                    return not {"_ASYNC_ARROW", "async_call", "_ASYNC_GENERIC"} & set(head)
                case "FUNCTION" if index == len(symbols) - 1:
                    continue  # the name of a declaration belongs to what surrounds it
                case "FUNCTION" | "_FUNCTION_EXPRESSION":
                    return not symbols[index - 1].startswith("_ASYNC")
                case "ASYNC_METHOD" | "_STATIC_BLOCK":
                    return False
                case "LPAR" if symbols[index - 1] in {"key", "class_key"}:
                    return "ASYNC_METHOD" not in symbols[max(0, index - 3) : index]
                case "signature":
                    head = symbols[max(0, index - 6) : index]
                    if "FUNCTION" not in head and "_FUNCTION_EXPRESSION" not in head:
                        return "ASYNC_METHOD" not in head
        return True

    def _master(self) -> tuple[Callable[..., Any], list[str]]:
        """One expression for spaces and any token, except what only a state can tell apart."""
        terminals = self.grammar.terminals
        punctuators = [key for key in self.keys if not key[0].isalpha()]
        single = [p for p in punctuators if len(p) == 1 and not _begins_another(p, punctuators)]
        longer = sorted((p for p in punctuators if p not in single), key=len, reverse=True)
        space = "|".join(f"(?:{pattern})" for pattern in self.grammar.ignored)
        kinds = {
            "IDENTIFIER": r"[A-Za-z_$][\w$]*+(?![^\x00-\x7f]|\\)",
            "(single)": f"[{re.escape(''.join(single))}]",
            "(space)": f"(?:{space})++",
            "(punctuator)": rf"(?!\.[0-9])(?:{'|'.join(map(re.escape, longer))})",
            "NUMBER": terminals["NUMBER"].pattern,
            "STRING": terminals["STRING"].pattern,
            "TEMPLATE_FULL": terminals["TEMPLATE_FULL"].pattern,
            "TEMPLATE_HEAD": terminals["TEMPLATE_HEAD"].pattern,
            "PRIVATE_NAME": r"#[A-Za-z_$][\w$]*+(?![^\x00-\x7f]|\\)",
            "(unusual)": r"#?[\w$]*(?=[^\x00-\x7f]|\\)",
        }
        expression = "|".join(f"({pattern})" for pattern in kinds.values())
        return re.compile(f"[ \t]*+(?:{expression})", re.ASCII).match, ["", *kinds]

    @cache  # noqa: B019 -- a language lives as long as the process
    def matcher(self, terminal: str) -> Any:
        """The match function of a terminal's own pattern."""
        pattern = self.grammar.terminals[terminal].pattern
        return regex.compile(pattern).match if r"\p" in pattern else re.compile(pattern).match


class Row(dict[str, "Choice | None"]):
    """What each lexeme is in one state; None where more than the state has to be asked."""

    __slots__ = ("_language", "_state")

    def __init__(self, language: Language, state: int) -> None:
        self._language = language
        self._state = state

    def __missing__(self, key: str) -> Choice | None:
        self[key] = choice = self._choose(key)
        return choice

    def _choose(self, key: str) -> Choice | None:
        language = self._language
        row = language.table[self._state]
        if key == "(unusual)" or (key == "await" and language.goal == "script"):
            return None
        possible = [(name, varies) for name, varies in language.candidates[key] if name in row]
        insertable = any(name in row for name in language.insertions)
        if not possible or (key == "}" and insertable):
            return None
        name, varies = possible[0]
        action = row[name]
        settled = action.__class__ is int and name not in language.predicates
        if len(possible) > 1 and not settled:
            return None
        fixed = name not in language.same_line and self._state not in language.after_restricted
        steady = fixed and (action.__class__ is int or not insertable)
        match = language.matcher(name) if varies else None
        return Choice(name, action, language.leaves[name], match, steady)


def _reduction(production: Production, builders: dict[str, Any]) -> Reduction:
    """The driver's form; `build` is None when no value is made."""
    size, kept, origin = production.size, production.kept, production.origin
    if production.builder == grammar.ERASED:
        return Reduction(size, kept, None, origin)
    if production.builder == grammar.SAME and kept == 1:
        return Reduction(size, 0, None, origin)
    build = builders[production.builder]
    if production.holes:
        build = _with_holes(build, production.holes)
    return Reduction(size, kept, build, origin)


def _with_holes(build: Any, holes: list[int]) -> Any:
    def build_with_holes(start: int, end: int, *values: Any) -> Any:
        filled = list(values)
        for hole in holes:
            filled.insert(hole, None)
        return build(start, end, *filled)

    return build_with_holes


def _begins_another(punctuator: str, others: list[str]) -> bool:
    return any(other != punctuator and other.startswith(punctuator) for other in others)
