"""Modules full of strings that are directives, were meant to be, or only stand where one might.

Rules of this module:

* A body is what stands before the string, the form of the string, and what stands behind it. Each
  part is of a clause and says whether a directive can still be one; what the body marks follows.
* A part that a preceding line without a semicolon would take for its own comes after a semicolon.
* Marks in texts are those of `programs.writing`; `N` stands for a name of its own, `Q` for the
  string and `B` for a body.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.programs.writing import Writing
from conformance.observations import Compile

SERVER, CLIENT = "use server", "use client"

#: What may stand between the quotes, with the clause of each. `use cache` is left out: it is a
#: directive of Next.js's own.
TEXTS = {
    SERVER: "directive.text",
    CLIENT: "directive.client-text",
    "use strict": "directive.misspelt.known",
    "use memo": "directive.misspelt.known",
    "use no memo": "directive.misspelt.known",
    "use asm": "directive.misspelt.known",
    "use workflow": "directive.misspelt.known",
    "": "directive.unknown",
    "server": "directive.unknown",
    "please use server": "directive.unknown",
    "use server and client": "directive.unknown",
    "anything": "directive.unknown",
    "Use Server": "directive.exact",
    "use Client": "directive.exact",
    "use  server": "directive.exact",
    " use server": "directive.exact",
    "use client ": "directive.exact",
    "use server;": "directive.exact",
    "use\\x20server": "directive.escapes",
    "\\u0075se server": "directive.escapes",
    "use \\\nclient": "directive.escapes",
    "useserver": "directive.misspelt",
    "use-server": "directive.misspelt",
    "use servers": "directive.misspelt",
    "use clinet": "directive.misspelt",
    "use action": "directive.misspelt",
}
OTHERS = [text for text in TEXTS if text not in (SERVER, CLIENT)]
#: The others by their clauses, so that each clause has its turn.
KINDS_OF_OTHERS = [
    [text for text in OTHERS if TEXTS[text] == clause]
    for clause in dict.fromkeys(TEXTS[text] for text in OTHERS)
]


class Piece(NamedTuple):
    """A part of a body."""

    text: str
    clause: str
    #: Whether a directive may still come behind it, or be it.
    lets: bool = False
    #: What has to be around it.
    needs: frozenset[str] = frozenset()


TYPESCRIPT, MODULE, TOP = (frozenset({name}) for name in ("typescript", "module", "top"))

#: What may stand before the string.
BEFORE = (
    Piece("\n\n\t", "directive.before.space", lets=True),
    Piece("// 'use client'\n", "directive.before.comments", lets=True),
    Piece("/* one */ /** two\n*/", "directive.before.comments", lets=True),
    Piece(f"/* {'long ' * 120}*/\n", "directive.before.comments", lets=True),
    Piece("'use other'¶", "directive.before.directives", lets=True),
    Piece('"use memo"¶', "directive.before.directives", lets=True),
    Piece("#!/usr/bin/env node\n", "directive.before.hashbang", lets=True, needs=TOP),
    Piece("\ufeff", "directive.before.space", lets=True, needs=TOP),
    Piece("import './lib.mjs'¶", "directive.before.statement", needs=MODULE),
    Piece("import * as N from './lib.mjs'¶", "directive.before.statement", needs=MODULE),
    Piece("export {}¶", "directive.before.statement", needs=MODULE),
    Piece("const N = 1¶", "directive.before.statement"),
    Piece("function N() {}\n", "directive.before.statement"),
    Piece("class N {}\n", "directive.before.statement"),
    Piece("0¶", "directive.before.statement"),
    Piece("{}\n", "directive.before.statement"),
    Piece(";", "directive.before.empty"),
    Piece(";\n;", "directive.before.empty"),
    Piece("type N = 'use server'¶", "directive.before.types", needs=TYPESCRIPT),
    Piece("interface N { a: string }\n", "directive.before.types", needs=TYPESCRIPT),
    Piece("declare const N: string¶", "directive.before.types", needs=TYPESCRIPT),
)
#: The forms of the string itself.
PLAIN = Piece("Q¶", "directive.quotes", lets=True)
FORMS = (
    Piece("`Q`¶", "directive.form.template"),
    Piece("(Q)¶", "directive.form.parenthesized"),
    Piece("((Q))¶", "directive.form.parenthesized"),
    Piece("Q + 1¶", "directive.form.expression"),
    Piece("Q, 1¶", "directive.form.expression"),
    Piece("Q ? 1 : 2¶", "directive.form.expression"),
    Piece("Q.length¶", "directive.form.expression"),
    Piece("Q || 1¶", "directive.form.expression"),
    Piece("1, Q¶", "directive.form.expression"),
    Piece("Q\n+ 1¶", "directive.continuation"),
    Piece("Q\n.length¶", "directive.continuation"),
    Piece("Q\n[0]¶", "directive.continuation"),
    Piece("Q\n?? (1)¶", "directive.continuation"),
    Piece("Q // 'use server'\n, 1¶", "directive.continuation"),
    Piece("Q as const¶", "directive.form.assertion", needs=TYPESCRIPT),
    Piece("Q satisfies string¶", "directive.form.assertion", needs=TYPESCRIPT),
    Piece("Q!¶", "directive.form.assertion", needs=TYPESCRIPT),
    Piece("{ Q¶}\n", "directive.block"),
    Piece("if (true) { Q¶ }\n", "directive.block"),
    Piece("here: { Q¶ }\n", "directive.block"),
    Piece("try { Q¶ } catch {}\n", "directive.block"),
    Piece("switch (1) { case 1: Q¶ }\n", "directive.block"),
    Piece("if (true) Q¶", "directive.block"),
    Piece("namespace N { Q¶ }\n", "directive.namespace", needs=TYPESCRIPT | MODULE),
    Piece("void class { static { Q¶ } }¶", "directive.static-block"),
    Piece("void (async () => Q)¶", "directive.concise"),
    Piece("const N = Q¶", "directive.values"),
    Piece("void [Q, { [Q]: Q, Q: 1 }]¶", "directive.values"),
    Piece("void (x => x)(Q)¶", "directive.values"),
)
#: Functions whose bodies begin in this way; `is_async` says of which a server function can be made.
FUNCTIONS = (
    Piece("async function N() {B}\n", "function.form.declaration", lets=True),
    Piece("export async function N() {B}\n", "function.form.declaration", lets=True, needs=MODULE),
    Piece("void async function () {B}¶", "function.form.expression", lets=True),
    Piece("void (async () => {B})¶", "function.form.arrow", lets=True),
    Piece("void { async m() {B} }¶", "function.form.method", lets=True),
    Piece("void class { static async m() {B} }¶", "function.form.static-method", lets=True),
    Piece("void class { m = async () => {B} }¶", "function.form.field", lets=True),
    Piece("void async function* () {B}¶", "function.async-generator", lets=True),
    Piece("async function N({ a } = {}) {B}\n", "directive.use-strict", lets=True),
    Piece("void ((...a) => async () => {B})¶", "directive.bodies", lets=True),
)
#: The same for functions of which none can be made.
UNFIT = (
    Piece("function N() {B}\n", "function.sync"),
    Piece("void (() => {B})¶", "function.sync"),
    Piece("void function* () {B}¶", "function.generator"),
    Piece("void { get m() {B} }¶", "function.accessor"),
    Piece("void { set m(v) {B} }¶", "function.accessor"),
    Piece("void class { constructor() {B} }¶", "function.constructor"),
    Piece("void class { async m() {B} }¶", "function.instance-method"),
    Piece("void class { async #m() {B} }¶", "function.private-method"),
    Piece("void class { static async #m() {B} }¶", "function.private-method"),
)
#: What would go on with a line that has no semicolon.
GOES_ON = re.compile(r"\s*[(`\[+?.,]")
PATHS = ("page.mjs", "page.js", "page.jsx", "page.ts", "page.tsx", "page.mts")
ENDS = (";\n", "\n", ";", " ;// 'use server'\n")
LIB = {"lib.mjs": "export const lib = 1\n"}
#: Features whose examples state on which line a diagnostic has to be.
PLACES = ("directive.misplaced.place", "conformance.errors.place")


@dataclass
class Marked:
    """A module, and what is known of it."""

    path: str
    text: str = ""
    features: set[str] = field(default_factory=set)
    #: The texts of the directives of the module that count.
    own: set[str] = field(default_factory=set)
    #: The functions that a directive marks: those that are exported, the others, and the unfit.
    exported: int = 0
    inline: int = 0
    unfit: int = 0
    #: The number of exports.
    exports: int = 0

    @property
    def kind(self) -> str:
        """The kind of the module."""
        return "server" if SERVER in self.own else "client" if CLIENT in self.own else "none"

    @property
    def functions(self) -> int:
        """The number of its server functions."""
        return self.inline + (self.exports if SERVER in self.own else self.exported)

    @property
    def is_refused(self) -> bool:
        """Whether it has a compile error."""
        marks = self.inline + self.exported
        return self.unfit > 0 or (CLIENT in self.own and (SERVER in self.own or marks > 0))


class ModuleWriter:
    """Writes one module; `draw` decides everything."""

    def __init__(self, draw: st.DrawFn, path: str) -> None:
        self.draw = draw
        self.marked = Marked(path)
        self.around = TYPESCRIPT if "ts" in path.rpartition(".")[2] else frozenset[str]()
        self.numbers = itertools.count()
        self.writing = Writing(str, end=lambda: draw(_END))

    def rarely(self) -> bool:
        """Yes or no; no is simpler, and likelier."""
        return self.draw(_SIXTH) == 5

    def piece(self, pieces: tuple[Piece, ...], places: frozenset[str]) -> Piece:
        """One of the pieces that can be written in such a place."""
        found = self.draw(_possible(pieces, self.around | places))
        self.marked.features |= {found.clause, f"{found.clause}:{found.text}"}
        return found

    def write(self, text: str) -> str:
        """A text with a name of its own and its ends."""
        return self.writing.write(text.replace("N", f"n{next(self.numbers)}"))

    def body(self, text: str, places: frozenset[str]) -> tuple[str, bool]:
        """How a body begins that holds the text in quotes, and whether it is a directive of it."""
        pieces = [
            self.piece(BEFORE, places if place == 0 else places - TOP)
            for place in range(self.draw(_BEFORE))
        ]
        pieces.append(self.piece(FORMS, places) if self.draw(_EVENLY) else PLAIN)
        quote = "" if "`" in pieces[-1].text else self.draw(_QUOTE)
        written = ""
        for each in pieces:
            if GOES_ON.match(each.text) and written.strip() and not written.rstrip().endswith(";"):
                written += ";"
            written += self.write(each.text)
        self.marked.features.add(TEXTS[text])
        quoted = f"{quote}{text}{quote}"
        return written.replace("Q", quoted), all(each.lets for each in pieces)

    def function(self, depth: int) -> str:
        """A function, perhaps with another one in it."""
        marked = self.marked
        is_unfit = self.rarely()
        places = MODULE if depth == 0 else frozenset[str]()
        head = self.piece(UNFIT if is_unfit else FUNCTIONS, places)
        # In strict mode only functions with simple parameters may say so.
        texts = _LAX if head.clause == "directive.use-strict" else _TEXT
        text = self.draw(texts)
        written, counts = self.body(text, frozenset())
        is_export = head.text.startswith("export")
        marked.exports += is_export
        if counts and text == SERVER:
            marked.features |= {"directive.prologue.function", "directive.bodies"}
            marked.unfit += is_unfit
            marked.exported += is_export
            marked.inline += not is_export
        if counts and text == CLIENT:
            marked.features.add("directive.client-in-function")
        if depth == 0 and self.draw(_EVENLY):
            marked.features.add("directive.own-function")
            written += self.function(1)
        return self.write(head.text).replace("{B}", f"{{\n{written}}}")

    def module(self) -> Marked:
        """The module."""
        marked = self.marked
        text = self.draw(_TEXT)
        written, counts = self.body(text, MODULE | TOP)
        if counts:
            marked.features.add("directive.prologue.module")
            marked.own |= {text} & {SERVER, CLIENT}
            if self.rarely():
                written += self.second()
        written += "".join(self.function(0) for _ in range(self.draw(_FUNCTIONS)))
        marked.text = written
        return marked

    def second(self) -> str:
        """One more directive of the module."""
        text = self.draw(_EITHER)
        conflicts = {text, *self.marked.own} == {SERVER, CLIENT}
        self.marked.features.add("module.conflict" if conflicts else "directive.repeated")
        self.marked.own.add(text)
        return f"'{text}';\n"


@functools.cache
def _possible(pieces: tuple[Piece, ...], around: frozenset[str]) -> st.SearchStrategy[Piece]:
    """One of the pieces that can be written here; every clause has its turn."""
    found: dict[str, list[Piece]] = {}
    for each in pieces:
        if each.needs <= around:
            found.setdefault(each.clause, []).append(each)
    return st.one_of([st.sampled_from(alike) for alike in found.values()])


_EITHER = st.sampled_from((SERVER, CLIENT))
_OTHER = st.one_of([st.sampled_from(texts) for texts in KINDS_OF_OTHERS])
_TEXT = st.one_of([st.just(SERVER), st.just(SERVER), _EITHER, _OTHER, _OTHER])
_LAX = st.just(SERVER) | st.sampled_from([text for text in OTHERS if text != "use strict"])
_BEFORE = st.sampled_from((0, 1, 1, 2))
_FUNCTIONS = st.integers(0, 3)
_SIXTH, _EVENLY = st.integers(0, 5), st.booleans()
_END, _QUOTE = st.sampled_from(ENDS), st.sampled_from(("'", '"'))
_PATH = st.sampled_from(PATHS)


@st.composite
def modules(draw: st.DrawFn) -> Marked:
    """A module with a few bodies."""
    return ModuleWriter(draw, draw(_PATH)).module()


@st.composite
def prologues(draw: st.DrawFn) -> Example:
    """A module, to be compiled; of some, the places of diagnostics are compared too."""
    marked = draw(modules())
    features = {*marked.features, "module.kinds", "directive.dialects"}
    if draw(_SIXTH) == 5:
        features.update(PLACES)
    files = {marked.path: marked.text, **LIB}
    return Example(frozenset(features), asking(Compile({}, None)), files)
