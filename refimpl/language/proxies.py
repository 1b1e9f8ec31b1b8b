"""Proxy exotic objects (ECMA-262 §10.5).

* Every internal method asks the handler's trap of the same name, and checks its answer against the
  target: what the target fixed for good, no trap may deny.
* A proxy with [[Call]] is a `CallableProxy`, so that whatever is callable is a `FunctionObject`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject, Property, complete_property, is_compatible
from refimpl.language.operations import (
    create_array_from_list,
    from_property_descriptor,
    get_method,
    length_of_array_like,
    same_value,
    surrounding,
    throw_type_error,
    to_boolean,
    to_property_descriptor,
)
from refimpl.language.values import Key, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from refimpl.language.realm import Realm


class ProxyMethods:
    """The essential internal methods of every proxy."""

    __slots__ = ()

    target: JSObject | None
    handler: JSObject | None

    def trap(self, name: str) -> tuple[JSObject, Any, Any]:
        """The target, and the handler with its trap (or undefined); a TypeError when revoked."""
        surrounding.agent.charge()
        target, handler = self.validated()
        return target, handler, get_method(handler, name)

    def validated(self) -> tuple[JSObject, JSObject]:
        """ValidateNonRevokedProxy."""
        if self.target is None or self.handler is None:
            throw_type_error("Cannot perform an operation on a proxy that has been revoked")
        return self.target, self.handler

    def is_array(self) -> bool:
        """IsArray: what the target is."""
        return self.validated()[0].is_array()

    def get_prototype_of(self) -> JSObject | None:
        """[[GetPrototypeOf]]."""
        target, handler, trap = self.trap("getPrototypeOf")
        if trap is undefined:
            return target.get_prototype_of()
        prototype = trap.call(handler, [target])
        if not isinstance(prototype, JSObject) and prototype is not null:
            throw_type_error("'getPrototypeOf' on proxy: the result is neither object nor null")
        found = prototype if isinstance(prototype, JSObject) else None
        if not target.is_extensible() and found is not target.get_prototype_of():
            refuse("getPrototypeOf", "the target is not extensible and has another prototype")
        return found

    def set_prototype_of(self, prototype: JSObject | None) -> bool:
        """[[SetPrototypeOf]]."""
        target, handler, trap = self.trap("setPrototypeOf")
        if trap is undefined:
            return target.set_prototype_of(prototype)
        if not to_boolean(trap.call(handler, [target, null if prototype is None else prototype])):
            return False
        if not target.is_extensible() and prototype is not target.get_prototype_of():
            refuse("setPrototypeOf", "the target is not extensible and has another prototype")
        return True

    def is_extensible(self) -> bool:
        """[[IsExtensible]]."""
        target, handler, trap = self.trap("isExtensible")
        if trap is undefined:
            return target.is_extensible()
        answer = to_boolean(trap.call(handler, [target]))
        if answer != target.is_extensible():
            refuse("isExtensible", "the target says otherwise")
        return answer

    def prevent_extensions(self) -> bool:
        """[[PreventExtensions]]."""
        target, handler, trap = self.trap("preventExtensions")
        if trap is undefined:
            return target.prevent_extensions()
        answer = to_boolean(trap.call(handler, [target]))
        if answer and target.is_extensible():
            refuse("preventExtensions", "the target is still extensible")
        return answer

    def get_own_property(self, key: Key) -> Property | None:
        """[[GetOwnProperty]]."""
        target, handler, trap = self.trap("getOwnPropertyDescriptor")
        if trap is undefined:
            return target.get_own_property(key)
        answer = trap.call(handler, [target, key])
        if not isinstance(answer, JSObject) and answer is not undefined:
            refuse("getOwnPropertyDescriptor", "the result is neither object nor undefined")
        current = target.get_own_property(key)
        if answer is undefined:
            if current is None:
                return None
            if not current.configurable or not target.is_extensible():
                refuse("getOwnPropertyDescriptor", "the target has the property for good")
            return None
        extensible = target.is_extensible()
        found = complete_property(to_property_descriptor(answer))
        if not is_possible(extensible, found, current):
            refuse("getOwnPropertyDescriptor", "the target has an incompatible property")
        if not found.configurable and (
            current is None
            or current.configurable
            or (found.writable is False and current.writable)
        ):
            refuse("getOwnPropertyDescriptor", "the target does not have the property for good")
        return found

    def define_own_property(self, key: Key, descriptor: Property) -> bool:
        """[[DefineOwnProperty]]."""
        target, handler, trap = self.trap("defineProperty")
        if trap is undefined:
            return target.define_own_property(key, descriptor)
        shown = from_property_descriptor(descriptor)
        if not to_boolean(trap.call(handler, [target, key, shown])):
            return False
        current = target.get_own_property(key)
        extensible = target.is_extensible()
        fixes = descriptor.configurable is False
        if current is None:
            if not extensible or fixes:
                refuse("defineProperty", "the target does not have the property")
            return True
        if not is_possible(extensible, descriptor, current) or (fixes and current.configurable):
            refuse("defineProperty", "the target has an incompatible property")
        if (
            current.is_data()
            and not current.configurable
            and current.writable
            and descriptor.writable is False
        ):
            refuse("defineProperty", "the target's property is writable")
        return True

    def has_property(self, key: Key) -> bool:
        """[[HasProperty]]."""
        target, handler, trap = self.trap("has")
        if trap is undefined:
            return target.has_property(key)
        answer = to_boolean(trap.call(handler, [target, key]))
        if not answer:
            refuse_to_hide("has", target, key)
        return answer

    def get(self, key: Key, receiver: Value) -> Value:
        """[[Get]]."""
        target, handler, trap = self.trap("get")
        if trap is undefined:
            return target.get(key, receiver)
        value = trap.call(handler, [target, key, receiver])
        current = target.get_own_property(key)
        if current is not None and not current.configurable:
            if current.is_data() and not current.writable and not same_value(value, current.value):
                refuse("get", "the target's property has another value for good")
            if current.is_accessor() and current.get is undefined and value is not undefined:
                refuse("get", "the target's property has no getter")
        return value

    def set(self, key: Key, value: Value, receiver: Value) -> bool:
        """[[Set]]."""
        target, handler, trap = self.trap("set")
        if trap is undefined:
            return target.set(key, value, receiver)
        if not to_boolean(trap.call(handler, [target, key, value, receiver])):
            return False
        current = target.get_own_property(key)
        if current is not None and not current.configurable:
            if current.is_data() and not current.writable and not same_value(value, current.value):
                refuse("set", "the target's property has another value for good")
            if current.is_accessor() and current.set is undefined:
                refuse("set", "the target's property has no setter")
        return True

    def set_own(self, key: Key, value: Value) -> bool:
        """Steps 2.c to 2.f of OrdinarySetWithOwnDescriptor, on the receiver."""
        existing = self.get_own_property(key)
        if existing is None:
            complete = Property(value, writable=True, enumerable=True, configurable=True)
            return self.define_own_property(key, complete)
        if existing.is_accessor() or not existing.writable:
            return False
        return self.define_own_property(key, Property(value))

    def delete(self, key: Key) -> bool:
        """[[Delete]]."""
        target, handler, trap = self.trap("deleteProperty")
        if trap is undefined:
            return target.delete(key)
        if not to_boolean(trap.call(handler, [target, key])):
            return False
        refuse_to_hide("deleteProperty", target, key)
        return True

    def own_property_keys(self) -> list[Key]:
        """[[OwnPropertyKeys]]."""
        target, handler, trap = self.trap("ownKeys")
        if trap is undefined:
            return target.own_property_keys()
        keys = property_keys(trap.call(handler, [target]))
        missing = set(keys)
        if len(missing) != len(keys):
            refuse("ownKeys", "the result has duplicates")
        extensible = target.is_extensible()
        changeable: list[Key] = []
        fixed: list[Key] = []
        for key in target.own_property_keys():
            current = target.get_own_property(key)
            (fixed if current is not None and not current.configurable else changeable).append(key)
        if not missing.issuperset(fixed):
            refuse("ownKeys", "the target has a property for good that the result lacks")
        if not extensible and missing != {*fixed, *changeable}:
            refuse("ownKeys", "the target is not extensible and has other keys")
        return keys


def property_keys(value: Value) -> list[Key]:
    """CreateListFromArrayLike of property keys."""
    if not isinstance(value, JSObject):
        throw_type_error("CreateListFromArrayLike called on non-object")
    keys: list[Key] = []
    for index in range(length_of_array_like(value)):
        surrounding.agent.charge()
        key = value.get(str(index), value)
        if type(key) is not str and type(key) is not Symbol:
            throw_type_error("A property key must be a string or a symbol")
        keys.append(key)
    return keys


def is_possible(extensible: bool, descriptor: Property, current: Property | None) -> bool:
    """IsCompatiblePropertyDescriptor."""
    if current is None:
        return extensible
    return bool(current.configurable) or is_compatible(descriptor, current)


def refuse(trap: str, reason: str) -> NoReturn:
    """Throw the TypeError of a broken invariant."""
    throw_type_error(f"'{trap}' on proxy: {reason}")


def refuse_to_hide(trap: str, target: JSObject, key: Key) -> None:
    """A trap may not make a property disappear that the target has for good."""
    current = target.get_own_property(key)
    if current is not None and not current.configurable:
        refuse(trap, "the target has the property for good")
    if current is not None and not target.is_extensible():
        refuse(trap, "the target is not extensible and has the property")


class ProxyObject(ProxyMethods, JSObject):
    """A proxy that cannot be called."""

    __slots__ = ("handler", "target")

    def __init__(self, target: JSObject, handler: JSObject) -> None:
        super().__init__(None)
        self.target = target
        self.handler = handler


class CallableProxy(ProxyMethods, FunctionObject):
    """A proxy of a function."""

    __slots__ = ("handler", "target")

    def __init__(self, realm: Realm, target: FunctionObject, handler: JSObject) -> None:
        super().__init__(realm, None, is_constructor=target.is_constructor)
        self.target = target
        self.handler = handler

    def function_realm(self) -> Realm:
        """GetFunctionRealm: that of the target."""
        target, _ = self.validated()
        assert isinstance(target, FunctionObject)
        return target.function_realm()

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:
        """[[Call]]."""
        del new_target
        target, handler, trap = self.trap("apply")
        if trap is undefined:
            assert isinstance(target, FunctionObject)
            return target.call(this, arguments)
        return trap.call(handler, [target, this, create_array_from_list([*arguments])])

    def run_construct(self, arguments: list[Value], new_target: FunctionObject) -> Value:
        """[[Construct]]."""
        target, handler, trap = self.trap("construct")
        if trap is undefined:
            assert isinstance(target, FunctionObject)
            return target.construct(arguments, new_target)
        made = trap.call(handler, [target, create_array_from_list([*arguments]), new_target])
        if not isinstance(made, JSObject):
            refuse("construct", "the result is not an object")
        return made


def proxy_create(target: Value, handler: Value, realm: Realm) -> JSObject:
    """ProxyCreate."""
    if not isinstance(target, JSObject) or not isinstance(handler, JSObject):
        throw_type_error("Cannot create proxy with a non-object as target or handler")
    if isinstance(target, FunctionObject):
        return CallableProxy(realm, target, handler)
    return ProxyObject(target, handler)
