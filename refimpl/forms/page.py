"""The forms of a page, and what becomes of them when the user submits one.

Rules of this module:

* The same controls give a call the program makes, or a request that the browser makes by itself.
  Both carry the entries of one construction.
* Without JavaScript the function is named by hidden fields at the beginning of the form, before
  every control that belongs to it. A button with a function of its own is named after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from refimpl.calls.messages import Request
from refimpl.forms.action_fields import KEY, ReferenceCodec, split, write_action
from refimpl.forms.controls import Fieldset, Input, construct_entry_list
from refimpl.forms.state import state_key, with_state
from refimpl.forms.urlencoded import TYPE as URLENCODED
from refimpl.forms.urlencoded import write_urlencoded
from refimpl.language.algorithms.utf16 import to_code_points
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from refimpl.forms.controls import Control, Entry, Submitter
    from refimpl.forms.state import FormState
    from refimpl.values.model import Value


class FormCodec(ReferenceCodec, Protocol):
    """How the entries of a form become bytes and back. Readers raise `DecodeError`."""

    def write_multipart(self, entries: list[Entry]) -> tuple[str, bytes]:
        """The Content-Type and the body for an entry list."""

    def read_multipart(self, content_type: str, body: bytes) -> list[Entry]:
        """The entries in a body."""

    def check_entries(self, count: int) -> None:
        """Refuse more entries than one message may have."""


@dataclass
class State:
    """The state of a form: what it is now, and where its submission leads without JavaScript."""

    initial: Value
    permalink: str | None = None

    def __post_init__(self) -> None:
        """Begin with the initial one."""
        self.value = self.initial


@dataclass(eq=False)
class Form:
    """A form whose action is a server function; `before` are controls of it that precede it."""

    number: int  #: its place on the page
    action: model.ServerReference
    controls: tuple[Control, ...]
    before: tuple[Control, ...] = ()
    state: State | None = None

    @property
    def key(self) -> str:
        """By which its state is known. Clause: form.react.key."""
        assert self.state is not None
        return state_key(self.number, self.state.permalink)

    @property
    def target(self) -> str:
        """Where it leads without JavaScript. Clause: form.state.permalink."""
        permalink = None if self.state is None else self.state.permalink
        return "/" if permalink is None else permalink

    def receive(self, answer: FormState | None) -> None:
        """Be on the page that a submission was answered with: its state, if it is this form's.

        Clauses: form.state.result, form.state.own, form.state.failed.
        """
        if self.state is not None:
            self.state.value = self.state.initial
            if answer is not None and answer.belongs_to(self.key, self.action):
                self.state.value = answer.value

    # --- with JavaScript ------------------------------------------------------------------------

    def call(self, submitter: Submitter | None) -> tuple[model.ServerReference, list[Value]]:
        """The function that a submission calls, and its arguments.

        Clauses: form.action, form.data, form.same, form.submitter, form.state, form.reserved.
        """
        entries = construct_entry_list((*self.before, *self.controls), submitter)
        data = model.FormData(split(entries).entries)
        if (other := own_function(submitter)) is not None:
            return other, [data]
        if self.state is None:
            return self.action, [data]
        return self.action, [self.state.value, data]

    # --- without --------------------------------------------------------------------------------

    def entries(self, submitter: Submitter | None, codec: ReferenceCodec) -> list[Entry]:
        """The entries a browser sends by itself: those that name the function, and the form's.

        Clauses: form.action, form.same, form.submitter.anywhere.
        """
        rendering = Rendering(codec)
        own = [*rendering.hidden(self.fields(rendering))]
        controls = [*rendering.controls((*self.before, *self.controls))]
        if submitter is not None:
            pressed = rendering.buttons.get(submitter.control, submitter.control)
            submitter = replace(submitter, control=pressed)
        return construct_entry_list((*own, *controls), submitter)

    def fields(self, rendering: Rendering) -> list[Entry]:
        """The hidden fields that name the form's function, and its state's key."""
        if self.state is None:
            return rendering.action(self.action)
        return [*rendering.action(with_state(self.action, self.state.value)), (KEY, self.key)]


def own_function(submitter: Submitter | None) -> model.ServerReference | None:
    """The function that a button has of its own. Clause: form.submitter."""
    return None if submitter is None else submitter.control.action


@dataclass
class Rendering:
    """One form as HTML has it; `buttons` are those that were named after their function."""

    codec: ReferenceCodec
    buttons: dict[Input, Input] = field(default_factory=dict)
    prefixes: int = 0

    def action(self, reference: model.ServerReference) -> list[Entry]:
        """The fields that name a function, under a prefix that no other has."""
        self.prefixes += 1
        return write_action(reference, str(self.prefixes), self.codec)

    def hidden(self, fields: Iterable[Entry]) -> Iterator[Input]:
        """Hidden controls that give these entries."""
        for name, content in fields:
            assert isinstance(content, str)  # `write_action` saw to it
            yield Input(name, content, type="hidden")

    def controls(self, controls: Iterable[Control]) -> Iterator[Control]:
        """The controls with what names the functions of buttons.

        Clauses: form.submitter, form.submitter.unnamed.
        """
        for control in controls:
            match control:
                case Fieldset():
                    inside = tuple(self.controls(control.controls))
                    yield replace(
                        control, controls=inside, legend=tuple(self.controls(control.legend))
                    )
                case Input(action=model.ServerReference() as reference):
                    (name, _), *parts = self.action(reference)
                    button = self.buttons[control] = replace(control, name=name, action=None)
                    yield button
                    yield from self.hidden(parts)
                case _:
                    yield control


def write_body(entries: list[Entry], encoding: str, codec: FormCodec) -> tuple[str, bytes]:
    """The Content-Type and the body in one of HTML's encodings. Clause: form.encoding."""
    if encoding == URLENCODED:
        return URLENCODED, write_urlencoded(entries)
    if encoding == "text/plain":
        return encoding, write_plain(entries)
    return codec.write_multipart(entries)


def write_plain(entries: Iterable[Entry]) -> bytes:
    """The body in text/plain, which nobody can read back. Clause: form.encoding.plain."""
    lines = (
        f"{name}={content if isinstance(content, str) else content.name}\r\n"
        for name, content in entries
    )
    return to_code_points("".join(lines)).encode()


def post(content_type: str, body: bytes, origin: str) -> Request:
    """The request of a submission, as a browser sends it."""
    return Request("POST", {"origin": origin, "content-type": content_type}, body)
