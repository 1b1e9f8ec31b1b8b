"""Regular expressions: ECMA-262's patterns translated for the `regex` package.

* The pattern is valid: `source.regexp` checks patterns before they come here.
* A pattern with the flag u or v matches code points, any other matches code units; offsets that
  go in and out are always code units.
* Sets, case and assertions are spelled out, so that nothing depends on what `regex` means by them.
* ECMA-262 clears the captures inside a repeated group at each repetition and drops a repetition that
  matched nothing. `regex` does neither, so such a group gets a witness: a capture around it, whose
  last span tells which captures belong to the last repetition. What a backreference sees is a
  second capture, emptied when a repetition begins.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import regex

from refimpl.language.algorithms import character_sets as sets
from refimpl.language.algorithms.pattern_characters import UNICODE_ESCAPE, CharacterReader, decoded
from refimpl.language.algorithms.utf16 import SURROGATE_PAIR, to_code_points, to_units

Span = tuple[int, int]

#: Seconds after which one search is given up. The engine cannot count steps, so this is the only
#: limit measured in time; a search that reaches it ends the whole run.
PATIENCE: Final = 20.0
#: The largest bound of a repetition that `regex` accepts.
MANY: Final = 2**31
#: No subject is that long.
TOO_MANY: Final = 2**30
#: How many atoms a pattern may have once the least numbers of repetitions are multiplied out, as
#: `regex` does.
LARGEST: Final = 50_000
#: How deep groups may nest: the engine's time grows with the square of it, and it recurses.
DEEPEST: Final = 250

#: Whole escapes and classes, so that the parentheses between them can be counted; then a group.
PARTS: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?<(?![=!])([^>]*)>", re.DOTALL)
#: What may be a backreference; too many are found rather than too few.
REFERENCE: Final = re.compile(r"\\[1-9k]")
QUANTIFIER: Final = re.compile(r"(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)")


class PatternTooLargeError(ValueError):
    """The pattern asks for more repetitions or nesting than the engine takes."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    expression: Any
    unicode: bool
    group_count: int
    names: tuple[tuple[str, int], ...]  #: groups with names, in order; a name may come twice
    #: For each group, the witnesses around it, outermost first.
    witnesses: dict[int, tuple[str, ...]]

    def match(self, subject: str, index: int, *, sticky: bool) -> list[Span | None] | None:
        """The spans of the whole match and of each group, in code units; None for no match."""
        text, pairs = _subject(subject) if self.unicode else (subject, ())
        try_ = self.expression.match if sticky else self.expression.search
        found = try_(text, index - bisect_left(pairs, index), timeout=PATIENCE)
        if found is None:
            return None
        spans = [found.span(), *(self._capture(found, n + 1) for n in range(self.group_count))]
        if not pairs:
            return spans
        return [span and (_units(pairs, span[0]), _units(pairs, span[1])) for span in spans]

    def _capture(self, found: Any, group: int) -> Span | None:
        spans = found.spans(f"g{group}")
        if not spans:
            return None
        span: Span = spans[-1]
        for witness in self.witnesses[group]:
            repetitions = [s for s in found.spans(witness) if s[0] < s[1]]
            if not repetitions or not repetitions[-1][0] <= span[0] <= repetitions[-1][1]:
                return None
        return span


@lru_cache(maxsize=16)
def _subject(units: str) -> tuple[str, tuple[int, ...]]:
    """The code points of a subject, and where in its code units the surrogate pairs start."""
    pairs = tuple(match.start() for match in SURROGATE_PAIR.finditer(units))
    return to_code_points(units), pairs


def _units(pairs: tuple[int, ...], point: int) -> int:
    """The offset in code units of an offset in code points."""
    low, high = 0, len(pairs)
    while low < high:
        middle = (low + high) // 2
        if pairs[middle] - middle < point:
            low = middle + 1
        else:
            high = middle
    return point + low


@lru_cache(maxsize=512)
def translate(pattern: str, flags: str) -> Pattern:
    """Compile a valid pattern; raises UnknownPropertyError or PatternTooLargeError."""
    unicode = "u" in flags or "v" in flags
    text = to_code_points(pattern) if unicode else pattern
    translator = _Translator(text, flags)
    expression = regex.compile(translator.disjunction())
    names = tuple((to_units(name), n) for n, name in enumerate(translator.names, 1) if name)
    return Pattern(expression, unicode, len(translator.names), names, translator.witnesses)


class _Translator(CharacterReader):
    def __init__(self, text: str, flags: str) -> None:
        super().__init__(text, flags)
        found = [part for part in PARTS.finditer(text) if part[0][0] == "("]
        #: The name of each group, or None.
        self.names = [part[1] and UNICODE_ESCAPE.sub(decoded, part[1]) for part in found]
        self.has_references = REFERENCE.search(text) is not None
        #: For each group opened so far: the witnesses around it, outermost first.
        self.witnesses: dict[int, tuple[str, ...]] = {}
        self.open_groups: list[int] = []
        self.size = 0
        self.depth = 0
        #: How many lookbehinds we are in.
        self.behind = 0

    @property
    def groups(self) -> int:
        """How many groups have been opened so far."""
        return len(self.witnesses)

    # terms

    def disjunction(self) -> str:
        self.depth += 1
        if self.depth > DEEPEST:
            raise PatternTooLargeError
        alternatives = [self.alternative()]
        while self.accept("|"):
            alternatives.append(self.alternative())
        self.depth -= 1
        return "|".join(alternatives)

    def alternative(self) -> str:
        terms: list[str] = []
        while self.position < len(self.text) and self.text[self.position] not in "|)":
            terms.append(self.term())
        return "".join(terms)

    def term(self) -> str:
        first, size = self.groups + 1, self.size
        self.size += 1
        atom = self.atom()
        quantifier = self.take(QUANTIFIER)
        if quantifier is None:
            return atom
        sign, low, comma, high, lazy = quantifier.groups()
        most = (
            {"*": MANY, "+": MANY, "?": 1}.get(sign)
            if sign
            else int(high or (MANY if comma else low))
        )
        assert most is not None
        least = int(sign == "+") if sign else int(low)
        if least >= TOO_MANY:
            return "(?!)"
        self.size = size + (self.size - size) * max(least, 1)
        if self.size > LARGEST:
            raise PatternTooLargeError
        captured = range(first, self.groups + 1)
        if captured and (most > 1 or least == 0):
            atom = self.witnessed(atom, captured)
        upper = "" if most >= MANY else str(most)
        return f"(?:{atom}){{{least},{upper}}}{lazy}"

    def witnessed(self, atom: str, captured: range) -> str:
        """Surround a repeated atom by a capture that tells its last repetition."""
        witness = f"w{captured[0]}_{len(self.witnesses[captured[0]])}"
        for group in captured:
            self.witnesses[group] = (witness, *self.witnesses[group])
        resets = [f"(?P<b{group}>)" for group in captured] if self.has_references else []
        return f"(?P<{witness}>{''.join(resets)}{atom})"

    def atom(self) -> str:
        match character := self.next():
            case "^":
                return f"(?<!{self.not_line_end()})" if "m" in self.flags else r"\A"
            case "$":
                return f"(?!{self.not_line_end()})" if "m" in self.flags else r"\Z"
            case ".":
                return sets.source(sets.EVERYTHING) if "s" in self.flags else self.not_line_end()
            case "(":
                return self.group()
            case "[":
                return self.character_class()
            case "\\":
                return self.escape()
        return self.characters(((ord(character), ord(character)),))

    def not_line_end(self) -> str:
        return sets.source(sets.complement(sets.LINE_TERMINATORS))

    def group(self) -> str:
        for opening in ("?:", "?=", "?!", "?<=", "?<!"):
            if self.accept(opening):
                self.behind += opening in {"?<=", "?<!"}
                inside = self.disjunction()
                self.behind -= opening in {"?<=", "?<!"}
                self.next()
                return f"({opening}{inside})"
        if self.accept("?<"):
            self.until(">")
        elif self.accept("?"):
            return self.modified_group()
        group = self.groups + 1
        self.witnesses[group] = ()
        self.open_groups.append(group)
        inside = self.disjunction()
        self.open_groups.pop()
        self.next()
        if self.has_references:
            inside = f"(?P<b{group}>{inside})"
        return f"(?P<g{group}>{inside})"

    def modified_group(self) -> str:
        """A group such as `(?i-s:…)`."""
        outer = self.flags
        added, _, removed = self.until(":").partition("-")
        self.flags = "".join({*outer, *added} - {*removed})
        inside = self.disjunction()
        self.flags = outer
        self.next()
        return f"(?:{inside})"

    # escapes

    def escape(self) -> str:
        character = self.text[self.position]
        if character in "bB":
            self.position += 1
            return self.word_boundary(negated=character == "B")
        if character == "k" and (self.unicode or any(self.names)):
            self.position += 2
            name = UNICODE_ESCAPE.sub(decoded, self.until(">"))
            return self.references(n for n, other in enumerate(self.names, 1) if other == name)
        number = self.take(re.compile(r"[1-9][0-9]*"))
        if number and (self.unicode or int(number[0]) <= len(self.names)):
            return self.references([int(number[0])])
        if number:
            self.position = number.start()
        return self.characters(self.class_escape())

    def references(self, groups: Any) -> str:
        """Backreferences: a group that has not matched stands for nothing."""
        parts = []
        for group in groups:
            closed = group <= self.groups and group not in self.open_groups
            if closed or (self.behind and group not in self.open_groups):
                same = f"(?i:(?P=b{group}))" if "i" in self.flags else f"(?P=b{group})"
                parts.append(f"(?(b{group}){same})")
        return f"(?:{''.join(parts)})"

    def word_boundary(self, *, negated: bool) -> str:
        word = sets.WORD
        if self.unicode and "i" in self.flags:
            word = sets.closed_over_case(word, unicode=True)
        w = sets.source(word)
        if negated:
            return f"(?:(?<={w})(?={w})|(?<!{w})(?!{w}))"
        return f"(?:(?<={w})(?!{w})|(?<!{w})(?={w}))"
