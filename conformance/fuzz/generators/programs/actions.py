"""Server modules: exports of every form, and what stands beside them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st


@dataclass
class Actions:
    """A server module, and what it exports."""

    path: str
    files: dict[str, str] = field(default_factory=dict)
    functions: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)  #: names of exports, as string literals
    results: list[Any] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    features: set[str] = field(default_factory=set)

    @property
    def exposes(self) -> list[str]:
        """The names under which its functions are callable."""
        return [
            f"{self.path}#{made['name'] if made['where'] == 'export' else '(inline)'}"
            for made in self.functions
        ]


#: Forms of one export, with the clause of each: `N` is its name, `L` a local name, `P` parameters
#: and `B` a body.
NAMED = {
    "export async function N(P) B\n": "export.declaration",
    "export const N·=·async (P) =>·B¶": "export.variable",
    "export let N = async (P) => B¶": "export.variable",
    "export var N = async function (P) B¶": "export.variable",
    "export const N = (async function N(P) B)¶": "export.variable",
    "async function L(P) B\nexport·{·L as·N·}¶": "export.list",
    "export {·L as N }¶async function·L(P) B\n": "export.list",
    "const·L = async (P) => B¶export { L as N }¶": "export.list",
    "export const {·N·} =·{·N: async (P) => B }¶": "export.destructured",
    "export const { key: N } = { key: async (P) => B }¶": "export.destructured",
    "export const [N] = [async (P) => B]¶": "export.destructured",
    "export const { N = async (P) => B } = { __proto__: null }¶": "export.destructured",
    "export const N = wrap(async (P) => B)¶": "export.computed",
    "export const N = plain((P) => B)¶": "export.computed.awaited",
    "export const N = true ? async (P) => B : null¶": "export.computed",
    "export let N¶N = async (P) => B¶": "export.value",
    "export async function N(P) { 'use server'¶ return (async (P) => B)(...all)¶}\n": (
        "module.server.inline.export"
    ),
    "export const N = async (P) => { 'use server'¶ return (async (P) => B)(...all)¶}¶": (
        "module.server.inline.export"
    ),
    "export const N = { async save(P) B }.save¶": "export.computed",
    "export const N = class { static async save(P) B }.save¶": "export.computed",
    "export { imported as N } from './lib.js'¶": "export.re-export",
    "import { imported as L } from './lib.js'¶export { L as N }¶": "export.imported",
}
DEFAULTS = {
    "export default async function (P) B\n": "export.default",
    "export default async function L(P) B\n": "export.default",
    "export default async (P) => B¶": "export.default",
    "export default (async (P) => B)¶": "export.default",
    "async function L(P) B\nexport {·L as default }¶": "export.default",
    "const L = async (P) => B¶export default L¶": "export.default",
    "export { default } from './lib.js'¶": "export.re-export",
}
STRINGS = {
    "async function L(P) B\nexport { L as 'N' }¶": "export.string-name",
    'const L = async (P) => B¶export·{ L as "N" }¶': "export.string-name",
}
#: What stands in a server module and is no export of it.
BESIDE = {
    "const L = 1¶": "export.only",
    "async function L() { return 'canary-beside' }\n": "export.only",
    "function L(x⟦: string⟧) { return x }\n": "export.only",
    "class L { static async save() {} }\n": "export.only",
    "⟦export type L = { a: string }¶⟧": "export.types",
    "⟦export interface L { a: string }\n⟧": "export.types",
    "⟦export declare const L: string¶⟧": "export.types",
}
STAR = {"export * from './star.js'¶": "export.star"}
INLINE = {
    "async function L() { 'use server'¶ return 'canary-inline' }\n": "module.server.inline",
}
CLAUSES = {**NAMED, **DEFAULTS, **STRINGS, **BESIDE, **STAR, **INLINE}
LIB = """const rest = 1
export async function imported(...all) { return ['imported', ...all] }
export default async function (...all) { return ['default', ...all] }
export const starred = async (...all) => ['starred', ...all]
export const secret = async () => 'canary-lib'
"""
#: What forms of exports use, by its name.
USED = {
    "wrap(": "const wrap = f => (...all) => f(...all)¶",
    "plain(": "const plain = f => f¶",
}
CANARIES = ("canary-module", "canary-lib", "canary-beside", "canary-inline")
ORDINARY_NAMES = ("save", "then", "constructor", "toString", "load", "_", "$", "of", "get")
STRING_NAMES = ("two words", "1", "", "a.b", "hasOwnProperty", "é", "#")

NAME_LISTS = st.lists(st.sampled_from(ORDINARY_NAMES), unique=True, min_size=1, max_size=4)
NAMED_FORMS, DEFAULT_FORMS, STRING_FORMS, BESIDE_FORMS = (
    st.sampled_from([*forms]) for forms in (NAMED, DEFAULTS, STRINGS, BESIDE)
)


@st.composite
def actions(draw: st.DrawFn, dialect: str) -> Actions:
    """A server module with some exports."""
    made = Actions(f"actions.{dialect}")
    written: list[tuple[str | None, str]] = []
    written += [(name, draw(NAMED_FORMS)) for name in draw(NAME_LISTS)]
    if draw(st.booleans()):
        written.append(("default", draw(DEFAULT_FORMS)))
    if draw(st.booleans()):
        written.append((draw(st.sampled_from(STRING_NAMES)), draw(STRING_FORMS)))
    written += [(None, each) for each in draw(st.lists(BESIDE_FORMS, max_size=2))]
    if draw(st.booleans()):
        written += [(None, form) for form in INLINE]
    if draw(st.booleans()):
        written += [("*", form) for form in STAR]
        made.files["star.js"] = "export const starred = async (...all) => ['starred', ...all]\n"
    exports = [
        _one(made, form, name, number)
        for number, (name, form) in enumerate(draw(st.permutations(written)))
    ]
    used = [text for name, text in USED.items() if any(name in each for each in exports)]
    parts = ["'use server'¶" + "".join(used), "const hidden = 'canary-module'¶", *exports]
    made.canaries += CANARIES
    if any("./lib.js" in part for part in parts):
        made.files["lib.js"] = LIB
    made.files[made.path] = "‡".join(parts)
    return made


def _one(made: Actions, form: str, name: str | None, number: int) -> str:
    """Write one form, and note what it makes."""
    made.features |= {CLAUSES[form], f"{CLAUSES[form]}:{form}"}
    if form in INLINE:
        made.functions.append({"where": "inline", "name": f"local{number}", "captures": []})
    elif name is not None:
        exported = "starred" if name == "*" else name
        label = f"label {number}"
        if "./lib.js" in form:
            label = "default" if name == "default" else "imported"
        made.functions.append({"where": "export", "name": exported, "captures": []})
        made.calls.append(json.dumps(exported))
        made.results.append(["starred" if name == "*" else label, "first", 2])
    body = f"{{‡ const unused = 'canary-module'; return ['label {number}', ...all]¶}}"
    filled = form
    for letter, text in (("P", "...all⟦: unknown[]⟧"), ("L", f"local{number}"), ("B", body)):
        filled = _replace_letter(filled, letter, text)
    return _replace_letter(filled, "N", name or "")


def _replace_letter(text: str, letter: str, replacement: str) -> str:
    """Put `replacement` where `letter` stands alone."""
    return re.sub(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", lambda _: replacement, text)
