"""How a rule is attached to its node class, and what a statement evaluates to.

* `@evaluates(IfStatement)` makes a function the evaluation rule of a node class: `node.evaluate(environment)`.
* An expression evaluates to a value. A statement evaluates to None (a normal completion) or to a
  `Completion` (break, continue or return). A throw completion is the exception `Throw`. The values of
  normal completions are not kept: only `eval` could see them, and there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from refimpl.language.agent import surrounding
from refimpl.language.functions import function_name
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from refimpl.language.environment import Environment
    from refimpl.language.private import PrivateName
    from refimpl.language.values import Key, Value
    from refimpl.source.nodes import Node

R = TypeVar("R", bound="Callable[..., Any]")


def evaluates(*classes: type[Node]) -> Callable[[R], R]:
    """Make the decorated function the evaluation rule of these node classes."""

    def attach(rule: R) -> R:
        for cls in classes:
            cls.evaluate = rule
        return rule

    return attach


def named_evaluation(node: Node, environment: Environment, key: Key | PrivateName) -> Value:
    """NamedEvaluation where the node is an anonymous function definition, Evaluation otherwise.

    The rules of function and class expressions take the name as a third argument.
    """
    inner = node
    while isinstance(inner, (n.ParenthesizedExpression, n.TSAs)):
        inner = inner.expression
    if isinstance(inner, (n.Function, n.Class)) and inner.id is None:
        return inner.evaluate(environment, function_name(key))
    return node.evaluate(environment)


class Completion:
    """A break, continue or return completion; `value` is the label (or None) or the value returned."""

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: Value = None) -> None:
        self.kind = kind
        self.value = value


BREAK: Final = Completion("break")
CONTINUE: Final = Completion("continue")


def loop_continues(completion: Completion | None, labels: Sequence[str]) -> bool:
    """LoopContinues."""
    if completion is None or completion is CONTINUE:
        return True
    return completion.kind == "continue" and completion.value in labels


def loop_result(completion: Completion | None) -> Completion | None:
    """What a loop evaluates to when its body ended it: a plain `break` is used up."""
    return None if completion is BREAK else completion


def evaluate_statements(statements: list[Node], environment: Environment) -> Completion | None:
    """Evaluation of a StatementList; tells the execution context where it is."""
    context = surrounding.agent.context
    for statement in statements:
        context.node = statement
        completion: Completion | None = statement.evaluate(environment)
        if completion is not None:
            return completion
    return None
