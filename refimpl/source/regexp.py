"""The syntax of regular-expression literals: flags, and patterns by the grammar `spec/regexp.lark`.

Rules of this module:

* The grammar decides what it can; here are only the early errors that need counting or names.
* A pattern is checked and never compiled: matching is the business of `language`.
* The first problem is the answer, with its offset in the pattern.
* Lark is imported when the first pattern is met: most programs are parsed faster than it loads.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import regex

import spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import Lark, Token, Tree

FLAGS = "dgimsuvy"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a literal, and how far into its pattern."""

    code: str
    message: str
    offset: int


class _Found(Exception):  # noqa: N818 -- a way out of the checks, not an error of ours
    def __init__(self, code: str, message: str, offset: int) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, offset)


@lru_cache(maxsize=1024)
def check(pattern: str, flags: str) -> Problem | None:
    """The first syntax problem of `/pattern/flags`, or None."""
    try:
        _check_flags(flags, len(pattern) + 1)
        # A lone surrogate stands for itself; a pair is one character to every rule here.
        text = pattern.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        mode = "sets" if "v" in flags else "unicode" if "u" in flags else "web"
        _Checks(mode).run(_parse(text, mode))
    except _Found as found:
        return found.problem
    return None


def _check_flags(flags: str, offset: int) -> None:
    for index, flag in enumerate(flags):
        if flag not in FLAGS:
            raise _Found("flags", f"there is no flag `{flag}`", offset + index)
        if flag in flags[:index]:
            raise _Found("flags", f"the flag `{flag}` is given twice", offset + index)
    if "u" in flags and "v" in flags:
        raise _Found("flags", "the flags `u` and `v` exclude each other", offset)


# --- parsing -------------------------------------------------------------------------------------


@cache
def _parser() -> Lark:
    from lark import Lark  # noqa: PLC0415 -- see the last rule of this module

    return Lark(
        spec.read("regexp.lark"),
        start=["pattern_web", "pattern_unicode", "pattern_sets"],
        parser="lalr",
        regex=True,
        maybe_placeholders=False,
    )


def _parse(pattern: str, mode: str) -> Tree[Token]:
    from lark.exceptions import (  # noqa: PLC0415 -- see the last rule of this module
        UnexpectedCharacters,
        UnexpectedToken,
    )

    try:
        return _parser().parse(pattern, start=f"pattern_{mode}")
    except UnexpectedCharacters as error:
        raise _unexpected(pattern, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        offset = len(pattern) if error.token.type == "$END" else _start(error.token)
        raise _unexpected(pattern, offset) from None


def _unexpected(pattern: str, offset: int) -> _Found:
    rest = pattern[offset:]
    if not rest:
        return _Found("unterminated", "a group or class is not closed", offset)
    if re.match(r"[*+?]|\{\d+(,\d*)?\}", rest):
        return _Found("nothing-to-repeat", f"there is nothing for `{rest[0]}` to repeat", offset)
    if rest[0] == "\\":
        return _Found("escape", f"`{rest[:2]}` is not an escape here", offset)
    return _Found("unexpected", f"`{rest[0]}` is not allowed here; write `\\{rest[0]}`", offset)


def _start(part: Tree[Token] | Token) -> int:
    if isinstance(part, str):
        return part.start_pos or 0
    return min((token.start_pos or 0 for token in part.scan_values(_is_token)), default=0)


def _is_token(part: object) -> bool:
    return isinstance(part, str)


# --- characters and names ------------------------------------------------------------------------

_IDENTIFIER_NAME = regex.compile(r"[$_\p{ID_Start}][$\u200c\u200d\p{ID_Continue}]*")

_UNICODE_ESCAPE = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]+)\}"
)

_ATOM = re.compile(r"\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x..|\\c.|\\.|.", re.DOTALL)
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")

_CONTROL = {"b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


def _group_name(token: Token) -> str:
    """ECMAScript CapturingGroupName: the name between the angle brackets, escapes decoded."""
    return _UNICODE_ESCAPE.sub(_decoded, token[3:-1])


def _decoded(escape: re.Match[str]) -> str:
    high, low, short, long = escape.groups()
    if high is not None:
        return bytes.fromhex(high + low).decode("utf-16-be")
    value = int(short or long, 16)
    return chr(value) if value <= 0x10FFFF else "\0"  # which no name contains


def _code_point(atom: str) -> int | None:
    """What an atom of a class stands for; None when it is a class itself."""
    if len(atom) == 1:
        return ord(atom)
    letter = atom[1]
    if len(atom) == 2:
        if letter in "dDsSwW":
            return None
        return int(letter) if letter.isdigit() else _CONTROL.get(letter, ord(letter))
    if letter == "u":
        return ord(_UNICODE_ESCAPE.sub(_decoded, atom))
    if letter == "x":
        return int("0" + atom[1:], base=0)
    if letter == "c":
        return ord(atom[2]) % 32
    return None if letter in "pP" else int(atom[1:], 8)


def _strings(token: Token) -> list[list[str]]:
    r"""The characters of each alternative of `\q{…|…}`."""
    return [_ATOM.findall(text) for text in _UNESCAPED_BAR.split(token[3:-1])]


def _code_units(code_point: int) -> tuple[int, int]:
    """The first and the last UTF-16 code unit of a character."""
    units = chr(code_point).encode("utf-16-be", "surrogatepass")
    return int.from_bytes(units[:2]), int.from_bytes(units[-2:])


@cache
def _properties() -> dict[str, frozenset[str]]:
    tables = json.loads(spec.read("unicode-properties.json"))
    return {name: frozenset(values) for name, values in tables.items()}


# --- what the grammar cannot say -----------------------------------------------------------------


_SET_RULES = frozenset({"class_sets", "nested_class", "union", "intersection", "subtraction"})
_RANGE_RULES = frozenset({"range_web", "range_unicode", "range_sets"})


class _Checks:
    """The early errors of section 22.2.1.1 over the tree of one pattern."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.groups = 0
        self.names: set[str] = set()
        self.backreferences: list[Token] = []
        self.references: list[Token] = []
        #: The group names inside a subtree; whether a class may match more than one character.
        self.names_in: dict[int, set[str]] = {}
        self.strings_in: dict[int, bool] = {}

    def run(self, tree: Tree[Token]) -> None:
        for subtree in tree.iter_subtrees():  # from the leaves up
            for token in subtree.children:
                if isinstance(token, str) and token.type in _TOKEN_CHECKS:
                    _TOKEN_CHECKS[token.type](self, token)
            if subtree.data in _SET_RULES:
                self.strings_in[id(subtree)] = self._may_contain_strings(subtree)
            elif subtree.data in _RANGE_RULES:
                self._check_range(subtree)
            else:
                self.names_in[id(subtree)] = self._group_names(subtree)
        self._check_references()

    def _group_names(self, tree: Tree[Token]) -> set[str]:
        """The names in a part of the pattern; one name twice only in different alternatives."""
        names: set[str] = set()
        for child in tree.children:
            inner: set[str] = set()
            if not isinstance(child, str):
                inner = self.names_in.get(id(child), set())
            elif child.type == "NAMED_CAPTURE":
                inner = {_group_name(child)}
            if tree.data != "disjunction" and not names.isdisjoint(inner):
                name = min(names & inner)
                raise _Found("duplicate-group", f"two groups are named `{name}`", _start(child))
            names = names | inner
        return names

    def _check_references(self) -> None:
        for token in self.backreferences:
            if int(token[1:]) > self.groups:
                message = f"`{token}` refers to a group that does not exist"
                raise _Found("backreference", message, _start(token))
        for token in self.references:
            if token.type == "BARE_K":
                if self.names:
                    raise _Found("escape", "`\\k` is not followed by a group's name", _start(token))
            elif (self.names or self.mode != "web") and _group_name(token) not in self.names:
                message = f"no group is named `{_group_name(token)}`"
                raise _Found("backreference", message, _start(token))

    def _may_contain_strings(self, tree: Tree[Token]) -> bool:
        """ECMAScript MayContainStrings, and the error of negating such a class."""
        parts = [self._part_may_contain_strings(child) for child in tree.children]
        if tree.data == "intersection":
            return all(parts)
        if tree.data == "subtraction":
            return parts[0]
        opening = tree.children[0] if tree.children else None
        if isinstance(opening, str) and opening.type == "NEGATED_OPEN":
            if any(parts):
                message = "a negated class cannot contain strings"
                raise _Found("negated-strings", message, _start(opening))
            return False
        return any(parts)

    def _part_may_contain_strings(self, part: Tree[Token] | Token) -> bool:
        if not isinstance(part, str):
            return self.strings_in.get(id(part), False)
        if part.type == "STRINGS":
            alternatives = _strings(part)
            return any(len(alternative) != 1 for alternative in alternatives)
        return part.type == "PROPERTY" and part[3:-1] in _properties()["strings"]

    def _check_range(self, tree: Tree[Token]) -> None:
        start, end = (str(token) for token in tree.scan_values(_is_token))
        low, high = _code_point(start[:-1]), _code_point(end)
        if low is None or high is None:
            if self.mode != "web":
                message = "a range goes from one character to another, not to a class"
                raise _Found("range", message, _start(tree))
            return
        if self.mode == "web":  # without a flag, a pattern is made of code units
            low, high = _code_units(low)[1], _code_units(high)[0]
        if low > high:
            message = f"the range `{start}{end}` is out of order"
            raise _Found("range", message, _start(tree))

    # one token

    def capture(self, token: Token) -> None:
        self.groups += 1
        if token.type == "NAMED_CAPTURE":
            name = _group_name(token)
            if not _IDENTIFIER_NAME.fullmatch(name):
                raise _Found("group-name", f"`{name}` cannot be the name of a group", _start(token))
            self.names.add(name)

    def quantifier(self, token: Token) -> None:
        bounds = re.findall(r"\d+", token)
        if len(bounds) == 2 and int(bounds[0]) > int(bounds[1]):
            raise _Found("bounds", "the bounds of a repetition are out of order", _start(token))

    def modifiers(self, token: Token) -> None:
        added, _, removed = token[2:-1].partition("-")
        letters = added + removed
        if not set(letters) <= set("ims") or len(set(letters)) != len(letters) or not letters:
            message = "modifiers are `i`, `m` and `s`, each once"
            raise _Found("modifiers", message, _start(token))

    def property(self, token: Token) -> None:
        name, _, value = token[3:-1].rpartition("=")
        known = _properties()
        if name:
            table = {"gc": "General_Category", "General_Category": "General_Category"}.get(
                name, "Script" if name in {"sc", "Script", "scx", "Script_Extensions"} else ""
            )
            valid = value in known.get(table, ())
        else:
            valid = value in known["binary"] or value in known["General_Category"]
            if self.mode == "sets" and token[1] == "p":
                valid = valid or value in known["strings"]
        if not valid:
            message = f"`{token[3:-1]}` is not a Unicode property that this pattern may use"
            raise _Found("property", message, _start(token))


_TOKEN_CHECKS: dict[str, Callable[[_Checks, Token], None]] = {
    "CAPTURE": _Checks.capture,
    "NAMED_CAPTURE": _Checks.capture,
    "QUANTIFIER": _Checks.quantifier,
    "MODIFIERS": _Checks.modifiers,
    "PROPERTY": _Checks.property,
    "BACKREFERENCE": lambda checks, token: checks.backreferences.append(token),
    "NAMED_REFERENCE": lambda checks, token: checks.references.append(token),
    "BARE_K": lambda checks, token: checks.references.append(token),
}
