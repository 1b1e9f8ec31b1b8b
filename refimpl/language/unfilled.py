"""Objects whose properties are made when somebody first looks at them.

* A realm has more built-in functions than the whole of a small program has objects, and the program
  uses a few dozen: making all of them would take longer than running it.
* An unfilled object is of a class of its own, in which reading `props` fills it. From then on it is of
  its class proper: it costs nothing more, and nobody can tell that it was ever otherwise.
* So the class of an object is asked with `isinstance`, or with `kind_of`: `type` may come too early.
* Filling happens wholly or not at all, and in nobody's time: it neither pays nor runs guest code.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from refimpl.language.objects import JSObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.values import Key


def postpone(obj: JSObject, fill: Callable[[], dict[Key, Any]]) -> None:
    """Let `obj` have the `props` that `fill` returns, from the moment it is asked for them."""
    obj.props = fill  # type: ignore[assignment]  # what is behind `props` until then
    obj.__class__ = unfilled(type(obj))  # type: ignore[arg-type]  # a class is hashable


def kind_of(obj: JSObject) -> type[JSObject]:
    """The class proper of an object, be it filled or not."""
    kind: type[JSObject] = getattr(type(obj), "kind", type(obj))
    return kind


@cache
def unfilled(kind: type[JSObject]) -> type[JSObject]:
    """The class of objects of `kind` as long as nobody has looked at their properties."""
    stored = vars(JSObject)["props"]

    def props(self: JSObject) -> dict[Key, Any]:
        filled: dict[Key, Any] = stored.__get__(self)()
        self.__class__ = kind
        self.props = filled
        return filled

    members = {"__slots__": (), "kind": kind, "props": property(props)}
    return type(f"Unfilled{kind.__name__}", (kind,), members)
