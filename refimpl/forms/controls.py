"""The controls of a form as the user left them, and the entry list that HTML constructs from them.

Rules of this module:

* The order is tree order. A control gives no entry, one, or several, and nothing depends on what
  another control gave.
* Names and texts are scalar value strings: a lone surrogate becomes U+FFFD here. Line breaks stay
  as they are until the list is encoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from refimpl.language.algorithms.utf16 import to_well_formed
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A name, and a text or a file.
Entry: TypeAlias = tuple[str, str | model.Blob]

#: What a file control gives when no file was chosen. Clause: form.entries.file.
NO_FILE = model.Blob("application/octet-stream", b"", "")
#: The types of input that are pressed; the first two submit.
BUTTONS = ("submit", "image", "reset", "button")
CHECKABLE = ("checkbox", "radio")
#: The types of input whose text has a direction that can be sent.
DIRECTED = ("text", "hidden", "search", "tel", "url", "email", "password")


@dataclass(frozen=True, eq=False)
class Field:
    """What all controls have. `value` is None where the author gave none."""

    name: str = ""
    value: str | None = None
    disabled: bool = False
    #: By which a submission names its submitter.
    id: str | None = None
    #: The name under which the direction of the text is sent, and that direction.
    dirname: str = ""
    direction: str = "ltr"


@dataclass(frozen=True, eq=False)
class Input(Field):
    """An `input`, or a `textarea`, which is one of type text."""

    type: str = "text"
    checked: bool = False
    files: tuple[model.Blob, ...] = ()
    #: The server function that a button calls instead of the form's.
    action: model.ServerReference | None = None


@dataclass(frozen=True)
class Option:
    """An `option`."""

    value: str
    selected: bool = False
    disabled: bool = False


@dataclass(frozen=True, eq=False)
class Select(Field):
    """A `select`."""

    options: tuple[Option, ...] = ()
    multiple: bool = False


@dataclass(frozen=True, eq=False)
class Fieldset:
    """A `fieldset`; `legend` holds the controls in its first legend, which it never disables."""

    controls: tuple[Control, ...]
    legend: tuple[Control, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, eq=False)
class Datalist:
    """A `datalist`: nothing in it is submitted."""

    controls: tuple[Control, ...]


Control: TypeAlias = Input | Select | Fieldset | Datalist


@dataclass(frozen=True)
class Submitter:
    """The button that was pressed, and the point of an image button that was hit."""

    control: Input
    at: tuple[int, int] = (0, 0)


def enabled(controls: Iterable[Control]) -> Iterator[Input | Select]:
    """The submittable elements that may give entries, in tree order.

    Clauses: form.entries.order, form.entries.disabled.
    """
    for control in controls:
        match control:
            case Datalist():
                pass
            case Fieldset(disabled=disabled):
                yield from enabled(control.legend)
                yield from () if disabled else enabled(control.controls)
            case _ if not control.disabled:
                yield control


def construct_entry_list(
    controls: Iterable[Control], submitter: Submitter | None = None
) -> list[Entry]:
    """The entries of a form that is submitted with this submitter (HTML §4.10.22.4)."""
    entries = [entry for control in enabled(controls) for entry in entries_of(control, submitter)]
    return [(to_well_formed(name), scalar(content)) for name, content in entries]


def scalar(content: str | model.Blob) -> str | model.Blob:
    """A text without lone surrogates. Clause: form.entries.text."""
    return to_well_formed(content) if isinstance(content, str) else content


def entries_of(control: Input | Select, submitter: Submitter | None) -> Iterator[Entry]:
    """The entries of one control. Clauses: form.entries.name, form.entries.dirname."""
    if isinstance(control, Input) and control.type in BUTTONS:
        if submitter is not None and submitter.control is control:
            yield from entries_of_submitter(submitter)
    elif control.name:
        for content in contents_of(control):
            yield control.name, content
        if control.dirname and isinstance(control, Input) and control.type in DIRECTED:
            yield control.dirname, control.direction


def entries_of_submitter(submitter: Submitter) -> Iterator[Entry]:
    """The entries of the button that was pressed; one with a function of its own has none.

    Clauses: form.entries.button, form.entries.image, form.submitter.unnamed.
    """
    control = submitter.control
    if control.type == "image":
        prefix = f"{control.name}." if control.name else ""
        for axis, place in zip("xy", submitter.at, strict=True):
            yield f"{prefix}{axis}", str(place)
    elif control.action is None and control.name:
        yield control.name, control.value or ""


def contents_of(control: Input | Select) -> Iterator[str | model.Blob]:
    """What a control with a name has to say.

    Clauses: form.entries.checkable, form.entries.charset.
    """
    if isinstance(control, Select):
        yield from chosen(control)
    elif control.type in CHECKABLE:
        if control.checked:
            yield "on" if control.value is None else control.value
    elif control.type == "file":
        yield from control.files or (NO_FILE,)
    elif control.type == "hidden" and control.name.lower() == "_charset_":
        yield "UTF-8"
    else:
        yield control.value or ""


def chosen(control: Select) -> list[str]:
    """The values of the options that are selected. Clause: form.entries.select."""
    options = [option for option in control.options if option.selected]
    if not options and not control.multiple:  # the first that can be is shown as selected
        options = [option for option in control.options if not option.disabled][:1]
    return [option.value for option in options if not option.disabled]
