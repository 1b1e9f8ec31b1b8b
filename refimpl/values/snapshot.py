"""From a guest value to the model: what a message carries of it, and what it cannot carry.

Rules of this module:

* The copy is taken at once and in order: own enumerable string-keyed properties, getters
  included, in the order of [[OwnPropertyKeys]].
* An object is visited once, so shared structure stays shared and cycles end.
* A value outside the contract is an error with the path to it: `$[0].user.born`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import surrounding
from refimpl.language.builtins.date import DateObject
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.exotics import ArrayObject
from refimpl.language.functions import BoundFunction, FunctionObject
from refimpl.language.objects import JSObject
from refimpl.language.operations import get
from refimpl.language.values import BigInt, Symbol, Value, null, undefined
from refimpl.references.proxy import Proxy
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Callable

    ReferenceOf = Callable[[FunctionObject], model.ServerReference | model.ClientReference | None]

#: Limit `value.depth`: a deeper structure is an error, never a fault of the machine.
MAXIMUM_DEPTH = 10_000


class UnsupportedValue(Exception):  # noqa: N818 - a refusal that becomes an error of the call
    """A value outside the contract; `code` begins with `unsupported-value`."""

    def __init__(self, kind: str, path: str, description: str) -> None:
        super().__init__(f"{description} cannot be sent ({path})")
        self.code = f"unsupported-value.{kind}"
        self.path = path


def snapshot(value: Value, reference_of: ReferenceOf, *, elements: bool = False) -> model.Value:
    """The model of `value`; raises `UnsupportedValue`, or whatever a getter throws.

    `reference_of` tells which functions are references; it sees no bound functions. Elements go
    to the client only.

    Clauses: call.arguments.values, call.result.values, reference.not-any-function.
    """
    return Snapshot(reference_of, elements=elements).take(value, "$", 0)


def snapshot_arguments(arguments: list[Value], reference_of: ReferenceOf) -> list[model.Value]:
    """The models of the arguments of one call; what they share stays shared.

    Clause: call.arguments.sharing.
    """
    copying = Snapshot(reference_of)
    return [copying.take(value, f"$[{index}]", 0) for index, value in enumerate(arguments)]


class Snapshot:
    """One copying of one or several values, with what it has met so far."""

    def __init__(self, reference_of: ReferenceOf, *, elements: bool = False) -> None:
        self.reference_of = reference_of
        self.elements = elements
        self.met: dict[JSObject, model.Value] = {}

    def take(self, value: Value, path: str, depth: int) -> model.Value:
        """The model of one value at `path`."""
        if value is undefined:
            return model.UNDEFINED
        if value is null:
            return None
        if isinstance(value, BigInt):
            return value.n
        if isinstance(value, Symbol):
            return self.symbol(value, path)
        if not isinstance(value, JSObject):
            return value
        met = self.met.get(value)
        if met is not None:
            return met
        if depth > MAXIMUM_DEPTH:
            raise UnsupportedValue("depth", path[:80] + "…", "a structure this deep")
        return self.object(value, path, depth + 1)

    def symbol(self, value: Symbol, path: str) -> model.Value:
        """A symbol; none is in the contract yet but those of elements."""
        raise UnsupportedValue("symbol", path, f"the symbol {value!r}")

    def object(self, value: JSObject, path: str, depth: int) -> model.Value:
        """The model of an object met for the first time."""
        surrounding.agent.charge()
        match value:
            case FunctionObject():
                return self.function(value, path, depth)
            case ArrayObject():
                return self.array(value, path, depth)
            case MapObject():
                return self.map(value, path, depth)
            case SetObject():
                return self.set(value, path, depth)
            case DateObject(time=time):
                return self.remember(value, model.Date(time))
        return self.plain_object(value, path, depth)

    def remember(self, value: JSObject, made: model.Value) -> model.Value:
        """Note what stands for `value`, before its parts are looked at."""
        self.met[value] = made
        return made

    def function(self, value: FunctionObject, path: str, depth: int) -> model.Value:
        """A reference with what was bound to it.

        Clauses: reference.bind, reference.bind.again, reference.bind.stays,
        reference.bind.original.
        """
        target, bound = unbound(value)
        reference = self.reference_of(target)
        if isinstance(reference, model.ClientReference) and not bound:
            return self.remember(value, reference)
        if not isinstance(reference, model.ServerReference):
            raise UnsupportedValue("function", path, "a function that is no server function")
        self.remember(value, reference)
        if bound:
            taken = [self.take(item, f"{path}.bound[{i}]", depth) for i, item in enumerate(bound)]
            reference.bound = [*(reference.bound or ()), *taken]
        return reference

    def array(self, value: ArrayObject, path: str, depth: int) -> model.Value:
        """An array; a hole arrives as undefined."""
        made: list[model.Value] = []
        self.remember(value, made)
        for index in range(value.length):
            item = get(value, str(index))
            made.append(self.take(item, f"{path}[{index}]", depth))
        return made

    def map(self, value: MapObject, path: str, depth: int) -> model.Value:
        """A Map, entries in order."""
        made = model.Map()
        self.remember(value, made)
        for index, entry in enumerate(value.table):
            key = self.take(entry.key, f"{path}.keys[{index}]", depth)
            made.entries.append((key, self.take(entry.value, f"{path}.values[{index}]", depth)))
        return made

    def set(self, value: SetObject, path: str, depth: int) -> model.Value:
        """A Set, values in order."""
        made = model.Set()
        self.remember(value, made)
        for index, entry in enumerate(value.table):
            made.values.append(self.take(entry.key, f"{path}.values[{index}]", depth))
        return made

    def plain_object(self, value: JSObject, path: str, depth: int) -> model.Value:
        """A plain object: one whose prototype is an Object.prototype."""
        prototype = value.get_prototype_of()
        if prototype is None:
            raise UnsupportedValue("null-prototype", path, "an object without a prototype")
        if prototype is not surrounding.agent.context.realm.intrinsics["%Object.prototype%"]:
            kind = value.builtin_tag.lower()
            known = kind if kind != "object" else "class-instance"
            raise UnsupportedValue(known, path, f"an instance of a class ({known})")
        if is_element(value):
            return self.element(value, path, depth)
        made: dict[str, model.Value] = {}
        self.remember(value, made)
        for key in value.own_property_keys():
            if isinstance(key, str):
                found = value.get_own_property(key)
                if found is not None and found.enumerable:
                    made[key] = self.take(get(value, key), f"{path}{step(key)}", depth)
        return made

    def element(self, value: JSObject, path: str, depth: int) -> model.Value:
        """A JSX element; its type is a name, an export of a client module, or a fragment."""
        if not self.elements:
            raise UnsupportedValue("element", path, "a JSX element")
        made = model.Element(None, None, {})
        self.remember(value, made)
        kind, key = get(value, "type"), get(value, "key")
        registered = surrounding.agent.symbol_registry
        if isinstance(kind, Symbol) and registered.get(str(kind.description)) is kind:
            made.type = model.Symbol(str(kind.description))
        else:
            made.type = self.take(kind, f"{path}.type", depth)
        made.key = None if key is null else key
        made.props = self.take(get(value, "props"), f"{path}.props", depth)
        return made


def is_element(value: JSObject) -> bool:
    """Whether `value` is what JSX makes."""
    found = value.get_own_property("$$typeof")
    registered = surrounding.agent.symbol_registry
    return found is not None and found.value is registered.get("react.transitional.element", found)


def unbound(function: FunctionObject) -> tuple[FunctionObject, list[Value]]:
    """The function under any number of `bind`s, on either side, and what they bound, in order."""
    bound: list[Value] = []
    while isinstance(function, BoundFunction):
        bound = [*function.bound_arguments, *bound]
        function = function.target
    if isinstance(function, Proxy):
        bound = [*function.bound, *bound]
    return function, bound


def step(key: str) -> str:
    """One property step of a path."""
    return f".{key}" if key.isidentifier() else f"[{key!r}]"
