"""Two builds of one project: a client of the old one calls a server of the new one.

The rule of this module: what differs between the builds is a list of edits that people make; a function
is renamed, removed, moved or changed, and others come before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.observations import Skew
from conformance.observations.skew import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

EXPORTS = ("save", "remove", "list")
INLINES = ("first", "second", "")


class Function(NamedTuple):
    """A server function: an export, or inline where a page makes it, perhaps without a name."""

    name: str
    #: What it answers with.
    text: str = "old"
    #: What stands before it.
    before: str = ""


def module(functions: Sequence[Function]) -> str:
    """The module whose exports are server functions."""
    lines = [
        f"{it.before}export async function {it.name}(x) {{ return ['{it.name}', '{it.text}', x] }}"
        for it in functions
    ]
    return "\n".join(["'use server'", *lines, ""])


def page(functions: Sequence[Function]) -> str:
    """The module that makes inline functions, which capture."""
    lines = []
    for number, it in enumerate(functions):
        body = f"(x) => {{ 'use server'; return ['inline', '{it.text}', secret, x] }}"
        made = f"const f{number} = {{ {it.name or 'made'}: async {body} }}"
        named = (
            f"const f{number} = async {body}"
            if not it.name
            else f"async function {it.name}{body.replace(' =>', '')}"
        )
        lines.append(f"  {it.before}{named if it.name else made}")
    held = ", ".join(it.name or f"f{number}.made" for number, it in enumerate(functions))
    body = "\n".join(lines)
    return (
        f"export const page = () => {{\n  const secret = 'secret'\n{body}\n  return [{held}]\n}}\n"
    )


CLIENT = """import * as actions from './actions.js'
const told = error => error instanceof Error ? 'rejected' : 'strange'
export default async made => [
  await Promise.all(Object.keys(actions).map(name => actions[name]('x').catch(told))),
  await Promise.all(made.map(each => each('y').catch(told))),
]
"""
#: What an edit does to one function of a list, by its place.
EDITS = {
    "change": "call.skew",
    "comment": "call.skew.unnamed",
    "remove": "call.skew.removed",
    "move": "call.skew",
    "add": "call.skew",
}
_edits = st.lists(st.tuples(st.sampled_from([*EDITS]), st.integers(0, 3)), max_size=3)


def edited(functions: Sequence[Function], edits: Sequence[tuple[str, int]]) -> list[Function]:
    """The functions of the new build."""
    new = [*functions]
    for edit, place in edits:
        at = place % len(new) if new else 0
        match edit:
            case "add":
                new.insert(at, Function(f"added{place}", "poison"))
            case "remove" if new:
                new.pop(at)
            case "move" if new:
                new.append(new.pop(at))
            case "change" if new:
                new[at] = new[at]._replace(text="new")
            case "comment" if new:
                new[at] = new[at]._replace(before="/* edited */ ")
    return [
        it for place, it in enumerate(new) if it.name not in {other.name for other in new[:place]}
    ]


@st.composite
def builds(draw: st.DrawFn) -> Example:
    """A project, what became of it, and of the key that captures are sealed with."""
    exports, inlines = [*map(Function, EXPORTS)], [*map(Function, INLINES)]
    edits = [draw(_edits), draw(_edits)]
    keys = draw(st.sampled_from(KEYS))
    files = {"actions.js": module(exports), "page.js": page(inlines)}
    after: dict[str, str | None] = {
        "actions.js": module(edited(exports, edits[0])),
        "page.js": page(edited(inlines, edits[1])),
    }
    program: dict[str, Any] = {"entry": "page.js#page", "client": CLIENT, "keys": keys}
    found = {EDITS[edit] for each in edits for edit, _ in each} | {
        "call.skew",
        f"call.skew.captures:{keys}",
    }
    return Example(frozenset(found), asking(Skew(program, after, None, None)), files)
