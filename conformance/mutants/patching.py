"""Changing the reference while it runs, and changing it back.

Rules of this module:

* An edit names what it replaces as syntax, so layout and comments are free to change. What it
  names and cannot find is an error: a mutant that changes nothing would look like one nobody
  catches.
* An edit exchanges the code of the function object itself, so everyone who holds the function
  (an importer, a table, a subclass) runs the new code.
* Whatever was changed is put back in the opposite order, also after an error.
"""

from __future__ import annotations
import __future__

import ast
import copy
import functools
import inspect
import sys
import textwrap
from contextlib import ExitStack
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from conformance.problems import Place, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

#: The package whose modules are changed; the suite's own code is not.
SUBJECT = "refimpl"


class Patch(ExitStack):
    """The changes that make one mutant; leaving the context undoes them."""

    def __init__(self) -> None:
        super().__init__()
        self.trees: dict[FunctionType, ast.AST] = {}

    def edit(self, target: Any, old: str, new: str) -> None:
        """Replace an expression, or statements, wherever it stands in one function.

        `target` is a function, a method, or a property of the reference.
        """
        function = function_of(target)
        if function not in self.trees:
            self.trees[function] = tree_of(function)
            self.callback(setattr, function, "__code__", function.__code__)
        editing = _Edit(old, new)
        tree = self.trees[function] = editing.visit(self.trees[function])
        if not editing.found:
            raise inapplicable(function, f"{old!r} does not occur in it")
        function.__code__ = compiled(function, tree)

    def replace(self, target: Callable[..., Any], replacement: Callable[..., Any]) -> None:
        """Put another function in the place of a function or method of the reference."""
        owner_name, _, name = target.__qualname__.rpartition(".")
        if not owner_name:
            self.constant(sys.modules[target.__module__], name, replacement)
            return
        owner: Any = sys.modules[target.__module__]
        for part in owner_name.split("."):
            owner = getattr(owner, part)
        self.attribute(owner, name, replacement)

    def constant(self, module: ModuleType, name: str, value: object) -> None:
        """Give a name of a module another value, in every module that imported it too."""
        if name not in vars(module):
            raise inapplicable(module, f"it has no {name}")
        old = vars(module)[name]
        for each in [*sys.modules.values()]:
            inside = getattr(each, "__name__", "").partition(".")[0] == SUBJECT
            if inside and vars(each).get(name) is old:
                self.attribute(each, name, value)

    def attribute(self, owner: Any, name: str, value: object) -> None:
        """Give an attribute that an object or a class has another value."""
        if name not in vars(owner):
            raise inapplicable(owner, f"it has no {name}")
        self.callback(setattr, owner, name, vars(owner)[name])
        setattr(owner, name, value)

    def item(self, table: MutableMapping[Any, Any], key: Any, value: object) -> None:
        """Give a key that a table has another value."""
        if key not in table:
            raise inapplicable(table, f"it has no key {key!r}")
        self.callback(table.__setitem__, key, table[key])
        table[key] = value


def inapplicable(what: object, reason: str) -> Refused:
    """The error of a change that has nothing to change any more."""
    name = getattr(what, "__qualname__", None) or getattr(what, "__name__", type(what).__name__)
    code = getattr(what, "__code__", None)
    file = code.co_filename if code else getattr(what, "__module__", name)
    place = Place(str(file), code.co_firstlineno if code else None)
    fix = "the reference has changed: restate the mutant in terms of what it is now"
    return Refused(Problem("mutant.does-not-apply", f"{name}: {reason}", place, fix))


def function_of(target: Any) -> FunctionType:
    """The function behind a function, a method, a property or a cache."""
    found = target
    for name in ("fget", "func", "__func__"):
        found = getattr(found, name, found)
    found = inspect.unwrap(found)
    if not isinstance(found, FunctionType):
        raise inapplicable(target, "it is no function")
    return found


def tree_of(function: FunctionType) -> ast.AST:
    """The syntax of a function as it is written, which the caller may change."""
    code = function.__code__
    try:
        return copy.deepcopy(_functions_in(code.co_filename)[code.co_firstlineno, code.co_name])
    except (KeyError, OSError):
        raise inapplicable(function, "its source has changed since it was imported") from None


@functools.cache
def _functions_in(file: str) -> dict[tuple[int, str], ast.AST]:
    """The definitions of functions in a file, by first line and name."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return {
        (min([node.lineno, *(part.lineno for part in node.decorator_list)]), node.name): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def compiled(function: FunctionType, tree: ast.AST) -> CodeType:
    """The code of `function` with another body."""
    assert isinstance(tree, ast.FunctionDef)
    definition = copy.copy(tree)
    definition.decorator_list = []
    free = function.__code__.co_freevars
    # The names around the function are parameters of a function around it that never runs.
    around = ast.parse(f"def around({', '.join(free)}): pass").body[0]
    assert isinstance(around, ast.FunctionDef)
    # Its own name is looked up where it was written, not here.
    around.body = [ast.Global([definition.name]), definition]
    module = ast.fix_missing_locations(ast.Module([around], []))
    flags = __future__.annotations.compiler_flag
    code: Any = compile(module, function.__code__.co_filename, "exec", flags, dont_inherit=True)
    for name in ("around", definition.name):
        inner = (each for each in code.co_consts if isinstance(each, CodeType))
        code = next(each for each in inner if each.co_name == name)
    assert isinstance(code, CodeType)
    if code.co_freevars != free:
        raise inapplicable(function, f"it would use {code.co_freevars} instead of {free}")
    return code


class _Edit(ast.NodeTransformer):
    """Replaces an expression, or a run of statements, by another."""

    def __init__(self, old: str, new: str) -> None:
        self.found = False
        try:
            self.old = [ast.dump(ast.parse(old, mode="eval").body)]
            self.expression: ast.expr | None = ast.parse(new, mode="eval").body
        except SyntaxError:
            self.old = [ast.dump(statement) for statement in _statements(old)]
            self.expression, self.statements = None, _statements(new)

    def visit(self, node: ast.AST) -> Any:
        """Look at what is inside a node, then at the node."""
        if self.expression is not None:
            if isinstance(node, ast.expr) and ast.dump(node) == self.old[0]:
                self.found = True
                return copy.deepcopy(self.expression)
            return self.generic_visit(node)
        self.generic_visit(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(node, name, self.edited(value))
        return node

    def edited(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """A list of statements with the run of old ones replaced."""
        size = len(self.old)
        dumps = [ast.dump(statement) for statement in body]
        for start in range(len(body) - size + 1):
            if dumps[start : start + size] == self.old:
                self.found = True
                return [*body[:start], *copy.deepcopy(self.statements), *body[start + size :]]
        return body


def _statements(text: str) -> list[ast.stmt]:
    return ast.parse(textwrap.dedent(text).strip()).body
