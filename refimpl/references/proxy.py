"""References on the client: opaque functions that make calls.

A proxy has no source text, no `then`, and nothing of the function behind it but its id and what
was bound to it, which it carries for the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import current_realm
from refimpl.language.errors import throw_type_error
from refimpl.language.functions import FunctionObject, constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.values import Value


class Proxy(FunctionObject):
    """A server function as the client sees it; only calling it sends anything.

    Clauses: reference.function, reference.opaque, call.not-before.
    """

    __slots__ = ("bound", "id", "make_call")

    def __init__(
        self, identifier: str, bound: list[Value], make_call: Callable[[Proxy, list[Value]], Value]
    ) -> None:
        realm = current_realm()
        super().__init__(realm, realm.intrinsics["%Function.prototype%"], is_constructor=False)
        self.id = identifier
        self.bound = bound
        self.make_call = make_call
        self.props["length"] = constant(0.0)
        self.props["name"] = constant("")

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:  # noqa: ARG002
        """[[Call]]: make the call; `this` stays here. Clauses: call.this, reference.bind.this."""
        return self.make_call(self, arguments)


class ClientReferenceObject(FunctionObject):
    """An export of a client module as server code sees it. Clauses: import.client-module."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        realm = current_realm()
        super().__init__(realm, realm.intrinsics["%Function.prototype%"], is_constructor=False)
        self.module = module
        self.name = name
        self.props["length"] = constant(0.0)
        self.props["name"] = constant(name)

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:  # noqa: ARG002
        """[[Call]]: an error, because the function runs on the client. Clause: import.client-call."""
        throw_type_error(
            f"{self.name} is an export of the client module {self.module}: "
            "it cannot be called on the server"
        )
