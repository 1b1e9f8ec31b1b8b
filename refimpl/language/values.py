"""ECMAScript language values as Python values (ECMA-262 §6.1).

* Undefined and Null are the singletons `undefined` and `null`; Python's None is never a guest value.
* Boolean is `bool`. Number is `float`, always: an `int` that reaches a guest is a bug.
* String is `str` of UTF-16 code units: every character is at most U+FFFF, and a character beyond
  the Basic Multilingual Plane is two surrogates. `language.algorithms.utf16` converts.
* BigInt is `BigInt`, Symbol is `Symbol`, Object is `refimpl.language.objects.JSObject`.
* Well-known symbols are shared by all realms, as ECMAScript has it; they are immutable.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

#: Any guest value.
Value: TypeAlias = Any


class Undefined:
    """The type of `undefined`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"

    def __bool__(self) -> bool:
        return False


class Null:
    """The type of `null`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "null"

    def __bool__(self) -> bool:
        return False


undefined: Final = Undefined()
null: Final = Null()


class Symbol:
    """A Symbol value: unique by identity. `description` is a String or `undefined`."""

    __slots__ = ("description",)

    def __init__(self, description: str | Undefined = undefined) -> None:
        self.description = description

    def __repr__(self) -> str:
        return f"Symbol({'' if self.description is undefined else self.description})"


class BigInt:
    """A BigInt value; `n` is the mathematical integer."""

    __slots__ = ("n",)

    def __init__(self, n: int) -> None:
        self.n = n

    def __eq__(self, other: object) -> bool:
        return type(other) is BigInt and self.n == other.n

    def __hash__(self) -> int:
        return hash((BigInt, self.n))

    def __repr__(self) -> str:
        return f"{self.n}n"


#: A property key.
Key: TypeAlias = str | Symbol

SYMBOL_ASYNC_ITERATOR: Final = Symbol("Symbol.asyncIterator")
SYMBOL_HAS_INSTANCE: Final = Symbol("Symbol.hasInstance")
SYMBOL_IS_CONCAT_SPREADABLE: Final = Symbol("Symbol.isConcatSpreadable")
SYMBOL_ITERATOR: Final = Symbol("Symbol.iterator")
SYMBOL_MATCH: Final = Symbol("Symbol.match")
SYMBOL_MATCH_ALL: Final = Symbol("Symbol.matchAll")
SYMBOL_REPLACE: Final = Symbol("Symbol.replace")
SYMBOL_SEARCH: Final = Symbol("Symbol.search")
SYMBOL_SPECIES: Final = Symbol("Symbol.species")
SYMBOL_SPLIT: Final = Symbol("Symbol.split")
SYMBOL_TO_PRIMITIVE: Final = Symbol("Symbol.toPrimitive")
SYMBOL_TO_STRING_TAG: Final = Symbol("Symbol.toStringTag")
SYMBOL_UNSCOPABLES: Final = Symbol("Symbol.unscopables")

#: The names under which the constructor Symbol shows them.
WELL_KNOWN_SYMBOLS: Final = {
    "asyncIterator": SYMBOL_ASYNC_ITERATOR,
    "hasInstance": SYMBOL_HAS_INSTANCE,
    "isConcatSpreadable": SYMBOL_IS_CONCAT_SPREADABLE,
    "iterator": SYMBOL_ITERATOR,
    "match": SYMBOL_MATCH,
    "matchAll": SYMBOL_MATCH_ALL,
    "replace": SYMBOL_REPLACE,
    "search": SYMBOL_SEARCH,
    "species": SYMBOL_SPECIES,
    "split": SYMBOL_SPLIT,
    "toPrimitive": SYMBOL_TO_PRIMITIVE,
    "toStringTag": SYMBOL_TO_STRING_TAG,
    "unscopables": SYMBOL_UNSCOPABLES,
}
