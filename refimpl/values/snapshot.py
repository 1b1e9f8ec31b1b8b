"""From a guest value to the model: what a message carries of it, and what it cannot carry.

Rules of this module:

* The copy is taken at once and in order: own enumerable string-keyed properties, getters
  included, in the order of [[OwnPropertyKeys]]. What is asynchronous is followed (`following`): its
  values are copied when they come.
* An object is visited once, so shared structure stays shared and cycles end.
* A value outside the contract is an error with the path to it: `$[0].user.born`. Nothing is
  dropped in silence but what chapter 6 lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import surrounding
from refimpl.language.builtins.array_buffer import ArrayBufferObject
from refimpl.language.builtins.data_view import DataViewObject
from refimpl.language.builtins.date import DateObject
from refimpl.language.builtins.map import MapObject
from refimpl.language.builtins.set import SetObject
from refimpl.language.builtins.web.blob import BlobObject, FileObject
from refimpl.language.builtins.web.form_data import FormDataObject
from refimpl.language.builtins.web.streams import ReadableStreamObject
from refimpl.language.errors import ErrorObject, describe
from refimpl.language.exotics import HOLE, ArrayObject, PrimitiveObject
from refimpl.language.functions import BoundFunction, FunctionObject
from refimpl.language.objects import ABSENT, JSObject
from refimpl.language.operations import (
    get,
    get_iterator_direct,
    get_method,
    iterator_step_value,
    length_of_array_like,
)
from refimpl.language.promises import PromiseObject
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import (
    SYMBOL_ASYNC_ITERATOR,
    SYMBOL_ITERATOR,
    BigInt,
    Symbol,
    Value,
    null,
    undefined,
)
from refimpl.references.proxy import Proxy
from refimpl.references.temporary import TemporaryReferenceObject
from refimpl.values import following, model
from refimpl.values.contract import UnsupportedValue
from refimpl.values.errors import error_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.values.contract import Direction, Obstacle

    ReferenceOf = Callable[[FunctionObject], model.ServerReference | model.ClientReference | None]

#: Limit `value.depth`: a deeper structure is an error, never a fault of the machine.
MAXIMUM_DEPTH = 10_000


class Snapshot:
    """One copying of one or several values, with what it has met so far.

    `reference_of` tells which functions are references; it sees no bound functions. `failed` is
    told what goes wrong later, inside a promise or stream, and gives what the receiver is to know.

    Clauses: call.arguments.values, call.result.values, reference.not-any-function,
    value.snapshot.
    """

    def __init__(
        self,
        reference_of: ReferenceOf,
        direction: Direction,
        failed: Callable[[Obstacle], model.Error],
        *,
        development: bool = False,
    ) -> None:
        self.reference_of = reference_of
        self.direction = direction
        self.failed = failed
        self.development = development
        self.met: dict[JSObject | Symbol, model.Value] = {}
        #: What is being read to its end.
        self.pumps: list[following.Pump] = []

    def take_arguments(self, arguments: list[Value]) -> list[model.Value]:
        """The models of the arguments of one call. Clause: call.arguments.sharing."""
        return [self.take(value, f"$[{index}]", 0) for index, value in enumerate(arguments)]

    def take(self, value: Value, path: str = "$", depth: int = 0) -> model.Value:
        """The model of one value at `path`; raises `UnsupportedValue`, or what a getter throws.

        Clauses: value.same-rule, value.primitives, value.number, value.string, value.bigint,
        value.undefined.
        """
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

    def abandon(self) -> None:
        """Stop reading: nobody wants what is still to come. Clause: call.cancel.sources."""
        for pump in self.pumps:
            pump.abandon()

    def symbol(self, value: Symbol, path: str) -> model.Value:
        """A symbol of the registry. Clause: value.symbol."""
        key = value.description
        if isinstance(key, str) and surrounding.agent.symbol_registry.get(key) is value:
            return self.met.setdefault(value, model.Symbol(key))
        raise UnsupportedValue("symbol", path, f"the unregistered symbol {value!r}")

    def object(self, value: JSObject, path: str, depth: int) -> model.Value:
        """The model of an object met for the first time. Clauses: value.subclass, value.date."""
        surrounding.agent.charge()
        match value:
            case FunctionObject():
                return self.function(value, path, depth)
            case MapObject():
                return self.map(value, path, depth)
            case SetObject():
                return self.set(value, path, depth)
            case DateObject(time=time):
                return self.remember(value, model.Date(time))
            case ArrayBufferObject() | TypedArrayObject() | DataViewObject():
                return self.remember(value, binary(value, path))
            case BlobObject():
                return self.remember(value, blob(value))
            case FormDataObject():
                return self.form_data(value)
            case ErrorObject() if self.direction.errors:
                return self.error(value, path, depth)
            case PromiseObject() | ReadableStreamObject():
                return self.followed(value, path)
            case TemporaryReferenceObject(path=place) if self.direction.elements:
                return self.remember(value, model.TemporaryReference(place))
            case ErrorObject() | PrimitiveObject() | TemporaryReferenceObject():
                raise class_instance(value, path)
        if value.is_array():
            return self.array(value, path, depth)
        return self.with_protocol(value, path, depth)

    def remember(self, value: JSObject, made: model.Value) -> model.Value:
        """Note what stands for `value`, before its parts are looked at. Clause: value.identity."""
        self.met[value] = made
        return made

    def function(self, value: FunctionObject, path: str, depth: int) -> model.Value:
        """A reference with what was bound to it.

        Clauses: reference.bind, reference.bind.again, reference.bind.stays,
        reference.bind.original, value.function.
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

    def array(self, value: JSObject, path: str, depth: int) -> model.Value:
        """An array; other properties than elements are no part of it.

        Clauses: value.array, value.array.holes, value.own-properties.
        """
        made: list[model.Value] = []
        self.remember(value, made)
        length = length_of_array_like(value)
        surrounding.agent.charge(length)
        dense = isinstance(value, ArrayObject) and value.sparse_length is None
        for index in range(length):
            key = str(index)
            if dense and index < len(value.items) and value.items[index] is not HOLE:  # type: ignore[attr-defined]  # dense
                present = True
            else:
                present = value.has_property(key)
            item = self.take(get(value, key), f"{path}[{index}]", depth) if present else model.HOLE
            made.append(item)
        return made

    def map(self, value: MapObject, path: str, depth: int) -> model.Value:
        """A Map, entries in order. Clauses: value.map, value.own-properties."""
        made = model.Map()
        self.remember(value, made)
        for index, entry in enumerate(value.table):
            key = self.take(entry.key, f"{path}.keys[{index}]", depth)
            made.entries.append((key, self.take(entry.value, f"{path}.values[{index}]", depth)))
        return made

    def set(self, value: SetObject, path: str, depth: int) -> model.Value:
        """A Set, values in order. Clauses: value.set, value.own-properties."""
        made = model.Set()
        self.remember(value, made)
        for index, entry in enumerate(value.table):
            made.values.append(self.take(entry.key, f"{path}.values[{index}]", depth))
        return made

    def form_data(self, value: FormDataObject) -> model.Value:
        """A FormData, entries in order. Clause: value.formdata."""
        made = model.FormData()
        self.remember(value, made)
        for name, item in value.entries:
            made.entries.append((name, self.take(item)))
        return made

    def error(self, value: ErrorObject, path: str, depth: int) -> model.Value:
        """An Error in a result: in production nothing of it leaves.

        Clauses: value.error, value.error.redacted, value.error.development.
        """
        made = model.Error(redacted=True)
        self.remember(value, made)
        if self.development:
            made.redacted = False
            made.name, made.message = error_texts(value)
            for part in ("cause", "errors"):
                found = value.get_own_property(part)
                if found is not None and found.is_data():
                    setattr(made, part, self.take(found.value, f"{path}.{part}", depth))
        return made

    def followed(self, value: JSObject, path: str) -> model.Value:
        """What takes time. Clauses: value.promise, value.stream, value.one-shot.captured."""
        if not self.direction.consumes:
            kind = "promise" if isinstance(value, PromiseObject) else "stream"
            raise UnsupportedValue(kind, path, f"a captured {kind}")
        if isinstance(value, PromiseObject):
            return self.remember(value, following.promise(self, value, path))
        assert isinstance(value, ReadableStreamObject)
        if value.reader is not None:
            raise UnsupportedValue("locked-stream", path, "a stream that somebody reads")
        return self.remember(value, following.stream(self, value, path))

    def with_protocol(self, value: JSObject, path: str, depth: int) -> model.Value:
        """A thenable, an element, an iterator of either kind, or else a plain object.

        Clauses: value.promise.thenable, value.iterator, value.iterable, value.async-iterable.
        """
        if value.has_property("then"):
            then = get(value, "then")
            if isinstance(then, FunctionObject):
                self.consume("thenable", path)
                return self.remember(value, following.thenable(self, value, then, path))
        if is_element(value):
            return self.element(value, path, depth)
        method = get_method(value, SYMBOL_ASYNC_ITERATOR)
        if method is not undefined:
            self.consume("iterator", path)
            return self.remember(value, following.async_iterable(self, value, method, path))
        method = get_method(value, SYMBOL_ITERATOR)
        if method is not undefined:
            return self.iterator(value, method, path, depth)
        return self.plain_object(value, path, depth)

    def consume(self, kind: str, path: str) -> None:
        """Refuse to use up what is captured. Clause: value.one-shot.captured."""
        if not self.direction.consumes:
            raise UnsupportedValue(kind, path, f"a captured {kind}")

    def iterator(
        self, value: JSObject, method: FunctionObject, path: str, depth: int
    ) -> model.Value:
        """A synchronous iterator, run to its end; other iterables are not arrays.

        Clauses: value.iterator, value.iterable.
        """
        self.consume("iterator", path)
        record = get_iterator_direct(value)
        if (
            not isinstance(record.next_method, FunctionObject)
            or method.call(value, []) is not value
        ):
            raise UnsupportedValue("iterable", path, "an iterable that is no array, Map or Set")
        made = model.Iterator()
        self.remember(value, made)
        while (item := iterator_step_value(record)) is not ABSENT:
            made.values.append(self.take(item, f"{path}[{len(made.values)}]", depth))
        return made

    def plain_object(self, value: JSObject, path: str, depth: int) -> model.Value:
        """A plain object: one whose prototype is an Object.prototype.

        Clauses: value.object, value.object.order, value.object.getter, value.object.undefined,
        value.object.other-properties, value.object.to-json, value.class-instance.
        """
        prototype = value.get_prototype_of()
        if prototype is None:
            raise UnsupportedValue("null-prototype", path, "an object without a prototype")
        if prototype is not surrounding.agent.context.realm.intrinsics["%Object.prototype%"]:
            raise class_instance(value, path)
        made: dict[str, model.Value] = {}
        self.remember(value, made)
        for key in value.own_property_keys():
            if isinstance(key, str):
                found = value.get_own_property(key)
                if found is not None and found.enumerable:
                    made[allowed(key, path)] = self.take(get(value, key), path + step(key), depth)
        return made

    def element(self, value: JSObject, path: str, depth: int) -> model.Value:
        """A JSX element; its type is a name, an export of a client module, or a fragment.

        Clause: value.element.
        """
        if not self.direction.elements:
            raise UnsupportedValue("element", path, "a JSX element")
        made = model.Element(None, None, {})
        self.remember(value, made)
        key = get(value, "key")
        made.type = self.take(get(value, "type"), f"{path}.type", depth)
        made.key = None if key is null else key
        made.props = self.take(get(value, "props"), f"{path}.props", depth)
        return made


def allowed(key: str, path: str) -> str:
    """A name that a property may have. Clause: value.object.proto."""
    if key == "__proto__":
        raise UnsupportedValue("proto-key", path, "an own property named __proto__")
    return key


def class_instance(value: JSObject, path: str) -> UnsupportedValue:
    """The refusal of an object that has a class of its own."""
    kind = value.builtin_tag.lower()
    known = kind if kind != "object" else "class-instance"
    return UnsupportedValue(known, path, f"an instance of a class ({describe(value)})")


def binary(value: ArrayBufferObject | TypedArrayObject | DataViewObject, path: str) -> model.Value:
    """The bytes that a buffer or a view shows now.

    Clauses: value.bytes, value.bytes.window, value.bytes.detached, value.bytes.float16.
    """
    if isinstance(value, ArrayBufferObject):
        if value.data is None:
            raise UnsupportedValue("detached", path, "a detached ArrayBuffer")
        return model.Bytes("ArrayBuffer", bytes(value.data))
    if isinstance(value, TypedArrayObject):
        kind, length, size = (
            f"{value.element.name}Array",
            value.current_length(),
            value.element.size,
        )
    else:
        kind, length, size = "DataView", value.byte_length(), 1
    if kind not in model.ELEMENT_SIZES:
        raise UnsupportedValue("typed-array", path, f"a {kind}")
    if length is None:
        raise UnsupportedValue("detached", path, f"a {kind} out of the bounds of its buffer")
    surrounding.agent.charge(length // 64)
    start = value.byte_offset
    return model.Bytes(kind, bytes(value.viewed_buffer.bytes()[start : start + length * size]))


def blob(value: BlobObject) -> model.Blob:
    """A Blob or a File. Clauses: value.blob, value.file."""
    if isinstance(value, FileObject):
        return model.Blob(value.type, value.data, value.name, value.last_modified)
    return model.Blob(value.type, value.data)


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
