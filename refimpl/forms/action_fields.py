"""The fields by which a form names the server function it calls, spelled as React spells them.

Rules of this module:

* A name that begins with `$ACTION_` is reserved: a field that has it never reaches the function.
* `$ACTION_ID_<id>` names a function to which nothing is bound. `$ACTION_REF_<n>` says that the
  reference is a message of its own, whose parts are the fields `$ACTION_<n>:<part>`.
* Of several such names the last one counts: a form's own fields come before every control of it,
  so that the button which was pressed has the last word.
* Nothing here trusts a field. What is read is looked up and opened by who owns the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from refimpl.calls.messages import Refusal
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from refimpl.forms.controls import Entry

#: Clause: form.react.prefix.
RESERVED: Final = "$ACTION_"
ID: Final = "$ACTION_ID_"
REFERENCE: Final = "$ACTION_REF_"
KEY: Final = "$ACTION_KEY"


class ReferenceCodec(Protocol):
    """How a server reference with what is bound to it becomes named parts, and back."""

    def write_reference(self, reference: model.ServerReference) -> list[Entry]:
        """The parts of a reference."""

    def read_reference(self, parts: Iterable[Entry]) -> model.ServerReference:
        """The reference in some parts; raises `DecodeError`."""


class Unwritable(Exception):  # noqa: N818 - a refusal that becomes an error of rendering
    """Something is bound that no hidden field can hold; `code` is of phase encode."""

    code = "unsupported-value.file"


@dataclass
class Submitted:
    """What a submission says: the fields that are reserved, and the entries for the function."""

    reserved: list[Entry] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def key(self) -> str | None:
        """The first key of a form's state, if it is a text. Clause: form.react.key."""
        first = next((content for name, content in self.reserved if name == KEY), None)
        return first if isinstance(first, str) else None

    def parts(self, prefix: str) -> list[Entry]:
        """The parts of the reference with this prefix."""
        start = f"{RESERVED}{prefix}:"
        return [
            (name.removeprefix(start), content)
            for name, content in self.reserved
            if name.startswith(start)
        ]


def write_action(
    reference: model.ServerReference, prefix: str, codec: ReferenceCodec
) -> list[Entry]:
    """The fields that name a function, the one that a button would have as its name first.

    Clauses: form.captures, form.react.id, form.react.reference, form.bound.fields.
    """
    if reference.bound is None:
        return [(f"{ID}{reference.id}", "")]
    parts = codec.write_reference(reference)
    if any(isinstance(content, model.Blob) for _, content in parts):
        raise Unwritable
    named = [(f"{RESERVED}{prefix}:{name}", content) for name, content in parts]
    return [(f"{REFERENCE}{prefix}", ""), *named]


def split(entries: Iterable[Entry]) -> Submitted:
    """Keep what is reserved from the function.

    Clauses: form.reserved, form.reserved.only, form.react.prefix.
    """
    submitted = Submitted()
    for name, content in entries:
        kept = submitted.reserved if name.startswith(RESERVED) else submitted.entries
        kept.append((name, content))
    return submitted


def read_action(submitted: Submitted, codec: ReferenceCodec) -> model.ServerReference:
    """The function that a submission names.

    Clauses: form.one, form.unknown, form.react.last, form.react.id, form.react.reference.
    """
    for name, _ in reversed(submitted.reserved):
        if name.startswith(ID):
            return model.ServerReference(name.removeprefix(ID))
        if name.startswith(REFERENCE):
            return codec.read_reference(submitted.parts(name.removeprefix(REFERENCE)))
    raise Refusal("unknown-function")
