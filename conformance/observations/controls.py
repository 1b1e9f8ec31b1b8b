"""The forms of a page as an author writes them, with their controls as the user left them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance import notation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.written import Written

TAGS = ("input", "textarea", "select", "button", "fieldset", "datalist")


def _text(written: Written) -> str:
    return written.text()


def _flag(written: Written) -> bool:
    if (found := written.value()) not in (True, False):
        written.refuse("wrong-type", "true or false was expected here")
    return bool(found)


def _files(written: Written) -> Any:
    written.items()
    return notation.encode(written.value())


def _option(written: Written) -> dict[str, Any]:
    readers = {"value": _text, "selected": _flag, "disabled": _flag}
    fields = written.fields(readers, required=("value",))
    return {name: readers[name](field) for name, field in fields.items()}


def read_controls(written: Written) -> list[dict[str, Any]]:
    """Some controls, in tree order."""
    return [_control(item) for item in written.items()]


#: What a control can have; `tag` is `input` unless given.
_CONTROL: Mapping[str, Callable[[Written], Any]] = {
    "tag": lambda written: written.one_of(TAGS),
    "id": _text,
    "type": _text,
    "name": _text,
    "value": _text,
    "disabled": _flag,
    "checked": _flag,
    "multiple": _flag,
    "dirname": _text,
    "direction": lambda written: written.one_of(("ltr", "rtl")),
    "files": _files,
    "options": lambda written: [_option(item) for item in written.items()],
    "action": _text,
    "legend": read_controls,
    "controls": read_controls,
}


def _control(written: Written) -> dict[str, Any]:
    fields = written.fields(_CONTROL)
    return {name: _CONTROL[name](field) for name, field in fields.items()}


def _state(written: Written) -> dict[str, Any]:
    fields = written.fields({"initial", "permalink"}, required=("initial",))
    permalink = {"permalink": fields["permalink"].text()} if "permalink" in fields else {}
    return {"initial": notation.encode(fields["initial"].value()), **permalink}


_FORM: Mapping[str, Callable[[Written], Any]] = {
    "action": _text,
    "state": _state,
    "before": read_controls,
    "controls": read_controls,
}


def read_form(written: Written) -> dict[str, Any]:
    """`{action, state, before, controls}`: `action` is a place in the value of the entry."""
    fields = written.fields(_FORM, required=("action",))
    return {name: _FORM[name](field) for name, field in fields.items()}
