"""A mutant: the reference with exactly one defect, named for its vice, tied to the clause it breaks."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from conformance.mutants.patching import Patch, inapplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Change: TypeAlias = Callable[[Patch], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect."""

    name: str
    clause: str
    #: What the implementation does wrong, in one sentence.
    vice: str
    change: Change

    @contextmanager
    def alive(self) -> Iterator[Patch]:
        """While this context lasts, the reference has the defect; the patch tells what it changed."""
        with Patch() as patch:
            try:
                self.change(patch)
            except AttributeError as error:
                raise inapplicable(self.change, str(error)) from error
            yield patch


#: Every mutant by its name, in the order of the modules that define them.
MUTANTS: dict[str, Mutant] = {}


def mutant(clause: str) -> Callable[[Change], Change]:
    """Register a function that breaks `clause`; its name and its docstring are the mutant's."""

    def register(change: Change) -> Change:
        name = change.__name__
        assert name not in MUTANTS, f"two mutants are called {name}"
        vice = inspect.getdoc(change)
        assert vice, f"{name} does not say what it does wrong"
        MUTANTS[name] = Mutant(name, clause, vice, change)
        return change

    return register
