"""Defects of chapter 7: what a call does, and what is checked before it does anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.mutants.mutant import mutant
from refimpl.calls import admission, endpoint, messages
from refimpl.calls.admission import Admission
from refimpl.calls.channel import Exchange
from refimpl.calls.client import Client
from refimpl.calls.client_references import ClientReferences
from refimpl.calls.endpoint import Endpoint
from refimpl.calls.messages import FUNCTION_HEADER, Request, Silence
from refimpl.calls.replay import Replays
from refimpl.calls.server_references import ServerReferences
from refimpl.functions.creation import ServerFunctionObject
from refimpl.language.agent import surrounding
from refimpl.language.promises import (
    PromiseObject,
    fulfill_promise,
    new_promise,
    perform_promise_then,
    reject_promise,
)
from refimpl.references import registry
from refimpl.references.sealing import Sealer
from refimpl.values import arriving, model
from refimpl.values.revive import Revival
from refimpl.values.snapshot import Snapshot
from refimpl.wire.result_encoder import ResultEncoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.mutants.patching import Patch


# --- calls ---------------------------------------------------------------------------------------


@mutant("call.runs")
def remembers_results(patch: Patch) -> None:
    """A call with the arguments of an earlier one gets its answer."""
    handle = Endpoint.handle
    answers: dict[tuple[int, str, bytes], list[Any]] = {}

    def remembering(self: Endpoint, request: Request, respond: Callable[[Any], None]) -> None:
        key = id(self), request.headers.get(FUNCTION_HEADER, ""), request.body
        if key in answers:
            respond(answers[key])
            return

        def keep(response: Any) -> None:
            answers[key] = response
            respond(response)

        handle(self, request, keep)

    patch.replace(handle, remembering)


@mutant("call.once")
def runs_twice(patch: Patch) -> None:
    """Every call runs its function twice and answers with the second result."""
    handle = Endpoint.handle

    def twice(self: Endpoint, request: Request, respond: Callable[[Any], None]) -> None:
        handle(self, request, lambda _: None)
        handle(self, request, respond)

    patch.replace(handle, twice)


@mutant("call.fault.unknown")
def retries_after_timeout(patch: Patch) -> None:
    """A call without an answer is sent again, as another call."""
    receive = Client.receive
    retried: set[int] = set()

    def retrying(self: Client, call: Any, response: Any) -> None:
        if isinstance(response, Silence) and id(call) not in retried:
            retried.add(id(call))
            self.in_flight.remove(call)
            self.send(call, call.request)
        else:
            receive(self, call, response)

    patch.replace(receive, retrying)


@mutant("call.not-before")
def calls_what_arrives(patch: Patch) -> None:
    """A reference that arrives on the client is called at once."""
    proxy = ClientReferences.proxy

    def eager(self: ClientReferences, identifier: str, bound: Any = None) -> Any:
        made = proxy(self, identifier, bound)
        self.call(made, [])
        return made

    patch.replace(proxy, eager)


@mutant("call.this")
def passes_a_this(patch: Patch) -> None:
    """The function's `this` is the global object."""
    patch.edit(
        Endpoint.call,
        "function.call(undefined, arguments)",
        "function.call(intrinsic('%globalThis%'), arguments)",
    )


@mutant("call.local")
def copies_local_arguments(patch: Patch) -> None:
    """A call that server code makes copies its arguments."""
    run = ServerFunctionObject.run

    def copying(self: ServerFunctionObject, this: Any, arguments: list[Any], new: Any) -> Any:
        captured: Any = self.captured
        contents = type(captured)(captured.references, captured.reference_of)
        contents.take([""] * len(arguments), arguments)
        return run(self, this, contents.fresh(), new)

    patch.replace(run, copying)


@mutant("call.arguments.moment")
def copies_arguments_later(patch: Patch) -> None:
    """The arguments are copied when the running code has ended."""
    call = Client.call

    def later(self: Client, proxy: Any, arguments: list[Any], *signal: Any) -> PromiseObject:
        promise = new_promise()

        def make() -> None:
            perform_promise_then(
                call(self, proxy, arguments, *signal),
                lambda value: fulfill_promise(promise, value),
                lambda reason: reject_promise(promise, reason),
            )

        surrounding.agent.enqueue_job(make)
        return promise

    patch.replace(call, later)


@mutant("call.arguments.count")
def drops_trailing_undefined(patch: Patch) -> None:
    """Trailing arguments that are undefined are not sent."""
    strip = """
    sent = [*proxy.bound, *arguments]
    while sent and type(sent[-1]).__name__ == "Undefined":
        sent.pop()
    values = copying.take_arguments(sent)
    """
    patch.edit(Client.call, "values = copying.take_arguments([*proxy.bound, *arguments])", strip)


@mutant("call.arguments.values")
def sends_dates_of_arguments_as_texts(patch: Patch) -> None:
    """A Date among arguments arrives as a text."""
    patch.edit(
        Snapshot.object,
        "self.remember(value, model.Date(time))",
        "self.remember(value, model.Date(time)) if self.direction.errors else str(time)",
    )


@mutant("call.result.values")
def sends_dates_of_results_as_texts(patch: Patch) -> None:
    """A Date in a result arrives as a text."""
    patch.edit(
        Snapshot.object,
        "self.remember(value, model.Date(time))",
        "str(time) if self.direction.errors else self.remember(value, model.Date(time))",
    )


@mutant("call.arguments.realm")
def makes_objects_of_no_realm(patch: Patch) -> None:
    """What arrives has a prototype of its own, not the receiver's."""
    patch.edit(Revival.plain_object, "intrinsic('%Object.prototype%')", "JSObject(None)")


@mutant("call.result.sharing")
def copies_shared_arrays_twice(patch: Patch) -> None:
    """An array that occurs twice in a message arrives as two."""
    patch.edit(
        Revival.make, "known is not None", "known is not None and not isinstance(value, list)"
    )


@mutant("call.arguments.sharing")
def copies_each_argument_alone(patch: Patch) -> None:
    """What two arguments share is copied twice."""
    patch.edit(
        Snapshot.take_arguments,
        "self.take",
        "type(self)(self.reference_of, self.direction, self.failed).take",
    )


@mutant("call.arguments.references")
def refuses_references_as_arguments(patch: Patch) -> None:
    """A reference cannot be passed as an argument."""
    patch.edit(ClientReferences.reference_of, "not isinstance(function, Proxy)", "True")


@mutant("call.arguments.unsupported")
def calls_without_bad_arguments(patch: Patch) -> None:
    """A call with an argument outside the contract is made without arguments."""
    patch.edit(Client.call, "self.refuse(call, failure)\nreturn call.promise", "values = []")


@mutant("call.arguments.unsupported.rejects")
def throws_at_the_call(patch: Patch) -> None:
    """Calling a reference with an argument outside the contract throws."""
    thrown = """
    from refimpl.language.errors import make_error
    raise Throw(make_error("TypeError", "it cannot be sent"))
    """
    patch.edit(Client.call, "self.refuse(call, failure)\nreturn call.promise", thrown)


@mutant("call.arguments.unsupported.not-sent")
def sends_what_is_left(patch: Patch) -> None:
    """A call with an argument outside the contract is rejected, and yet made."""
    patch.edit(
        Client.call,
        "self.refuse(call, failure)\nreturn call.promise",
        "self.refuse(call, failure)\nvalues = []",
    )
    patch.edit(Client.call, "call.promise.state != 'pending'", "False")


@mutant("call.result.value")
def wraps_results(patch: Patch) -> None:
    """A result arrives as a property of an object."""
    patch.edit(
        Endpoint.fulfilled,
        "Fulfilled(copying.take(value))",
        "Fulfilled({'data': copying.take(value)})",
    )


@mutant("call.result.reference")
def sends_exports_only(patch: Patch) -> None:
    """An inline server function in a result is no reference."""
    patch.edit(
        ServerReferences.live_reference,
        "return model.ServerReference(entry.id, None, captured, function)",
        "return None",
    )


@mutant("call.result.unsupported")
def sends_nothing_instead(patch: Patch) -> None:
    """A result outside the contract arrives as null."""
    refuse = "copying.abandon()\nreturn self.response(self.failure(failure))"
    patch.edit(Endpoint.fulfilled, refuse, "outcome = Fulfilled(None)")


@mutant("call.result.streaming")
def holds_results_back(patch: Patch) -> None:
    """Nothing of a result is sent before all of it is there."""
    push, close = model.Stream.push, model.Stream.close
    held: dict[int, list[bytes]] = {}

    def hold(self: model.Stream, chunk: bytes) -> None:
        if isinstance(self, messages.Body):
            held.setdefault(id(self), []).append(chunk)
        else:
            push(self, chunk)

    def release(self: model.Stream, *returned: object) -> None:
        for chunk in held.pop(id(self), []):
            push(self, chunk)
        close(self, *returned)

    patch.replace(push, hold)
    patch.replace(close, release)


@mutant("call.order.streaming")
def waits_for_whole_results(patch: Patch) -> None:
    """The next call waits until everything inside a result has come."""
    patch.edit(
        Client.settle,
        "self.ended(call)",
        "call.decoding is None or call.decoding.decoder.complete() and self.ended(call)",
    )


@mutant("call.result.late")
def loses_late_failures(patch: Patch) -> None:
    """What fails inside a result after its value was sent stays pending."""
    failed = "self.later(number, lambda: self.end_with(number, promise.value))"
    patch.edit(ResultEncoder.write_promise, failed, "self.pending.discard(number)")


@mutant("call.result.left")
def ends_all_with_one_stream(patch: Patch) -> None:
    """When the program cancels a stream, nothing more of its result arrives."""
    pull = "controller.pull = arrivals.next"
    leaving = "controller.cancel = lambda reason: (setattr(revival, 'left', True), undefined)[1]"
    patch.edit(arriving.readable, pull, f"{pull}\n{leaving}")
    settle = "making.attempt(settled.value, lambda content: settle(made, content))"
    patch.edit(arriving.promise, settle, f"hasattr(revival, 'left') or {settle}")


@mutant("call.fault.once")
def gives_late_answers_to_the_next(patch: Patch) -> None:
    """A response to a call that has ended is taken for the answer to the one under way."""
    patch.edit(Exchange.__init__, "self.arrived = 0", "self.arrived = 0\nnetwork.latest = self")
    to_the_next = """
    if self.is_over:
        if self.network.latest is not self:
            self.network.latest.take(response, piece)
        return
    """
    patch.edit(Exchange.take, "if self.is_over: return", to_the_next)


@mutant("call.fault.stream")
def forgets_what_had_not_come(patch: Patch) -> None:
    """When a response breaks off, what is still to come stays pending."""
    patch.edit(Exchange.break_off, "self.body.fail(BROKEN)", "pass")


@mutant("call.fault.pieces")
def takes_pieces_as_they_come(patch: Patch) -> None:
    """Pieces of a response are used in the order in which they arrive."""
    in_order = """
    self.early[piece.offset] = piece
    while not self.is_over and self.arrived in self.early:
        self.append(response, self.early.pop(self.arrived))
    """
    patch.edit(Exchange.take, in_order, "self.append(response, piece)")


@mutant("call.order.sequential")
def sends_calls_at_once(patch: Patch) -> None:
    """A call is sent while others are under way."""
    patch.edit(Client.send_next, "self.sequential", "False")


@mutant("call.order.sequential")
def sends_the_last_first(patch: Patch) -> None:
    """Calls that wait are sent in the opposite order."""
    patch.edit(Client.send_next, "[*self.waiting]", "[*self.waiting][::-1]")
    patch.edit(Client.send_next, "call is not self.waiting[0]", "False")


@mutant("call.correlation")
def swaps_concurrent_results(patch: Patch) -> None:
    """An answer settles the call that was made last."""
    patch.edit(Client.receive, "self.settle(call, outcome)", "self.settle(self.made[-1], outcome)")


@mutant("call.isolation")
def fails_together(patch: Patch) -> None:
    """When a call fails, those that wait behind it are not made."""
    fail = "self.reject(call, failure_of(outcome))"
    all_fail = f"{fail}\nfor other in [*self.waiting]: self.reject(other, failure_of(outcome))\nself.waiting.clear()"
    patch.edit(Client.settle, fail, all_fail)


# --- errors --------------------------------------------------------------------------------------


@mutant("call.error")
def fulfils_failed_calls(patch: Patch) -> None:
    """What a function throws is its result."""
    patch.edit(
        Client.reject,
        "reject_promise(call.promise, revive(error, self.references))",
        "from refimpl.language.promises import fulfill_promise\nfulfill_promise(call.promise, revive(error, self.references))",
    )


@mutant("call.error.instance")
def rejects_with_text(patch: Patch) -> None:
    """A failed call is rejected with the text of the error."""
    patch.edit(
        Client.reject, "revive(error, self.references)", "revive(error.message, self.references)"
    )


@mutant("call.error.redacted")
def leaks_error_message(patch: Patch) -> None:
    """The message of what was thrown reaches the client in production."""
    patch.edit(Endpoint.failed, "self.development", "True")
    patch.edit(
        ResultEncoder.send_error, "self.development and not error.redacted", "not error.redacted"
    )


@mutant("call.error.digest")
def gives_no_digest(patch: Patch) -> None:
    """A failure has no digest."""
    patch.edit(Endpoint.failed, "self.digest()", "''")


@mutant("call.error.development")
def hides_messages_in_development(patch: Patch) -> None:
    """In development the client learns no more than in production."""
    patch.edit(Endpoint.failed, "self.development", "False")


# --- the door ------------------------------------------------------------------------------------


@mutant("dispatch.before-effect")
def checks_afterwards(patch: Patch) -> None:
    """A request is checked when its function has run."""
    handle = Endpoint.handle

    def run_first(self: Endpoint, request: Request, respond: Callable[[Any], None]) -> None:
        entry = self.references.registry.find(request.headers.get(FUNCTION_HEADER, ""))
        if entry is not None and not entry.function.captures:
            self.call(entry, [], [], self.fulfilled, lambda _: None)
        handle(self, request, respond)

    patch.replace(handle, run_first)


@mutant("dispatch.method")
def invokes_on_get(patch: Patch) -> None:
    """A request with the method GET calls a server function."""
    patch.edit(Admission.check, "request.method != 'POST'", "request.method not in ('POST', 'GET')")


@mutant("dispatch.content-type")
def accepts_any_content_type(patch: Patch) -> None:
    """What a body says it is does not matter."""
    patch.edit(admission.accepts, "essence in types", "True")


@mutant("dispatch.content-type.charset")
def ignores_charsets(patch: Patch) -> None:
    """A body in another charset is read as UTF-8."""
    patch.edit(admission.accepts, "charsets <= {'utf-8'}", "True")


ALLOWED = "origin != self.origin and origin not in self.allowed_origins"


@mutant("dispatch.origin")
def ignores_origins(patch: Patch) -> None:
    """A request may come from any origin."""
    patch.edit(
        Admission.check_origin, ALLOWED, "origin is None or origin == 'null' or ',' in origin"
    )


@mutant("dispatch.origin.null")
def accepts_null(patch: Patch) -> None:
    """The origin `null` is accepted."""
    patch.edit(Admission.check_origin, ALLOWED, f"{ALLOWED} and origin != 'null'")


@mutant("dispatch.origin.one")
def compares_beginnings(patch: Patch) -> None:
    """An origin that begins like the server's own is accepted."""
    patch.edit(
        Admission.check_origin, ALLOWED, f"{ALLOWED} and not (origin or '').startswith(self.origin)"
    )


@mutant("dispatch.origin.one")
def takes_one_of_several(patch: Patch) -> None:
    """A list of origins is accepted when the server's own is among them."""
    patch.edit(
        Admission.check_origin,
        ALLOWED,
        f"{ALLOWED} and self.origin not in (origin or '').split(', ')",
    )


@mutant("dispatch.origin.absent")
def accepts_no_origin(patch: Patch) -> None:
    """A request without an Origin is accepted."""
    patch.edit(Admission.check_origin, ALLOWED, f"origin is not None and {ALLOWED}")


@mutant("dispatch.origin.allowed")
def allows_subdomains(patch: Patch) -> None:
    """With an origin its subdomains are allowed."""
    inside = "any((origin or '').endswith('.' + each.partition('//')[2]) for each in self.allowed_origins)"
    patch.edit(Admission.check_origin, ALLOWED, f"{ALLOWED} and not {inside}")


@mutant("dispatch.origin.configured")
def believes_the_host_header(patch: Patch) -> None:
    """An origin is accepted when the request says that it is the server's."""
    own = "any((origin or '').endswith('//' + request.headers[name]) for name in ('host', 'x-forwarded-host') if name in request.headers)"
    check = "self.check_origin(request.headers.get('origin'))"
    believing = f"origin = request.headers.get('origin')\nif not {own}: {check}"
    patch.edit(Admission.check, check, believing)


@mutant("dispatch.body-limit")
def reads_any_amount(patch: Patch) -> None:
    """A body may be of any length."""
    patch.edit(Admission.check, "len(request.body) > self.body_limit", "False")


@mutant("dispatch.body-limit")
def reads_little(patch: Patch) -> None:
    """A body within the floor of the limit is refused."""
    patch.edit(Admission.check, "len(request.body) > self.body_limit", "len(request.body) > 60_000")


@mutant("dispatch.body")
def forgives_bad_bodies(patch: Patch) -> None:
    """A body that cannot be read is an empty argument list."""
    read = "values = self.codec.decode_arguments(request.headers['content-type'], request.body)"
    forgiving = f"try:\n    {read}\nexcept DecodeError:\n    values = []"
    patch.edit(Endpoint.accept, read, forgiving)


def without_answer_header(patch: Patch, name: str) -> None:
    """Let answers lack a header."""
    kept = {key: value for key, value in endpoint.ANSWER_HEADERS.items() if key != name}
    patch.constant(endpoint, "ANSWER_HEADERS", kept)


@mutant("dispatch.answer.not-a-document")
def lets_types_be_guessed(patch: Patch) -> None:
    """An answer does not forbid to guess its type."""
    without_answer_header(patch, "x-content-type-options")


@mutant("dispatch.answer.not-a-document")
def answers_with_documents(patch: Patch) -> None:
    """A refusal is a document."""
    html = "{'content-type': 'text/html', REFUSAL_HEADER: code, **ANSWER_HEADERS}"
    plain = "{'content-type': 'text/plain;charset=utf-8', REFUSAL_HEADER: code, **ANSWER_HEADERS}"
    patch.edit(endpoint.refused, plain, html)


@mutant("dispatch.answer.not-stored")
def lets_answers_be_stored(patch: Patch) -> None:
    """An answer does not forbid to be stored."""
    without_answer_header(patch, "cache-control")


@mutant("dispatch.answer.vary")
def tells_no_variance(patch: Patch) -> None:
    """An answer does not say which headers decided it."""
    without_answer_header(patch, "vary")


# --- faults --------------------------------------------------------------------------------------


@mutant("call.fault.told")
def waits_forever(patch: Patch) -> None:
    """A call whose answer is lost never ends."""
    patch.edit(Exchange.break_off, "self.receive(UNKNOWN)", "pass")


@mutant("call.fault.unknown")
def calls_it_lost(patch: Patch) -> None:
    """A call without an answer is said not to have run."""
    patch.edit(Exchange.break_off, "self.receive(UNKNOWN)", "self.receive(LOST)")


@mutant("call.fault.lost")
def calls_it_unknown(patch: Patch) -> None:
    """A call that could not leave is said to have run perhaps."""
    patch.edit(Exchange.lost, "self.receive(LOST)", "self.receive(UNKNOWN)")


@mutant("call.fault.damaged")
def carries_out_damaged_requests(patch: Patch) -> None:
    """A request whose body is not what was sent is carried out."""
    patch.edit(Endpoint.accept, "is_damaged(request)", "False")


@mutant("call.replay")
def carries_out_again(patch: Patch) -> None:
    """A request that arrives again is carried out again."""
    patch.edit(Replays.handle, "not name", "True")


@mutant("call.cancel")
def ignores_cancelling(patch: Patch) -> None:
    """A call cannot be cancelled."""
    patch.edit(Client.cancel, "number <= len(self.made)", "False")


@mutant("call.cancel.before")
def sends_cancelled_calls(patch: Patch) -> None:
    """A call that was cancelled before it was sent is sent."""
    patch.edit(Client.withdraw, "call in self.waiting", "False")


@mutant("call.cancel.streaming")
def cancels_promises_only(patch: Patch) -> None:
    """Cancelling does not concern what is inside a result that has begun to arrive."""
    patch.edit(Client.end, "call.decoding is not None", "False")


@mutant("call.cancel.next")
def waits_for_cancelled_calls(patch: Patch) -> None:
    """A call that was cancelled holds up those behind it."""
    patch.edit(Client.withdraw, "self.ended(call)", "pass")


@mutant("call.cancel.sources")
def reads_on(patch: Patch) -> None:
    """The server reads on although nobody listens any more."""
    patch.edit(Endpoint.fulfilled, "response.body.stop = copying.abandon", "pass")


@mutant("call.cancel.signal")
def ignores_signals(patch: Patch) -> None:
    """An AbortSignal that a program gives with a call is not looked at."""
    patch.edit(Client.call, "signal is not None", "False")


# --- skew ----------------------------------------------------------------------------------------


@mutant("call.skew")
def makes_ids_of_texts(patch: Patch) -> None:
    """The id of a function changes with what is written in it."""
    place = "f'{path}\\0{function.where}\\0{function.path}'"
    patch.edit(registry.function_id, place, place[:-1] + "\\0{function.place.end}'")


@mutant("call.skew.unnamed")
def makes_ids_of_positions(patch: Patch) -> None:
    """The id of a function without a name changes with its position in the file."""
    place = "f'{path}\\0{function.where}\\0{function.path}'"
    position = "{0 if function.name else function.place.start}"
    patch.edit(registry.function_id, place, place[:-1] + position + "'")


@mutant("call.skew.removed")
def runs_a_neighbour(patch: Patch) -> None:
    """A call of a function that is gone runs another one."""
    another = "self.entries.get(identifier, next(iter(self.entries.values()), None))"
    patch.edit(registry.Registry.find, "self.entries.get(identifier)", another)


@mutant("call.skew.removed")
def takes_exports_for_inline_functions(patch: Patch) -> None:
    """The id of a function does not tell whether it is an export or has the directive itself."""
    place = "f'{path}\\0{function.where}\\0{function.path}'"
    patch.edit(registry.function_id, place, "f'{path}\\0{function.path}'")


@mutant("call.skew.removed")
def forgets_the_functions_around(patch: Patch) -> None:
    """The id of an inline function is made of its own name alone."""
    place = "f'{path}\\0{function.where}\\0{function.path}'"
    patch.edit(registry.function_id, place, "f'{path}\\0{function.where}\\0{function.name}'")


@mutant("call.skew.captures")
def forgets_previous_keys(patch: Patch) -> None:
    """Captures that were sealed with a previous key do not open."""
    patch.edit(Sealer.open, "self.ciphers", "self.ciphers[:1]")
