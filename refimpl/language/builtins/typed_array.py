"""%TypedArray% and its subclasses (ECMA-262 §23.2); the methods are in `typed_array_methods`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.builtins.array_buffer import ArrayBufferObject, allocate_array_buffer
from refimpl.language.builtins.support import callback_argument, charge
from refimpl.language.element_types import ELEMENT_TYPES, ElementType
from refimpl.language.operations import (
    JSObject,
    Value,
    get_iterator_from_method,
    get_method,
    get_prototype_from_constructor,
    intrinsic,
    is_constructor,
    iterator_to_list,
    length_of_array_like,
    set_,
    species_constructor,
    throw_range_error,
    throw_type_error,
    to_index,
    to_object,
    undefined,
)
from refimpl.language.realm import Table
from refimpl.language.typed_arrays import TypedArrayObject
from refimpl.language.values import SYMBOL_ITERATOR, SYMBOL_SPECIES, SYMBOL_TO_STRING_TAG

if TYPE_CHECKING:
    from refimpl.language.functions import FunctionObject

typed_array_prototype = Table("%TypedArray.prototype%")
typed_array_constructor = Table("%TypedArray%")


@typed_array_constructor.constructor(length=0, is_global=False)
def construct_abstract_typed_array(new_target: Value) -> Value:
    throw_type_error("Abstract class TypedArray not directly constructable")


# --- making one ----------------------------------------------------------------------------------


def construct_typed_array(
    element: ElementType, new_target: FunctionObject, first: Value, *rest: Value
) -> TypedArrayObject:
    """The behaviour of every concrete constructor."""
    length = None if isinstance(first, JSObject) else to_index(first)
    prototype = get_prototype_from_constructor(new_target, f"%{element.name}Array.prototype%")
    if length is not None:
        return allocated(element, prototype, length)
    if isinstance(first, TypedArrayObject):
        return from_typed_array(element, prototype, first)
    if isinstance(first, ArrayBufferObject):
        return from_array_buffer(element, prototype, first, *rest)
    method = get_method(first, SYMBOL_ITERATOR)
    if method is undefined:
        return from_array_like(element, prototype, to_object(first))
    return filled(element, prototype, iterator_to_list(get_iterator_from_method(first, method)))


def allocated(element: ElementType, prototype: JSObject, length: int) -> TypedArrayObject:
    """AllocateTypedArrayBuffer, with its array."""
    buffer = allocate_array_buffer(intrinsic("%ArrayBuffer%"), length * element.size)
    return TypedArrayObject(prototype, element, buffer, 0, length)


def filled(element: ElementType, prototype: JSObject, values: list[Value]) -> TypedArrayObject:
    """InitializeTypedArrayFromList."""
    array = allocated(element, prototype, len(values))
    charge(len(values))
    for index, value in enumerate(values):
        array.set_element(index, value)
    return array


def from_array_like(
    element: ElementType, prototype: JSObject, source: JSObject
) -> TypedArrayObject:
    """InitializeTypedArrayFromArrayLike."""
    array = allocated(element, prototype, length_of_array_like(source))
    for index in range(array.checked_length()):
        charge(1)
        array.set_element(index, source.get(str(index), source))
    return array


def from_typed_array(
    element: ElementType, prototype: JSObject, source: TypedArrayObject
) -> TypedArrayObject:
    """InitializeTypedArrayFromTypedArray."""
    length = source.checked_length()
    if (source.element.kind == "big") != (element.kind == "big"):
        throw_type_error("Cannot mix BigInt and other types")
    array = allocated(element, prototype, length)
    array.put_bytes(0, converted_bytes(source, element, 0, length))
    return array


def converted_bytes(source: TypedArrayObject, element: ElementType, start: int, end: int) -> bytes:
    """The elements of one typed array as the bytes of another type."""
    charge(end - start)
    raw = source.element_bytes(start, end)
    if source.element is element:
        return raw
    size = source.element.size
    numbers = [source.element.read(raw, i) for i in range(0, len(raw), size)]
    return b"".join([element.to_bytes(number) for number in numbers])


def from_array_buffer(
    element: ElementType,
    prototype: JSObject,
    buffer: ArrayBufferObject,
    byte_offset: Value,
    length: Value,
) -> TypedArrayObject:
    """InitializeTypedArrayFromArrayBuffer."""
    offset = to_index(byte_offset)
    if offset % element.size:
        throw_range_error(f"The start offset must be a multiple of {element.size}")
    count = None if length is undefined else to_index(length)
    available = len(buffer.bytes())
    if count is None and buffer.max_length is None:
        if available % element.size:
            throw_range_error(f"The byte length must be a multiple of {element.size}")
        count = (available - offset) // element.size
    if offset + (count or 0) * element.size > available or (count is not None and count < 0):
        throw_range_error("The range is outside the bounds of the buffer")
    return TypedArrayObject(prototype, element, buffer, offset, count)


def typed_array_create(constructor: Any, arguments: list[Value]) -> TypedArrayObject:
    """TypedArrayCreateFromConstructor."""
    made = constructor.construct(arguments, constructor)
    array, length = validated(made)
    if len(arguments) == 1 and type(arguments[0]) is float and length < arguments[0]:
        throw_type_error("The constructor returned a typed array that is too short")
    return array


def validated(value: Value) -> tuple[TypedArrayObject, int]:
    """ValidateTypedArray, and the length."""
    if not isinstance(value, TypedArrayObject):
        throw_type_error("The receiver is not a typed array")
    return value, value.checked_length()


def typed_array_species_create(
    exemplar: TypedArrayObject, arguments: list[Value]
) -> TypedArrayObject:
    """TypedArraySpeciesCreate."""
    default = intrinsic(f"%{exemplar.element.name}Array%")
    array = typed_array_create(species_constructor(exemplar, default), arguments)
    if (array.element.kind == "big") != (exemplar.element.kind == "big"):
        throw_type_error("The species has another content type")
    return array


def typed_array_create_same_type(exemplar: TypedArrayObject, length: int) -> TypedArrayObject:
    """TypedArrayCreateSameType."""
    element = exemplar.element
    return allocated(element, intrinsic(f"%{element.name}Array.prototype%"), length)


# --- %TypedArray% --------------------------------------------------------------------------------


@typed_array_constructor.method("from", length=1)
def from_(this: Value, source: Value, mapper: Value, this_arg: Value) -> Value:
    if not is_constructor(this):
        throw_type_error("The receiver is not a constructor")
    if mapper is not undefined:
        callback_argument(mapper)
    method = get_method(source, SYMBOL_ITERATOR)
    values: list[Value] | None = None
    if method is not undefined:
        values = iterator_to_list(get_iterator_from_method(source, method))
    array_like = to_object(source)
    length = length_of_array_like(array_like) if values is None else len(values)
    target = typed_array_create(this, [float(length)])
    for k in range(length):
        charge(1)
        value = array_like.get(str(k), array_like) if values is None else values[k]
        if mapper is not undefined:
            value = mapper.call(this_arg, [value, float(k)])
        set_(target, str(k), value)
    return target


@typed_array_constructor.method("of", length=0)
def of(this: Value, *items: Value) -> Value:
    if not is_constructor(this):
        throw_type_error("The receiver is not a constructor")
    target = typed_array_create(this, [float(len(items))])
    for k, item in enumerate(items):
        set_(target, str(k), item)
    return target


@typed_array_constructor.getter(SYMBOL_SPECIES)
def species(this: Value) -> Value:
    return this


def this_typed_array(this: Value) -> TypedArrayObject:
    """The receiver of the getters."""
    if not isinstance(this, TypedArrayObject):
        throw_type_error("The receiver is not a typed array")
    return this


@typed_array_prototype.getter("buffer")
def buffer_getter(this: Value) -> Value:
    return this_typed_array(this).viewed_buffer


@typed_array_prototype.getter("byteLength")
def byte_length(this: Value) -> Value:
    array = this_typed_array(this)
    return float((array.current_length() or 0) * array.element.size)


@typed_array_prototype.getter("byteOffset")
def byte_offset_getter(this: Value) -> Value:
    array = this_typed_array(this)
    return 0.0 if array.current_length() is None else float(array.byte_offset)


@typed_array_prototype.getter("length")
def length_getter(this: Value) -> Value:
    return float(this_typed_array(this).current_length() or 0)


@typed_array_prototype.getter(SYMBOL_TO_STRING_TAG)
def to_string_tag(this: Value) -> Value:
    return f"{this.element.name}Array" if isinstance(this, TypedArrayObject) else undefined


def concrete_tables(element: ElementType) -> tuple[Table, Table]:
    """The prototype and the constructor of one element type."""
    name = f"{element.name}Array"
    prototype = Table(f"%{name}.prototype%", prototype="%TypedArray.prototype%")
    constructor = Table(f"%{name}%", prototype="%TypedArray%")

    @constructor.constructor(length=3)
    def construct(new_target: Value, first: Value, offset: Value, length: Value) -> Value:
        if new_target is undefined:
            throw_type_error(f"Constructor {name} requires 'new'")
        return construct_typed_array(element, new_target, first, offset, length)

    for table in (prototype, constructor):
        table.constant("BYTES_PER_ELEMENT", float(element.size))
    return prototype, constructor


TABLES = (
    typed_array_prototype,
    typed_array_constructor,
    *(table for element in ELEMENT_TYPES.values() for table in concrete_tables(element)),
)
