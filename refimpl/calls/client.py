"""The client's end of a call: from a reference that is called to a promise that settles.

Rules of this module:

* Arguments are copied when the call is made, whenever it is sent.
* The calls of one client are sent in the order they were made; when the dispatch order is
  sequential, each when the one before it has ended: when its promise has settled.
* Every call settles its promise exactly once. A call never throws.
* What is still to come inside a result settles as it comes; when the response breaks off, it fails.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.calls.channel import BROKEN, UNKNOWN
from refimpl.calls.client_references import StillLoading
from refimpl.calls.messages import (
    FUNCTION_HEADER,
    REFUSAL_HEADER,
    Request,
    Response,
    Silence,
    refusal_phase,
)
from refimpl.language.errors import Throw
from refimpl.language.promises import (
    fulfill_promise,
    new_promise,
    perform_promise_then,
    reject_promise,
)
from refimpl.language.values import undefined
from refimpl.values import model
from refimpl.values.contract import ARGUMENTS, UnsupportedValue
from refimpl.values.outcome import DecodeError, Rejected, failure_of, undecodable
from refimpl.values.revive import revive
from refimpl.values.settlement import when_complete
from refimpl.values.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.calls.channel import Channel, Exchange
    from refimpl.calls.client_references import ClientReferences
    from refimpl.calls.messages import Codec, Decoding
    from refimpl.language.builtins.web.abort import AbortSignalObject
    from refimpl.language.promises import PromiseObject
    from refimpl.language.values import Value
    from refimpl.references.proxy import Proxy
    from refimpl.values.contract import Obstacle
    from refimpl.values.outcome import Outcome


#: Why everything pending in a cancelled call fails.
CANCELLED = model.Error("AbortError", "The call was cancelled", phase="call", code="cancelled")


@dataclass(eq=False)
class PendingCall:
    """A call that was made: the promise that waits for the outcome, and its message once complete."""

    promise: PromiseObject
    copying: Snapshot
    request: Request | None = None
    #: What carries it, once it was sent, and reads the answer, once there is one.
    exchange: Exchange | None = None
    decoding: Decoding | None = None


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
        self.in_flight: list[PendingCall] = []
        self.made: list[PendingCall] = []

    def call(
        self, proxy: Proxy, arguments: list[Value], signal: AbortSignalObject | None = None
    ) -> PromiseObject:
        """Call the function behind `proxy`; `signal` can abort the call.

        Clauses: call.cancel.signal, reference.promise, call.arguments.copy, call.arguments.moment,
        call.arguments.unsupported, call.arguments.unsupported.rejects,
        call.arguments.unsupported.not-sent.
        """

        def failed(failure: Obstacle) -> model.Error:
            self.refuse(call, failure)
            return model.Error()

        copying = Snapshot(self.references.reference_of, ARGUMENTS, failed)
        call = PendingCall(new_promise(), copying)
        self.made.append(call)
        if signal is not None:
            if signal.reason is not undefined:
                reject_promise(call.promise, signal.reason)
                return call.promise
            signal.dependent.append(lambda reason: self.end(call, aborted(reason)))
        try:
            values = copying.take_arguments([*proxy.bound, *arguments])
        except (UnsupportedValue, Throw) as failure:
            self.refuse(call, failure)
            return call.promise
        if call.promise.state != "pending":  # something in them has failed at once
            copying.abandon()
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
            error = model.Error("TypeError", str(failure), phase="encode", code=failure.code)
            self.reject(call, error)
        self.withdraw(call)

    def cancel(self, number: int) -> None:
        """End the call made as number `number`, counted from 1, for the client.

        Before it was sent it never is; afterwards the server is told that nobody listens.

        Clauses: call.cancel, call.cancel.before, call.cancel.late.
        """
        if number <= len(self.made):
            self.end(self.made[number - 1], CANCELLED)

    def end(self, call: PendingCall, reason: model.Error | model.Unsupported) -> None:
        """End a call and everything that is still to come in its result.

        Clauses: call.cancel.streaming, call.cancel.sources.
        """
        if call.promise.state == "pending":
            self.reject(call, reason)
        if call.exchange is not None:
            call.exchange.close()
        if call.decoding is not None:
            call.decoding.interrupt(reason)
        self.withdraw(call)

    def withdraw(self, call: PendingCall) -> None:
        """Let a call that was not sent, or that has ended, hold up no other."""
        if call in self.waiting:
            self.waiting.remove(call)
        call.copying.abandon()
        self.ended(call)

    def complete(self, call: PendingCall, function: str, values: list[model.Value]) -> None:
        """Write the message of a call whose arguments have all come. Clause: value.promise.awaited."""
        if call in self.waiting:
            content_type, body = self.codec.encode_arguments(values)
            headers = {FUNCTION_HEADER: function, "content-type": content_type}
            call.request = Request("POST", headers, body)
            self.send_next()

    def send_next(self) -> None:
        """Send what may be sent now.

        Clauses: call.order.sequential, call.order.streaming, call.order.concurrent.
        """
        for call in [*self.waiting]:
            if self.sequential and (self.in_flight or call is not self.waiting[0]):
                return
            if call.request is not None:
                self.waiting.remove(call)
                self.send(call, call.request)

    def send(self, call: PendingCall, request: Request) -> None:
        """Send the message of a call."""
        self.in_flight.append(call)
        call.exchange = self.channel.send(request, lambda response: self.receive(call, response))

    def ended(self, call: PendingCall) -> None:
        """The promise of `call` has settled: the next may go. Clause: call.cancel.next."""
        if call in self.in_flight:
            self.in_flight.remove(call)
        self.send_next()

    def receive(self, call: PendingCall, response: Response | Silence) -> None:
        """Take the answer to `call`.

        Clauses: call.correlation, call.isolation, security.result.own.
        """
        call.decoding = self.read(response, lambda outcome: self.settle(call, outcome))

    def read(
        self, response: Response | Silence, told: Callable[[Outcome], None]
    ) -> Decoding | None:
        """Tell how a call ended as soon as its answer says it, and read on.

        Clauses: call.fault.told, call.fault.stream, call.skew.removed, security.client.unreadable,
        security.client.redirect.
        """
        if isinstance(response, Silence):
            told(Rejected("call", response.code, "", "Error", response.message))
            return None
        refused = response.headers.get(REFUSAL_HEADER)
        if refused is not None:
            message = f"The server refused the call: {refused}"
            told(Rejected(refusal_phase(refused), refused, "", "Error", message))
            return None
        if response.headers.get("content-type") != self.codec.content_type:
            response.body.cancel()
            told(
                Rejected("call", UNKNOWN.code, "", "Error", "What answered was no server function")
            )
            return None
        decoding = self.codec.decode_outcome(told)

        broken = model.Error("Error", BROKEN.message, code=BROKEN.code)
        response.body.observe(decoding.feed, lambda _: decoding.interrupt(broken))
        return decoding

    def settle(self, call: PendingCall, outcome: Outcome) -> None:
        """Fulfil or reject the promise of `call`; it may have been cancelled.

        Clauses: reference.not-thenable, security.client.prototypes.
        """
        if call.promise.state != "pending":
            return
        if isinstance(outcome, Rejected):
            self.reject(call, failure_of(outcome))
        else:
            try:
                fulfill_promise(call.promise, revive(outcome.value, self.references))
            except StillLoading as loading:
                self.settle_after(loading.evaluation, call, outcome)
                return
            except Throw as thrown:
                reject_promise(call.promise, thrown.value)
            except DecodeError as error:
                self.reject(call, undecodable(error))
        self.ended(call)

    def settle_after(self, loading: PromiseObject, call: PendingCall, outcome: Outcome) -> None:
        """Settle a call when the client module has been evaluated that its result leads to.

        Clause: module.top-level-await.
        """

        def loaded(_: Value) -> None:
            self.settle(call, outcome)

        perform_promise_then(loading, loaded, loaded)

    def reject(self, call: PendingCall, error: model.Error | model.Unsupported) -> None:
        """Reject the promise of `call` with the client's Error for a failure.

        Clauses: call.error.instance, call.error.redacted, call.error.digest,
        call.error.development.
        """
        reject_promise(call.promise, revive(error, self.references))


def aborted(reason: Value) -> model.Unsupported:
    """Why a call ended whose signal was aborted: the very value, which no message carries."""
    return model.Unsupported(reason, "reason", "cancelled")
