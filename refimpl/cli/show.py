"""A guest value as a person writes it: close to JavaScript, without running guest code."""

from __future__ import annotations

import json
from math import isnan
from typing import TYPE_CHECKING

from refimpl.language.algorithms.dates import iso_text
from refimpl.language.algorithms.utf16 import to_code_points
from refimpl.language.builtins.date import DateObject
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.conversions import to_string
from refimpl.language.errors import describe
from refimpl.language.exotics import ArrayObject
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject
from refimpl.language.values import BigInt, Value
from refimpl.references.proxy import Proxy
from refimpl.values.snapshot import unbound

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Values nested deeper than this are shown as `…`.
DEPTH = 20


def show(value: Value, around: tuple[JSObject, ...] = ()) -> str:
    """The text of one value."""
    if isinstance(value, str):
        return json.dumps(to_code_points(value), ensure_ascii=False)
    if isinstance(value, float):
        return to_string(value) if str(value) != "-0.0" else "-0"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, BigInt):
        return f"{value.n}n"
    if not isinstance(value, JSObject):
        return repr(value)
    if value in around:
        return "[Circular]"
    return "…" if len(around) > DEPTH else show_object(value, (*around, value))


def show_object(value: JSObject, around: tuple[JSObject, ...]) -> str:
    """The text of an object that is not being shown already."""
    match value:
        case FunctionObject():
            is_reference = isinstance(unbound(value)[0], Proxy)
            return "[server reference]" if is_reference else f"[{describe(value)}]"
        case ArrayObject():
            found = (value.get_own_property(str(index)) for index in range(value.length))
            return listed("[", ("" if p is None else show(p.value, around) for p in found), "]")
        case MapObject():
            entries = (
                f"{show(entry.key, around)} => {show(entry.value, around)}" for entry in value.table
            )
            return listed("Map {", entries, "}")
        case SetObject():
            return listed("Set {", (show(entry.key, around) for entry in value.table), "}")
        case DateObject(time=time):
            return f"Date {'Invalid' if isnan(time) else iso_text(time)}"
    if type(value).builtin_tag == "Error":
        return f"[{describe(value)}]"
    return listed("{", properties(value, around), "}")


def properties(value: JSObject, around: tuple[JSObject, ...]) -> Iterator[str]:
    """The enumerable properties of an object, `name: value`."""
    for key in value.own_property_keys():
        found = value.get_own_property(key)
        if found is not None and found.enumerable:
            name = to_code_points(key) if isinstance(key, str) else f"[{key!r}]"
            shown = name if name.isidentifier() or not isinstance(key, str) else json.dumps(name)
            yield f"{shown}: {'[accessor]' if found.is_accessor() else show(found.value, around)}"


def listed(opening: str, items: Iterator[str], closing: str) -> str:
    """Items between brackets, with a space inside braces only."""
    text = ", ".join(items)
    pad = " " if text and opening.endswith("{") else ""
    return f"{opening}{pad}{text}{pad}{closing}"
