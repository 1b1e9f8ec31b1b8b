"""A means for client programs to cancel: a function that makes a call with an AbortSignal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.builtins.web.abort import AbortSignalObject
from refimpl.language.errors import throw_type_error
from refimpl.language.functions import create_builtin_function
from refimpl.references.proxy import Proxy
from refimpl.values.snapshot import unbound

if TYPE_CHECKING:
    from refimpl.calls.client import Client
    from refimpl.language.functions import FunctionObject
    from refimpl.language.values import Value


def call_with_signal(client: Client) -> FunctionObject:
    """`(signal, reference, ...args)`: as `reference(...args)`, until the signal is aborted.

    Clause: call.cancel.signal.
    """

    def call(
        this: Value,  # noqa: ARG001 - the receiver of a built-in
        signal: Value,
        reference: Value,
        *arguments: Value,
    ) -> Value:
        target, bound = unbound(reference)
        if not isinstance(signal, AbortSignalObject) or not isinstance(target, Proxy):
            throw_type_error("An AbortSignal and a server function are needed")
        return client.call(target, [*bound[len(target.bound) :], *arguments], signal)

    return create_builtin_function(call, 2, "call")
