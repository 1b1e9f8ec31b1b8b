"""The operators of general mutation: what can be changed in the syntax tree of a function.

A site is one change at one node. Texts for people are left alone, as are assertions, annotations,
decorators, and what follows a dot in the code of a syntax error: no observation point sees them.
"""

from __future__ import annotations

import ast
import codecs
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
#: Fields of a node that hold nothing a program can see.
UNSEEN = ("annotation", "returns", "decorator_list", "type_comment", "defaults", "kw_defaults")
#: Keyword arguments, and variables, that hold texts for people; and an assertion in other words.
FOR_PEOPLE = frozenset(
    {"message", "fix", "clause", "words", "explanation", "label", "what", "strict"}
)
#: Calls whose first argument makes the code of a syntax error more precise, which is left open
#: (conformance.errors.refine).
REFINING = frozenset({"report", "report_at", "_Found"})
#: Attributes that count work: tests of growth look at them, and no observation does.
COUNTERS = frozenset({"steps"})


@dataclass(frozen=True)
class Site:
    """One change: the node's number in a walk of the tree, the field, and which alternative."""

    node: int
    field: str
    index: int | None
    alternative: int
    statement: int  #: the first line of the innermost statement around it
    what: str


def sites(tree: ast.FunctionDef) -> Iterator[Site]:
    """Every change that can be made to a function."""
    lines = _statement_lines(tree)
    hidden = {id(each) for node in ast.walk(tree) for each in _for_people(node)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in hidden:
            hidden.update(map(id, ast.iter_child_nodes(node)))
            continue
        for field, index, child in _children(node):
            if id(child) in hidden:
                continue
            for chosen, new in enumerate(alternatives(child)):
                what = f"{_shown(child)} -> {_shown(new)}"
                line = lines.get(id(child), lines.get(id(node), tree.lineno))
                yield Site(number, field, index, chosen, line, what)


def changed(tree: ast.FunctionDef, site: Site) -> ast.FunctionDef:
    """A copy of a function with one change."""
    made = copy.deepcopy(tree)
    node = next(each for number, each in enumerate(ast.walk(made)) if number == site.node)
    value = getattr(node, site.field)
    child = value if site.index is None else value[site.index]
    new = [*alternatives(child)][site.alternative]
    if site.index is None:
        setattr(node, site.field, new)
    else:
        value[site.index] = new
    return made


def alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare(ops=[op], left=left, comparators=comparators):
            if type(op) in COMPARISONS:
                yield ast.Compare(left, [COMPARISONS[type(op)]()], comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from values[:2] if len(values) == 2 else ()
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=op, left=left, right=right) if type(op) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Constant(value=value):
            yield from map(ast.Constant, _other_constants(value))
    yield from _other_statements(node)


def _other_constants(value: object) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case int() | float():
            yield value + 1
            yield value - 1
        case str() if value and not (set(value) & set(" \n") or _is_open(value)):
            yield value + "~"
        case None:
            yield 0


def _is_open(text: str) -> bool:
    """Whether a text makes the code of a syntax error more precise, or names a codec.

    (Python does not look at what stands around the name of one.)
    """
    try:
        return text.startswith("syntax.") or bool(codecs.lookup(text + "~"))
    except (LookupError, ValueError):
        return False


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.While(test=test, body=body, orelse=orelse):
            yield ast.While(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Return(value=value) if value is not None and not _is_nothing(value):
            yield ast.Return(ast.Constant(None))
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield ast.Pass()
        case ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Nonlocal():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()


def _is_nothing(node: ast.AST) -> bool:
    """Whether a node is None, or what nobody tells from it: False."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(node):
        if field in UNSEEN:
            continue
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield field, index, item


def _for_people(node: ast.AST) -> Iterator[ast.AST]:
    """What a node holds that no program sees: types, docstrings, assertions, messages."""
    for field in UNSEEN:
        held = getattr(node, field, None)
        yield from (held if isinstance(held, list) else [held] if isinstance(held, ast.AST) else [])
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Assert() | ast.JoinedStr():
            yield node
        case ast.AugAssign(target=ast.Attribute(attr=name)) if name in COUNTERS:
            yield node
        case ast.keyword(arg=str(name), value=value) if name in FOR_PEOPLE:
            yield value
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in FOR_PEOPLE:
            yield value
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[code, *_]) if (
            name in REFINING
        ):
            yield code
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[literal]):
            yield literal


def _statement_lines(tree: ast.FunctionDef) -> dict[int, int]:
    """For each node the first line of the innermost statement it belongs to."""
    lines: dict[int, int] = {}

    def note(node: ast.AST, line: int) -> None:
        if isinstance(node, ast.stmt):
            line = node.lineno
        lines[id(node)] = line
        for child in ast.iter_child_nodes(node):
            note(child, line)

    note(tree, tree.lineno)
    return lines


def _shown(node: ast.AST) -> str:
    """The beginning of a node's text, on one line."""
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 70 else text[:69] + "…"
