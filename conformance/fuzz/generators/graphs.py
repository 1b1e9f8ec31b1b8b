"""Projects of several modules of every kind that import each other, also in cycles.

Rules of this module:

* Every module leaves a trace when it is evaluated, counts the calls of its function, and says in what
  it returns what it got from the modules it imports. So whoever calls sees which modules were
  evaluated, where, how often and in which order.
* A module calls only functions of modules that come after it, so every call ends. It may import any.
* At most one module has a fault.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.replacing import replaced
from conformance.observations import Compile, Run, Withholds

PATHS = ("a.js", "lib/b.ts", "lib/a.ts", "deep/c.tsx", "lib/index.mjs", "node_modules/pkg/index.js")
KINDS = ("none", "server", "client")
#: How a module imports the function `F` of another from `P`: a statement, and how it is named.
FORMS = {
    "import { F } from 'P'": "F",
    "import { F as L } from 'P'": "L",
    "import * as L from 'P'": "L.F",
    "const L = () => import('P')": "(await L()).F",
    "import { calls as L, F } from 'P'": "F",
}
#: How one imports itself, which may not give the name again.
ITSELF = "import * as L from 'P'"
#: What a function does with one of a module that comes after its own, if that is no client module,
#: if it is one, and with one that comes before.
CALLS, TRIES, NAMES = "await CALLED()", "await tried(async () => CALLED())", "typeof CALLED"
TRIED = "const tried = async call => { try { return await call() } catch { return 'no call' } }\n"


class Oddity(NamedTuple):
    """A statement of a module that is out of the ordinary."""

    text: str
    clause: str
    #: Whether the project still runs.
    runs: bool
    typed: bool = False


ODDITIES = (
    Oddity("await null\n", "module.top-level-await", runs=True),
    Oddity("await new Promise(d => setTimeout(d, 1))\n", "module.top-level-await", runs=True),
    Oddity("import type { T } from './nowhere'\n", "import.types", runs=True, typed=True),
    Oddity(
        "import { T } from './nowhere'\nconst t: T | null = null\n",
        "import.types",
        runs=True,
        typed=True,
    ),
    Oddity("import './nowhere'\n", "import.not-found", runs=False),
    Oddity("import { nothing } from './nowhere.js'\n", "import.not-found", runs=False),
    Oddity(
        "import { nothing } from 'P'\nglobalThis.seen = nothing\n", "import.missing", runs=False
    ),
    Oddity("import nothing from 'P'\nglobalThis.seen = nothing\n", "import.missing", runs=False),
    Oddity("throw new Error('of the module')\n", "module.evaluation-error", runs=False),
    Oddity("await Promise.reject(1)\n", "module.evaluation-error", runs=False),
)


@dataclass
class Node:
    """A module of the graph."""

    path: str
    kind: str
    #: Whether it has a server function of its own; only where its kind is none.
    inline: bool = False
    #: The numbers of the modules it imports, and what it does with them.
    targets: list[int] = field(default_factory=list)
    tops: list[str] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)

    def text(self, number: int) -> str:
        """The module."""
        directive = "" if self.kind == "none" else f"'use {self.kind}'\n"
        counts = "let calls = 0" if self.kind == "server" else "export let calls = 0"
        counted = f"{counts}; (globalThis.trace ??= []).push('m{number}')\n"
        told = ", ".join([f"'m{number}'", "calls += 1", *self.uses])
        function = f"export const f{number} = async () => [{told}]\n"
        inline = f"export const s = async () => {{ 'use server'; return ['s{number}', calls] }}\n"
        return "".join([directive, self.beginning, counted, function, inline * self.inline])

    @property
    def beginning(self) -> str:
        """What stands before anything else, but the directive."""
        tries = any("tried" in use for use in self.uses)
        return "".join([*self.tops, TRIED * tries])


@dataclass
class Graph:
    """The modules, and which of them the page and the client program import."""

    nodes: list[Node]
    page: Node
    client: Node
    odd: Oddity | None = None
    features: set[str] = field(default_factory=set)

    @property
    def files(self) -> dict[str, str]:
        """Everything but the client program."""
        uses = ", ".join([*self.page.uses, "globalThis.trace"])
        page = f"{self.page.beginning}export const page = async () => [{uses}]\n"
        made = {node.path: node.text(number) for number, node in enumerate(self.nodes)}
        return made | {self.page.path: page}

    @property
    def program(self) -> str:
        """The client program."""
        uses = ", ".join(["page", *self.client.uses, "globalThis.trace"])
        return f"{self.client.beginning}export default async page => [{uses}]\n"

    @property
    def reached(self) -> set[int]:
        """The numbers of the modules that client code has: it goes through those of no kind."""
        clients = {number for number, node in enumerate(self.nodes) if node.kind == "client"}
        starting = [self.client, *(self.nodes[number] for number in clients)]
        left = [target for node in starting for target in node.targets]
        reached = clients
        while left:
            number = left.pop()
            if number not in reached and self.nodes[number].kind == "none":
                reached.add(number)
                left += self.nodes[number].targets
        return reached

    @property
    def is_refused(self) -> bool:
        """Whether client code reaches a server function that stands in a module of no kind."""
        return any(self.nodes[number].inline for number in self.reached)


def specifier(draw: st.DrawFn, importer: str, path: str) -> str:
    """A specifier of a path, in one of the ways there are."""
    relative = posixpath.relpath(path, posixpath.dirname(importer) or ".")
    near = relative if relative.startswith("../") else f"./{relative}"
    ways = [near, f"@/{path}", posixpath.splitext(near)[0]]
    if posixpath.basename(path).startswith("index."):
        ways.append(f"@/{posixpath.dirname(path)}")
    if path.startswith("node_modules/"):
        ways.append("pkg")
    return draw(st.sampled_from(ways))


class GraphWriter:
    """Writes one graph; `draw` decides everything."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        paths = draw(_PATHS)
        nodes = [Node(path, draw(_KIND)) for path in paths]
        self.graph = Graph(nodes, Node("page.js", "none"), Node("client.js", "client"))
        self.features = self.graph.features

    def write(self) -> Graph:
        """The graph."""
        graph = self.graph
        numbers = range(len(graph.nodes))
        for number, node in enumerate(graph.nodes):
            node.inline = node.kind == "none" and self.draw(_SIXTH) == 5
            for target in self.some(numbers):
                self.edge(node, target, calls=target > number)
                if target <= number:
                    self.features.add("import.cycle")
        for root in (graph.page, graph.client):
            for target in self.some(numbers) or [0]:
                self.edge(root, target, calls=True)
                self.features.add("import.once")
        # Which of two errors is told is for an implementation to say: there is one at most.
        if self.draw(_EVENLY) and not graph.is_refused:
            self.make_odd(self.draw(st.sampled_from(graph.nodes)))
        return graph

    def some(self, numbers: range) -> list[int]:
        """A few modules."""
        return self.draw(_SOME[len(numbers)])

    def edge(self, importer: Node, target: int, *, calls: bool) -> None:
        """Let a module import another one."""
        node = self.graph.nodes[target]
        form = self.draw(_FORM)
        if "calls" in form and node.kind == "server":
            form = next(iter(FORMS))
        if importer is node:
            form = ITSELF
        local = f"l{len(importer.tops)}"
        path = specifier(self.draw, importer.path, node.path)
        filled = {"F": f"f{target}", "L": local, "P": path}
        importer.tops.append(f"{replaced(form, **filled)}\n")
        importer.targets.append(target)
        called = replaced(FORMS[form], **filled)
        use = NAMES if not calls else TRIES if node.kind == "client" else CALLS
        importer.uses.append(use.replace("CALLED", called))
        if "calls" in form:
            # Before the call and after it.
            importer.uses[-1:] = [local, importer.uses[-1], local]
            self.features.add("import.live")
        self.features |= {"project.resolution", self.clause(importer.kind, node.kind)}

    @staticmethod
    def clause(importer: str, imported: str) -> str:
        """What an import by a module of a kind of one of another kind is about."""
        if imported == "client":
            return "import.client-module" if importer != "client" else "import.client-call"
        if imported == "server":
            return "import.by-client.unevaluated" if importer == "client" else "import.by-server"
        return "import.through" if importer != "client" else "module.file-only"

    def make_odd(self, node: Node) -> None:
        """Give a module a statement that is out of the ordinary."""
        odd = self.draw(_ODDITY)
        if odd.typed and not node.path.endswith(("ts", "tsx")):
            return
        self.graph.odd = odd
        self.features |= {odd.clause, f"{odd.clause}:{odd.text}"}
        at = len(node.tops) if odd.text.startswith(("await", "throw")) else 0
        other = self.draw(st.sampled_from(self.graph.nodes))
        node.tops.insert(at, replaced(odd.text, P=f"@/{other.path}"))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A graph of modules."""
    return GraphWriter(draw).write()


@st.composite
def importing(draw: st.DrawFn) -> Example:
    """Such a project: compiled, and run; or what of it the client is given."""
    graph = draw(graphs())
    features = {*graph.features, "module.kinds"}
    if graph.is_refused:
        features.add("module.client.reached")
    started = {"entry": f"{graph.page.path}#page", "client": graph.program}
    asked: Run | Withholds = Run(started, None, None)
    if draw(_SIXTH) == 5:
        # What modules say of themselves that client code does not reach, or has references to only.
        hidden = tuple(
            f"['m{number}', calls"
            for number in range(len(graph.nodes))
            if number not in graph.reached
        )
        features.add("import.by-client.text")
        asked = Withholds(started, hidden, ())
    return Example(frozenset(features), asking(Compile({}, None), asked), graph.files)


_SIXTH, _EVENLY = st.integers(0, 5), st.booleans()
_PATHS = st.lists(st.sampled_from(PATHS), unique=True, min_size=1, max_size=3)
_KIND = st.sampled_from(KINDS)
_FORM, _ODDITY = st.sampled_from([*FORMS]), st.sampled_from(ODDITIES)
_SOME = {size: st.lists(st.integers(0, size - 1), unique=True, max_size=2) for size in (1, 2, 3)}
