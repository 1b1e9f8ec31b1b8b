"""Ordinary objects: property descriptors and the essential internal methods (ECMA-262 §6.2.6, §10.1).

* `props` maps a property key to a *plain value* when the property is a data property that is
  writable, enumerable and configurable, and to a `Property` record otherwise. Only this package's
  object classes know that; everybody else uses the essential internal methods, whose names are
  ECMAScript's: `get_own_property`, `define_own_property`, `has_property`, `get`, `set`, `delete`,
  `own_property_keys`, `get_prototype_of`, `set_prototype_of`, `is_extensible`,
  `prevent_extensions`.
* A `Property` is never changed in place, only replaced; it may be shared.
* The Boolean results are Python bools; turning False into a TypeError is the caller's business.
"""

from __future__ import annotations

from math import copysign, isnan
from typing import TYPE_CHECKING, Any, Final

from refimpl.language.agent import OutOfMemory, surrounding
from refimpl.language.values import Key, Symbol, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Iterable


class Absent:
    """The type of `ABSENT`: no such property, or a field a descriptor leaves out."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class Property:
    """A Property Descriptor; as a stored property it has all fields of its kind."""

    __slots__ = ("configurable", "enumerable", "get", "set", "value", "writable")

    def __init__(
        self,
        value: Value = ABSENT,
        *,
        get: Value = ABSENT,
        set: Value = ABSENT,  # noqa: A002 - the field's name in ECMAScript
        writable: Any = ABSENT,
        enumerable: Any = ABSENT,
        configurable: Any = ABSENT,
    ) -> None:
        self.value = value
        self.get = get
        self.set = set
        self.writable = writable
        self.enumerable = enumerable
        self.configurable = configurable

    def is_accessor(self) -> bool:
        """IsAccessorDescriptor."""
        return self.get is not ABSENT or self.set is not ABSENT

    def is_data(self) -> bool:
        """IsDataDescriptor."""
        return self.value is not ABSENT or self.writable is not ABSENT

    def fields(self) -> dict[str, Any]:
        """The fields that are present, by name, in the order FromPropertyDescriptor shows them."""
        names = ("value", "writable", "get", "set", "enumerable", "configurable")
        return {name: v for name in names if (v := getattr(self, name)) is not ABSENT}


def data_property(
    value: Value, *, writable: bool = True, enumerable: bool = True, configurable: bool = True
) -> Property:
    """A complete data property."""
    return Property(value, writable=writable, enumerable=enumerable, configurable=configurable)


def hidden(value: Value) -> Property:
    """A complete data property as built-in methods have it: writable, not enumerable."""
    return Property(value, writable=True, enumerable=False, configurable=True)


def accessor_property(
    get: Value = undefined,
    set: Value = undefined,  # noqa: A002 - the field's name in ECMAScript
    *,
    enumerable: bool = False,
    configurable: bool = True,
) -> Property:
    """A complete accessor property."""
    return Property(get=get, set=set, enumerable=enumerable, configurable=configurable)


def array_index(key: Key) -> int | None:
    """The array index (below 2^32 - 1) that `key` is the canonical String of, if it is one."""
    if type(key) is not str or not key.isdecimal() or not key.isascii() or len(key) > 10:
        return None
    number = int(key)
    if (key[0] == "0" and key != "0") or number >= 0xFFFFFFFF:
        return None
    return number


class JSObject:
    """An ordinary object (§10.1)."""

    __slots__ = ("extensible", "private_elements", "props", "prototype")

    #: What `Object.prototype.toString` calls objects of this kind.
    builtin_tag = "Object"

    def __init__(self, prototype: JSObject | None = None) -> None:
        self.prototype = prototype
        self.props: dict[Key, Any] = {}
        self.extensible = True
        self.private_elements: dict[Any, Property] | None = None
        agent = surrounding.agent
        agent.allocations -= 1
        if agent.allocations < 0:
            raise OutOfMemory

    def is_array(self) -> bool:
        """IsArray of this object."""
        return False

    def get_prototype_of(self) -> JSObject | None:
        """[[GetPrototypeOf]]; None is null."""
        return self.prototype

    def set_prototype_of(self, prototype: JSObject | None) -> bool:
        """[[SetPrototypeOf]]."""
        if prototype is self.prototype:
            return True
        if not self.extensible:
            return False
        ancestor = prototype
        while ancestor is not None:
            if ancestor is self:
                return False
            if type(ancestor).get_prototype_of is not JSObject.get_prototype_of:
                break
            ancestor = ancestor.prototype
        self.prototype = prototype
        return True

    def is_extensible(self) -> bool:
        """[[IsExtensible]]."""
        return self.extensible

    def prevent_extensions(self) -> bool:
        """[[PreventExtensions]]."""
        self.extensible = False
        return True

    def get_own_property(self, key: Key) -> Property | None:
        """[[GetOwnProperty]]: a complete descriptor, or None."""
        found = self.props.get(key, ABSENT)
        if found is ABSENT:
            return None
        if type(found) is Property:
            return found
        return Property(found, writable=True, enumerable=True, configurable=True)

    def define_own_property(self, key: Key, descriptor: Property) -> bool:
        """[[DefineOwnProperty]]."""
        current = self.get_own_property(key)
        complete = validate_and_complete(self.is_extensible(), descriptor, current)
        if complete is None:
            return False
        self.props[key] = stored_form(complete)
        return True

    def has_property(self, key: Key) -> bool:
        """[[HasProperty]]."""
        if self.get_own_property(key) is not None:
            return True
        parent = self.get_prototype_of()
        return parent is not None and parent.has_property(key)

    def get(self, key: Key, receiver: Value) -> Value:
        """[[Get]]."""
        found = self.props.get(key, ABSENT)
        if found is ABSENT:
            if self.prototype is None:
                return undefined
            return self.prototype.get(key, receiver)
        if type(found) is Property:
            return value_of(found, receiver)
        return found

    def set(self, key: Key, value: Value, receiver: Value) -> bool:
        """[[Set]]."""
        found = self.props.get(key, ABSENT)
        if found is ABSENT:
            if self.prototype is not None:
                return self.prototype.set(key, value, receiver)
        elif type(found) is Property:
            if found.is_accessor():
                return call_setter(found, value, receiver)
            if not found.writable:
                return False
        elif receiver is self:
            self.props[key] = value
            return True
        return isinstance(receiver, JSObject) and receiver.set_own(key, value)

    def set_own(self, key: Key, value: Value) -> bool:
        """Steps 2.c to 2.f of OrdinarySetWithOwnDescriptor, on the receiver."""
        if key not in self.props and type(self).define_own_property is JSObject.define_own_property:
            if self.extensible:
                self.props[key] = value
            return self.extensible
        existing = self.get_own_property(key)
        if existing is None:
            descriptor = Property(value, writable=True, enumerable=True, configurable=True)
            return self.define_own_property(key, descriptor)
        if existing.is_accessor() or not existing.writable:
            return False
        return self.define_own_property(key, Property(value))

    def delete(self, key: Key) -> bool:
        """[[Delete]]."""
        found = self.props.get(key, ABSENT)
        if found is ABSENT:
            return True
        if type(found) is Property and not found.configurable:
            return False
        del self.props[key]
        return True

    def own_property_keys(self) -> list[Key]:
        """[[OwnPropertyKeys]]: array indices ascending, then strings, then symbols, each in order of creation."""
        return ordered_keys(self.props)


def ordered_keys(keys: Iterable[Key]) -> list[Key]:
    """`keys` in the order OrdinaryOwnPropertyKeys gives them."""
    indices: list[int] = []
    strings: list[Key] = []
    symbols: list[Key] = []
    for key in keys:
        if type(key) is Symbol:
            symbols.append(key)
        elif (index := array_index(key)) is not None:
            indices.append(index)
        else:
            strings.append(key)
    return [*map(str, sorted(indices)), *strings, *symbols]


def value_of(found: Property, receiver: Value) -> Value:
    """The value a [[Get]] finds in `found`."""
    if found.get is ABSENT:
        return found.value
    if found.get is undefined:
        return undefined
    return found.get.call(receiver, [])


def call_setter(found: Property, value: Value, receiver: Value) -> bool:
    """The last steps of OrdinarySetWithOwnDescriptor for an accessor property."""
    if found.set is undefined:
        return False
    found.set.call(receiver, [value])
    return True


def stored_form(complete: Property) -> Value:
    """What `props` holds for a complete descriptor: the bare value if all attributes are true."""
    if complete.writable is True and complete.enumerable and complete.configurable:
        return complete.value
    return complete


def validate_and_complete(
    extensible: bool, descriptor: Property, current: Property | None
) -> Property | None:
    """ValidateAndApplyPropertyDescriptor: the complete property to store, or None for false."""
    if current is None:
        return complete_property(descriptor) if extensible else None
    if current.configurable is False and not is_compatible(descriptor, current):
        return None
    merged = complete_property(descriptor, keep=current)
    for name in ("enumerable", "configurable"):
        if getattr(descriptor, name) is ABSENT:
            setattr(merged, name, getattr(current, name))
    return merged


def complete_property(descriptor: Property, keep: Property | None = None) -> Property:
    """CompletePropertyDescriptor; absent fields of the same kind are taken from `keep`."""
    accessor = descriptor.is_accessor() or (
        keep is not None and keep.is_accessor() and not descriptor.is_data()
    )
    complete = Property(
        enumerable=descriptor.enumerable is True, configurable=descriptor.configurable is True
    )
    defaults = (
        {"get": undefined, "set": undefined}
        if accessor
        else {"value": undefined, "writable": False}
    )
    for name, default in defaults.items():
        field = getattr(descriptor, name)
        if field is ABSENT and keep is not None:
            field = getattr(keep, name)
        setattr(complete, name, default if field is ABSENT else field)
    return complete


def is_compatible(descriptor: Property, current: Property) -> bool:
    """The checks for a current property that is not configurable."""
    if descriptor.configurable is True:
        return False
    if descriptor.enumerable not in {ABSENT, current.enumerable}:
        return False
    if current.is_accessor():
        return not descriptor.is_data() and all(
            getattr(descriptor, name) is ABSENT
            or getattr(descriptor, name) is getattr(current, name)
            for name in ("get", "set")
        )
    if descriptor.is_accessor():
        return False
    if current.writable:
        return True
    return descriptor.writable is not True and (
        descriptor.value is ABSENT or same_value(descriptor.value, current.value)
    )


def same_value(x: Value, y: Value) -> bool:
    """SameValue: strict equality except that NaN is itself and the zeros differ."""
    if type(x) is not type(y):
        return False
    if type(x) is float:
        return isnan(y) if isnan(x) else x == y and copysign(1.0, x) == copysign(1.0, y)
    return bool(x == y)
