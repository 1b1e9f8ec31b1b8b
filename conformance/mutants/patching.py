"""Changing the reference while it runs, and changing it back.

Rules of this module:

* An edit names what it replaces as syntax, so layout and comments are free to change. What it
  names and cannot find is an error: a mutant that changes nothing would look like one nobody
  catches.
* An edit exchanges the code of the function object itself, so everyone who holds the function
  (an importer, a table, a subclass) runs the new code.
* Whatever was changed is put back in the opposite order, also after an error.
* A patch tells what it changed, so that `reach` can tell who may notice.
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
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.problems import Place, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, MutableMapping

_Node = TypeVar("_Node", bound=ast.AST)

#: The package whose modules are changed; the suite's own code is not.
SUBJECT = "refimpl"


@dataclass(frozen=True, slots=True)
class Edited:
    """A function some of whose statements are others now."""

    function: FunctionType
    #: The first lines of these statements as they were; None if all of it may mean something else.
    lines: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What stood under a name of a module, an object or a class; no name if under a key of a table."""

    name: str | None
    old: object


class Patch(ExitStack):
    """The changes that make one mutant; leaving the context undoes them."""

    def __init__(self) -> None:
        super().__init__()
        self.trees: dict[FunctionType, ast.AST] = {}
        #: What was changed, in order.
        self.changes: list[Edited | Replaced] = []

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
        code = compiled(function, tree)
        local = not editing.rescopes(function.__code__)
        self.changes.append(Edited(function, frozenset(editing.lines) if local else None))
        function.__code__ = code

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
        self.changes.append(Replaced(name, vars(owner)[name]))
        setattr(owner, name, value)

    def item(self, table: MutableMapping[Any, Any], key: Any, value: object) -> None:
        """Give a key that a table has another value."""
        if key not in table:
            raise inapplicable(table, f"it has no key {key!r}")
        self.callback(table.__setitem__, key, table[key])
        self.changes.append(Replaced(None, table[key]))
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


def names_in(code: CodeType) -> Iterator[str]:
    """The names that code and the code inside it look up anywhere but among its own locals."""
    yield from (*code.co_names, *code.co_freevars, *code.co_cellvars)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_in(inner)


class _Edit(ast.NodeTransformer):
    """Replaces an expression, or a run of statements, by another."""

    def __init__(self, old: str, new: str) -> None:
        #: The lines of the statements that are changed, and the one of the statement at hand.
        self.lines: set[int] = set()
        self.line = 0
        self.found = False
        self.new: Iterable[ast.AST]
        try:
            self.old = [ast.dump(ast.parse(old, mode="eval").body)]
            self.expression: ast.expr | None = ast.parse(new, mode="eval").body
            self.new = [self.expression]
        except SyntaxError:
            self.old = [ast.dump(statement) for statement in _statements(old)]
            self.expression, self.statements = None, _statements(new)
            self.new = self.statements

    def visit(self, node: ast.AST) -> Any:
        """Look at what is inside a node, then at the node."""
        around = self.line
        if isinstance(node, ast.stmt):
            self.line = node.lineno
        seen = self.seen(node)
        self.line = around
        return seen

    def seen(self, node: ast.AST) -> ast.AST:
        """The node as it has to be."""
        if self.expression is not None:
            if isinstance(node, ast.expr) and ast.dump(node) == self.old[0]:
                return self.put(self.line, self.expression)
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
                line = body[start].lineno
                put = [self.put(line, statement) for statement in self.statements]
                return [*body[:start], *put, *body[start + size :]]
        return body

    def put(self, line: int, new: _Node) -> _Node:
        """A copy of what is new, for the line of what it replaces."""
        self.found = True
        self.lines.add(line)
        made = copy.deepcopy(new)
        for node in ast.walk(made):
            if isinstance(node, (ast.stmt, ast.expr)):
                node.lineno = node.end_lineno = line
                node.col_offset = node.end_col_offset = 0
        return made

    def rescopes(self, code: CodeType) -> bool:
        """Whether statements that stay may mean something else, as they do if a name becomes local."""
        bound: set[str] = set()
        for node in (each for new in self.new for each in ast.walk(new)):
            match node:
                case ast.Yield() | ast.YieldFrom() | ast.Global() | ast.Nonlocal():
                    return True
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                    bound.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    bound.add(name)
                case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                    bound.add(name)
                case ast.alias(name=name, asname=None):
                    bound.add(name.partition(".")[0])
                case ast.alias(asname=str(name)) | ast.MatchStar(name=str(name)):
                    bound.add(name)
        return not bound.isdisjoint(names_in(code))


def _statements(text: str) -> list[ast.stmt]:
    return ast.parse(textwrap.dedent(text).strip()).body
