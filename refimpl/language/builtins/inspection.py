"""Guest values as text for console.log, found without running guest code."""

from __future__ import annotations

from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.errors import ErrorObject, describe
from refimpl.language.exotics import HOLE, ArrayObject
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject, Property
from refimpl.language.operations import Value, to_string
from refimpl.language.values import Symbol

#: How deep objects inside objects are shown, and how many members of each.
DEPTH = 3
WIDTH = 100


def inspect(value: Value) -> str:
    """A string as it is, anything else as inside an object."""
    return value if type(value) is str else inner(value, DEPTH)


def inner(value: Value, depth: int) -> str:
    """A value inside another."""
    if type(value) is str:
        return f"'{value}'"
    if not isinstance(value, JSObject):
        return repr(value) if type(value) is Symbol or hasattr(value, "n") else to_string(value)
    if isinstance(value, FunctionObject):
        return f"[{describe(value)}]"
    if isinstance(value, ErrorObject):
        stack = value.props.get("stack")
        return stack.value if type(stack) is Property and stack.value else describe(value)
    if depth == 0:
        return f"[{value.builtin_tag}]"
    match value:
        case ArrayObject():
            items = [shown(item, depth) for item in value.items[:WIDTH]]
            return f"[ {', '.join(items)} ]" if items else "[]"
        case MapObject():
            pairs = [f"{inner(e.key, depth - 1)} => {shown(e.value, depth)}" for e in value.table]
            return f"Map({len(pairs)}) {{ {', '.join(pairs[:WIDTH])} }}"
        case SetObject():
            keys = [shown(entry.key, depth) for entry in value.table]
            return f"Set({len(keys)}) {{ {', '.join(keys[:WIDTH])} }}"
    members = [f"{key}: {shown(v, depth)}" for key, v in [*value.props.items()][:WIDTH]]
    return f"{{ {', '.join(members)} }}" if members else "{}"


def shown(stored: Value, depth: int) -> str:
    """A property in its stored form."""
    if stored is HOLE:
        return "<empty>"
    if type(stored) is Property:
        return "[Getter/Setter]" if stored.is_accessor() else inner(stored.value, depth - 1)
    return inner(stored, depth - 1)
