"""Which statements of the reference each point of the corpus executes.

Every function is given code that notes its statements as they run. (A tracer would miss what runs
inside the guest's suspended activations.)
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Any

from conformance.mutants.patching import compiled, function_of, tree_of
from conformance.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FunctionType

    from conformance.mutants.campaign import Campaign, Point

HITS = "__hits__"


def functions(package: str) -> dict[str, FunctionType]:
    """The functions and methods that a package defines, by qualified name."""
    root = importlib.import_module(package)
    names = [m.name for m in pkgutil.walk_packages(root.__path__, f"{package}.")]
    found: dict[str, FunctionType] = {}
    for name in names:
        module = importlib.import_module(name)
        for function in _functions_of(module, name):
            found.setdefault(f"{name}:{function.__qualname__}", function)
    return found


def _functions_of(owner: Any, module: str) -> Iterator[FunctionType]:
    for member in [*vars(owner).values()]:
        if inspect.isclass(member):
            if member.__module__ == module and member is not owner:
                yield from _functions_of(member, module)
            continue
        try:
            function = function_of(member)
        except (Refused, ValueError):
            continue
        if function.__module__ == module and not function.__code__.co_name.startswith("<"):
            yield function


class Noting(ast.NodeTransformer):
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


def reached(
    campaign: Campaign, subjects: dict[str, FunctionType]
) -> dict[tuple[str, int], list[Point]]:
    """The points that the reference passes, by the statements they execute."""
    hits: set[tuple[str, int]] = set()
    originals = {name: function.__code__ for name, function in subjects.items()}
    for function in subjects.values():
        try:
            tree = tree_of(function)
        except Refused:
            continue  # what a decorator or a dataclass made is written nowhere
        file = function.__code__.co_filename
        function.__globals__[HITS] = hits
        body = Noting(file).visit(tree)
        function.__code__ = compiled(function, body)
    by_statement: dict[tuple[str, int], list[Point]] = {}
    try:
        for point in campaign.points:
            hits.clear()
            if campaign.ask(point).kind == "pass":
                for statement in hits:
                    by_statement.setdefault(statement, []).append(point)
    finally:
        for name, function in subjects.items():
            function.__code__ = originals[name]
    return by_statement
