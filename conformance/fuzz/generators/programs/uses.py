"""What a server function may do with a binding: texts with `X` for its name, and what they give."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from conformance.fuzz.generators.programs.meaning import UNDEFINED, Instance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Use = tuple[str, "Callable[[Any], Any]"]


def same(value: Any) -> Any:
    """The value itself."""
    return value


def kind_of(outcome: Any) -> str:
    """What `typeof` says of what a server function gives, or that it threw."""
    if isinstance(outcome, list):
        return "object"
    return "function" if isinstance(outcome, Instance) else str(outcome)


#: Uses that give the value itself, whatever it is.
WHOLE: tuple[Use, ...] = (
    ("X", same),
    ("(X)", same),
    ("(() =>·X)()", same),
    ("(function () { return X })()", same),
    ("((x·=·X) =>·x)()", same),
    ("[X][0]", same),
    ("({ X }).X", same),
    ("(class·{ static v·=·X }).v", same),
    ("{ get v() { return X } }.v", same),
    ("(await X)", same),
    ("X⟦ as unknown⟧", same),
    ("(() => { const v⟦: typeof X⟧ = X¶ return v¶})()", same),
)
#: A call of another server function: of the kind of what it gives can be told.
CALLED: Use = (
    "(await X('first', 2).then(x => typeof x, () => 'thrown'))",
    lambda made: kind_of(made.outcome("first", 2)),
)
#: By the nature of the binding.
USES: Mapping[str, tuple[Use, ...]] = {
    "any": (("X", same),),
    "text": (
        *WHOLE,
        ("typeof X", lambda _: "string"),
        ("`${X}`", same),
        ("`< ${`${·X·}`} >`", lambda value: f"< {value} >"),
        ("X.length", len),
        ("X?.length", len),
        ("X['length']", len),
        ("(({ length }) =>·length)(X)", len),
        ("({ [X]: 1 })[X]", lambda _: 1),
    ),
    "number": (
        *WHOLE,
        ("X + 1", lambda value: value + 1),
        ("-X", lambda value: -value),
        ("typeof X", lambda _: "number"),
        ("X.X", lambda _: UNDEFINED),
    ),
    "list": (
        ("[...X]", copy.copy),
        ("X.length", len),
        ("X.map(x => x)", copy.copy),
        ("(([...x]) => x)(X)", copy.copy),
    ),
    "record": (
        ("X.k", lambda value: value["k"]),
        ("{ ...X }", copy.copy),
        ("(({ k }) => k)(X)", lambda value: value["k"]),
        ("X?.X", lambda _: UNDEFINED),
        ("Object.keys(X).length", len),
    ),
    "date": (
        ("X.getTime()", lambda value: value["time"]),
        ("X instanceof Date", lambda _: True),
    ),
    "map": (
        ("X.get('k')", lambda value: value["k"]),
        ("X.size", len),
        ("[...X.keys()]", lambda value: [*value]),
    ),
    "set": (
        ("[...X]", lambda value: [*value]),
        ("X.has(-1)", lambda _: False),
    ),
    "enum": (("X.K", lambda _: 5), ("X[5]", lambda _: "K")),
    "class": (
        ("typeof X", lambda _: "function"),
        ("X.k", lambda _: 7),
        ("new X().m()", lambda _: 8),
    ),
    "plain": (("typeof X", lambda _: "function"), ("X(7)", lambda _: [7])),
    "secret": (
        ("typeof X", lambda _: "string"),
        ("X.length > 5", lambda _: True),
        ("(X ? 1 : 2)", lambda _: 1),
    ),
    "function": (("typeof X", lambda _: "function"), CALLED),
    "peer": (("typeof X", lambda _: "function"),),
    "self": (("typeof X", lambda _: "function"),),
    "unset": (("typeof X", lambda _: "undefined"),),
}
#: An assignment to a constant throws when it is carried out.
CONSTANT_USES: tuple[Use, ...] = (
    ("(() => { try { X = 1¶} catch (error) { return error.name } })()", lambda _: "TypeError"),
)
#: What an object is compared with, by name.
SAME = "X === Y"
#: Expressions that use what nothing in the program binds.
GLOBALS: Sequence[tuple[str, Any]] = (
    ("typeof Math", "object"),
    ("Math.max(1, 2)", 2),
    ("typeof globalThis", "object"),
    ("typeof nothingBindsThis", "undefined"),
    ("[undefined].length", 1),
)
#: An expression with a binding of its own: its name, and the number that is given.
HIDDEN_USES = ("{{ {0}: {1} }}.{0}", "(({0}) =>·{0})({1})", "(function {0}() {{ return {1} }})()")
