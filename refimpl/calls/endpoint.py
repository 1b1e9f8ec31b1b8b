"""The server's end of a call: from a request to a response.

Rules of this module:

* Check before effect: every refusal comes before the function is looked at by any guest code.
* A refusal tells the client its code and nothing else; what went wrong inside goes to the log.
* One request, one response, whatever happens. It begins when the function has ended; what is then
  still to come inside the result follows as it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refimpl.calls.admission import Admission
from refimpl.calls.messages import (
    FUNCTION_HEADER,
    REFUSAL_HEADER,
    Body,
    Refusal,
    Request,
    Response,
    is_damaged,
)
from refimpl.language.agent import intrinsic
from refimpl.language.errors import Throw
from refimpl.language.promises import perform_promise_then, promise_resolve
from refimpl.language.values import Value, undefined
from refimpl.values.contract import RESULTS, UnsupportedValue
from refimpl.values.errors import error_texts
from refimpl.values.outcome import DecodeError, Fulfilled, Rejected, failure_of
from refimpl.values.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.calls.messages import Codec
    from refimpl.calls.server_references import ServerReferences
    from refimpl.language.promises import PromiseObject
    from refimpl.references.registry import Entry
    from refimpl.values import model
    from refimpl.values.contract import Obstacle
    from refimpl.values.outcome import Outcome

#: The HTTP status of a result.
SUCCESS = 200

#: The HTTP status of each refusal.
REFUSALS = {
    "method-not-allowed": 405,
    "origin-refused": 403,
    "body-too-large": 413,
    "replayed": 409,
    "unknown-function": 404,
    "unsupported-media-type": 415,
    "malformed": 400,
    "limit": 413,
}

#: What every answer says of itself: that it is no document, and that nobody keeps it.
#: Clauses: dispatch.answer.not-a-document, dispatch.answer.not-stored, dispatch.answer.vary.
ANSWER_HEADERS = {
    "cache-control": "no-store",
    "vary": f"origin, {FUNCTION_HEADER}",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class Failure:
    """One line of the server's log: what a digest stands for."""

    digest: str
    phase: str
    code: str
    description: str


class Endpoint:
    """Answers the requests of one server.

    `load` evaluates a module of the registry, which is done already for all but those that only
    a computed import reaches.
    """

    def __init__(
        self,
        references: ServerReferences,
        load: Callable[[str], PromiseObject],
        codec: Codec,
        digest: Callable[[], str],
        *,
        development: bool,
        admission: Admission | None = None,
    ) -> None:
        self.references = references
        self.load = load
        self.codec = codec
        self.digest = digest
        self.development = development
        self.admission = admission or Admission()
        self.log: list[Failure] = []

    def handle(self, request: Request, respond: Callable[[Response], None]) -> None:
        """Carry out one request.

        Clauses: call.runs, call.once, call.this, call.arguments.count, call.error.caught,
        export.computed.awaited.
        """
        try:
            entry, captured, arguments = self.accept(request)
        except Refusal as refusal:
            respond(refused(refusal.code))
            return
        self.perform(entry, captured, arguments, self.fulfilled, respond)

    def perform(
        self,
        entry: Entry,
        captured: list[model.Value],
        sent: list[model.Value],
        answer: Callable[[Value], Response],
        respond: Callable[[Response], None],
    ) -> None:
        """Load the module of `entry` and call its function; `answer` makes the response of its value.

        Clause: module.evaluation-error.
        """
        perform_promise_then(
            self.load(entry.path),
            lambda _: self.call(entry, captured, sent, answer, respond),
            lambda reason: respond(self.response(self.thrown(reason, "load"))),
        )

    def call(
        self,
        entry: Entry,
        captured: list[model.Value],
        sent: list[model.Value],
        answer: Callable[[Value], Response],
        respond: Callable[[Response], None],
    ) -> None:
        """Call the function of `entry`, whose module has been evaluated, and answer."""
        try:
            function, arguments = self.references.call_target(entry, captured, sent)
        except DecodeError as error:
            respond(refused(error.code))
            return
        try:
            result = function.call(undefined, arguments)
        except Throw as thrown:
            respond(self.response(self.thrown(thrown.value)))
            return
        perform_promise_then(
            promise_resolve(intrinsic("%Promise%"), result),
            lambda value: respond(answer(value)),
            lambda reason: respond(self.response(self.thrown(reason))),
        )

    def accept(self, request: Request) -> tuple[Entry, list[model.Value], list[model.Value]]:
        """The entry that is called, its captures and what was sent for it, or a `Refusal`.

        Clauses: registry.unknown, registry.unknown.silent, dispatch.body, call.fault.damaged,
        security.id.exact, security.id.inert, security.id.contained, security.development,
        security.root.
        """
        self.admission.check(request, self.codec.argument_types)
        if is_damaged(request):
            raise Refusal("malformed.damaged")
        entry = self.references.registry.find(request.headers.get(FUNCTION_HEADER, ""))
        if entry is None:
            raise Refusal("unknown-function")
        try:
            values = self.codec.decode_arguments(request.headers["content-type"], request.body)
            return entry, *self.references.open(entry, values)
        except DecodeError as error:
            raise Refusal(error.code) from None

    def fulfilled(self, value: Value) -> Response:
        """The response of a function whose promise was fulfilled with `value`.

        Clauses: call.result.value, call.result.streaming, call.result.unsupported,
        security.result.whole.
        """
        copying = Snapshot(
            self.references.reference_of, RESULTS, self.failed_later, development=self.development
        )
        try:
            outcome = Fulfilled(copying.take(value))
        except (UnsupportedValue, Throw) as failure:
            copying.abandon()
            return self.response(self.failure(failure))
        response = self.response(outcome)
        response.body.stop = copying.abandon
        return response

    def failure(self, failure: Obstacle, phase: str = "call") -> Rejected:
        """The outcome of a failure: the program threw, or its value cannot be sent.

        Clauses: call.error, call.error.redacted, security.error.slots.
        """
        if isinstance(failure, Throw):
            name, message = error_texts(failure.value)
            return self.failed(phase, "thrown", message, name)
        return self.failed("encode", failure.code, str(failure), "TypeError")

    def failed_later(self, failure: Obstacle) -> model.Error:
        """What the client learns of a promise or stream in a result that failed.

        Clauses: value.promise.rejected, value.stream.error, call.error.redacted.
        """
        return failure_of(self.failure(failure))

    def thrown(self, reason: Value, phase: str = "call") -> Rejected:
        """The outcome of a function that threw `reason`."""
        return self.failure(Throw(reason), phase)

    def failed(self, phase: str, code: str, message: str, name: str) -> Rejected:
        """Log a failure under a new digest; in development the client learns more.

        Clauses: call.error.digest, call.error.development, security.error.digest.
        """
        digest = self.digest()
        self.log.append(Failure(digest, phase, code, f"{name}: {message}"))
        if self.development:
            return Rejected(phase, code, digest, name, message)
        return Rejected(phase, code, digest)

    def response(self, outcome: Outcome) -> Response:
        """The response that carries `outcome`."""
        status = SUCCESS if isinstance(outcome, Fulfilled) else 500
        body = Body()
        self.codec.encode_outcome(outcome, body)
        return Response(status, {"content-type": self.codec.content_type, **ANSWER_HEADERS}, body)


def refused(code: str) -> Response:
    """The response to a request that is not carried out: the code, and nothing else."""
    headers = {"content-type": "text/plain;charset=utf-8", REFUSAL_HEADER: code, **ANSWER_HEADERS}
    body = Body()
    body.close()
    return Response(REFUSALS[code.partition(".")[0]], headers, body)
