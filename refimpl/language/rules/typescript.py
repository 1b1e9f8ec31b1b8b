"""What TypeScript executes: enums, namespaces, and clear refusals (the TypeScript handbook's semantics)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from refimpl.language.agent import intrinsic
from refimpl.language.environment import (
    Environment,
    Indirection,
    ThisEnvironment,
    initialize_functions,
    plan_of,
)
from refimpl.language.errors import throw_syntax_error
from refimpl.language.objects import JSObject
from refimpl.language.operations import create_data_property_or_throw, get, to_property_key
from refimpl.language.rules.base import evaluates
from refimpl.source import nodes as n
from refimpl.source.scope import bound_names

if TYPE_CHECKING:
    from refimpl.language.values import Value


@evaluates(n.TSEnumDeclaration)
def enum_declaration(node: n.TSEnumDeclaration, env: Environment) -> None:
    """An enum: names to values, and numbers back to names; a second declaration adds to the first."""
    enum = merged_object(node.id.name, env)
    scope = Environment(env, {key: get(enum, key) for key in enum.props if type(key) is str})
    previous: Value = -1.0
    for member in node.members:
        name = member.id.name if isinstance(member.id, n.Identifier) else str(member.id.value)  # type: ignore[attr-defined]  # a Literal
        if member.initializer is not None:
            value = member.initializer.evaluate(scope)
        else:
            value = previous + 1.0
        scope.bindings[name] = previous = value
        create_data_property_or_throw(enum, name, value)
        if type(value) is not str:
            create_data_property_or_throw(enum, to_property_key(value), name)


def merged_object(name: str, env: Environment) -> JSObject:
    """The object an enum or namespace adds to: what its name is bound to already, or a new one."""
    holder = env.resolve(name)
    assert holder is not None  # declaration instantiation bound it
    current = holder.get_binding_value(name)
    if isinstance(current, JSObject):
        return current
    earlier = holder.exported_value(name) if isinstance(holder, NamespaceEnvironment) else None
    made = earlier if isinstance(earlier, JSObject) else JSObject(intrinsic("%Object.prototype%"))
    holder.initialize_binding(name, made)
    return made


@evaluates(n.TSModuleDeclaration)
def namespace_declaration(node: n.TSModuleDeclaration, env: Environment) -> None:
    """A namespace: its exported names are properties, read and written through."""
    target = merged_object(node.id[0].name, env)
    for identifier in node.id[1:]:
        inner = target.get(identifier.name, target)
        if not isinstance(inner, JSObject):
            inner = JSObject(intrinsic("%Object.prototype%"))
            create_data_property_or_throw(target, identifier.name, inner)
        target = inner
    plan = plan_of(node.scope)
    scope = NamespaceEnvironment(env, plan.initial.copy(), plan.immutable)
    scope.show(target)
    for statement in node.body:
        if isinstance(statement, n.ExportNamedDeclaration) and statement.declaration is not None:
            scope.names.update(declared_names(statement.declaration))
    initialize_functions(plan.functions, scope)
    for statement in node.body:
        if not isinstance(statement, n.ExportNamedDeclaration):
            statement.evaluate(scope)
        elif statement.declaration is not None:
            statement.declaration.evaluate(scope)
            if isinstance(statement.declaration, n.FunctionDeclaration):
                for name in declared_names(statement.declaration):
                    create_data_property_or_throw(target, name, scope.get_binding_value(name))


class NamespaceEnvironment(ThisEnvironment):
    """The scope of a namespace body: assigning an exported name also sets the property."""

    __slots__ = ("exported", "names")

    def __init__(
        self, outer: Environment, bindings: dict[str, Value], immutable: frozenset[str]
    ) -> None:
        super().__init__(outer, bindings, immutable)
        self.names: set[str] = set()
        self.exported: JSObject

    def show(self, exported: JSObject) -> None:
        """Make what earlier declarations of the namespace exported visible by its plain name."""
        self.exported = exported
        for name in exported.props:
            if type(name) is str and name not in self.bindings:
                self.bindings[name] = Indirection(lambda name: get(exported, name))
                self.names.add(name)

    def exported_value(self, name: str) -> Value | None:
        """What earlier declarations of the namespace exported under a name that this one exports."""
        return get(self.exported, name) if name in self.names else None

    def initialize_binding(self, name: str, value: Value) -> None:
        """InitializeBinding, seen from outside when exported."""
        super().initialize_binding(name, value)
        if name in self.names:
            create_data_property_or_throw(self.exported, name, value)

    def set_mutable_binding(self, name: str, value: Value) -> None:
        """SetMutableBinding, seen from outside when exported."""
        super().set_mutable_binding(name, value)
        if name in self.names:
            create_data_property_or_throw(self.exported, name, value)


def declared_names(node: n.Node) -> set[str]:
    """The names a declaration binds."""
    if isinstance(node, n.VariableDeclaration):
        return {name.name for item in node.declarations for name in bound_names(item.id)}
    if isinstance(node, n.TSModuleDeclaration):
        return {node.id[0].name}
    identifier = getattr(node, "id", None)
    return {identifier.name} if isinstance(identifier, n.Identifier) else set()


@evaluates(n.TSImportEquals)
def import_equals(node: n.TSImportEquals, env: Environment) -> NoReturn:
    """`import a = …` and `export = …` belong to CommonJS."""
    del node, env
    throw_syntax_error("'import … =' and 'export =' are not supported: use ES module syntax")
