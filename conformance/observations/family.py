"""Families: many requests that differ in one field, written on one line and counted as one case.

A field is given a list of its values, or a rule by which they are made when the corpus is read.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conformance.written import Written

#: Names that every object, array or function of ECMAScript inherits.
INHERITED_NAMES: tuple[str, ...] = (
    *("constructor", "toString", "toLocaleString", "valueOf", "hasOwnProperty", "isPrototypeOf"),
    *("propertyIsEnumerable", "__proto__", "__defineGetter__", "__defineSetter__"),
    *("__lookupGetter__", "__lookupSetter__", "length", "name", "prototype", "arguments"),
    *("caller", "apply", "bind", "call", "at", "concat", "copyWithin", "entries", "every"),
    *("fill", "filter", "find", "findIndex", "findLast", "findLastIndex", "flat", "flatMap"),
    *("forEach", "includes", "indexOf", "join", "keys", "lastIndexOf", "map", "pop", "push"),
    *("reduce", "reduceRight", "reverse", "shift", "slice", "some", "sort", "splice"),
    *("toReversed", "toSorted", "toSpliced", "unshift", "values", "with"),
    *("then", "catch", "finally"),
)


def _prefixes(written: Written) -> Iterable[str]:
    text = written.text()
    return (text[:length] for length in range(len(text)))


def _inherited(written: Written) -> Iterable[str]:
    pattern = written.text()
    return (pattern.replace("*", name) for name in INHERITED_NAMES)


def _up_to(written: Written) -> Iterable[int]:
    return range(1, written.integer() + 1)


def _permutations(written: Written) -> Iterable[str]:
    orders = permutations(written.texts())
    next(orders)  # the order as it is written
    return ("".join(order) for order in orders)


#: By name: every proper prefix of a text; a text with each inherited name in place of `*`; the
#: numbers from 1; the other orders of some texts, joined.
RULES: Mapping[str, Callable[[Written], Iterable[Any]]] = {
    "prefixes-of": _prefixes,
    "inherited-names": _inherited,
    "up-to": _up_to,
    "permutations-of": _permutations,
}


def read_family(
    written: Written, readers: Mapping[str, Callable[[Written], Any]]
) -> tuple[str, list[Any]]:
    """`{field: [values]}` or `{field: {rule: of what}}`: the field, and its values as requested."""
    entries = list(written.entries())
    if len(entries) != 1 or entries[0][0] not in readers:
        known = ", ".join(sorted(readers))
        written.refuse("invalid-value", f"a family varies one of {known}")
    name, values = entries[0]
    if values.is_list:
        return name, [readers[name](value) for value in values.items()]
    rules = values.fields(RULES)
    if len(rules) != 1:
        values.refuse("invalid-value", f"a family is a list, or made by one of {', '.join(RULES)}")
    rule, argument = rules.popitem()
    return name, list(RULES[rule](argument))
