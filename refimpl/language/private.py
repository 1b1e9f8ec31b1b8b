"""Private names and the private elements of objects (ECMA-262 §6.2.12, §7.3.27 to §7.3.33).

A private field is its plain value in `private_elements`; a private method or accessor is a `Property`.
"""

from __future__ import annotations

from typing import NoReturn

from refimpl.language.errors import throw_type_error
from refimpl.language.objects import ABSENT, JSObject, Property, value_of
from refimpl.language.values import Value, undefined


class PrivateName:
    """A Private Name: unique by identity; `description` includes the `#`."""

    __slots__ = ("description",)

    def __init__(self, description: str) -> None:
        self.description = description

    def __str__(self) -> str:
        return self.description


def private_elements_of(value: Value) -> dict[PrivateName, Value]:
    """The private elements of `value`; a primitive has none."""
    return (value.private_elements or {}) if isinstance(value, JSObject) else {}


def has_private_element(obj: JSObject, name: PrivateName) -> bool:
    """Whether PrivateElementFind finds an element."""
    return obj.private_elements is not None and name in obj.private_elements


def private_element_add(obj: JSObject, name: PrivateName, element: Value) -> None:
    """PrivateFieldAdd and PrivateMethodOrAccessorAdd."""
    if has_private_element(obj, name):
        throw_type_error(f"Cannot initialize {name} twice on the same object")
    if obj.private_elements is None:
        obj.private_elements = {}
    obj.private_elements[name] = element


def private_get(value: Value, name: PrivateName) -> Value:
    """PrivateGet."""
    element = private_elements_of(value).get(name, ABSENT)
    if element is ABSENT:
        throw_missing("read", name, value)
    if type(element) is not Property:
        return element
    if element.get is undefined:
        throw_type_error(f"'{name}' was defined without a getter")
    return value_of(element, value)


def private_set(value: Value, name: PrivateName, new: Value) -> None:
    """PrivateSet."""
    elements = private_elements_of(value)
    element = elements.get(name, ABSENT)
    if element is ABSENT:
        throw_missing("write", name, value)
    if type(element) is not Property:
        elements[name] = new
    elif not element.is_accessor():
        throw_type_error(f"Private method '{name}' is not writable")
    elif element.set is undefined:
        throw_type_error(f"'{name}' was defined without a setter")
    else:
        element.set.call(value, [new])


def throw_missing(verb: str, name: PrivateName, value: Value) -> NoReturn:
    """Throw the TypeError for an object whose class did not declare `name`."""
    if value is undefined or not isinstance(value, JSObject):
        throw_type_error(f"Cannot {verb} private member {name} of a value that is not an object")
    throw_type_error(
        f"Cannot {verb} private member {name} from an object whose class did not declare it"
    )
