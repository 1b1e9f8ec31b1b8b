"""From the model to a guest value of the running realm.

Rules of this module:

* Every object is made new, of the receiving realm; one model object becomes one guest object.
* Properties are defined, never set: no setter, no prototype and no inherited name is consulted,
  so an own `__proto__` is an ordinary property.
* Nothing that was received is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from refimpl.language.agent import intrinsic, surrounding
from refimpl.language.builtins.date import DateObject
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.builtins.support import canonical_key, normalized
from refimpl.language.exotics import create_array_from_list
from refimpl.language.functions import BoundFunction, FunctionObject
from refimpl.language.objects import JSObject, data_property
from refimpl.language.rules.jsx import react_element
from refimpl.language.values import BigInt, Symbol, Value, null, undefined
from refimpl.values import model

if TYPE_CHECKING:
    from collections.abc import Iterable


class References(Protocol):
    """How one side makes what stands for a server function or a client export."""

    def revive_reference(self, reference: model.ServerReference, revive: Revival) -> FunctionObject:
        """The function for a reference; its bound values are revived with `revive`."""

    def revive_client_reference(self, reference: model.ClientReference) -> Value:
        """The value for an export of a client module."""


def revive(value: model.Value, references: References) -> Value:
    """The guest value of `value`.

    Clauses: call.arguments.realm, call.arguments.sharing, call.result.copy,
    call.result.sharing, reference.repeated.
    """
    return Revival(references).make(value)


class Revival:
    """One reviving of one or several values, with what it has made so far."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.made: dict[int, Value] = {}

    def make(self, value: model.Value) -> Value:
        """The guest value of one model value."""
        match value:
            case model.UNDEFINED:
                return undefined
            case None:
                return null
            case bool() | float() | str():
                return value
            case int():
                return BigInt(value)
        known = self.made.get(id(value))
        if known is not None:
            return known
        surrounding.agent.charge()
        return self.object(value)

    def remember(self, value: model.Value, made: JSObject) -> JSObject:
        """Note what was made of `value`, before its parts are."""
        self.made[id(value)] = made
        return made

    def object(self, value: model.Value) -> Value:
        """The guest object of a model object met for the first time."""
        match value:
            case list():
                return self.array(value)
            case dict():
                return self.plain_object(value)
            case model.Map():
                return self.map(value)
            case model.Set():
                return self.set(value)
            case model.Date(time=time):
                return self.remember(value, DateObject(intrinsic("%Date.prototype%"), time))
            case model.Symbol(key=key):
                return surrounding.agent.symbol_registry.setdefault(key, Symbol(key))
            case model.ServerReference():
                return self.remember(value, self.references.revive_reference(value, self))
            case model.ClientReference():
                return self.references.revive_client_reference(value)
            case model.Element():
                return self.element(value)
            case model.Unsupported(value=original):
                return original
        message = f"{type(value).__name__} is not a kind of the model"
        raise TypeError(message)

    def make_all(self, values: Iterable[model.Value]) -> list[Value]:
        """The guest values of several model values."""
        return [self.make(value) for value in values]

    def array(self, value: list[model.Value]) -> Value:
        """An array without holes."""
        array = create_array_from_list([])
        self.remember(value, array)
        array.items.extend(self.make_all(value))
        return array

    def plain_object(self, value: dict[str, model.Value]) -> Value:
        """An object with data properties."""
        made = self.remember(value, JSObject(intrinsic("%Object.prototype%")))
        for key, item in value.items():
            made.define_own_property(key, data_property(self.make(item)))
        return made

    def map(self, value: model.Map) -> Value:
        """A Map, entries in order; of two equal keys the last value counts."""
        made = MapObject(intrinsic("%Map.prototype%"))
        self.remember(value, made)
        for key, item in value.entries:
            guest_key = normalized(self.make(key))
            made.table.put(canonical_key(guest_key), guest_key, self.make(item))
        return made

    def set(self, value: model.Set) -> Value:
        """A Set, values in order."""
        made = SetObject(intrinsic("%Set.prototype%"))
        self.remember(value, made)
        for item in value.values:
            guest_item = normalized(self.make(item))
            made.table.put(canonical_key(guest_item), guest_item, guest_item)
        return made

    def element(self, value: model.Element) -> Value:
        """A JSX element: what the receiving realm's JSX makes."""
        props = self.plain_object(value.props)
        key = undefined if value.key is None else value.key
        return self.remember(value, react_element(self.make(value.type), props, key))


def bind(function: FunctionObject, arguments: list[Value]) -> FunctionObject:
    """The function with arguments bound; the function itself when there are none."""
    return BoundFunction(function, undefined, arguments) if arguments else function
