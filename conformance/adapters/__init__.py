"""What adapters in Python are made of: a function, or a class with one method per operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.protocol import CAPABILITIES, PHASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.protocol import Request

__all__ = ["Inability", "Refusal", "from_class"]


class Refusal(Exception):  # noqa: N818  (refusing a program is an answer, not an error)
    """Raised by an adapter's method to answer `rejected`."""

    def __init__(
        self,
        phase: str,
        code: str,
        message: str = "",
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message)
        assert phase in PHASES, f"a phase is one of {', '.join(PHASES)}"
        content = {"phase": phase, "code": code, "message": message, "file": file, "line": line}
        self.content = {key: value for key, value in content.items() if value is not None}


class Inability(Exception):  # noqa: N818  (likewise)
    """Raised by an adapter's method to answer `unsupported`, with the reason."""


def from_class(kind: type[Any]) -> Callable[[Request], Any]:
    """Make an adapter of a class with a name, a version and a method per operation.

    A method takes the fields of its request as keyword arguments and returns what it observed, or
    raises `Refusal` or `Inability(why)`. Its capabilities are its methods, unless it says otherwise
    with a `capabilities` list; its `choices` are a dict.
    """
    instance = kind()

    def adapter(message: Request) -> Any:
        operation = message.pop("op")
        if operation == "hello":
            return {"ok": _introduction(instance)}
        method = getattr(instance, operation, None)
        if method is None:
            return {"unsupported": {"why": f"{kind.__name__} has no method {operation}"}}
        try:
            return {"ok": method(**message)}
        except Refusal as refusal:
            return {"rejected": refusal.content}
        except Inability as inability:
            return {"unsupported": {"why": str(inability)}}

    return adapter


def _introduction(instance: Any) -> dict[str, Any]:
    methods = [name for name in CAPABILITIES if callable(getattr(instance, name, None))]
    return {
        "name": getattr(instance, "name", type(instance).__name__),
        "version": getattr(instance, "version", "0"),
        "capabilities": list(getattr(instance, "capabilities", methods)),
        "choices": dict(getattr(instance, "choices", {})),
    }
