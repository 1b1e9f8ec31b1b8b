"""Source text of every dialect: what one allows, what another does not, and what none does.

The rule of this module: a construct knows the endings of the files in which it may stand; anywhere
else the module is refused with `syntax`. `N` stands for a name of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.prologues import PLACES
from conformance.fuzz.generators.replacing import replaced
from conformance.observations import Compile, Run

if TYPE_CHECKING:
    from conformance.observations.observation import Observation

#: Not `js`, in which an implementation may accept JSX.
ENDINGS = ("mjs", "jsx", "ts", "mts", "tsx")
TYPES, ELEMENTS, EVERYWHERE = ("ts", "mts", "tsx"), ("jsx", "tsx"), ENDINGS


class Construct(NamedTuple):
    """A statement, and where it may stand."""

    text: str
    clause: str
    endings: tuple[str, ...] = ()


CONSTRUCTS = (
    Construct("const N = 1\n", "source.dialect", EVERYWHERE),
    Construct("let N: number = 1\n", "source.dialect", TYPES),
    Construct("const N = 1 as number\n", "source.dialect", TYPES),
    Construct("function N<T>(x: T): T { return x }\n", "source.dialect", TYPES),
    Construct("enum N { A, B = 'b' }\n", "source.dialect", TYPES),
    Construct("class N { constructor(private x: string) {} }\n", "source.dialect", TYPES),
    Construct("type N = string\n", "source.types", TYPES),
    Construct("const N = <string>'x'\n", "source.dialect", ("ts", "mts")),
    Construct("const N = <p a='1'>{1}</p>\n", "source.dialect", ELEMENTS),
    Construct("const N = <></>\n", "source.dialect", ELEMENTS),
    # The goal is Module, and it is strict.
    Construct("await 0\n", "source.goal", EVERYWHERE),
    Construct("const N = import.meta\n", "source.goal", EVERYWHERE),
    Construct("export { N }; var N\n", "source.goal", EVERYWHERE),
    Construct("with ({}) {}\n", "source.goal"),
    Construct("const N = 010\n", "source.goal"),
    Construct("let await = 1\n", "source.goal"),
    Construct("const N = function () { return arguments = 1 }\n", "source.goal"),
    Construct(";<!-- N\n", "source.goal"),
    # The grammar, and early errors.
    Construct("const N = ;\n", "source.syntax"),
    Construct("function N( {\n", "source.syntax"),
    Construct("const N = 'N\n", "source.syntax"),
    Construct("const N = /(/\n", "source.syntax"),
    Construct("let N\nlet N\n", "source.syntax"),
    Construct("const N = 1; export { N, N }\n", "source.syntax"),
    Construct("return 1\n", "source.syntax"),
    Construct("break\n", "source.syntax"),
    Construct("for (const N of [0]) { var N }\n", "source.syntax"),
    Construct("class N { constructor() {} constructor() {} }\n", "source.syntax"),
    Construct("class N { m() { return this.#x } }\n", "source.syntax"),
    Construct("const N = new.target\n", "source.syntax"),
    Construct("1 = 2\n", "source.syntax"),
)
FUNCTION = "export const save = async () => { 'use server'; return 'saved' }\n"
CLIENT = "export default save => save()\n"


@dataclass(frozen=True)
class Text:
    """A module of some constructs."""

    path: str
    text: str
    features: frozenset[str]
    is_refused: bool


@st.composite
def modules(draw: st.DrawFn) -> Text:
    """A module with a server function and some constructs."""
    ending = draw(_ENDING)
    found = draw(_CONSTRUCTS)
    texts = [replaced(each.text, N=f"n{number}") for number, each in enumerate(found)]
    texts.insert(draw(st.integers(0, len(texts))), FUNCTION)
    features = {each.clause for each in found} | {f"{each.clause}:{each.text}" for each in found}
    is_refused = any(ending not in each.endings for each in found)
    return Text(f"page.{ending}", "".join(texts), frozenset(features), is_refused)


_ENDING = st.sampled_from(ENDINGS)
_CONSTRUCTS = st.lists(st.sampled_from(CONSTRUCTS), min_size=1, max_size=2)


@st.composite
def sources(draw: st.DrawFn) -> Example:
    """Such a module, to be compiled, and run if it can be; of some the place of the error counts."""
    made = draw(modules())
    features = {*made.features, "function.inline"}
    asked: Observation = Compile({}, None)
    if draw(_SIXTH) == 5:
        features |= {PLACES[1]}
    if draw(_SIXTH) == 5:
        features.add("conformance.errors.before-effects")
        asked = Run({"entry": f"{made.path}#save", "client": CLIENT}, None, None)
    return Example(frozenset(features), asking(asked), {made.path: made.text})


_SIXTH = st.integers(0, 5)
