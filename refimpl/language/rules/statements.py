"""Statements and declarations (ECMA-262 §14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import surrounding
from refimpl.language.environment import (
    Environment,
    Indirection,
    block_environment,
    plan_of,
)
from refimpl.language.errors import Throw
from refimpl.language.generators import in_async_generator
from refimpl.language.operations import is_strictly_equal, to_boolean
from refimpl.language.promises import await_
from refimpl.language.rules.base import (
    BREAK,
    CONTINUE,
    Completion,
    evaluate_statements,
    evaluates,
    loop_continues,
    loop_result,
    named_evaluation,
)
from refimpl.language.rules.patterns import bind_declaration, initialize_pattern
from refimpl.language.suspension import ReturnCompletion
from refimpl.language.values import undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from collections.abc import Sequence


@evaluates(n.EmptyStatement, n.DebuggerStatement, n.TSDeclaration, n.Directive)
def empty_statement(node: n.Node, env: Environment) -> None:
    """§14.4 EmptyStatement, and what TypeScript erases."""


@evaluates(n.ExpressionStatement)
def expression_statement(node: n.ExpressionStatement, env: Environment) -> None:
    """§14.5 ExpressionStatement."""
    node.expression.evaluate(env)


@evaluates(n.BlockStatement)
def block(node: n.BlockStatement, env: Environment) -> Completion | None:
    """§14.2 Block."""
    return evaluate_statements(node.body, block_environment(node.scope, env))


@evaluates(n.VariableDeclaration)
def variable_declaration(node: n.VariableDeclaration, env: Environment) -> None:
    """§14.3 LexicalDeclaration and VariableStatement."""
    for declarator in node.declarations:
        target, init = declarator.id, declarator.init
        if node.kind == "var":
            if init is not None:
                bind_declaration(target, init, env)
        elif type(target) is n.Identifier:
            name = target.name
            value = undefined if init is None else named_evaluation(init, env, name)
            env.initialize_binding(name, value)
        else:
            assert init is not None  # an early error otherwise
            initialize_pattern(target, init.evaluate(env), env)


@evaluates(n.FunctionDeclaration)
def function_declaration(node: n.FunctionDeclaration, env: Environment) -> None:
    """§15.2.6: made when its scope was entered; one that the host claimed is made now at the latest."""
    if node.id is not None and type(env.bindings.get(node.id.name)) is Indirection:
        env.get_binding_value(node.id.name)


@evaluates(n.IfStatement)
def if_statement(node: n.IfStatement, env: Environment) -> Completion | None:
    """§14.6 The if Statement."""
    chosen = node.consequent if to_boolean(node.test.evaluate(env)) else node.alternate
    if chosen is None:
        return None
    completion: Completion | None = chosen.evaluate(env)
    return completion


# --- loops ---------------------------------------------------------------------------------------


@evaluates(n.WhileStatement)
def while_statement(
    node: n.WhileStatement, env: Environment, labels: Sequence[str] = ()
) -> Completion | None:
    """§14.7.3 The while Statement."""
    charge = surrounding.agent.charge
    while to_boolean(node.test.evaluate(env)):
        charge()
        completion = node.body.evaluate(env)
        if not loop_continues(completion, labels):
            return loop_result(completion)
    return None


@evaluates(n.DoWhileStatement)
def do_while_statement(
    node: n.DoWhileStatement, env: Environment, labels: Sequence[str] = ()
) -> Completion | None:
    """§14.7.2 The do-while Statement."""
    charge = surrounding.agent.charge
    while True:
        charge()
        completion = node.body.evaluate(env)
        if not loop_continues(completion, labels):
            return loop_result(completion)
        if not to_boolean(node.test.evaluate(env)):
            return None


@evaluates(n.ForStatement)
def for_statement(
    node: n.ForStatement, env: Environment, labels: Sequence[str] = ()
) -> Completion | None:
    """§14.7.4 The for Statement."""
    scope = block_environment(node.scope, env)
    copies = scope is not env and plan_of(node.scope).closures and _is_let(node.init)
    if node.init is not None:
        node.init.evaluate(scope)
    return for_body(node, scope, copies=copies, labels=labels)


def _is_let(init: n.Node | None) -> bool:
    return isinstance(init, n.VariableDeclaration) and init.kind == "let"


def for_body(
    node: n.ForStatement, env: Environment, *, copies: bool, labels: Sequence[str]
) -> Completion | None:
    """ForBodyEvaluation; the copies per iteration are left out where no closure could tell."""
    charge = surrounding.agent.charge
    scope = create_per_iteration_environment(env) if copies else env
    while node.test is None or to_boolean(node.test.evaluate(scope)):
        charge()
        completion = node.body.evaluate(scope)
        if not loop_continues(completion, labels):
            return loop_result(completion)
        if copies:
            scope = create_per_iteration_environment(scope)
        if node.update is not None:
            node.update.evaluate(scope)
    return None


def create_per_iteration_environment(env: Environment) -> Environment:
    """CreatePerIterationEnvironment."""
    return Environment(env.outer, env.bindings.copy(), env.immutable)


# --- labels and jumps ---------------------------------------------------------------------------


@evaluates(n.LabeledStatement)
def labelled_statement(
    node: n.LabeledStatement, env: Environment, labels: Sequence[str] = ()
) -> Completion | None:
    """§14.13 LabelledEvaluation."""
    labels = (*labels, node.label.name)
    completion: Completion | None
    if isinstance(node.body, LABELLED):
        completion = node.body.evaluate(env, labels)
    else:
        completion = node.body.evaluate(env)
    if completion is not None and completion.kind == "break" and completion.value in labels:
        return None
    return completion


#: Statements whose rule takes the label set.
LABELLED = (
    n.LabeledStatement,
    n.WhileStatement,
    n.DoWhileStatement,
    n.ForStatement,
    n.ForInStatement,
    n.ForOfStatement,
)


@evaluates(n.BreakStatement)
def break_statement(node: n.BreakStatement, env: Environment) -> Completion:
    """§14.9 The break Statement."""
    del env
    return BREAK if node.label is None else Completion("break", node.label.name)


@evaluates(n.ContinueStatement)
def continue_statement(node: n.ContinueStatement, env: Environment) -> Completion:
    """§14.8 The continue Statement."""
    del env
    return CONTINUE if node.label is None else Completion("continue", node.label.name)


@evaluates(n.ReturnStatement)
def return_statement(node: n.ReturnStatement, env: Environment) -> Completion:
    """§14.10 The return Statement; in an async generator the value is awaited."""
    if node.argument is None:
        return Completion("return", undefined)
    value = node.argument.evaluate(env)
    if in_async_generator() is not None:
        value = await_(value)
    return Completion("return", value)


@evaluates(n.ThrowStatement)
def throw_statement(node: n.ThrowStatement, env: Environment) -> Completion:
    """§14.14 The throw Statement."""
    raise Throw(node.argument.evaluate(env))


# --- switch and try -----------------------------------------------------------------------------


@evaluates(n.SwitchStatement)
def switch_statement(node: n.SwitchStatement, env: Environment) -> Completion | None:
    """§14.12 The switch Statement."""
    value = node.discriminant.evaluate(env)
    scope = block_environment(node.scope, env)
    for case in node.cases[first_case(node.cases, value, scope) :]:
        completion = evaluate_statements(case.consequent, scope)
        if completion is not None:
            return loop_result(completion)
    return None


def first_case(cases: list[n.SwitchCase], value: object, env: Environment) -> int:
    """CaseBlockEvaluation: the clause where execution starts."""
    default = len(cases)
    for index, case in enumerate(cases):
        if case.test is None:
            default = index
        elif is_strictly_equal(value, case.test.evaluate(env)):
            return index
    return default


@evaluates(n.TryStatement)
def try_statement(node: n.TryStatement, env: Environment) -> Completion | None:
    """§14.15 The try Statement."""
    if node.finalizer is None:
        return try_catch(node, env)
    try:
        completion = try_catch(node, env)
    except (Throw, ReturnCompletion):
        instead: Completion | None = node.finalizer.evaluate(env)
        if instead is None:
            raise
        return instead
    instead = node.finalizer.evaluate(env)
    return completion if instead is None else instead


def try_catch(node: n.TryStatement, env: Environment) -> Completion | None:
    """The block and the catch clause of a try statement."""
    completion: Completion | None
    if node.handler is None:
        completion = node.block.evaluate(env)
        return completion
    try:
        completion = node.block.evaluate(env)
    except Throw as thrown:
        value = thrown.value
    else:
        return completion
    return catch_clause(node.handler, value, env)


def catch_clause(node: n.CatchClause, value: object, env: Environment) -> Completion | None:
    """CatchClauseEvaluation."""
    if node.param is not None:
        env = block_environment(node.scope, env)
        initialize_pattern(node.param, value, env)
    completion: Completion | None = node.body.evaluate(env)
    return completion
