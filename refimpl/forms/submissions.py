"""The server's end of a submission that a browser makes by itself.

Rules of this module:

* The checks are those of a call, in the same order, and they come before anything runs.
* What the function returns goes nowhere but into the state of the form that asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from refimpl.calls.endpoint import refused
from refimpl.calls.messages import Refusal
from refimpl.forms.action_fields import read_action, split
from refimpl.forms.state import FormState
from refimpl.forms.urlencoded import TYPE as URLENCODED
from refimpl.forms.urlencoded import read_urlencoded
from refimpl.language.exotics import create_array_from_list
from refimpl.language.values import Value, undefined
from refimpl.values import model
from refimpl.values.outcome import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.calls.endpoint import Endpoint
    from refimpl.calls.messages import Request, Response
    from refimpl.forms.controls import Entry
    from refimpl.forms.page import FormCodec
    from refimpl.references import registry

#: The encodings of HTML that can be read back. Clauses: form.encoding, form.encoding.plain.
TYPES: Final = frozenset({"multipart/form-data", URLENCODED})


@dataclass(frozen=True)
class Target:
    """The function that a submission runs, what it gets, and the key of the state it makes."""

    entry: registry.Entry
    captured: list[model.Value]
    arguments: list[model.Value]
    key: str | None
    bound: int  #: how many values were bound, form state not counted


class Submissions:
    """Answers submissions; `endpoint` is where they run, as calls do."""

    def __init__(self, endpoint: Endpoint, codec: FormCodec) -> None:
        self.endpoint = endpoint
        self.codec = codec

    def handle(self, request: Request, respond: Callable[[Response], None]) -> None:
        """Carry out one submission. Clauses: form.one, form.error, form.answer."""
        try:
            target = self.accept(request)
        except Refusal as refusal:
            respond(refused(refusal.code))
            return
        self.endpoint.perform(
            target.entry,
            target.captured,
            target.arguments,
            lambda result: self.endpoint.fulfilled(new_state(target, result)),
            respond,
        )

    def accept(self, request: Request) -> Target:
        """What a submission runs, or a `Refusal`.

        Clauses: form.checks, form.unknown, form.tampered, form.captures, form.arguments,
        form.encoding.malformed.
        """
        self.endpoint.admission.check(request, TYPES)
        try:
            submitted = split(self.read(request))
            reference = read_action(submitted, self.codec)
            entry = self.endpoint.references.registry.find(reference.id)
            if entry is None:
                raise Refusal("unknown-function")
            bound = reference.bound or []
            values = [*bound, model.FormData(submitted.entries)]
            captured, arguments = self.endpoint.references.open(entry, values)
        except DecodeError as error:
            raise Refusal(error.code) from None
        key = submitted.key if bound else None
        return Target(entry, captured, arguments, key, len(bound) - 1)

    def read(self, request: Request) -> list[Entry]:
        """The entries of a submission, in whichever encoding. Clause: form.limits."""
        content_type = request.headers["content-type"]
        if content_type.lower().startswith(URLENCODED):
            entries = read_urlencoded(request.body)
        else:
            entries = self.codec.read_multipart(content_type, request.body)
        self.codec.check_entries(len(entries))
        return entries


def new_state(target: Target, result: Value) -> Value:
    """What the page is told: React's `[value, key, id, bound]`, or undefined.

    Clauses: form.state.result, form.react.state.
    """
    if target.key is None:
        return undefined
    return create_array_from_list([result, target.key, target.entry.id, float(target.bound)])


def read_state(value: model.Value) -> FormState | None:
    """The form state that a page is told."""
    if value is model.UNDEFINED:
        return None
    content, key, function, bound = value
    return FormState(content, key, function, int(bound))
