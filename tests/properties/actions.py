"""Strategies for server modules: exports of every form, and what stands beside them."""

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

    @property
    def exposes(self) -> list[str]:
        """The names under which its functions are callable."""
        return [
            f"{self.path}#{made['name'] if made['where'] == 'export' else '(inline)'}"
            for made in self.functions
        ]


#: Forms of one export: `N` is its name, `L` a local name, `P` parameters and `B` a body.
NAMED = (
    "export async function N(P) B\n",
    "export const N·=·async (P) =>·B¶",
    "export let N = async (P) => B¶",
    "export var N = async function (P) B¶",
    "export const N = (async function N(P) B)¶",
    "async function L(P) B\nexport·{·L as·N·}¶",
    "export {·L as N }¶async function·L(P) B\n",
    "const·L = async (P) => B¶export { L as N }¶",
    "export const {·N·} =·{·N: async (P) => B }¶",
    "export const { key: N } = { key: async (P) => B }¶",
    "export const [N] = [async (P) => B]¶",
    "export const { N = async (P) => B } = { __proto__: null }¶",
    "export const N = wrap(async (P) => B)¶",
    "export const N = plain((P) => B)¶",
    "export const N = true ? async (P) => B : null¶",
    "export let N¶N = async (P) => B¶",
    "export async function N(P) { 'use server'¶ return (async (P) => B)(...all)¶}\n",
    "export const N = async (P) => { 'use server'¶ return (async (P) => B)(...all)¶}¶",
    "export const N = { async save(P) B }.save¶",
    "export const N = class { static async save(P) B }.save¶",
    "export { imported as N } from './lib.js'¶",
    "import { imported as L } from './lib.js'¶export { L as N }¶",
)
DEFAULTS = (
    "export default async function (P) B\n",
    "export default async function L(P) B\n",
    "export default async (P) => B¶",
    "export default (async (P) => B)¶",
    "async function L(P) B\nexport {·L as default }¶",
    "const L = async (P) => B¶export default L¶",
    "export { default } from './lib.js'¶",
)
STRINGS = (
    "async function L(P) B\nexport { L as 'N' }¶",
    'const L = async (P) => B¶export·{ L as "N" }¶',
)
#: What stands in a server module and is no export of it.
BESIDE = (
    "const L = 1¶",
    "async function L() { return 'canary-beside' }\n",
    "function L(x⟦: string⟧) { return x }\n",
    "class L { static async save() {} }\n",
    "⟦export type L = { a: string }¶⟧",
    "⟦export interface L { a: string }\n⟧",
    "⟦export declare const L: string¶⟧",
)
LIB = """const rest = 1
export async function imported(...all) { return ['imported', ...all] }
export default async function (...all) { return ['default', ...all] }
export const starred = async (...all) => ['starred', ...all]
export const secret = async () => 'canary-lib'
"""
INLINE = "async function L() { 'use server'¶ return 'canary-inline' }\n"
ORDINARY_NAMES = ("save", "then", "constructor", "toString", "load", "_", "$", "of", "get")
STRING_NAMES = ("two words", "1", "", "a.b", "hasOwnProperty", "é", "#")


@st.composite
def actions(draw: st.DrawFn, dialect: str) -> Actions:
    """A server module with some exports."""
    made = Actions(f"actions.{dialect}")
    parts = ["'use server'¶", "const wrap = f => (...all) => f(...all)¶const plain = f => f¶"]
    parts.append("const hidden = 'canary-module'¶")
    names = draw(st.lists(st.sampled_from(ORDINARY_NAMES), unique=True, min_size=1, max_size=4))
    written: list[tuple[str | None, str]] = []
    written += [(name, draw(st.sampled_from(NAMED))) for name in names]
    if draw(st.booleans()):
        written.append(("default", draw(st.sampled_from(DEFAULTS))))
    if draw(st.booleans()):
        written.append((draw(st.sampled_from(STRING_NAMES)), draw(st.sampled_from(STRINGS))))
    written += [(None, each) for each in draw(st.lists(st.sampled_from(BESIDE), max_size=2))]
    if draw(st.booleans()):
        written.append((None, INLINE))
    if draw(st.booleans()):
        written.append(("*", "export * from './star.js'¶"))
        made.files["star.js"] = "export const starred = async (...all) => ['starred', ...all]\n"
    for number, (name, form) in enumerate(draw(st.permutations(written))):
        parts.append(_one(made, form, name, number))
    made.canaries = ["canary-module", "canary-lib", "canary-beside", "canary-inline"]
    made.files["lib.js"] = LIB
    made.files[made.path] = "‡\n".join([parts[0] + parts[1], *parts[2:]])
    return made


def _one(made: Actions, form: str, name: str | None, number: int) -> str:
    """Write one form, and note what it makes."""
    if form == INLINE:
        made.functions.append({"where": "inline", "name": f"local{number}", "captures": []})
    elif name is not None:
        exported = "starred" if name == "*" else name
        label = f"label {number}"
        if "./lib.js" in form:
            label = "default" if name == "default" else "imported"
        made.functions.append({"where": "export", "name": exported, "captures": []})
        made.calls.append(json.dumps(exported))
        made.results.append(["starred" if name == "*" else label, "first", 2])
    body = f"{{‡ const unused = 'canary-module'¶ return ['label {number}', ...all]¶}}"
    filled = form
    for letter, text in (("P", "...all⟦: unknown[]⟧"), ("L", f"local{number}"), ("B", body)):
        filled = _replace_letter(filled, letter, text)
    return _replace_letter(filled, "N", name or "")


def _replace_letter(text: str, letter: str, replacement: str) -> str:
    """Put `replacement` where `letter` stands alone."""
    return re.sub(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", lambda _: replacement, text)
