"""References on their way: bound here and there, sent, given back, compared, called.

Rules of this module:

* Every reference is known by the function behind it, what that captured, and what was bound to it.
  So what a call of it gives is known, whichever way it went.
* A step of the client program is one line; it makes another reference, or tells something of one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.replacing import replaced
from conformance.observations import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: A server module whose function says whether it has a `this`.
ACTIONS = """'use server'
const make = () => async function (...args) { return [typeof this, ...args] }
export const look = make()
"""
#: Server functions of the page: those that say what they are given, and tools for the client.
FUNCTIONS = {
    "look": "import { look } from './actions.js'\n",
    "all": "const all = async (...args) => { 'use server'; return ['all', ...args] }\n",
    "make": (
        "const make = captured => async (...args) => { 'use server'; return [captured, ...args] }\n"
    ),
    "give": "const give = async value => { 'use server'; return value }\n",
    "apply": "const apply = async (f, ...args) => { 'use server'; return await f(...args) }\n",
    "bind": "const bind = async (f, ...args) => { 'use server'; return f.bind(null, ...args) }\n",
    "isAll": "const isAll = async f => { 'use server'; return f === all }\n",
}
MAKERS = ("all", "make", "look")


@dataclass(frozen=True)
class Reference:
    """A variable of the client program, and what it holds."""

    name: str
    says: str
    bound: tuple[str, ...] = ()

    def result(self, *arguments: str) -> list[str]:
        """What a call gives."""
        return [self.says, *self.bound, *arguments]


@dataclass
class Journey:
    """A page, a client program, and what the client program ends with."""

    #: What the page gives the client, and which functions it has.
    given: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    features: set[str] = field(default_factory=set)
    #: Whether what the page gives cannot be sent.
    is_refused: bool = False

    @property
    def tools(self) -> list[str]:
        """The functions that the client program needs by name."""
        return [name for name in FUNCTIONS if name in self.used and name not in MAKERS]

    @property
    def page(self) -> str:
        """The page."""
        functions = [text for name, text in FUNCTIONS.items() if name in self.used]
        given = ", ".join([*self.given, *self.tools])
        return "".join([*functions, f"export const page = async () => [{given}]\n"])

    @property
    def files(self) -> dict[str, str]:
        """The page, and the server module if it is imported."""
        actions = {"actions.js": ACTIONS} if "look" in self.used else {}
        return {"page.js": self.page, **actions}

    @property
    def client(self) -> str:
        """The client program."""
        names = ", ".join(["given", "there", *self.tools])
        begin = f"export default async ([{names}]) => {{\n  const told = [...there]\n"
        return "".join([begin, *(f"  {line}\n" for line in self.lines), "  return told\n}\n"])


#: How the page keeps a reference, and how the client takes it out.
KEPT = {
    "F": "given",
    "[F]": "given[0]",
    "{ f: F }": "given.f",
    "new Map([['f', F]])": "given.get('f')",
    "new Set([F])": "[...given][0]",
    "Promise.resolve([F])": "(await given)[0]",
}


class JourneyWriter:
    """Writes one journey; `draw` decides everything."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.made = Journey()
        self.known: list[Reference] = []
        self.count = 0

    def write(self) -> Journey:
        """The journey."""
        self.begin()
        for step in self.draw(_STEPS):
            STEPS[step](self)
        return self.made

    def number(self) -> int:
        """A number that nothing else of the program has."""
        self.count += 1
        return self.count

    def word(self) -> str:
        """A word that nothing else of the program has."""
        return f"word {self.number()}"

    def pick(self) -> Reference:
        """One of the references there are."""
        return self.draw(st.sampled_from(self.known))

    def tell(self, expression: str, value: Any, *clauses: str) -> None:
        """Let the client program tell something."""
        self.made.lines.append(f"told.push({expression})")
        self.made.told.append(value)
        self.made.features.update(clauses)

    def keep(self, expression: str, like: Reference, *clauses: str, more: str = "") -> None:
        """Let the client program have another reference."""
        name = f"r{self.number()}"
        self.made.lines.append(f"const {name} = {expression}")
        self.made.features.update(clauses)
        bound = (*like.bound, more) if more else like.bound
        self.known.append(Reference(name, like.says, bound))

    def tool(self, name: str) -> str:
        """The name of a function of the page."""
        self.made.used.add(name)
        return name

    # --- the page -------------------------------------------------------------------------------

    def begin(self) -> None:
        """What the page gives the client."""
        captures = self.draw(st.booleans())
        if captures:
            says, text = "captured", "make('captured')"
        else:
            says, text = self.draw(_WITHOUT_CAPTURES)
        if captures and self.draw(_SIXTH) == 5:
            self.made.is_refused = True
            self.made.features.add("capture.unsupported")
            text = f"make({self.draw(_UNSUPPORTED)})"
        bound: tuple[str, ...] = ()
        for _ in range(self.draw(_UP_TO_TWO)):
            word = self.word()
            text += f".bind({self.draw(_THIS)}, {json.dumps(word)})"
            bound = (*bound, word)
            self.made.features |= {"reference.bind", "reference.bind.again"}
        if bound and captures:
            self.made.features.add("reference.bind.captures")
        kept = self.draw(st.sampled_from([*KEPT]))
        found = Reference("r0", says, bound)
        self.made.used.add(text.partition("(")[0].partition(".")[0])
        there = [self.there(text, found) for _ in range(self.draw(_UP_TO_TWO))]
        self.made.given = [replaced(kept, F=text), f"[{', '.join(there)}]"]
        self.made.lines.append(f"const r0 = {KEPT[kept]}")
        self.known.append(found)
        self.made.features |= {"reference.function", f"reference.function:{kept}"}

    def there(self, text: str, found: Reference) -> str:
        """What the page itself tells of it."""
        form, value, clause = self.draw(_LOOKS_THERE)
        self.made.features.add(clause)
        self.made.told.append(found.result("there") if value is None else value)
        if "all." in form:
            self.made.used.add("all")
        return replaced(form, F=text)

    # --- steps that make another one ------------------------------------------------------------

    def bind_here(self) -> None:
        """Bind on the client."""
        found, word = self.pick(), self.word()
        expression = f"{found.name}.bind({self.draw(_THIS)}, {json.dumps(word)})"
        clauses = "reference.bind", "reference.bind.original", "reference.bind.this"
        self.keep(expression, found, *clauses, more=word)

    def bind_there(self) -> None:
        """Bind in a call."""
        found, word = self.pick(), self.word()
        clauses = "reference.bind.stays", "reference.round-trip.values"
        self.keep(
            f"await {self.tool('bind')}({found.name}, {json.dumps(word)})",
            found,
            *clauses,
            more=word,
        )

    def send(self) -> None:
        """Send it to the server and take it back."""
        found = self.pick()
        self.keep(f"await {self.tool('give')}({found.name})", found, "reference.round-trip.values")

    # --- steps that tell something --------------------------------------------------------------

    def call(self) -> None:
        """Call it, on the client or on the server."""
        found, word = self.pick(), self.word()
        result = found.result(word)
        if self.draw(st.booleans()):
            self.tell(f"await {found.name}({json.dumps(word)})", result, "reference.function")
        else:
            expression = f"await {self.tool('apply')}({found.name}, {json.dumps(word)})"
            self.tell(expression, result, "reference.round-trip.values", "reference.bind.stays")

    def compare(self) -> None:
        """Whether it is the very function that the server has."""
        found = self.pick()
        is_all = found.says == "all" and not found.bound
        self.made.used.add("all")
        self.tell(f"await {self.tool('isAll')}({found.name})", is_all, "reference.round-trip")

    def repeat(self) -> None:
        """Whether one that occurs twice arrives as one."""
        name = self.pick().name
        expression = f"await {self.tool('give')}([{name}, {name}]).then(([a, b]) => a === b)"
        self.tell(expression, True, "reference.repeated")

    def look(self) -> None:
        """What it is like."""
        text, value, clause = self.draw(_LOOKS)
        self.tell(replaced(text, F=self.pick().name), value, clause)

    def refuse(self) -> None:
        """Something that is no reference."""
        expression = f"await {self.tool('give')}({self.draw(_STRANGERS)}).catch(() => 'refused')"
        self.tell(replaced(expression, F=self.pick().name), "refused", "reference.not-any-function")


#: Simplest first.
STEPS: Sequence[Callable[[JourneyWriter], None]] = (
    JourneyWriter.call,
    JourneyWriter.look,
    JourneyWriter.compare,
    JourneyWriter.repeat,
    JourneyWriter.refuse,
    JourneyWriter.bind_here,
    JourneyWriter.bind_there,
    JourneyWriter.send,
)
LOOKS = (
    ("typeof F", "function", "reference.function"),
    ("F('x') instanceof Promise", True, "reference.promise"),
    ("typeof F('x').then", "function", "reference.promise"),
    ("typeof F.then", "undefined", "reference.not-thenable"),
    ("await F === F", True, "reference.not-thenable"),
    ("/use server/.test(String(F))", False, "reference.opaque"),
    ("/use server/.test(Function.prototype.toString.call(F))", False, "reference.opaque"),
    ("JSON.stringify([F])", "[null]", "reference.opaque"),
)
#: The same on the server; of the last one, what a call gives.
LOOKS_THERE: tuple[tuple[str, Any, str], ...] = (
    ("typeof F", "function", "reference.function"),
    ("/use server/.test(String(F))", False, "reference.opaque.server"),
    ("/use server/.test(`${F}`)", False, "reference.opaque.server"),
    ("/use server/.test('' + F)", False, "reference.opaque.server"),
    (
        "/use server/.test(Function.prototype.toString.call(F))",
        False,
        "reference.opaque.server",
    ),
    ("all.name", "all", "function.name"),
    ("all.length", 0, "function.name"),
    ("((f, g) => {}).length + (async (f, g) => { 'use server' }).length", 4, "function.name"),
    ("await F('there')", None, "reference.bind"),
)
STRANGERS = ("() => 1", "x => F(x)", "class {}", "[async () => {}]", "console.log")

#: What is captured and cannot be sent.
UNSUPPORTED = ("() => 1", "class {}", "Symbol('s')", "[new WeakMap()]", "{ f() {} }")
_UNSUPPORTED, _SIXTH = st.sampled_from(UNSUPPORTED), st.integers(0, 5)
_STEPS = st.lists(st.sampled_from(range(len(STEPS))), min_size=1, max_size=6)
#: What functions without captures say first, and what they are.
_WITHOUT_CAPTURES = st.sampled_from((("all", "all"), ("undefined", "look")))
_UP_TO_TWO = st.integers(0, 2)
_THIS = st.sampled_from(("null", "{ own: 1 }"))
_LOOKS, _LOOKS_THERE = st.sampled_from(LOOKS), st.sampled_from(LOOKS_THERE)
_STRANGERS = st.sampled_from(STRANGERS)


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """A page and a client program."""
    return JourneyWriter(draw).write()


def references() -> st.SearchStrategy[Example]:
    """Such programs, compiled and run."""
    return journeys().map(
        lambda made: Example(
            frozenset({*made.features, "function.inline"}),
            asking(Run({"entry": "page.js#page", "client": made.client}, None, None)),
            made.files,
        )
    )
