"""Identifiers, property accessors, `this`, `super`, and assignment targets (ECMA-262 §6.2.5, §13.3).

* Reading evaluates the node. Only what is assigned to, updated, deleted or called needs a Reference
  Record: an object with `get` and `set`, made by `reference(node, environment)`.
* The key of a property reference is converted when it is first used, not when it is evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from refimpl.language.agent import surrounding
from refimpl.language.conversions import prototype_of_primitive
from refimpl.language.environment import Indirection
from refimpl.language.errors import throw_reference_error, throw_type_error
from refimpl.language.exotics import ArrayObject
from refimpl.language.objects import ABSENT, JSObject, Property, array_index
from refimpl.language.operations import describe_key, get_v, to_property_key
from refimpl.language.private import PrivateName, private_get, private_set
from refimpl.language.rules.base import evaluates
from refimpl.language.values import Key, Value, null, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from refimpl.language.environment import Environment


class ShortCircuit(Exception):  # noqa: N818 - the way out of an optional chain
    """The base of `?.` is undefined or null: the whole chain is undefined."""


# --- reading -------------------------------------------------------------------------------------


@evaluates(n.Identifier)
def identifier_reference(node: n.Identifier, env: Environment) -> Value:
    """§13.1.3 IdentifierReference, and GetValue of it."""
    name = node.name
    scope: Environment | None = env
    while scope is not None:
        value = scope.bindings.get(name, ABSENT)
        if value is not ABSENT:
            if type(value) is Indirection:
                surrounding.agent.context.node = node
                return value.read(name)
            return value
        last, scope = scope, scope.outer
    surrounding.agent.context.node = node
    return last.get_binding_value(name)


@evaluates(n.ThisExpression)
def this_expression(node: n.ThisExpression, env: Environment) -> Value:
    """§13.2.1 The this Keyword."""
    del node
    return env.this_environment().get_this_binding()


@evaluates(n.MemberExpression)
def member_expression(node: n.MemberExpression, env: Environment) -> Value:
    """§13.3.2 Property Accessors, and GetValue of them."""
    if type(node.object) is n.Super:
        return super_reference(node, env).get()
    base = node.object.evaluate(env)
    if node.optional and (base is undefined or base is null):
        raise ShortCircuit
    return member_of(base, node, env)


def member_of(base: Value, node: n.MemberExpression, env: Environment) -> Value:
    """The value of the member that `node` names on `base`."""
    property_ = node.property
    if node.computed:
        key = property_.evaluate(env)
        if type(key) is float and type(base) is ArrayObject and key.is_integer():
            index = int(key)
            if 0 <= index < len(base.items):
                value = base.items[index]
                if value is not ABSENT and type(value) is not Property:
                    return value
        if base is not undefined and base is not null:
            key = to_property_key(key)
    elif type(property_) is n.Identifier:
        key = property_.name
    else:
        return private_get(base, resolve_private_identifier(property_, env))
    if isinstance(base, JSObject):
        return base.get(key, base)
    if base is undefined or base is null:
        surrounding.agent.context.node = node
        key = key if type(key) is str else ""
    return get_v(base, key)


def resolve_private_identifier(node: n.Node, env: Environment) -> PrivateName:
    """ResolvePrivateIdentifier."""
    assert isinstance(node, n.PrivateIdentifier)
    name: PrivateName = env.lookup(f"#{node.name}")
    return name


@evaluates(n.ChainExpression)
def optional_expression(node: n.ChainExpression, env: Environment) -> Value:
    """§13.3.9 Optional Chains."""
    try:
        return node.expression.evaluate(env)
    except ShortCircuit:
        return undefined


@evaluates(n.ParenthesizedExpression, n.TSAs)
def parenthesized_expression(node: n.ParenthesizedExpression, env: Environment) -> Value:
    """§13.2.9 The Grouping Operator; a type assertion is erased."""
    return node.expression.evaluate(env)


@evaluates(n.MetaProperty)
def meta_property(node: n.MetaProperty, env: Environment) -> Value:
    """§13.3.12 Meta Properties."""
    if node.meta == "new":
        return env.this_environment().new_target
    module = env.module()
    assert module is not None  # an early error otherwise
    return module.import_meta()


# --- references ---------------------------------------------------------------------------------


class IdentifierReference:
    """A Reference Record whose base is an Environment Record, or unresolvable."""

    __slots__ = ("base", "name")

    def __init__(self, env: Environment, name: str) -> None:
        """ResolveBinding."""
        self.base = env.resolve(name)
        self.name = name

    def get(self) -> Value:
        """GetValue."""
        if self.base is None:
            throw_reference_error(f"{self.name} is not defined")
        return self.base.get_binding_value(self.name)

    def set(self, value: Value) -> None:
        """PutValue; strict code never creates a global."""
        if self.base is None:
            throw_reference_error(f"{self.name} is not defined")
        self.base.set_mutable_binding(self.name, value)


class BindingReference:
    """A Reference Record by which a declaration initializes its own binding."""

    __slots__ = ("env", "name")

    def __init__(self, env: Environment, name: str) -> None:
        self.env = env
        self.name = name

    def set(self, value: Value) -> None:
        """InitializeReferencedBinding."""
        self.env.initialize_binding(self.name, value)


class PropertyReference:
    """A Reference Record whose base is a value; `this` differs from it after `super`."""

    __slots__ = ("base", "key", "this")

    def __init__(self, base: Value, key: Value, this: Value) -> None:
        self.base = base
        self.key = key
        self.this = this

    def get(self) -> Value:
        """GetValue."""
        if isinstance(self.base, JSObject):
            self.key = to_property_key(self.key)
            return self.base.get(self.key, self.this)
        if self.base is undefined or self.base is null:
            key = self.key if type(self.key) is str else ""
            return get_v(self.base, key)
        self.key = to_property_key(self.key)
        return get_v(self.base, self.key)

    def set(self, value: Value) -> None:
        """PutValue."""
        base = self.base
        if base is undefined or base is null:
            name = f" (setting {describe_key(self.key)})" if type(self.key) is str else ""
            throw_type_error(f"Cannot set properties of {base!r}{name}")
        if type(self.key) is float and type(base) is ArrayObject and base is self.this:
            index = int(self.key) if self.key.is_integer() else -1
            if 0 <= index < len(base.items):
                current = base.items[index]
                if current is not ABSENT and type(current) is not Property:
                    base.items[index] = value
                    return
        key: Key = to_property_key(self.key)
        target = base if isinstance(base, JSObject) else prototype_of_primitive(base)
        if type(base) is str and (key == "length" or is_index_of(base, key)):
            throw_type_error(f"Cannot assign to read only property {describe_key(key)}")
        if not target.set(key, value, self.this):
            throw_type_error(f"Cannot assign to read only property {describe_key(key)}")


def is_index_of(string: str, key: Value) -> bool:
    """Whether `key` is an own index of a String."""
    index = array_index(key)
    return index is not None and index < len(string)


class PrivateReference:
    """A Reference Record whose name is a Private Name."""

    __slots__ = ("base", "name")

    def __init__(self, base: Value, name: PrivateName) -> None:
        self.base = base
        self.name = name

    def get(self) -> Value:
        """GetValue."""
        return private_get(self.base, self.name)

    def set(self, value: Value) -> None:
        """PutValue."""
        private_set(self.base, self.name, value)


Reference: TypeAlias = IdentifierReference | PropertyReference | PrivateReference


def reference(node: n.Node, env: Environment) -> Any:
    """The Reference Record an expression that may stand left of `=` evaluates to."""
    if type(node) is n.Identifier:
        return IdentifierReference(env, node.name)
    if type(node) is n.MemberExpression:
        return member_reference(node, env)
    if isinstance(node, (n.ParenthesizedExpression, n.TSAs, n.ChainExpression)):
        return reference(node.expression, env)
    node.evaluate(env)
    throw_reference_error("Invalid assignment target")


def member_reference(node: n.MemberExpression, env: Environment) -> Any:
    """EvaluatePropertyAccess and MakePrivateReference."""
    if type(node.object) is n.Super:
        return super_reference(node, env)
    base = node.object.evaluate(env)
    surrounding.agent.context.node = node
    if node.optional and (base is undefined or base is null):
        raise ShortCircuit
    if node.computed:
        return PropertyReference(base, node.property.evaluate(env), base)
    if type(node.property) is n.Identifier:
        return PropertyReference(base, node.property.name, base)
    return PrivateReference(base, resolve_private_identifier(node.property, env))


def super_reference(node: n.MemberExpression, env: Environment) -> PropertyReference:
    """§13.3.7 SuperProperty, with MakeSuperPropertyReference."""
    environment = env.this_environment()
    this = environment.get_this_binding()
    key = node.property.evaluate(env) if node.computed else node.property.name  # type: ignore[attr-defined]  # an Identifier
    base = environment.function.home_object.get_prototype_of()
    return PropertyReference(null if base is None else base, key, this)
