"""The client's half of references: proxies for what arrives, references for what is sent back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.language.errors import Throw, make_error
from refimpl.references.proxy import Proxy
from refimpl.values import model
from refimpl.values.outcome import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.functions import FunctionObject
    from refimpl.language.objects import JSObject
    from refimpl.language.promises import PromiseObject
    from refimpl.language.values import Value
    from refimpl.values.revive import Revival


@dataclass(frozen=True)
class Fault:
    """Where an error that the machinery made on the client comes from."""

    phase: str
    code: str


class StillLoading(Throw):
    """A client module is met whose top-level code awaits something; who cannot wait has an error.

    Clause: module.top-level-await.
    """

    def __init__(self, path: str, evaluation: PromiseObject) -> None:
        super().__init__(make_error("ReferenceError", f"'{path}' is still being evaluated"))
        self.evaluation = evaluation


class ClientReferences:
    """Which functions of the client are references.

    `call` makes the call of a proxy; `load_export` gives an export of a client module that has
    been evaluated.
    """

    def __init__(self, load_export: Callable[[str, str], Value]) -> None:
        self.load_export = load_export
        self.call: Callable[[Proxy, list[Value]], Value]
        self.faults: dict[JSObject, Fault] = {}

    def proxy(self, identifier: str, bound: list[Value] | None = None) -> Proxy:
        """A new proxy for the function with this id. Clause: import.by-client."""
        return Proxy(identifier, bound or [], self.make_call)

    def make_call(self, proxy: Proxy, arguments: list[Value]) -> Value:
        """Call the server function behind `proxy`."""
        return self.call(proxy, arguments)

    def reference_of(self, function: FunctionObject) -> model.ServerReference | None:
        """What the server gets for `function`, or None. Clause: call.arguments.references."""
        if not isinstance(function, Proxy):
            return None
        return model.ServerReference(function.id)

    def revive_reference(
        self, reference: model.ServerReference, revival: Revival
    ) -> FunctionObject:
        """A proxy that carries what was bound to it on the server. Clause: reference.bind."""
        return self.proxy(reference.id, revival.make_all(reference.bound or ()))

    def revive_client_reference(self, reference: model.ClientReference) -> Value:
        """The export itself, for this is where it lives."""
        return self.load_export(reference.module, reference.name)

    def revive_temporary(self, reference: model.TemporaryReference) -> Value:
        """A value that is said to have stayed here; this client keeps none.

        Clause: call.arguments.temporary.
        """
        raise DecodeError("malformed.path", f"no value stayed at {reference.path[:40]}")

    def note_error(self, made: JSObject, error: model.Error) -> None:
        """Remember where an error comes from."""
        self.faults[made] = Fault(error.phase, error.code)
