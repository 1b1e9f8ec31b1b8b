"""Server functions that use what belongs to their caller, and functions that can be none.

Rules of this module:

* A function is a form, a word of section 4.4, and the way in which the word is used. Whether it is
  refused follows from the way alone: it is directly inside, or it belongs to something else.
* Everything stands in a method, where ECMAScript allows every word in an arrow function.
* `N` stands for a name of its own, `P` for parameters, `B` for a body and `W` for the word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.programs import Writing
from conformance.fuzz.generators.prologues import UNFIT
from conformance.fuzz.generators.replacing import replaced
from conformance.observations import Compile

#: The words, by the last word of their clauses.
WORDS = {
    "this": "this",
    "arguments": "arguments",
    "super": "super.x",
    "new-target": "new.target",
}


class Form(NamedTuple):
    """A server function."""

    text: str
    clause: str
    #: The words that ECMAScript does not allow directly in it.
    lacks: frozenset[str] = frozenset()


class Way(NamedTuple):
    """A use of a word."""

    body: str
    clause: str
    #: Whether it is directly inside the server function.
    inside: bool
    parameters: str = ""
    #: The words that ECMAScript does not allow here, and those that it allows only here.
    lacks: frozenset[str] = frozenset()
    brings: frozenset[str] = frozenset()


SUPER, ARGUMENTS = frozenset({"super"}), frozenset({"arguments"})
NOT_AT_THE_TOP = frozenset({"super", "new-target"})

INLINE = (
    Form("return async (P) => {'use server'; B}", "function.form.arrow"),
    Form("return async function (P) {'use server'; B}", "function.form.expression", SUPER),
    Form("return N; async function N(P) {'use server'; B}", "function.form.declaration", SUPER),
    Form("return { async m(P) {'use server'; B} }.m", "function.form.method"),
    Form("return (class { static async m(P) {'use server'; B} }).m", "function.form.static-method"),
)
EXPORTS = (
    Form("export async function N(P) {B}\n", "export.declaration", SUPER),
    Form("export default async function (P) {B}\n", "export.default", SUPER),
    Form("export const N = async function (P) {B}\n", "export.variable", SUPER),
    Form("async function N(P) {B}\nexport { N }\n", "export.list", SUPER),
    Form("export const N = async (P) => {B}\n", "export.variable", NOT_AT_THE_TOP),
)
DIRECT = "function.context"
WAYS = (
    Way("return [typeof W]", DIRECT, inside=True),
    Way("if (W) { return 1 }", DIRECT, inside=True),
    Way("return (() => W)()", "function.context.arrow", inside=True),
    Way("return [async () => { await 0; return W }]", "function.context.arrow", inside=True),
    Way("return [((x = W) => x)()]", "function.context.arrow", inside=True),
    Way("return class extends (W, Object) {}", "function.context.class", inside=True),
    Way("return class { [W]() {} }", "function.context.class", inside=True),
    Way("return { [W]: 1 }", "function.context.class", inside=True),
    Way("return x", "function.context.parameters", inside=True, parameters="x = W"),
    Way("return x", "function.context.parameters", inside=True, parameters="{ [W]: x }"),
    Way("return function () { return W }", "function.context.ordinary", inside=False, lacks=SUPER),
    Way(
        "function f(x = W) { return () => W }",
        "function.context.ordinary",
        inside=False,
        lacks=SUPER,
    ),
    Way("return { m() { return W } }", "function.context.ordinary", inside=False, brings=SUPER),
    Way("return { get m() { return W } }", "function.context.ordinary", inside=False, brings=SUPER),
    Way(
        "return class { m = W }",
        "function.context.ordinary",
        inside=False,
        lacks=ARGUMENTS,
        brings=SUPER,
    ),
    Way(
        "return class { static { void W } }",
        "function.context.ordinary",
        inside=False,
        lacks=ARGUMENTS,
        brings=SUPER,
    ),
)


@dataclass(frozen=True)
class Restricted:
    """A module with one function."""

    path: str
    text: str
    features: frozenset[str]
    #: For what it is refused, if it is.
    refused: str | None


@st.composite
def using(draw: st.DrawFn) -> Restricted:
    """A module with a function that uses a word."""
    is_export = draw(st.booleans())
    form = draw(_EXPORTS if is_export else _INLINE)
    way = draw(_WAYS)
    allowed = {*WORDS} - way.lacks - (form.lacks - way.brings)
    word = draw(st.sampled_from(sorted(allowed)))
    features = {form.clause, f"{DIRECT}.{word}"}
    if way.clause != DIRECT:
        features |= {way.clause, f"{way.clause}:{way.body}"}
    body, parameters = (replaced(each, W=WORDS[word]) for each in (way.body, way.parameters))
    written = replaced(form.text, P=parameters, B=f"\n{body}\n", N="save")
    if is_export:
        features.add("function.context.export")
        text = f"'use server'\nexport const beside = async () => 1\n{written}"
    else:
        features.add("function.inline")
        text = f"export const page = {{ make() {{\n{written}\n}} }}.make\n"
    return Restricted(draw(_PATHS), text, frozenset(features), word if way.inside else None)


@st.composite
def unfit(draw: st.DrawFn) -> Restricted:
    """A module with a function that has the directive and can be no server function."""
    form = draw(_UNFIT)
    body = f"{{ {draw(_DIRECTIVE)}; return }}"
    text = Writing(str).write(replaced(form.text, N="save").replace("{B}", body))
    features = {form.clause, f"{form.clause}:{form.text}", "directive.bodies"}
    return Restricted(draw(_PATHS), text, frozenset(features), form.clause)


def modules() -> st.SearchStrategy[Restricted]:
    """Modules of both kinds."""
    return using() | unfit()


_INLINE, _EXPORTS = st.sampled_from(INLINE), st.sampled_from(EXPORTS)
_WAYS, _UNFIT = st.sampled_from(WAYS), st.sampled_from(UNFIT)
_DIRECTIVE = st.sampled_from(("'use server'", '"use server"', "'use other'; 'use server'"))
_PATHS = st.sampled_from(("page.js", "page.tsx"))


def restrictions() -> st.SearchStrategy[Example]:
    """Such modules, to be compiled."""
    return modules().map(
        lambda made: Example(made.features, asking(Compile({}, None)), {made.path: made.text})
    )
