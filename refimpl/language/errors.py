"""What a guest throws, and faults of the interpreter itself.

* A throw completion is the Python exception `Throw`; no other completion is an exception.
* `throw_type_error(message)` and its siblings make the error in the current realm.
* An error object remembers the guest's stack where it was made, as data and as the text `stack`.
* A Python exception that is neither is a bug of ours; `InternalError` names it and keeps the
  guest's stack. It never reaches guest code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from refimpl.language.agent import ExecutionContext, intrinsic, surrounding
from refimpl.language.objects import JSObject, Property, hidden
from refimpl.source.text import code_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from refimpl.language.values import Value


class Throw(Exception):  # noqa: N818 - a throw completion is not an error of ours
    """A throw completion (§6.2.4) with its value."""

    def __init__(self, value: Value) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        return describe(self.value)


class InternalError(Exception):
    """A fault of the interpreter: please report it with the guest stack it shows."""

    def __init__(self, fault: BaseException, stack: list[Frame]) -> None:
        lines = "".join(f"\n    at {frame}" for frame in stack)
        super().__init__(f"internal error: {type(fault).__name__}: {fault}{lines}")
        self.stack = stack


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a guest stack."""

    function: str
    source_name: str | None
    line: int
    column: int

    def __str__(self) -> str:
        place = f"{self.source_name}:{self.line}:{self.column}" if self.source_name else "native"
        return f"{self.function} ({place})" if self.function else place


class ErrorObject(JSObject):
    """An object with [[ErrorData]]; `frames` is the guest's stack at its creation."""

    __slots__ = ("frames",)

    builtin_tag = "Error"

    def __init__(self, prototype: JSObject | None) -> None:
        super().__init__(prototype)
        self.frames = [*guest_stack()]


def guest_stack(limit: int = 12) -> Iterator[Frame]:
    """The innermost `limit` frames of the running guest code."""
    context: ExecutionContext | None = surrounding.agent.context
    while context is not None and limit > 0:
        if context.node is not None or context.function is not None:
            limit -= 1
            yield frame_of(context)
        context = context.caller


def frame_of(context: ExecutionContext) -> Frame:
    """The stack line of one execution context."""
    name = context.function.props.get("name") if context.function is not None else None
    text = name.value if type(name) is Property and type(name.value) is str else ""
    if context.source is None or context.node is None:
        return Frame(text, None, 0, 0)
    return Frame(text, context.source.name, *context.source.position(context.node.start))


def make_error(kind: str, message: str) -> ErrorObject:
    """A new error of the current realm; `kind` is a constructor's name such as `TypeError`."""
    error = ErrorObject(intrinsic(f"%{kind}.prototype%"))
    error.props["message"] = hidden(code_units(message))
    set_stack(error, f"{kind}: {message}" if message else kind)
    return error


def set_stack(error: ErrorObject, header: str) -> None:
    """Give `error` its own `stack` text (not in ECMAScript; every engine has it)."""
    lines = "".join(f"\n    at {frame}" for frame in error.frames)
    error.props["stack"] = hidden(code_units(header) + code_units(lines))


def throw_type_error(message: str) -> NoReturn:
    """Throw a TypeError exception."""
    raise Throw(make_error("TypeError", message))


def throw_range_error(message: str) -> NoReturn:
    """Throw a RangeError exception."""
    raise Throw(make_error("RangeError", message))


def throw_reference_error(message: str) -> NoReturn:
    """Throw a ReferenceError exception."""
    raise Throw(make_error("ReferenceError", message))


def throw_syntax_error(message: str) -> NoReturn:
    """Throw a SyntaxError exception."""
    raise Throw(make_error("SyntaxError", message))


def describe(value: Value) -> str:
    """A guest value in a few words for messages, found without running guest code."""
    if isinstance(value, JSObject):
        return describe_object(value)
    if type(value) is str:
        return repr(value) if len(value) <= 40 else repr(value[:40]) + "…"
    if type(value) is float and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).lower() if type(value) is bool else repr(value)


def describe_object(value: JSObject) -> str:
    """An object in a few words: what it is called, or what made it, and its message."""
    name, message = _plain(value, "name"), _plain(value, "message")
    if hasattr(value, "call"):
        return f"function {name}".rstrip()
    if not isinstance(value, ErrorObject):
        constructor = _plain(value, "constructor")
        name = _plain(constructor, "name") if isinstance(constructor, JSObject) else ""
        if name in {"", "Object"} and not message:
            return "an object"
    return f"{name}: {message}" if message else str(name)


def _plain(value: JSObject, key: str) -> Value:
    """A data property of `value` or its prototypes, without running guest code; "" if there is none."""
    holder: JSObject | None = value
    while holder is not None:
        found = holder.props.get(key)
        found = found.value if type(found) is Property else found
        if type(found) is str or isinstance(found, JSObject):
            return found
        holder = holder.prototype
    return ""
