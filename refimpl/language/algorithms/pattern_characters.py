"""Regular expressions, the part of characters: escapes and classes, as sets and as `regex` source.

The rules are those of `patterns`, which adds terms and groups.
"""

from __future__ import annotations

import re
from typing import Final

from refimpl.language.algorithms import character_sets as sets

UNICODE_ESCAPE: Final = re.compile(
    r"\\u(?:\{([0-9A-Fa-f]+)\}"
    r"|([Dd][89AaBb][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})|([0-9A-Fa-f]{4}))"
)
CONTROL: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
CLASS_ESCAPES: Final = {"d": sets.DIGITS, "s": sets.SPACES, "w": sets.WORD}


class CharacterReader:
    """Reads a valid pattern from `position` on."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.flags = flags
        self.position = 0
        self.unicode = "u" in flags or "v" in flags

    def accept(self, literal: str) -> bool:
        """Step over a literal text if it comes next."""
        found = self.text.startswith(literal, self.position)
        self.position += len(literal) * found
        return found

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        """Step over what matches an expression here."""
        found = expression.match(self.text, self.position)
        self.position = found.end() if found else self.position
        return found

    def next(self) -> str:
        """Step over one character."""
        self.position += 1
        return self.text[self.position - 1]

    def until(self, end: str) -> str:
        """Step over everything up to and including `end`; the part before it."""
        start = self.position
        self.position = self.text.index(end, start) + len(end)
        return self.text[start : self.position - len(end)]

    # characters

    def characters(self, ranges: sets.Ranges) -> str:
        """A set as source, closed over case if case is ignored."""
        if "i" in self.flags and ranges:
            ranges = sets.closed_over_case(ranges, unicode=self.unicode)
        return sets.source(ranges)

    def class_escape(self, *, in_class: bool = False) -> sets.Ranges:
        """What an escape after its backslash stands for: a set, often of one character."""
        character = self.next()
        if character.lower() in CLASS_ESCAPES:
            return self.class_letter(character)
        if character in "pP" and self.unicode:
            self.next()
            found = sets.property_set(self.until("}"))
            return self.complemented(found) if character == "P" else found
        code_point = self.character_escape(character, in_class=in_class)
        return ((code_point, code_point),)

    def class_letter(self, letter: str) -> sets.Ranges:
        r"""The set of `\d`, `\s` or `\w`, or of its capital."""
        found = CLASS_ESCAPES[letter.lower()]
        if letter in "wW" and self.unicode and "i" in self.flags:
            found = sets.closed_over_case(found, unicode=True)
        return sets.complement(found) if letter.isupper() else found

    def complemented(self, ranges: sets.Ranges) -> sets.Ranges:
        """The complement; with the flag v, of the set closed over case."""
        if "v" in self.flags and "i" in self.flags and ranges:
            ranges = sets.closed_over_case(ranges, unicode=True)
        return sets.complement(ranges)

    def character_escape(self, character: str, *, in_class: bool) -> int:
        """The code point of an escape that starts with `character`."""
        if character in CONTROL:
            return CONTROL[character]
        if character == "b" and in_class:
            return 8
        if character == "c":
            letters = r"[A-Za-z0-9_]" if in_class else r"[A-Za-z]"
            if letter := self.take(re.compile(letters)):
                return ord(letter[0]) % 32
            self.position -= 1
            return ord("\\")
        if character == "u" and (code_point := self.unicode_escape()) is not None:
            return code_point
        if character == "x" and (digits := self.take(re.compile(r"[0-9A-Fa-f]{2}"))):
            return int(digits[0], 16)
        if character in "01234567":
            self.position -= 1
            octal = self.take(re.compile(r"[0-3][0-7]{0,2}|[4-7][0-7]?"))
            assert octal is not None
            return int(octal[0], 8)
        return ord(character)

    def unicode_escape(self) -> int | None:
        r"""The code point of a `\u` escape, if it is one in this kind of pattern."""
        self.position -= 2
        found = UNICODE_ESCAPE.match(self.text, self.position)
        self.position += 2
        if found is None or (found[1] and not self.unicode):
            return None
        if found[2] and not self.unicode:
            self.position += 4
            return int(found[2], 16)
        self.position = found.end()
        return ord(decoded(found))

    # classes

    def character_class(self) -> str:
        """A class after its opening bracket, as source."""
        if "v" in self.flags:
            ranges, strings = self.class_contents()
            return self.with_strings(ranges, strings)
        negated = self.accept("^")
        members: list[sets.Ranges] = []
        while not self.accept("]"):
            members.append(self.class_range(self.class_atom()))
        ranges = sets.union(*members)
        if not negated:
            return self.characters(ranges)
        if "i" in self.flags and ranges:
            ranges = sets.closed_over_case(ranges, unicode=self.unicode)
        return sets.source(sets.complement(ranges))

    def class_atom(self) -> sets.Ranges:
        """One character or class escape inside a class."""
        character = self.next()
        if character == "\\":
            return self.class_escape(in_class=True)
        return ((ord(character), ord(character)),)

    def class_range(self, low: sets.Ranges) -> sets.Ranges:
        """The range that starts with `low`, if a hyphen and an end follow."""
        following = self.text[self.position : self.position + 2]
        if following[:1] != "-" or following == "-]" or ("v" in self.flags and following == "--"):
            return low
        self.next()
        high = self.class_atom()
        if low[0][0] != low[-1][1] or high[0][0] != high[-1][1]:
            return sets.union(low, high, ((0x2D, 0x2D),))
        return ((low[0][0], high[0][0]),)

    def class_contents(self) -> tuple[sets.Ranges, frozenset[str]]:
        """A class of a pattern with the flag v, after its bracket: characters and longer strings."""
        negated = self.accept("^")
        ranges: sets.Ranges = ()
        strings: frozenset[str] = frozenset()
        while not self.accept("]"):
            if self.accept("&&"):
                others, other_strings = self.operand()
                ranges, strings = sets.intersection(ranges, others), strings & other_strings
            elif self.accept("--"):
                others, other_strings = self.operand()
                ranges = sets.intersection(ranges, sets.complement(others))
                strings -= other_strings
            else:
                others, other_strings = self.operand()
                ranges, strings = sets.union(ranges, others), strings | other_strings
        return (self.complemented(ranges) if negated else ranges), strings

    def operand(self) -> tuple[sets.Ranges, frozenset[str]]:
        """One operand of a class of a pattern with the flag v."""
        if self.accept("["):
            return self.folded(*self.class_contents())
        if self.accept("\\q{"):
            return self.folded(*self.quoted_strings())
        return self.folded(self.class_range(self.class_atom()), frozenset())

    def folded(
        self, ranges: sets.Ranges, strings: frozenset[str]
    ) -> tuple[sets.Ranges, frozenset[str]]:
        """MaybeSimpleCaseFolding, of operands, by closing instead of folding."""
        if "i" not in self.flags or not ranges:
            return ranges, strings
        return sets.closed_over_case(ranges, unicode=True), strings

    def quoted_strings(self) -> tuple[sets.Ranges, frozenset[str]]:
        r"""The alternatives of `\q{…}`."""
        alternatives = [""]
        while not self.accept("}"):
            if self.accept("|"):
                alternatives.append("")
            else:
                alternatives[-1] += chr(self.class_atom()[0][0])
        single = [(ord(text), ord(text)) for text in alternatives if len(text) == 1]
        return sets.union(single), frozenset(text for text in alternatives if len(text) != 1)

    def with_strings(self, ranges: sets.Ranges, strings: frozenset[str]) -> str:
        """A class as alternatives, longest first."""
        ordered = sorted(strings, key=len, reverse=True)
        texts = ["".join(self.characters(((ord(c), ord(c)),)) for c in text) for text in ordered]
        longer = [text for text, string in zip(texts, ordered, strict=True) if string]
        empty = [""] if "" in strings else []
        return f"(?:{'|'.join([*longer, self.characters(ranges), *empty])})"


def decoded(escape: re.Match[str]) -> str:
    r"""The character of a `\u` escape."""
    braced, lead, trail, plain = escape.groups()
    if lead:
        return bytes.fromhex(lead + trail).decode("utf-16-be")
    return chr(int(braced or plain, 16))
