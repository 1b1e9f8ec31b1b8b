"""What the web's built-ins share: strings, bytes, promises, dictionaries, and pairs (Web IDL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from refimpl.language.algorithms.utf16 import to_code_points, to_units, to_well_formed
from refimpl.language.builtins.array_buffer import ArrayBufferObject, zeros
from refimpl.language.builtins.host_functions import bytes_of
from refimpl.language.builtins.support import callback_argument, charge, receiver
from refimpl.language.element_types import ELEMENT_TYPES
from refimpl.language.operations import (
    JSObject,
    Throw,
    Value,
    create_array_from_list,
    create_iterator_result,
    get_iterator,
    get_method,
    intrinsic,
    iterate_to_list,
    iterator_to_list,
    null,
    throw_type_error,
    to_string,
    undefined,
)
from refimpl.language.promises import new_promise_capability
from refimpl.language.realm import Table
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import SYMBOL_ITERATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from refimpl.language.promises import PromiseObject

T = TypeVar("T", bound=JSObject)

__all__ = ["bytes_of"]


def require_new(new_target: Value, name: str) -> None:
    """A constructor of the web is never called without `new`."""
    if new_target is undefined:
        throw_type_error(f"Constructor {name} requires 'new'")


def usv_string(value: Value) -> str:
    """Conversion to USVString: lone surrogates become U+FFFD."""
    return to_well_formed(to_string(value))


def utf8(text: str) -> bytes:
    """UTF-8 encode, of a USVString."""
    return to_code_points(text).encode()


def from_utf8(data: bytes) -> str:
    """UTF-8 decode without BOM handling other than its removal."""
    return to_units(data.decode(errors="replace").removeprefix("\ufeff"))


def array_buffer(data: bytes) -> ArrayBufferObject:
    """A new ArrayBuffer of the current realm."""
    content = zeros(len(data))
    content[:] = data
    return ArrayBufferObject(intrinsic("%ArrayBuffer.prototype%"), content)


def uint8_array(data: bytes) -> TypedArrayObject:
    """A new Uint8Array of the current realm."""
    prototype = intrinsic("%Uint8Array.prototype%")
    return TypedArrayObject(prototype, ELEMENT_TYPES["Uint8"], array_buffer(data), 0, len(data))


def promised(steps: Callable[[], Value]) -> PromiseObject:
    """The promise of an operation: what it throws rejects it."""
    promise: PromiseObject = new_promise_capability(intrinsic("%Promise%")).settle_with(steps)
    return promise


def dictionary(value: Value) -> Callable[[str], Value]:
    """Conversion to a dictionary: a function that reads a member, `undefined` when it is missing."""
    if value is undefined or value is null:
        return lambda name: undefined
    if not isinstance(value, JSObject):
        throw_type_error("The options are not an object")
    return lambda name: value.get(name, value)


def pairs_of(value: JSObject, what: str) -> list[tuple[str, str]]:
    """A sequence of pairs or a record, as constructors take them."""
    method = get_method(value, SYMBOL_ITERATOR)
    if method is undefined:
        keys = [key for key in value.own_property_keys() if isinstance(key, str)]
        owned = [(key, value.get_own_property(key)) for key in keys]
        shown = [key for key, found in owned if found is not None and found.enumerable]
        return [(usv_string(key), usv_string(value.get(key, value))) for key in shown]
    pairs: list[tuple[str, str]] = []
    for item in iterator_to_list(get_iterator(value)):
        pair = iterate_to_list(item) if isinstance(item, JSObject) else []
        if len(pair) != 2:
            throw_type_error(f"{what}: every item must be a pair")
        pairs.append((usv_string(pair[0]), usv_string(pair[1])))
    return pairs


class PairIterator(JSObject):
    """An iterator over the pairs of a live object; `kind` is "key", "value" or "key+value"."""

    __slots__ = ("index", "kind", "pairs")

    def __init__(
        self, prototype: str, pairs: Callable[[], Sequence[tuple[str, Value]]], kind: str
    ) -> None:
        super().__init__(intrinsic(prototype))
        self.pairs = pairs
        self.kind = kind
        self.index = 0

    def step(self) -> Value:
        """The result object of `next`."""
        charge(1)
        pairs = self.pairs()
        if self.index >= len(pairs):
            return create_iterator_result(undefined, True)
        key, value = pairs[self.index]
        self.index += 1
        if self.kind == "key+value":
            return create_iterator_result(create_array_from_list([key, value]), False)
        return create_iterator_result(key if self.kind == "key" else value, False)


def pair_iterable(
    prototype: Table, kind: type[T], pairs: Callable[[T], Sequence[tuple[str, Any]]]
) -> Table:
    """Give `prototype` the members of `iterable<…>`; the prototype of its iterators."""
    name = prototype.name.strip("%").partition(".")[0]
    iterator_prototype = Table(f"%{name}IteratorPrototype%", prototype="%Iterator.prototype%")
    iterator_prototype.to_string_tag(f"{name} Iterator")

    @iterator_prototype.method("next", length=0)
    def next_(this: Value) -> Value:
        return receiver(this, PairIterator, f"{name} Iterator.next").step()

    def iterate(method: str, shown: str) -> None:
        @prototype.method(method, length=0)
        def start(this: Value) -> Value:
            source = receiver(this, kind, f"{name}.prototype.{method}")
            return PairIterator(iterator_prototype.name, lambda: pairs(source), shown)

    for method, shown in (("entries", "key+value"), ("keys", "key"), ("values", "value")):
        iterate(method, shown)
    prototype.alias(SYMBOL_ITERATOR, "entries")

    @prototype.method("forEach", length=1)
    def for_each(this: Value, callback: Value, this_arg: Value) -> Value:
        source = receiver(this, kind, f"{name}.prototype.forEach")
        function = callback_argument(callback)
        index = 0
        while index < len(now := pairs(source)):
            charge(1)
            key, value = now[index]
            function.call(this_arg, [value, key, this])
            index += 1
        return undefined

    return iterator_prototype


def attempt(steps: Callable[[], Value], failed: Callable[[Value], None]) -> Value:
    """What `steps` return; what they throw goes to `failed`, and is thrown on."""
    try:
        return steps()
    except Throw as thrown:
        failed(thrown.value)
        raise
