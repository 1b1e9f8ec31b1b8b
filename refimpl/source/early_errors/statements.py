"""Early errors of statements: labels, jumps, and what strict code leaves out."""

from __future__ import annotations

from refimpl.source import nodes as n
from refimpl.source.early_errors.names import check_await
from refimpl.source.early_errors.walk import Context, Walk, rule

_LOOPS = (
    n.DoWhileStatement,
    n.WhileStatement,
    n.ForStatement,
    n.ForInStatement,
    n.ForOfStatement,
)


@rule(n.WithStatement)
def _with_statement(walk: Walk, node: n.WithStatement, context: Context) -> None:
    walk.report("with", node, "strict code has no `with`", end=node.start + 4)
    walk.children(walk, node, context)


@rule(n.WhileStatement, n.DoWhileStatement)
def _while_statement(
    walk: Walk, node: n.WhileStatement | n.DoWhileStatement, context: Context
) -> None:
    walk.visit([node.test], context)
    walk.visit([node.body], context.inside(in_loop=True))


@rule(n.SwitchStatement)
def _switch_statement(walk: Walk, node: n.SwitchStatement, context: Context) -> None:
    walk.visit([node.discriminant], context)
    walk.visit(node.cases, context.inside(in_switch=True))


@rule(n.LabeledStatement)
def _labeled_statement(walk: Walk, node: n.LabeledStatement, context: Context) -> None:
    check_await(walk, node.label, context)
    name = node.label.name
    if any(name == label for label, _ in context.labels):
        walk.report(
            "duplicate-label", node.label, f"a statement around is labelled `{name}` already"
        )
    body = node.body
    while isinstance(body, n.LabeledStatement):
        body = body.body
    label = (name, isinstance(body, _LOOPS))
    walk.visit([node.body], context.inside(labels=(*context.labels, label)))


@rule(n.BreakStatement)
def _break_statement(walk: Walk, node: n.BreakStatement, context: Context) -> None:
    if node.label is None:
        if not (context.in_loop or context.in_switch):
            walk.report("misplaced-break", node, "`break` is only allowed in a loop or a switch")
    elif all(node.label.name != label for label, _ in context.labels):
        _undeclared(walk, node.label)


@rule(n.ContinueStatement)
def _continue_statement(walk: Walk, node: n.ContinueStatement, context: Context) -> None:
    if not context.in_loop:
        walk.report("misplaced-continue", node, "`continue` is only allowed in a loop")
    elif node.label is not None and (node.label.name, True) not in context.labels:
        if (node.label.name, False) in context.labels:
            walk.report("continue-label", node.label, f"`{node.label.name}` does not label a loop")
        else:
            _undeclared(walk, node.label)


def _undeclared(walk: Walk, label: n.Identifier) -> None:
    walk.report("undeclared-label", label, f"no statement around is labelled `{label.name}`")
