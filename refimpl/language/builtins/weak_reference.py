"""WeakRef (ECMA-262 §26.1) and FinalizationRegistry (§26.2). Nothing is collected before a world ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.builtins.map import can_be_held_weakly
from refimpl.language.builtins.support import callback_argument, canonical_key, receiver
from refimpl.language.operations import (
    JSObject,
    Value,
    get_prototype_from_constructor,
    is_strictly_equal,
    ordinary_create_from_constructor,
    throw_type_error,
    undefined,
)
from refimpl.language.realm import Table

if TYPE_CHECKING:
    from collections.abc import Hashable

weak_ref_prototype = Table("%WeakRef.prototype%")
weak_ref_prototype.to_string_tag("WeakRef")
weak_ref_constructor = Table("%WeakRef%")
registry_prototype = Table("%FinalizationRegistry.prototype%")
registry_prototype.to_string_tag("FinalizationRegistry")
registry_constructor = Table("%FinalizationRegistry%")


class WeakRefObject(JSObject):
    """A WeakRef."""

    __slots__ = ("referent",)

    def __init__(self, prototype: JSObject | None, referent: Value) -> None:
        super().__init__(prototype)
        self.referent = referent


@weak_ref_constructor.constructor(length=1)
def construct_weak_ref(new_target: Value, referent: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor WeakRef requires 'new'")
    if not can_be_held_weakly(referent):
        throw_type_error("Invalid value used as WeakRef target")
    prototype = get_prototype_from_constructor(new_target, "%WeakRef.prototype%")
    return WeakRefObject(prototype, referent)


@weak_ref_prototype.method("deref", length=0)
def deref(this: Value) -> Value:
    return receiver(this, WeakRefObject, "WeakRef.prototype.deref").referent


class FinalizationRegistryObject(JSObject):
    """A FinalizationRegistry: how many cells there are for each unregister token."""

    __slots__ = ("cells",)

    def __init__(self, prototype: JSObject | None) -> None:
        super().__init__(prototype)
        self.cells: dict[Hashable, int] = {}


@registry_constructor.constructor(length=1)
def construct_finalization_registry(new_target: Value, callback: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor FinalizationRegistry requires 'new'")
    callback_argument(callback)
    return ordinary_create_from_constructor(
        new_target, "%FinalizationRegistry.prototype%", FinalizationRegistryObject
    )


def this_registry(this: Value, method: str) -> FinalizationRegistryObject:
    """The receiver."""
    return receiver(this, FinalizationRegistryObject, f"FinalizationRegistry.prototype.{method}")


@registry_prototype.method("register", length=2)
def register(this: Value, target: Value, held: Value, token: Value) -> Value:
    registry = this_registry(this, "register")
    if not can_be_held_weakly(target) or is_strictly_equal(target, held):
        throw_type_error("Invalid target")
    if not can_be_held_weakly(token):
        if token is not undefined:
            throw_type_error("Invalid unregister token")
        return undefined
    key = canonical_key(token)
    registry.cells[key] = registry.cells.get(key, 0) + 1
    return undefined


@registry_prototype.method("unregister", length=1)
def unregister(this: Value, token: Value) -> Value:
    registry = this_registry(this, "unregister")
    if not can_be_held_weakly(token):
        throw_type_error("Invalid unregister token")
    return registry.cells.pop(canonical_key(token), 0) > 0


TABLES = (*(weak_ref_prototype, weak_ref_constructor, registry_prototype, registry_constructor),)
