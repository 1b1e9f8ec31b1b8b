"""Which points of the corpus can notice what a mutant changes: those that execute it.

Rules of this module:

* The reference does the same whenever it is asked the same. So where an answer takes none of the
  statements that a mutant changes, the mutant gives it too, and need not be asked.
* Every function that matters is given code that notes its statements as they run. (A tracer would
  miss what runs inside the guest's suspended activations.)
* The reference forgets what it keeps in caches before each point: what it would only remember
  counts as executed.
* What cannot be decided is executed by every point.
"""

from __future__ import annotations

import ast
import functools
import gc
import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, TypeAlias

import refimpl
from conformance.mutants.patching import (
    SUBJECT,
    Edited,
    Replaced,
    compiled,
    function_of,
    names_in,
    tree_of,
)
from conformance.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.mutants.campaign import Campaign, Point
    from conformance.mutants.mutant import Mutant

    #: A file, and the first line of a statement in it.
    Statement: TypeAlias = tuple[str, int]

HITS = "__hits__"
#: Whose functions may look up what a mutant replaces: those of the reference and of its adapter.
LOOKING = tuple(
    str(folder)
    for folder in (Path(refimpl.__file__).parent, Path(__file__).parents[1] / "adapters")
)


class Undecidable(Exception):  # noqa: N818  (it is no error: whatever meets it asks everything)
    """It cannot be told who executes a change."""


@dataclass(frozen=True, slots=True)
class Part:
    """Statements of one function."""

    function: FunctionType
    lines: frozenset[int]

    @property
    def statements(self) -> set[Statement]:
        """The statements, each with its file."""
        return {(self.function.__code__.co_filename, line) for line in self.lines}


def points_of(campaign: Campaign, mutants: Iterable[Mutant]) -> dict[str, list[Point]]:
    """The points that can catch each of these mutants, by its name; without a name, all can."""
    parts: dict[str, list[Part]] = {}
    for mutant in mutants:
        try:
            parts[mutant.name] = parts_of(mutant)
        except Undecidable:
            continue
    everything = [part for each in parts.values() for part in each]
    executed = executed_by(campaign, {part.function for part in everything})
    found: dict[str, list[Point]] = {}
    for name, own in parts.items():
        changed = {statement for part in own for statement in part.statements}
        found[name] = [p for p in campaign.points if not changed.isdisjoint(executed[p])]
    return found


# --- what is changed -----------------------------------------------------------------------------


def parts_of(mutant: Mutant) -> list[Part]:
    """What a point has to execute so that it can notice a mutant; raises `Undecidable`."""
    with mutant.alive() as patch:
        changes = [*patch.changes]
    return [part for change in changes for part in changed_by(change)]


def changed_by(change: Edited | Replaced) -> Iterator[Part]:
    """What a point has to execute so that it can notice one change."""
    match change:
        case Edited(function, None):
            yield beginning(function)
        case Edited(function, frozenset() as lines):
            yield Part(function, lines)
        case Replaced(None):
            raise Undecidable  # whoever holds the table may look
        case Replaced(str(name), old):
            try:
                function = function_of(old)
            except Refused:
                yield from map(beginning, looking_up(name))
            else:
                yield beginning(function)


def beginning(function: FunctionType) -> Part:
    """The first statement of a function, which nobody can call without executing it."""
    if inspect.isgeneratorfunction(function):
        raise Undecidable  # calling it executes nothing
    try:
        tree = tree_of(function)
    except Refused:
        raise Undecidable from None
    assert isinstance(tree, ast.FunctionDef)
    return Part(function, frozenset({tree.body[0].lineno}))


def looking_up(name: str) -> list[FunctionType]:
    """The functions that mention a name, wherever they are held."""
    return [
        found
        for found in gc.get_objects()
        if isinstance(found, FunctionType)
        and found.__code__.co_filename.startswith(LOOKING)
        and name in names_in(found.__code__)
    ]


# --- what is executed ----------------------------------------------------------------------------


def executed_by(
    campaign: Campaign, functions: Iterable[FunctionType]
) -> dict[Point, frozenset[Statement]]:
    """The statements of some functions that each point executes; the reference has to pass all."""
    executed: dict[Point, frozenset[Statement]] = {}
    with noting(functions) as hits:
        for point in campaign.points:
            hits.clear()
            forget()
            campaign.check(point)
            executed[point] = frozenset(hits)
    forget()
    return executed


def forget() -> None:
    """Let the reference forget what it keeps in caches."""
    for cache in _caches():
        cache.cache_clear()


@functools.cache
def _caches() -> list[functools._lru_cache_wrapper[object]]:
    return [
        found
        for found in gc.get_objects()
        if isinstance(found, functools._lru_cache_wrapper)
        and found.__module__.partition(".")[0] == SUBJECT
    ]


@contextmanager
def noting(functions: Iterable[FunctionType]) -> Iterator[set[Statement]]:
    """While this context lasts, these functions note what they execute."""
    hits: set[Statement] = set()
    originals = {function: function.__code__ for function in functions}
    try:
        for function in originals:
            try:
                tree = tree_of(function)
            except Refused:
                continue  # what a decorator or a dataclass made is written nowhere
            function.__globals__[HITS] = hits
            noted = _Noting(function.__code__.co_filename).visit(tree)
            function.__code__ = compiled(function, noted)
        yield hits
    finally:
        for function, code in originals.items():
            function.__code__ = code
            function.__globals__.pop(HITS, None)


class _Noting(ast.NodeTransformer):
    """Lets each statement note its line before it runs."""

    def __init__(self, file: str) -> None:
        self.file = file

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Put a note before each statement of each list of statements."""
        super().generic_visit(node)
        for field, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                noted = [each for item in value for each in (self.note(item), item)]
                setattr(node, field, noted)
        return node

    def note(self, statement: ast.stmt) -> ast.stmt:
        """The statement that notes another."""
        made = ast.parse(f"{HITS}.add(({self.file!r}, {statement.lineno}))").body[0]
        return ast.copy_location(made, statement)
