"""Server function objects: what evaluating an inline server function makes.

The rules (SPEC.md §4.6 and §4.7):

* The object exists before its captures are read, so that functions that capture each other meet
  the object itself.
* Each captured binding is read once, in order of first use; an uninitialized one throws there.
* A call runs the function's code in module scope plus a record of its own, which binds each
  captured name to a fresh copy of the value it had and each own name to the object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from refimpl.language.agent import surrounding
from refimpl.language.environment import Environment, ModuleEnvironment
from refimpl.language.functions import FunctionObject, constant
from refimpl.language.rules.functions import (
    PROTOTYPES,
    expected_argument_count,
    ordinary_function_create,
)
from refimpl.language.values import Value, undefined
from refimpl.source import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.functions.compilation import ServerFunction


class Captured(Protocol):
    """The captured values of one server function object, in the order of its captures."""

    def take(self, names: list[str], values: list[Value]) -> None:
        """Copy the values, once, when the object is created. Clause: capture.snapshot."""

    def fresh(self) -> list[Value]:
        """A copy of the values for one call. Clauses: capture.fresh, capture.sharing."""


class ServerFunctionObject(FunctionObject):
    """A function object that has no scope but the module's, and carries what it captured.

    Being no ECMAScript function, it has no source text for `Function.prototype.toString`.
    Clause: reference.opaque.server.
    """

    __slots__ = ("captured", "definition", "node", "scope", "source")

    def __init__(
        self,
        definition: ServerFunction,
        node: nodes.Function,
        scope: Environment,
        name: str,
        captured: Captured,
    ) -> None:
        """Make the object; `scope` is module scope. Clause: function.name."""
        context = surrounding.agent.context
        prototype, _ = PROTOTYPES[node.is_async, node.generator]
        super().__init__(context.realm, context.realm.intrinsics[prototype], is_constructor=False)
        self.definition = definition
        self.node = node
        self.scope = scope
        self.source = context.source
        self.captured = captured
        self.props["length"] = constant(expected_argument_count(node))
        self.props["name"] = constant(name)

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:  # noqa: ARG002
        """[[Call]]; `this` is undefined. Arguments and result pass by reference.

        Clauses: call.this, call.local, call.local.no-queue, capture.write, capture.overlap.
        """
        name = self.props["name"].value
        activation = ordinary_function_create(self.node, self.call_environment(), name)
        return activation.plan.start(activation, undefined, arguments)

    def call_environment(self) -> Environment:
        """Module scope, and inside it the captured names and own names of this call.

        Nothing else is bound, so nothing can clash with a name of the program.

        Clauses: capture.write.outer, function.hygiene.
        """
        definition = self.definition
        names = [capture.name for capture in definition.captures]
        bindings = dict(zip(names, self.captured.fresh(), strict=True))
        bindings.update((own.name, self) for own in definition.own_names)
        known = (*definition.captures, *definition.own_names)
        immutable = frozenset(each.name for each in known if each.constant)
        return Environment(self.scope, bindings, immutable)


def create_server_function(
    definition: ServerFunction,
    node: nodes.Function,
    environment: Environment,
    name: str,
    new_captured: Callable[[], Captured],
) -> ServerFunctionObject:
    """Evaluate an inline server function in `environment`.

    For a declaration this happens when the language initializes its lazy binding: when control
    reaches it or when its name is first read, whichever comes first.

    Clauses: function.hoisted, capture.at-creation, capture.per-creation,
    capture.declaration.reached, capture.declaration.first-read, capture.declaration.once,
    capture.uninitialized, capture.mutual, capture.nested.call.
    """
    made = ServerFunctionObject(definition, node, module_scope(environment), name, new_captured())
    if isinstance(node, nodes.FunctionDeclaration) and name in environment.bindings:
        environment.bindings[name] = made
    names = [captured.name for captured in definition.captures]
    made.captured.take(names, [environment.lookup(captured) for captured in names])
    return made


def module_scope(environment: Environment) -> Environment:
    """Module scope, with the private names visible in `environment`.

    A private name is no binding and nobody can capture it; it means the same in every call.
    """
    private: dict[str, Value] = {}
    scope = environment
    while not isinstance(scope, ModuleEnvironment):
        for name, value in scope.bindings.items():
            if name.startswith("#"):
                private.setdefault(name, value)
        assert scope.outer is not None  # server functions are written in modules
        scope = scope.outer
    return Environment(scope, private) if private else scope
