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
from refimpl.language.builtins.array_iterator import ArrayIterator
from refimpl.language.builtins.data_view import DataViewObject
from refimpl.language.builtins.date import DateObject
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.builtins.support import canonical_key, normalized
from refimpl.language.builtins.web.blob import new_blob, new_file
from refimpl.language.builtins.web.common import array_buffer
from refimpl.language.builtins.web.form_data import FormDataObject
from refimpl.language.element_types import ELEMENT_TYPES
from refimpl.language.errors import make_error
from refimpl.language.exotics import create_array_from_list
from refimpl.language.functions import BoundFunction, FunctionObject
from refimpl.language.objects import JSObject, data_property, hidden
from refimpl.language.rules.jsx import react_element
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import BigInt, Symbol, Value, null, undefined
from refimpl.source.text import code_units
from refimpl.values import arriving, model

if TYPE_CHECKING:
    from collections.abc import Iterable


#: What the receiver is told of an error whose text stays with the sender.
REDACTED = "An error occurred in the server function; its message is kept on the server"


class References(Protocol):
    """How one side makes what stands for a server function or a client export."""

    def revive_reference(self, reference: model.ServerReference, revive: Revival) -> FunctionObject:
        """The function for a reference; its bound values are revived with `revive`."""

    def revive_client_reference(self, reference: model.ClientReference) -> Value:
        """The value for an export of a client module."""

    def revive_temporary(self, reference: model.TemporaryReference) -> Value:
        """The value for what stayed with the other side."""

    def note_error(self, made: JSObject, error: model.Error) -> None:
        """Take note of the Error that was made for an error of the message."""


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
        """The guest value of one model value. Clause: value.array.holes."""
        match value:
            case model.UNDEFINED | model.HOLE:
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
            case model.TemporaryReference():
                return self.remember(value, self.references.revive_temporary(value))
            case model.Element():
                return self.element(value)
            case model.Bytes():
                return self.remember(value, binary(value))
            case model.Blob():
                return self.remember(value, blob(value))
            case model.FormData():
                return self.form_data(value)
            case model.Iterator(values=values):
                items = create_array_from_list([])
                made = self.remember(value, ArrayIterator(items, "value"))
                items.items.extend(self.make_all(values))
                return made
            case model.Error():
                return self.error(value)
            case model.Promise():
                return arriving.promise(self, value)
            case model.Stream():
                return arriving.stream(self, value)
        assert isinstance(value, model.Unsupported), value
        return value.value

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
        """An object with data properties, never a thenable.

        Clauses: value.object.keys, value.object.then.
        """
        made = self.remember(value, JSObject(intrinsic("%Object.prototype%")))
        for key, item in value.items():
            guest_item = self.make(item)
            if key == "then" and isinstance(guest_item, FunctionObject):
                guest_item = null
            made.define_own_property(key, data_property(guest_item))
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

    def form_data(self, value: model.FormData) -> Value:
        """A FormData, entries in order."""
        made = FormDataObject(intrinsic("%FormData.prototype%"))
        self.remember(value, made)
        for name, content in value.entries:
            made.entries.append((name, self.make(content)))
        return made

    def error(self, value: model.Error) -> Value:
        """An Error of the receiving realm; a redacted one has a text of ours, and its digest.

        Clauses: value.error, value.error.redacted, value.error.development.
        """
        made = make_error("Error", REDACTED if value.redacted else value.message)
        self.remember(value, made)
        self.references.note_error(made, value)
        if value.name != "Error":
            made.props["name"] = hidden(code_units(value.name))
        if value.digest:
            made.define_own_property("digest", data_property(value.digest))
        for part in ("cause", "errors"):
            content = getattr(value, part)
            if content is not model.UNDEFINED:
                made.props[part] = hidden(self.make(content))
        return made

    def element(self, value: model.Element) -> Value:
        """A JSX element: what the receiving realm's JSX makes."""
        props = self.plain_object(value.props)
        key = undefined if value.key is None else value.key
        return self.remember(value, react_element(self.make(value.type), props, key))


def binary(value: model.Bytes) -> JSObject:
    """A buffer, or a view of a new buffer. Clauses: value.bytes, value.bytes.window."""
    buffer = array_buffer(value.data)
    if value.kind == "ArrayBuffer":
        return buffer
    prototype = intrinsic(f"%{value.kind}.prototype%")
    if value.kind == "DataView":
        return DataViewObject(prototype, buffer, 0, len(value.data))
    element = ELEMENT_TYPES[value.kind.removesuffix("Array")]
    return TypedArrayObject(prototype, element, buffer, 0, len(value.data) // element.size)


def blob(value: model.Blob) -> JSObject:
    """A Blob, or a File. Clauses: value.blob, value.file."""
    if value.name is None:
        return new_blob(value.data, value.type)
    return new_file(value.data, value.type, value.name, value.last_modified)


def bind(function: FunctionObject, arguments: list[Value]) -> FunctionObject:
    """The function with arguments bound; the function itself when there are none."""
    return BoundFunction(function, undefined, arguments) if arguments else function
