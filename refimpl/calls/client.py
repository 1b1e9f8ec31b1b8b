"""The client's end of a call: from a reference that is called to a promise that settles.

Rules of this module:

* Arguments are copied when the call is made, whenever it is sent.
* The calls of one client are sent in the order they were made; when the dispatch order is
  sequential, each when the one before it has ended.
* Every call settles its promise exactly once. A call never throws.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from refimpl.calls.messages import (
    FUNCTION_HEADER,
    REFUSAL_HEADER,
    DecodeError,
    Fulfilled,
    Rejected,
    Request,
)
from refimpl.language.errors import ErrorObject, Throw, make_error
from refimpl.language.objects import data_property, hidden
from refimpl.language.promises import fulfill_promise, new_promise, reject_promise
from refimpl.language.values import Value, code_units
from refimpl.values.revive import revive
from refimpl.values.snapshot import UnsupportedValue, snapshot_arguments

if TYPE_CHECKING:
    from refimpl.calls.client_references import ClientReferences
    from refimpl.calls.messages import Codec, Response
    from refimpl.calls.network import Network
    from refimpl.language.promises import PromiseObject
    from refimpl.references.proxy import Proxy

#: What the client says of an error whose text stays on the server. Clause: call.error.redacted.
REDACTED = "An error occurred in the server function; its message is kept on the server"


@dataclass(frozen=True)
class Fault:
    """Where an error that the machinery made on the client comes from."""

    phase: str
    code: str


@dataclass(frozen=True)
class PendingCall:
    """A call that was made: its message, and the promise that waits for the outcome."""

    request: Request
    promise: PromiseObject


class Client:
    """Makes the calls of one client."""

    def __init__(
        self,
        network: Network,
        references: ClientReferences,
        codec: Codec,
        *,
        sequential: bool = True,
    ) -> None:
        self.network = network
        self.references = references
        self.codec = codec
        self.sequential = sequential
        self.waiting: deque[PendingCall] = deque()
        self.in_flight = 0
        self.faults: dict[ErrorObject, Fault] = {}

    def call(self, proxy: Proxy, arguments: list[Value]) -> PromiseObject:
        """Call the function behind `proxy`.

        Clauses: reference.promise, call.arguments.copy, call.arguments.moment,
        call.arguments.unsupported, call.arguments.unsupported.rejects,
        call.arguments.unsupported.not-sent.
        """
        promise = new_promise()
        try:
            values = snapshot_arguments([*proxy.bound, *arguments], self.references.reference_of)
        except UnsupportedValue as error:
            refused = Rejected("encode", error.code, "", "TypeError", str(error))
            reject_promise(promise, self.error(refused))
            return promise
        except Throw as thrown:
            reject_promise(promise, thrown.value)
            return promise
        headers = {FUNCTION_HEADER: proxy.id, "content-type": self.codec.content_type}
        request = Request("POST", headers, self.codec.encode_arguments(values))
        self.waiting.append(PendingCall(request, promise))
        self.send_next()
        return promise

    def send_next(self) -> None:
        """Send what may be sent now. Clauses: call.order.sequential, call.order.concurrent."""
        while self.waiting and not (self.sequential and self.in_flight):
            call = self.waiting.popleft()
            self.in_flight += 1
            self.network.send(call.request, partial(self.receive, call))

    def receive(self, call: PendingCall, response: Response) -> None:
        """Settle the promise of `call`. Clauses: call.correlation, call.isolation."""
        self.in_flight -= 1
        self.settle(call.promise, response)
        self.send_next()

    def settle(self, promise: PromiseObject, response: Response) -> None:
        """Fulfil or reject `promise` as the response says. Clause: reference.not-thenable."""
        refused = response.headers.get(REFUSAL_HEADER)
        if refused is not None:
            message = f"The server refused the call: {refused}"
            outcome: Fulfilled | Rejected = Rejected("dispatch", refused, "", "Error", message)
        else:
            try:
                outcome = self.codec.decode_outcome(response.body)
            except DecodeError as error:
                outcome = Rejected("decode", error.code, "", "Error", str(error))
        if isinstance(outcome, Rejected):
            reject_promise(promise, self.error(outcome))
            return
        try:
            value = revive(outcome.value, self.references)
        except Throw as thrown:
            reject_promise(promise, thrown.value)
        else:
            fulfill_promise(promise, value)

    def error(self, rejected: Rejected) -> ErrorObject:
        """The Error by which the client program learns of a failure.

        Clauses: call.error.instance, call.error.digest, call.error.development.
        """
        message = REDACTED if rejected.message is None else rejected.message
        error = make_error("Error", message)
        if rejected.name not in {None, "Error"}:
            error.props["name"] = hidden(code_units(str(rejected.name)))
        if rejected.digest:
            error.define_own_property("digest", data_property(rejected.digest))
        self.faults[error] = Fault(rejected.phase, rejected.code)
        return error
