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
from typing import TYPE_CHECKING

from refimpl.calls.messages import FUNCTION_HEADER, REFUSAL_HEADER, Request, Silence, refusal_phase
from refimpl.language.errors import ErrorObject, Throw, make_error
from refimpl.language.objects import data_property, hidden
from refimpl.language.promises import fulfill_promise, new_promise, reject_promise
from refimpl.source.text import code_units
from refimpl.values import model
from refimpl.values.contract import ARGUMENTS, UnsupportedValue
from refimpl.values.outcome import DecodeError, Fulfilled, Rejected
from refimpl.values.revive import REDACTED, revive
from refimpl.values.settlement import when_complete
from refimpl.values.snapshot import Snapshot

if TYPE_CHECKING:
    from refimpl.calls.channel import Channel
    from refimpl.calls.client_references import ClientReferences
    from refimpl.calls.messages import Codec, Response
    from refimpl.language.promises import PromiseObject
    from refimpl.language.values import Value
    from refimpl.references.proxy import Proxy
    from refimpl.values.contract import Obstacle


@dataclass(frozen=True)
class Fault:
    """Where an error that the machinery made on the client comes from."""

    phase: str
    code: str


@dataclass(eq=False)
class PendingCall:
    """A call that was made: the promise that waits for the outcome, and its message once complete."""

    promise: PromiseObject
    request: Request | None = None


class Client:
    """Makes the calls of one client."""

    def __init__(
        self,
        channel: Channel,
        references: ClientReferences,
        codec: Codec,
        *,
        sequential: bool = True,
    ) -> None:
        self.channel = channel
        self.references = references
        self.codec = codec
        self.sequential = sequential
        self.waiting: deque[PendingCall] = deque()
        self.in_flight = 0
        self.made: list[PendingCall] = []
        self.faults: dict[ErrorObject, Fault] = {}

    def call(self, proxy: Proxy, arguments: list[Value]) -> PromiseObject:
        """Call the function behind `proxy`.

        Clauses: reference.promise, call.arguments.copy, call.arguments.moment,
        call.arguments.unsupported, call.arguments.unsupported.rejects,
        call.arguments.unsupported.not-sent.
        """
        call = PendingCall(new_promise())
        self.made.append(call)

        def failed(failure: Obstacle) -> model.Error:
            self.refuse(call, failure)
            return model.Error()

        copying = Snapshot(self.references.reference_of, ARGUMENTS, failed)
        try:
            values = copying.take_arguments([*proxy.bound, *arguments])
        except (UnsupportedValue, Throw) as failure:
            self.refuse(call, failure)
            return call.promise
        self.waiting.append(call)
        when_complete(values, lambda: self.complete(call, proxy.id, values))
        return call.promise

    def refuse(self, call: PendingCall, failure: Obstacle) -> None:
        """Reject the promise of a call that is not sent.

        Clauses: value.promise.rejected.argument, value.stream.error.
        """
        if call.promise.state != "pending":
            return
        if isinstance(failure, Throw):
            reject_promise(call.promise, failure.value)
        else:
            refused = Rejected("encode", failure.code, "", "TypeError", str(failure))
            reject_promise(call.promise, self.error(refused))
        if call in self.waiting:
            self.waiting.remove(call)
            self.send_next()

    def cancel(self, number: int) -> None:
        """End the call made as number `number`, counted from 1, for the client.

        Before it was sent it never is. Clauses: call.cancel, call.cancel.before, call.cancel.late.
        """
        if number > len(self.made) or self.made[number - 1].promise.state != "pending":
            return
        call = self.made[number - 1]
        cancelled = Rejected("call", "cancelled", "", "AbortError", "The call was cancelled")
        reject_promise(call.promise, self.error(cancelled))
        if call in self.waiting:
            self.waiting.remove(call)
            self.send_next()

    def complete(self, call: PendingCall, function: str, values: list[model.Value]) -> None:
        """Write the message of a call whose arguments have all come. Clause: value.promise.awaited."""
        if call in self.waiting:
            content_type, body = self.codec.encode_arguments(values)
            headers = {FUNCTION_HEADER: function, "content-type": content_type}
            call.request = Request("POST", headers, body)
            self.send_next()

    def send_next(self) -> None:
        """Send what may be sent now. Clauses: call.order.sequential, call.order.concurrent."""
        for call in [*self.waiting]:
            if self.sequential and (self.in_flight or call is not self.waiting[0]):
                return
            if call.request is not None:
                self.waiting.remove(call)
                self.send(call, call.request)

    def send(self, call: PendingCall, request: Request) -> None:
        """Send the message of a call."""
        self.in_flight += 1
        self.channel.send(request, lambda response: self.receive(call, response))

    def receive(self, call: PendingCall, response: Response | Silence) -> None:
        """Settle the promise of `call`.

        Clauses: call.correlation, call.isolation, security.result.own.
        """
        self.in_flight -= 1
        if call.promise.state == "pending":  # it was not cancelled
            self.settle(call.promise, response)
        self.send_next()

    def outcome(self, response: Response | Silence) -> Fulfilled | Rejected:
        """How a call ended. Clauses: call.fault.told, call.skew.removed."""
        if isinstance(response, Silence):
            return Rejected("call", response.code, "", "Error", response.message)
        refused = response.headers.get(REFUSAL_HEADER)
        if refused is not None:
            message = f"The server refused the call: {refused}"
            return Rejected(refusal_phase(refused), refused, "", "Error", message)
        try:
            return self.codec.decode_outcome(response.body)
        except DecodeError as error:
            return Rejected("decode", error.code, "", "Error", str(error))

    def settle(self, promise: PromiseObject, response: Response | Silence) -> None:
        """Fulfil or reject `promise` as the response says.

        Clauses: reference.not-thenable, security.client.prototypes.
        """
        outcome = self.outcome(response)
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

        Clauses: call.error.instance, call.error.redacted, call.error.digest,
        call.error.development.
        """
        message = REDACTED if rejected.message is None else rejected.message
        error = make_error("Error", message)
        if rejected.name not in {None, "Error"}:
            error.props["name"] = hidden(code_units(str(rejected.name)))
        if rejected.digest:
            error.define_own_property("digest", data_property(rejected.digest))
        self.faults[error] = Fault(rejected.phase, rejected.code)
        return error
