"""The server's half of references: sending functions out, and taking them back.

Rules of this module:

* What a client sends selects an entry of the registry, exactly, or nothing.
* Captures leave sealed, as the first bound value, and come back only through the same seal.
* A client can neither replace captures nor move arguments into their place: whether the first
  value is a token is decided by the registry, never by the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.functions.creation import ServerFunctionObject
from refimpl.references.proxy import ClientReferenceObject
from refimpl.references.sealing import BrokenSeal, Sealer
from refimpl.references.temporary import TemporaryReferenceObject
from refimpl.source import nodes
from refimpl.values import model, plain
from refimpl.values.contents import CapturedContents
from refimpl.values.outcome import DecodeError
from refimpl.values.revive import Revival, bind

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.environment import Environment
    from refimpl.language.functions import FunctionObject
    from refimpl.language.objects import JSObject
    from refimpl.language.values import Value
    from refimpl.references.registry import Entry, Registry


class ServerReferences:
    """Which function objects are references, and which references are function objects.

    `module_scope` gives the scope of a module that has been evaluated.
    """

    def __init__(
        self,
        registry: Registry,
        sealer: Sealer,
        module_scope: Callable[[str], Environment],
    ) -> None:
        self.registry = registry
        self.sealer = sealer
        self.module_scope = module_scope

    # --- out ------------------------------------------------------------------------------------

    def reference_of(self, function: FunctionObject) -> model.Value | None:
        """What a client gets for `function`, or None when it is no reference.

        Clauses: call.result.reference, capture.unsupported, security.captures.confidential,
        security.captures.minimal.
        """
        if isinstance(function, ClientReferenceObject):
            return model.ClientReference(function.module, function.name)
        reference = self.live_reference(function)
        if reference is None or reference.captured is None:
            return reference
        assert isinstance(function, ServerFunctionObject)  # nothing else captures
        contents = function.captured
        assert isinstance(contents, CapturedContents)
        token = self.sealer.seal(reference.id, plain.write(contents.models))
        return model.ServerReference(reference.id, [token])

    def live_reference(self, function: FunctionObject) -> model.ServerReference | None:
        """What stands for `function` among captures, or None when it is no reference.

        Clause: capture.references.
        """
        if isinstance(function, ServerFunctionObject):
            entry = self.registry.inline[function.node]
            assert isinstance(function.captured, CapturedContents)  # `new_captured` made it
            captured = function.captured.models if entry.function.captures else None
            return model.ServerReference(entry.id, None, captured, function)
        identifier = self.registry.id_of(function)
        return None if identifier is None else model.ServerReference(identifier, live=function)

    def new_captured(self) -> CapturedContents:
        """The captures of a server function object in the making."""
        return CapturedContents(self, self.live_reference)

    # --- back in --------------------------------------------------------------------------------

    def call_target(
        self, entry: Entry, captured: list[model.Value], arguments: list[model.Value]
    ) -> tuple[Value, list[Value]]:
        """The function that a request calls, with its captures, and its arguments.

        Raises `DecodeError` before the function runs.

        Clauses: capture.arguments, security.data.names, security.data.calls,
        security.data.prototypes, security.data.functions, security.data.isolation.
        """
        function = self.function(entry, captured)
        return function, Revival(self).make_all(arguments)

    def revive_reference(
        self, reference: model.ServerReference, revival: Revival
    ) -> FunctionObject:
        """The function object of a reference that came in, or that was captured.

        Clauses: reference.round-trip, reference.round-trip.values, reference.bind.captures.
        """
        if reference.live is not None:
            return bind(reference.live, revival.make_all(reference.bound or ()))
        entry = self.registry.find(reference.id)
        if entry is None:
            raise DecodeError("unknown-function", "a reference names no server function")
        if reference.captured is not None:
            captured, bound = reference.captured, reference.bound or []
        else:
            captured, bound = self.open(entry, reference.bound or [])
        return bind(self.function(entry, captured), revival.make_all(bound))

    def revive_client_reference(self, reference: model.ClientReference) -> Value:
        """The export of a client module, for a server."""
        return ClientReferenceObject(reference.module, reference.name)

    def revive_temporary(self, reference: model.TemporaryReference) -> Value:
        """What stands for a value that stayed on the client. Clause: call.arguments.temporary."""
        return TemporaryReferenceObject(reference.path)

    def note_error(self, made: JSObject, error: model.Error) -> None:
        """Nothing: only clients look at where an error comes from."""

    def open(
        self, entry: Entry, values: list[model.Value]
    ) -> tuple[list[model.Value], list[model.Value]]:
        """Split what came for `entry` into its captures and the rest, or raise `DecodeError`.

        Clauses: security.captures.tamper, security.captures.function, security.captures.place,
        call.skew.captures.
        """
        if not entry.function.captures:
            return [], values
        if not values or not isinstance(values[0], str):
            raise DecodeError("malformed.captures", "the captures are missing")
        try:
            captured = plain.read(self.sealer.open(entry.id, values[0]))
        except BrokenSeal:
            raise DecodeError("malformed.captures", "the captures were changed") from None
        return captured, values[1:]

    def function(self, entry: Entry, captured: list[model.Value]) -> FunctionObject:
        """The function object of an entry with these captures."""
        known = None if entry.function.captures else self.registry.object_of(entry)
        if known is not None:
            return known
        contents = CapturedContents(self, self.live_reference, captured)
        node = entry.function.place
        assert isinstance(node, nodes.Function)  # an export has its object since its module ran
        scope = self.registry.scope_of(entry) or self.module_scope(entry.path)
        name = entry.function.name or ""
        made = ServerFunctionObject(entry.function, node, scope, name, contents)
        if not entry.function.captures:
            self.registry.register(entry, made)
        return made
