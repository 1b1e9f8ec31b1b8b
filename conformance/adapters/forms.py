"""A browser on a page of the reference: the adapter's half of `forms`.

With JavaScript a submission is a call that a program of the page makes. Without, it is a request
that the browser makes by itself; the case may change that request before it is sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.adapters.model_notation import from_notation
from conformance.adapters.observation import observe
from conformance.adapters.requests import set_header
from conformance.notation import tagged
from refimpl.application import Failed
from refimpl.forms.action_fields import Unwritable, split
from refimpl.forms.controls import (
    Control,
    Datalist,
    Fieldset,
    Input,
    Option,
    Select,
    Submitter,
)
from refimpl.forms.page import Form, State, own_function, post, write_body
from refimpl.forms.submissions import read_state
from refimpl.language.errors import Throw
from refimpl.language.functions import FunctionObject
from refimpl.language.values import Value, undefined
from refimpl.source.text import code_units
from refimpl.values import model
from refimpl.values.contract import ARGUMENTS
from refimpl.values.outcome import Fulfilled
from refimpl.values.revive import Revival
from refimpl.values.snapshot import Snapshot
from refimpl.wire.errors import EncodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.adapters.requests import Requester
    from refimpl.calls.messages import Request, Response
    from refimpl.forms.controls import Entry

#: The fields of a control that are a text.
TEXTS = ("id", "name", "value", "dirname", "direction")


class Browser:
    """One page of a running project, and what the user does with it."""

    def __init__(self, requester: Requester, page: list[dict[str, Any]]) -> None:
        self.requester = requester
        self.application = requester.application
        self.forms = [self.form(number, form) for number, form in enumerate(page)]

    def submit(self, wanted: Mapping[str, Any], watch: str | None) -> dict[str, Any]:
        """What one submission sets off, and what is watched after it."""
        form = self.forms[wanted.get("form", 0)]
        answer = {**self.sent(form, submitter_of(form, wanted), wanted), "states": self.states()}
        if watch is not None:
            answer["watched"] = self.requester.watched(watch)
        return answer

    def sent(
        self, form: Form, submitter: Submitter | None, wanted: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The answer to a submission."""
        raise NotImplementedError

    def states(self) -> Any:
        """The states of the forms that have one, in tagged JSON."""
        client, references = self.application.client, self.application.client_references
        values = [form.state.value for form in self.forms if form.state is not None]

        def look() -> Any:
            made = Revival(references).make_all(values)
            return [tagged.encode(observe(value, client.realm)) for value in made]

        return client.ask(look)

    # --- what the case describes ----------------------------------------------------------------

    def form(self, number: int, described: Mapping[str, Any]) -> Form:
        """A form of the page."""
        state = described.get("state")
        return Form(
            number,
            self.requester.at(described["action"]),
            tuple(self.controls(described.get("controls", ()))),
            tuple(self.controls(described.get("before", ()))),
            None
            if state is None
            else State(from_notation(tagged.decode(state["initial"])), state.get("permalink")),
        )

    def controls(self, described: Iterable[Mapping[str, Any]]) -> Iterator[Control]:
        """Some controls."""
        for control in described:
            yield self.control(control)

    def control(self, described: Mapping[str, Any]) -> Control:
        """One control."""
        inside = tuple(self.controls(described.get("controls", ())))
        match described.get("tag", "input"):
            case "datalist":
                return Datalist(inside)
            case "fieldset":
                legend = tuple(self.controls(described.get("legend", ())))
                return Fieldset(inside, legend, described.get("disabled", False))
            case "select":
                options = tuple(
                    Option(
                        code_units(option["value"]),
                        option.get("selected", False),
                        option.get("disabled", False),
                    )
                    for option in described.get("options", ())
                )
                multiple = described.get("multiple", False)
                return Select(**common(described), options=options, multiple=multiple)
        return self.input(described)

    def input(self, described: Mapping[str, Any]) -> Input:
        """An input, a textarea or a button, which submits unless it says otherwise."""
        kind = "submit" if described.get("tag") == "button" else "text"
        action = described.get("action")
        return Input(
            **common(described),
            type=described.get("type", kind),
            checked=described.get("checked", False),
            files=tuple(from_notation(tagged.decode(described.get("files", [])))),
            action=None if action is None else self.requester.at(action),
        )


class Scripted(Browser):
    """A browser whose page runs its program."""

    def sent(
        self,
        form: Form,
        submitter: Submitter | None,
        wanted: Mapping[str, Any],  # noqa: ARG002  (nothing of a request is described)
    ) -> dict[str, Any]:
        """What the call is answered."""
        application = self.application
        reference, arguments = form.call(submitter)

        def call() -> Value:
            revival = Revival(application.client_references)
            function, *values = revival.make_all([reference, *arguments])
            assert isinstance(function, FunctionObject)
            return function.call(undefined, values)

        result = application.settled(application.client, call)
        given = b"".join(application.given_to_client().values()).decode("latin-1")
        answer = {"headers": {}, "body": given}
        if isinstance(result, Throw):
            return {**answer, "outcome": self.failure(result.value)}
        if form.state is not None and own_function(submitter) is None:
            form.state.value = self.taken(result)
        return {**answer, "outcome": {"ok": None}}

    def failure(self, error: Value) -> dict[str, Any]:
        """The phase and the code of the error that a call was rejected with."""
        try:
            self.application.fail_call(error)
        except Failed as failed:
            return {"rejected": {"phase": failed.phase, "code": failed.code}}

    def taken(self, result: Value) -> model.Value:
        """The model of a result."""
        application = self.application

        def take() -> model.Value:
            reference_of = application.client_references.reference_of
            return Snapshot(reference_of, ARGUMENTS, lambda _: model.Error()).take(result)

        return application.client.ask(take)


class Bare(Browser):
    """A browser without JavaScript."""

    def sent(
        self, form: Form, submitter: Submitter | None, wanted: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What the request is answered, after the page has taken what is for it."""
        codec = self.application.submissions.codec
        try:
            entries = form.entries(submitter, codec)
        except (Unwritable, EncodeError) as error:
            refused = {"rejected": {"phase": "encode", "code": error.code}}
            return {"outcome": refused, "headers": {}, "body": ""}
        shown = repr(split(entries).reserved)
        response = self.response(self.request(changed(entries, form, wanted), wanted))
        outcome = self.requester.outcome(response)
        answer = {
            "status": response.status,
            "headers": dict(response.headers),
            "body": response.body.data.decode("latin-1") + shown,
            "url": form.target,
        }
        if not isinstance(outcome, Fulfilled):
            rejected = {"phase": outcome.phase, "code": outcome.code}
            return {**answer, "outcome": {"rejected": rejected}}
        for each in self.forms:
            each.receive(read_state(outcome.value))
        return {**answer, "outcome": {"ok": None}}

    def request(self, entries: list[Entry], wanted: Mapping[str, Any]) -> Request:
        """The request for some entries, as it is described."""
        admission = self.application.settings.admission
        codec = self.application.submissions.codec
        content_type, body = write_body(entries, wanted.get("encoding", ""), codec)
        if "body" in wanted:
            body = wanted["body"].encode("utf-8", "surrogatepass")
        body = body[: max(len(body) - wanted.get("drop", 0), 0)]
        request = post(content_type, body, admission.origin)
        for name, value in wanted.get("headers", {}).items():
            set_header(request.headers, name, value)
        return replace(request, method=wanted.get("method", request.method))

    def response(self, request: Request) -> Response:
        """The response, once it has come to its end."""
        application = self.application
        responses: list[Response] = []
        handle = application.submissions.handle
        application.run_until(
            application.server,
            lambda: handle(request, responses.append),
            lambda: bool(responses) and responses[0].body.state != "open",
        )
        return responses[0]


def browser(requester: Requester, page: list[dict[str, Any]], *, javascript: bool) -> Browser:
    """The page in a browser with JavaScript or without."""
    return (Scripted if javascript else Bare)(requester, page)


def common(described: Mapping[str, Any]) -> dict[str, Any]:
    """What every control may have."""
    texts = {name: code_units(described[name]) for name in TEXTS if name in described}
    return {**texts, "disabled": described.get("disabled", False)}


def submitter_of(form: Form, wanted: Mapping[str, Any]) -> Submitter | None:
    """The button that a submission is made by."""
    if "by" not in wanted:
        return None
    pressed = [
        control for control in buttons((*form.before, *form.controls)) if control.id == wanted["by"]
    ]
    (x, y) = wanted.get("at", (0, 0))
    return Submitter(pressed[0], (x, y))


def buttons(controls: Iterable[Control]) -> Iterator[Input]:
    """Every input among some controls, however deep."""
    for control in controls:
        if isinstance(control, Input):
            yield control
        elif isinstance(control, Fieldset):
            yield from buttons((*control.legend, *control.controls))


def changed(entries: list[Entry], form: Form, wanted: Mapping[str, Any]) -> list[Entry]:
    """The entries of a request that differs from what a browser would send."""
    if "fields" in wanted:
        entries = described_entries(wanted["fields"], form)
    submitted = split(entries)
    if "tamper" in wanted:
        submitted.reserved = tampered(submitted.reserved, wanted["tamper"])
        entries = [*submitted.reserved, *submitted.entries]
    if "repeat" in wanted:
        entries = [*submitted.reserved, *submitted.entries * wanted["repeat"]]
    if "fill" in wanted:
        entries = [*entries, ("fill", "x" * wanted["fill"])]
    ahead = described_entries(wanted.get("ahead", ()), form)
    behind = described_entries(wanted.get("behind", ()), form)
    return [*ahead, *entries, *behind]


def described_entries(described: Iterable[Any], form: Form) -> list[Entry]:
    """Entries that a case spells; `{id}` is the id of the form's function."""
    entries: list[Entry] = []
    for name, content in described:
        value = from_notation(tagged.decode(content))
        if isinstance(value, str):
            value = value.replace("{id}", form.action.id)
        entries.append((code_units(name.replace("{id}", form.action.id)), value))
    return entries


def tampered(fields: list[Entry], place: int) -> list[Entry]:
    """The fields with another character at one place of all their names and values."""
    texts = [str(text) for field in fields for text in field]
    place %= sum(map(len, texts))
    for number, text in enumerate(texts):
        if place < len(text):
            other = "A" if text[place] != "A" else "B"
            texts[number] = text[:place] + other + text[place + 1 :]
            break
        place -= len(text)
    return [*zip(texts[::2], texts[1::2], strict=True)]
