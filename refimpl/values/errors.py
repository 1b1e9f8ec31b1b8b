"""The texts of a thrown value or an Error, read without running guest code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.algorithms.utf16 import to_code_points
from refimpl.language.builtins.web.abort import DOMExceptionObject
from refimpl.language.errors import ErrorObject, describe

if TYPE_CHECKING:
    from refimpl.language.objects import JSObject
    from refimpl.language.values import Value


def error_texts(reason: Value) -> tuple[str, str]:
    """The name and the message; both may be empty."""
    if isinstance(reason, str):
        return "Error", to_code_points(reason)
    if isinstance(reason, DOMExceptionObject):
        return to_code_points(reason.name), to_code_points(reason.message)
    if not isinstance(reason, ErrorObject):
        return "Error", to_code_points(describe(reason))
    return data_text(reason, "name"), data_text(reason, "message")


def data_text(obj: JSObject, key: str) -> str:
    """A String data property of `obj` or of its prototypes; empty when there is none."""
    holder: JSObject | None = obj
    while holder is not None:
        found = holder.get_own_property(key)
        if found is not None:
            return to_code_points(found.value) if isinstance(found.value, str) else ""
        holder = holder.prototype
    return ""
