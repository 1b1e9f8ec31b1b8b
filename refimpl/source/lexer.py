"""From characters to terminals: the parser says which terminals it can use, the lexer picks one.

Rules of this module:

* There is no bracket stack and no guess about what a `/` or a `}` is: of the terminals that could
  begin at this place, the first that the parser can use is the token.
* "Can use" is not "stands in the table row" (LALR merges look-aheads): the reductions are tried.
* A choice between two readings is a syntactic predicate: another start rule of the same grammar,
  recognized from this place. Its answer is remembered per place, so that nested choices stay
  linear.
* Automatic semicolon insertion is here, and is the three rules of ECMA-262: a semicolon is
  offered when the token fits nowhere and a line break or `}` stands before it or nothing follows,
  and when a line break follows a restricted word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from refimpl.source import literals
from refimpl.source.literals import Malformed
from refimpl.source.tables import END, Action, Language, Reduction

if TYPE_CHECKING:
    from refimpl.source.text import Source

#: Limit `source.lookahead`: predicates that are being tried inside each other.
MAXIMUM_LOOKAHEAD = 60

LINE_BREAK = re.compile("[\n\r\u2028\u2029]")

NO_RIVALS: set[str] = set()


class Lexeme(NamedTuple):
    """Characters that belong together, before it is known which terminal they are."""

    key: str  #: the text itself if it is a fixed one, else its kind
    start: int
    stop: int
    newline: bool  #: a line break stands before it


class Token(NamedTuple):
    """A terminal in its place. `terminal` is empty when nothing fits."""

    terminal: str
    action: Action
    leaf: Any  #: makes the value: None leaves none, True the characters, else a function
    start: int
    stop: int  #: lies before `start` for an inserted semicolon, which takes no characters
    newline: bool


class Lexer:
    """The lexer of one text, in one dialect and for one goal."""

    def __init__(self, source: Source, language: Language) -> None:
        self.source = source
        self.text = source.text
        self.language = language
        self._recognized: dict[tuple[str, int], bool] = {}
        self._depth = 0

    def next(self, states: list[int], pos: int, newline: bool = False) -> Token:
        """The token at `pos`, with the parser in `states`."""
        return self._text_token(states, pos, newline) or self.choose(
            states, self._lexeme(pos, newline)
        )

    def _text_token(self, states: list[int], pos: int, newline: bool) -> Token | None:
        """A token that begins before white space is skipped: JSX text, or a hashbang."""
        language = self.language
        row = language.table[states[-1]]
        for name in (*language.before_space, *(["_HASHBANG"] if pos == 0 else [])):
            found = name in row and language.matcher(name)(self.text, pos)
            if found and self.accepts(states, name):
                return Token(name, row[name], language.leaves[name], pos, found.end(), newline)
        return None

    def _lexeme(self, pos: int, newline: bool) -> Lexeme:
        """The next lexeme, white space and comments skipped."""
        language, text = self.language, self.text
        while found := language.match(text, pos):
            kind = language.kinds[found.lastindex]
            start, stop = found.span(found.lastindex)
            if kind != "(space)":
                return Lexeme(language.keys.get(text[start:stop], kind), start, stop, newline)
            newline = newline or LINE_BREAK.search(text, start, stop) is not None
            pos = stop
        start = len(text) - len(text[pos:].lstrip(" \t"))
        return Lexeme(END if start == len(text) else "(none)", start, start, newline)

    def choose(self, states: list[int], lexeme: Lexeme) -> Token:
        """Which terminal a lexeme is."""
        language = self.language
        row = language.table[states[-1]]
        leaf: Any = None
        if lexeme.key == "(unusual)":
            lexeme, leaf = self._unusual(states, lexeme)
        elif lexeme.key == "await" and language.await_is_name(states):
            lexeme = lexeme._replace(key="IDENTIFIER")
        key, start, stop, newline = lexeme
        viable = self._viable(states, lexeme)
        for name, end in viable.items():
            rivals, rule = language.predicates.get(name, (NO_RIVALS, ""))
            if rivals & viable.keys() and not self._recognize(rule, start):
                continue
            action = row[name]
            restricted = newline and states[-1] in language.after_restricted
            if restricted and action.__class__ is int and name != "SEMICOLON":
                break
            return Token(name, action, leaf or language.leaves[name], start, end, newline)
        if key == END and self.accepts(states, END):
            return Token(END, row[END], None, start, start, newline)
        offered = language.insertions if newline or key in {"}", END} else []
        for name in (*offered, *language.free_insertions):
            if name in row and self.accepts(states, name):
                return Token(name, row[name], None, start, -1, newline)
        return Token("", None, None, start, stop, newline)

    def _viable(self, states: list[int], lexeme: Lexeme) -> dict[str, int]:
        """The terminals that could be here, best first, with the end that each would have."""
        language = self.language
        row = language.table[states[-1]]
        found = {}
        for name, varies in language.candidates.get(lexeme.key, ()):
            if name not in row or (lexeme.newline and name in language.same_line):
                continue
            # The rest of a template may be long, so there the parser is asked before the text.
            if lexeme.key == "}" and not self.accepts(states, name):
                continue
            match = language.matcher(name)(self.text, lexeme.start) if varies else None
            if (match or not varies) and (lexeme.key == "}" or self.accepts(states, name)):
                found[name] = match.end() if match else lexeme.stop
        return found

    def _unusual(self, states: list[int], lexeme: Lexeme) -> tuple[Lexeme, Any]:
        """A name with escapes or with characters beyond ASCII, or a word before such a space."""
        language, start = self.language, lexeme.start
        kind = "PRIVATE_NAME" if self.text.startswith("#", start) else "IDENTIFIER"
        match = language.matcher(kind)(self.text, start)
        if match is None:
            return lexeme._replace(key="(none)"), None
        written, stop = match[0], match.end()
        if written.isascii() and "\\" not in written:
            return lexeme._replace(key=language.keys.get(written, kind), stop=stop), None
        try:
            name = literals.unescape(written)
        except literals.InvalidEscapeError:
            name = ""
        whole = language.matcher(kind)(name)
        if whole is None or whole.end() < len(name):
            message = "this escape stands for no character that a name can have"
            raise Malformed(start, stop, message, "syntax.escape")
        if kind == "PRIVATE_NAME":
            return lexeme._replace(key=kind, stop=stop), literals.private_name
        reserved = name in language.reserved and not (
            name == "await" and language.await_is_name(states)
        )
        key = "RESERVED_WORD" if reserved else kind
        return lexeme._replace(key=key, stop=stop), literals.unusual_name

    # --- asking the parser -----------------------------------------------------------------------

    def accepts(self, states: list[int], terminal: str) -> bool:
        """Whether the parser, after its reductions, would take the terminal."""
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
            above.append(state)
        return action is not None

    def advance(self, states: list[int], starts: list[int], token: Token) -> bool:
        """Move the parser over a token without building anything; whether there was a token."""
        gotos = self.language.gotos
        terminal, action = token.terminal, token.action
        while action.__class__ is Reduction:
            size = action.size
            if size:
                del states[-size:]
                del starts[len(states) + 1 :]
            else:
                starts.append(token.start)
            state, action = gotos[states[-1]][action.origin][terminal]
            states.append(state)
        if action.__class__ is not int:
            return False
        states.append(action)
        starts.append(token.start)
        return True

    def _recognize(self, rule: str, pos: int) -> bool:
        """Whether some prefix of the text from `pos` is an instance of the rule."""
        known = self._recognized.get((rule, pos))
        if known is None:
            if self._depth >= MAXIMUM_LOOKAHEAD:
                message = "too many readings of this have to be tried inside each other"
                raise Malformed(pos, pos + 1, message, "syntax.limit.lookahead")
            self._depth += 1
            known = self._recognized[rule, pos] = self._begins_with(rule, pos)
            self._depth -= 1
        return known

    def _begins_with(self, rule: str, pos: int) -> bool:
        states, starts = [self.language.grammar.starts[rule]], [pos]
        while not self.accepts(states, END):
            token = self.next(states, pos)
            if not self.advance(states, starts, token):
                self._remember_failure(rule, states, starts)
                return False
            pos = max(pos, token.stop)
        return True

    def _remember_failure(self, rule: str, states: list[int], starts: list[int]) -> None:
        """What began inside a failed attempt and was still open there fails in the same way.

        Without this `a<b<c<…` would be read again from every `<`.
        """
        symbols = self.language.symbols
        for state, start in zip(states, starts, strict=True):
            if symbols[state] in {"_TYPE_ARGUMENTS_LT", "_INSTANTIATION_LT"}:
                self._recognized.setdefault((rule, start), False)
