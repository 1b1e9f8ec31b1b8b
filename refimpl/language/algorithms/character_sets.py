"""Sets of characters in regular expressions: ranges, Unicode properties, and case equivalence.

A set is a sorted tuple of disjoint inclusive ranges of code points. Properties come from the `regex`
package; what is "the same but for case" is computed from Python's case mappings by the two rules
of ECMA-262's Canonicalize.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

Ranges: TypeAlias = tuple[tuple[int, int], ...]

LAST: Final = 0x10FFFF
EVERYTHING: Final[Ranges] = ((0, LAST),)
DIGITS: Final[Ranges] = ((0x30, 0x39),)
WORD: Final[Ranges] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
LINE_TERMINATORS: Final[Ranges] = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))
SPACES: Final[Ranges] = (
    *((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)


class UnknownPropertyError(ValueError):
    """The Unicode data at hand has no such property."""


def union(*sets: Iterable[tuple[int, int]]) -> Ranges:
    """The characters in any of the sets; a set given here need not be sorted."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(item for ranges in sets for item in ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """All other characters."""
    edges = [-1, *(edge for item in ranges for edge in item), LAST + 1]
    gaps = ((edges[i] + 1, edges[i + 1] - 1) for i in range(0, len(edges), 2))
    return tuple((low, high) for low, high in gaps if low <= high)


def intersection(left: Ranges, right: Ranges) -> Ranges:
    """The characters in both sets."""
    return complement(union(complement(left), complement(right)))


def contains(ranges: Ranges, code_point: int) -> bool:
    """Whether a set has a character."""
    found = bisect_right(ranges, (code_point, LAST + 1))
    return found > 0 and ranges[found - 1][1] >= code_point


@cache
def every_character() -> str:
    """All code points in order, lone surrogates included."""
    return "".join(map(chr, range(LAST + 1)))


@cache
def property_set(name: str) -> Ranges:
    r"""The characters of `\p{name}`."""
    try:
        runs = regex.finditer(rf"\p{{{name}}}+", every_character())
    except regex.error:
        raise UnknownPropertyError(name) from None
    return tuple((run.start(), run.end() - 1) for run in runs)


# --- case ----------------------------------------------------------------------------------------


#: Simple foldings that Unicode 15.1 added and Python's data may lack.
LATE_FOLDINGS: Final = {"\u1fd3": "\u0390", "\u1fe3": "\u03b0", "\ufb05": "\ufb06"}


def simple_case_folding(character: str) -> str:
    """scf: case folding to one character."""
    if character in LATE_FOLDINGS:
        return LATE_FOLDINGS[character]
    folded = character.casefold()
    folded = folded if len(folded) == 1 else character.lower()
    return folded if len(folded) == 1 else character


def canonicalize(character: str, *, unicode: bool) -> str:
    """Canonicalize for a pattern that ignores case."""
    if unicode:
        return simple_case_folding(character)
    upper = character.upper()
    crosses_ascii = character >= "\x80" > upper
    return character if len(upper) != 1 or upper > "\uffff" or crosses_ascii else upper


@cache
def case_classes(*, unicode: bool) -> dict[int, Ranges]:
    """For each character that is not alone: all that have the same canonical form."""
    classes: dict[str, list[int]] = {}
    cased = regex.findall(
        r"[\p{CWCM}\p{CWCF}]", every_character()[: LAST + 1 if unicode else 0x10000]
    )
    for character in cased:
        classes.setdefault(canonicalize(character, unicode=unicode), []).append(ord(character))
    equivalent: dict[int, Ranges] = {}
    for canonical, members in classes.items():
        ranges = union([(member, member) for member in {*members, ord(canonical)}])
        if ranges[0] != ranges[-1] or len(members) > 1:
            equivalent.update(dict.fromkeys([*members, ord(canonical)], ranges))
    return equivalent


def closed_over_case(ranges: Ranges, *, unicode: bool) -> Ranges:
    """The set with every character that is equal to one of its own but for case."""
    classes = case_classes(unicode=unicode)
    if ranges[0][0] == ranges[-1][1]:
        return union(ranges, classes.get(ranges[0][0], ()))
    touched = (others for member, others in classes.items() if contains(ranges, member))
    return union(ranges, *touched)


def source(ranges: Ranges) -> str:
    """The set as the `regex` package writes it."""
    if not ranges:
        return "(?!)"
    inside = "".join(
        f"\\U{low:08x}" if low == high else f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges
    )
    return f"[{inside}]"
