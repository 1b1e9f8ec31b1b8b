"""Server modules: exports of every form, and what stands beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.fuzz.generators.replacing import replaced

if TYPE_CHECKING:
    from collections.abc import Sequence


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
#: and `B` a body. `M` is a second name, under which a function is exported that gives the same.
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
    "export const N = async (P) => B, M = async (P) => B¶": "export.variable",
    "export var { N, key: [M] } = { N: async (P) => B, key: [async (P) => B] }¶": (
        "export.destructured"
    ),
    "async function L(P) B\nexport { L as N, L as M }¶": "export.two-names",
    "export async function N(P) B\nexport { N as M }¶": "export.two-names",
    "export let N = 1¶N = async (P) => B¶": "export.evident",
    "export function N() {}\nN = async (P) => B¶": "export.evident",
    "export let N = async () => 'before'¶N = async (P) => B¶": "export.value",
    "export let N = async (P) => B¶export async function M(P) { N = null¶ return (async (P) => B)(...all)¶}\n": (
        "export.value.fixed"
    ),
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
    "⟦type L = string¶export { L }¶⟧": "export.types",
    "⟦export·{·L }¶interface L { a: string }\n⟧": "export.types",
    "class L {}\n⟦export type { L }¶⟧": "export.types",
    "⟦export declare function L(x: string): void¶⟧": "export.types",
    "⟦export namespace L { export type T = string }\n⟧": "export.types",
}
#: The same, where nothing else is the default export.
DEFAULT_TYPES = {
    "⟦interface L { a: string }\nexport default L¶⟧": "export.types",
    "⟦export default interface L { a: string }\n⟧": "export.types",
}
STAR = {
    "export * from './star.js'¶": "export.star",
    "export * from './star.js'¶export * from './other.js'¶": "export.star",
}
INLINE = {
    "async function L() { 'use server'¶ return 'canary-inline' }\n": "module.server.inline",
}
CLAUSES = {**NAMED, **DEFAULTS, **STRINGS, **BESIDE, **DEFAULT_TYPES, **STAR, **INLINE}
LIB = """const rest = 1
export async function imported(...all) { return ['imported', ...all] }
export default async function (...all) { return ['default', ...all] }
export const starred = async (...all) => ['starred', ...all]
export const secret = async () => 'canary-lib'
"""
#: What stands in every module before its exports, and what does where it is needed.
PROLOGUE = "'use server'¶const hidden = 'canary-module'¶"
TOOLS = {
    "wrap(": "const wrap = f => (...all) => f(...all)¶",
    "plain(": "const plain = f => f¶",
}
CANARIES = ("canary-module", "canary-lib", "canary-beside", "canary-inline")
INHERITED_NAMES = ("then", "constructor", "toString", "hasOwnProperty")
ORDINARY_NAMES = ("save", "Save", "load", "SAVE", "_", "$", "of", "get", *INHERITED_NAMES)
STRING_NAMES = ("two words", "1", "", "a.b", "valueOf", "é", "#")

NAME_LISTS = st.lists(st.sampled_from(ORDINARY_NAMES), unique=True, min_size=1, max_size=4)
NAMED_FORMS, DEFAULT_FORMS, STRING_FORMS, BESIDE_FORMS, STAR_FORMS = (
    st.sampled_from([*forms]) for forms in (NAMED, DEFAULTS, STRINGS, BESIDE, STAR)
)


#: Modules whose every export becomes one of the server module, but `default` and what both have.
STARRED = {
    "star.js": """export const starred = async (...all) => ['starred', ...all]
export const both = async () => 'of star'
export default async () => 'canary-default'
""",
    "other.js": """export const both = async () => 'of other'
""",
}


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
        written.append(("*", draw(STAR_FORMS)))
    assemble(made, draw(st.permutations(written)))
    made.files |= starred(made.files[made.path])
    return made


def starred(text: str) -> dict[str, str]:
    """The modules of which a text exports everything."""
    return {path: module for path, module in STARRED.items() if f"'./{path}'" in text}


def assemble(made: Actions, written: Sequence[tuple[str | None, str]]) -> None:
    """Write the forms with their names, in this order."""
    forms = "".join(form for _, form in written)
    tools = "".join(text for tool, text in TOOLS.items() if tool in forms)
    parts = [PROLOGUE + tools]
    parts += [_one(made, form, name, number) for number, (name, form) in enumerate(written)]
    made.canaries += CANARIES
    if any("./lib.js" in part for part in parts):
        made.files["lib.js"] = LIB
    made.files[made.path] = "‡\n".join(parts)


def _one(made: Actions, form: str, name: str | None, number: int) -> str:
    """Write one form, and note what it makes."""
    made.features |= {CLAUSES[form], f"{CLAUSES[form]}:{form}"}
    if form in INLINE:
        made.functions.append({"where": "inline", "name": f"local{number}", "captures": []})
    elif name is not None:
        label = "default" if name == "default" else "imported"
        _export(made, form, name, label if "./lib.js" in form else f"label {number}")
    body = f"{{‡ const unused = 'canary-module'; return ['label {number}', ...all]¶}}"
    names = {"L": f"local{number}", "N": name or "", "M": f"{name}2"}
    return replaced(form, B=body, P="...all⟦: unknown[]⟧", **names)


def _export(made: Actions, form: str, name: str, label: str) -> None:
    """Note an export, or the two that a form has."""
    found = [name, f"{name}2"] if replaced(form, M="") != form else [name]
    if name == "*":
        found, label = ["starred"] if "other" in form else ["starred", "both"], "starred"
    if name in INHERITED_NAMES:
        made.features.add("registry.ordinary-names")
    made.functions += [{"where": "export", "name": each, "captures": []} for each in found]
    # The second one first: it may be one that changes what the name of the first means.
    for each in reversed(found):
        made.calls.append(json.dumps(each))
        made.results.append("of star" if each == "both" else [label, "first", 2])
