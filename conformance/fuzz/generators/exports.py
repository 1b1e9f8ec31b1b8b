"""Server modules with exports of every form, good and bad, and every way in which others import them.

Rules of this module:

* At most one export is bad, so that it is known what the project is refused for.
* `N` stands for the name of an export, `L` for a local name, `A` for the path of the server module.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.programs import Writing, decorated
from conformance.fuzz.generators.programs.actions import (
    BESIDE,
    DEFAULT_TYPES,
    DEFAULTS,
    INLINE,
    NAMED,
    STAR,
    STRINGS,
    TOOLS,
    Actions,
    assemble,
    starred,
)
from conformance.fuzz.generators.prologues import PLACES
from conformance.fuzz.generators.replacing import replaced
from conformance.observations import Compile, Exposes, Run

if TYPE_CHECKING:
    from conformance.observations.observation import Observation

COMPILE, LOAD = "compile", "load"


class Bad(NamedTuple):
    """An export that is an error."""

    text: str
    clause: str
    phase: str


BAD = (
    Bad("export const N = 1¶", "export.function", COMPILE),
    Bad("export const N = 'text'¶", "export.evident", COMPILE),
    Bad("export const N = { save: async () => 1 }¶", "export.evident", COMPILE),
    Bad("export const N = []¶", "export.evident", COMPILE),
    Bad("export class N {}\n", "export.function", COMPILE),
    Bad("export const N = class {}¶", "export.function", COMPILE),
    Bad("export function* N() {}\n", "export.function", COMPILE),
    Bad("export function N() {}\n", "export.async", COMPILE),
    Bad("export const N = () => 1¶", "export.async", COMPILE),
    Bad("const L = function () {}¶export { L as N }¶", "export.async", COMPILE),
    Bad("export { L as N }¶class L {}\n", "export.function", COMPILE),
    Bad("export default 1¶", "export.evident", COMPILE),
    Bad("export default function () {}\n", "export.async", COMPILE),
    Bad("export default class {}\n", "export.function", COMPILE),
    Bad("export * as N from './lib.js'¶", "export.namespace", COMPILE),
    Bad("import * as L from './lib.js'¶export { L as N }¶", "export.namespace", COMPILE),
    Bad("export const N = wrap(() => 1)()¶", "export.load", LOAD),
    Bad("export const N = plain({})¶", "export.load", LOAD),
    Bad("export const N = plain(class {})¶", "export.function", LOAD),
    Bad("export const N = plain(function* () {})¶", "export.function", LOAD),
    Bad("export let N = async () => 1¶N = 2¶", "export.load", LOAD),
    Bad("export let N¶", "export.evident", COMPILE),
    Bad("export { Button as N } from './button.js'¶", "export.client-reference", LOAD),
    Bad("import L from './button.js'¶export { L as N }¶", "export.client-reference", LOAD),
    Bad("export { count as N } from './lib.js'¶", "export.load", LOAD),
)
#: Exports that are good, and whose results are no plain data.
GENERATORS = (
    "export async function* N(...all) { yield* all }\n",
    "export const N = plain(async function* (...all) { yield* all })¶",
    "export default async function* (...all) { yield* all }\n",
)
BUTTON = """'use client'
export const Button = () => 'a button'; export default Button
"""
LIB = "export const count = 1\n"
#: How client code gets the export named `K`, in quotes, of the module `A`: what stands at the top of
#: the client program, and the expression. `S` is a name for the whole module.
IMPORTS = {
    "import * as S from 'A'": "S[K]",
    "import { K as L } from 'A'": "L",
    "const L = () => import('A')": "(await L())[K]",
    "import { L } from './through.js'": "L",
    "import * as through from './through.js'": "through[K]",
    "import { pass as L } from './pass.js'": "L(K)",
}
#: Modules of no kind on the way to a server module.
BETWEEN = {
    "through.js": ("export * from 'A'\n", "export { K as L } from 'A'\n"),
    "pass.js": ("import * as S from 'A'\n", "export const pass = key => S[key]\n"),
}
#: The form that is always possible. (A module that nothing imports is not loaded, however bad it is.)
PLAIN = next(iter(IMPORTS))
CALL = "await CALLED('first', 2)"
TRIED = "const tried = async call => { try { return await call() } catch { return 'thrown' } }"
ENDINGS = ("js", "jsx", "ts", "tsx")


@dataclass
class Imported:
    """What a client program is made of."""

    tops: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    #: The modules between the client program and the server modules.
    files: dict[str, str] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)

    def add(self, path: str, key: str, form: str) -> None:
        """Call the export `key` of a module, imported in some form."""
        local = f"f{len(self.calls)}"
        filled = {"A": f"./{path}", "K": key, "L": local, "S": path.partition(".")[0]}
        self.tops.append(replaced(form, **filled))
        self.calls.append(replaced(IMPORTS[form], **filled))
        self.features.add(f"import.by-client.forms:{form}")
        for between, texts in BETWEEN.items():
            if between in form:
                self.features.add("import.through")
                lines = [replaced(text, **filled) for text in texts]
                known = self.files.get(between, "").splitlines(keepends=True)
                self.files[between] = "".join(dict.fromkeys([*known, *lines]))

    def client(self, *, catches: bool) -> str:
        """The client program: the result of every call, or the first failure."""
        calls = [CALL.replace("CALLED", called) for called in self.calls]
        if catches:
            calls = [f"await tried(async () => {call})" for call in calls]
        tops = [*dict.fromkeys(self.tops), *[TRIED] * catches]
        return "\n".join([*tops, f"export default async () => [{', '.join(calls)}]\n"])


@dataclass
class Exporting:
    """One or two server modules, and a client program that calls what they export."""

    modules: list[Actions]
    imported: Imported
    bad: Bad | None


def good(draw: st.DrawFn) -> list[tuple[str | None, str]]:
    """Some exports that are good."""
    names = draw(_NAMES)
    found: list[tuple[str | None, str]] = [(name, draw(_NAMED)) for name in names]
    if draw(_SIXTH) > 3:
        found.append(("default", draw(_DEFAULTS)))
    elif draw(_SIXTH) == 5:
        found.append((None, draw(_DEFAULT_TYPES)))
    if draw(_SIXTH) > 3:
        found.append(("two words", draw(_STRINGS)))
    if draw(_SIXTH) == 5:
        found.append(("*", draw(_STAR)))
    if draw(_SIXTH) > 2:
        found.append((None, draw(_BESIDE)))
    return found


def add(made: Actions, text: str) -> None:
    """Put one more export at the end of a module, with the tools that it needs."""
    known = made.files[made.path]
    needed = [each for tool, each in TOOLS.items() if tool in text and each not in known]
    made.files[made.path] = "".join([known, *needed, text])


def possible(form: str, key: str, made: Actions, modules: list[Actions]) -> str:
    """A form of import, or the plain one where that does not bring this export.

    `export *` brings no default and nothing that two modules export; one module at a time is passed on;
    a module with a `then` is one for whoever awaits it.
    """
    is_lost = "through" in form and (key == '"default"' or len(modules) > 1)
    is_taken = "pass" in form and made is not modules[0]
    is_awaited = form.startswith("const") and '"then"' in made.calls
    return PLAIN if is_lost or is_taken or is_awaited else form


@st.composite
def exporting(draw: st.DrawFn) -> Exporting:
    """Server modules and a client program."""
    ending = draw(_ENDING)
    imported = Imported()
    modules = [Actions(f"actions.{ending}")]
    if draw(_SIXTH) > 3:
        modules.append(Actions(f"more.{ending}"))
        imported.features.add("registry.distinct")
    for made in modules:
        written = good(draw)
        assemble(made, draw(st.permutations(written)))
        if any(form in STAR for _, form in written):
            made.files |= starred(made.files[made.path])
        for key in made.calls:
            imported.add(made.path, key, possible(draw(_IMPORT), key, made, modules))
    bad = draw(_BAD) if draw(_SIXTH) > 2 else None
    first = modules[0]
    has_default = "export default" in first.files[first.path] or '"default"' in first.calls
    if bad and not (has_default and "default" in bad.text):
        add(first, replaced(bad.text, N="wrong", L="locally"))
        if "button.js" in bad.text:
            first.files["button.js"] = BUTTON
        if "lib.js" in bad.text:
            first.files.setdefault("lib.js", "")
            for each in modules:
                if "lib.js" in each.files:
                    each.files["lib.js"] += LIB
        first.features |= {bad.clause, f"{bad.clause}:{bad.text}", "export.failed-module"}
        if "./" in bad.text:
            first.features.add("export.re-export" if "} from" in bad.text else "export.imported")
        return Exporting(modules, imported, bad)
    if draw(_SIXTH) == 5 and not has_default:
        form = draw(_GENERATORS)
        name = "default" if "default" in form else "several"
        add(first, replaced(form, N="several"))
        first.features.add("export.async-generator")
        key = json.dumps(name)
        imported.add(first.path, key, possible(draw(_IMPORT), key, first, modules))
    return Exporting(modules, imported, None)


@st.composite
def exports(draw: st.DrawFn) -> Example:
    """Such a project: compiled and run, or asked what is callable."""
    made = draw(exporting())
    typed = made.modules[0].path.endswith(("ts", "tsx"))
    writing = Writing(str, typed=lambda: typed)
    if draw(_SIXTH) == 5:
        writing = decorated(draw, str, typed=typed)
    files = dict(made.imported.files)
    features = {*made.imported.features, "export.all", "import.by-client", "module.kinds"}
    for each in made.modules:
        files |= {path: writing.write(text) for path, text in each.files.items()}
        features |= each.features
    asked: list[Observation] = []
    match draw(st.sampled_from(("run", "caught", "exposes", "compile"))):
        case "run" | "caught" as how:
            client = made.imported.client(catches=how == "caught")
            asked.append(Run({"client": client}, None, None))
        case "exposes":
            asked.append(Exposes({}, ()))
        case "compile" if draw(_SIXTH) == 5:
            features.add(PLACES[1])
    if any('"then"' in each.calls for each in made.modules):
        features.add("export.string-name:then")
    return Example(frozenset(features), asking(Compile({}, None), *asked), files)


def _bad(phase: str) -> st.SearchStrategy[Bad]:
    """A bad export that is refused in this phase; every clause has its turn."""
    found: dict[str, list[Bad]] = {}
    for bad in BAD:
        if bad.phase == phase:
            found.setdefault(bad.clause, []).append(bad)
    return st.one_of([st.sampled_from(alike) for alike in found.values()])


_SIXTH = st.integers(0, 5)
_NAMES = st.lists(
    st.sampled_from(("save", "load", "Save", "SAVE", "then", "constructor", "toString", "_")),
    unique=True,
    min_size=1,
    max_size=3,
)
_NAMED, _DEFAULTS, _STRINGS, _STAR = (
    st.sampled_from([*forms]) for forms in (NAMED, DEFAULTS, STRINGS, STAR)
)
_DEFAULT_TYPES = st.sampled_from([*DEFAULT_TYPES])
_BESIDE = st.sampled_from([*INLINE, *BESIDE])
_IMPORT, _BAD, _GENERATORS = (
    st.sampled_from([*IMPORTS]),
    _bad(COMPILE) | _bad(LOAD),
    st.sampled_from(GENERATORS),
)
_ENDING = st.sampled_from(ENDINGS)
