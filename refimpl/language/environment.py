"""Environment Records (ECMA-262 §9.1) and the instantiation of declarations.

* `bindings` maps a name to its value, or to an `Indirection` for a name whose value is not simply
  there: uninitialized (`UNINITIALIZED`), an import, or made when first read.
* Private names share the records: `#x` is bound, under that spelling, by the class that declares it.
* A scope without bindings gets no record. What a scope needs when it is entered is worked out once, from
  `source.scope`, and kept as its `plan`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from refimpl.language.agent import current_realm
from refimpl.language.errors import throw_reference_error, throw_type_error
from refimpl.language.objects import ABSENT, JSObject, Property, data_property
from refimpl.language.operations import define_property_or_throw, describe_key, has_own_property
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from refimpl.language.modules import Module
    from refimpl.source.nodes import FunctionDeclaration
    from refimpl.source.scope import Scope


class Indirection:
    """A binding whose value has to be asked for by its name."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[str], Value]) -> None:
        self.read = read


def _throw_uninitialized(name: str) -> Value:
    throw_reference_error(f"Cannot access '{name}' before initialization")


#: The state of a let, const or class binding before its declaration is evaluated.
UNINITIALIZED: Final = Indirection(_throw_uninitialized)

NOTHING: Final[frozenset[str]] = frozenset()


class Environment:
    """A Declarative Environment Record; `immutable` are the names that cannot be assigned."""

    __slots__ = ("bindings", "immutable", "outer")

    def __init__(
        self,
        outer: Environment | None,
        bindings: dict[str, Value] | None = None,
        immutable: Collection[str] = NOTHING,
    ) -> None:
        self.outer = outer
        self.bindings: dict[str, Value] = {} if bindings is None else bindings
        self.immutable = immutable

    def has_binding(self, name: str) -> bool:
        """HasBinding."""
        return name in self.bindings

    def get_binding_value(self, name: str) -> Value:
        """GetBindingValue: the guest's ReferenceError when the binding is uninitialized."""
        value = self.bindings[name]
        return value.read(name) if type(value) is Indirection else value

    def initialize_binding(self, name: str, value: Value) -> None:
        """InitializeBinding."""
        self.bindings[name] = value

    def set_mutable_binding(self, name: str, value: Value) -> None:
        """SetMutableBinding."""
        if self.bindings[name] is UNINITIALIZED:
            _throw_uninitialized(name)
        if name in self.immutable:
            throw_type_error(f"Assignment to constant variable '{name}'")
        self.bindings[name] = value

    def create_lazy_binding(self, name: str, thunk: Callable[[], Value]) -> None:
        """Bind `name` to a value that `thunk` makes when it is first read."""

        def read(name: str) -> Value:
            self.bindings[name] = UNINITIALIZED
            try:
                value = self.bindings[name] = thunk()
            except BaseException:
                self.bindings[name] = lazy
                raise
            return value

        lazy = self.bindings[name] = Indirection(read)

    def resolve(self, name: str) -> Environment | None:
        """ResolveBinding: the record that binds `name`, or None when it is unresolvable."""
        scope: Environment | None = self
        while scope is not None and not scope.has_binding(name):
            scope = scope.outer
        return scope

    def lookup(self, name: str) -> Value:
        """The value of the identifier reference `name`."""
        scope = self
        while True:
            value = scope.bindings.get(name, ABSENT)
            if value is not ABSENT:
                return value.read(name) if type(value) is Indirection else value
            if scope.outer is None:
                return scope.get_binding_value(name)
            scope = scope.outer

    def this_environment(self) -> ThisEnvironment:
        """GetThisEnvironment."""
        scope: Environment | None = self
        while not isinstance(scope, ThisEnvironment):
            assert scope is not None  # every chain ends in a record with a `this` binding
            scope = scope.outer
        return scope

    def module(self) -> Module | None:
        """The module whose code this is, if any."""
        scope: Environment | None = self
        while scope is not None:
            if isinstance(scope, ModuleEnvironment):
                return scope.of
            scope = scope.outer
        return None


class ThisEnvironment(Environment):
    """A record with a `this` binding: that of a function, a class element, a module or the global one."""

    __slots__ = ("function", "new_target", "this_value")

    def __init__(  # noqa: PLR0917 - made at every call, and keywords cost
        self,
        outer: Environment | None,
        bindings: dict[str, Value] | None = None,
        immutable: Collection[str] = NOTHING,
        this_value: Value = undefined,
        function: Any = None,
        new_target: Value = undefined,
    ) -> None:
        self.outer = outer
        self.bindings = {} if bindings is None else bindings
        self.immutable = immutable
        self.this_value = this_value
        self.function = function
        self.new_target = new_target

    def get_this_binding(self) -> Value:
        """GetThisBinding; a derived constructor has none before `super()` returns."""
        if self.this_value is UNINITIALIZED:
            throw_reference_error(
                "Must call super constructor in derived class before accessing 'this'"
            )
        return self.this_value

    def bind_this_value(self, value: Value) -> None:
        """BindThisValue."""
        if self.this_value is not UNINITIALIZED:
            throw_reference_error("Super constructor may only be called once")
        self.this_value = value


class ModuleEnvironment(ThisEnvironment):
    """A Module Environment Record; `of` is its module."""

    __slots__ = ("of",)

    def __init__(self, outer: Environment, of: Module) -> None:
        super().__init__(outer)
        self.of = of


class GlobalEnvironment(ThisEnvironment):
    """The Global Environment Record: lexical declarations in `bindings`, the rest on the object."""

    __slots__ = ("global_object",)

    def __init__(self, global_object: JSObject) -> None:
        super().__init__(None, this_value=global_object)
        self.global_object = global_object

    def has_binding(self, name: str) -> bool:
        """HasBinding."""
        return name in self.bindings or self.global_object.has_property(name)

    def get_binding_value(self, name: str) -> Value:
        """GetBindingValue; a name bound nowhere is the guest's ReferenceError."""
        if name in self.bindings:
            return super().get_binding_value(name)
        if not self.global_object.has_property(name):
            throw_reference_error(f"{name} is not defined")
        return self.global_object.get(name, self.global_object)

    def set_mutable_binding(self, name: str, value: Value) -> None:
        """SetMutableBinding; the binding may be gone by now."""
        if name in self.bindings:
            super().set_mutable_binding(name, value)
        elif not self.global_object.has_property(name):
            throw_reference_error(f"{name} is not defined")
        elif not self.global_object.set(name, value, self.global_object):
            throw_type_error(f"Cannot assign to read only property {describe_key(name)}")

    def can_declare_global_function(self, name: str) -> bool:
        """CanDeclareGlobalFunction."""
        existing = self.global_object.get_own_property(name)
        if existing is None:
            return self.global_object.is_extensible()
        return existing.configurable or (
            existing.is_data() and existing.writable and existing.enumerable
        )

    def can_declare_global_var(self, name: str) -> bool:
        """CanDeclareGlobalVar."""
        return has_own_property(self.global_object, name) or self.global_object.is_extensible()

    def create_global_function_binding(self, name: str, value: Value) -> None:
        """CreateGlobalFunctionBinding."""
        existing = self.global_object.get_own_property(name)
        fresh = existing is None or existing.configurable
        descriptor = data_property(value, configurable=False) if fresh else Property(value)
        define_property_or_throw(self.global_object, name, descriptor)
        self.global_object.set(name, value, self.global_object)

    def create_global_var_binding(self, name: str) -> None:
        """CreateGlobalVarBinding."""
        if not has_own_property(self.global_object, name) and self.global_object.is_extensible():
            self.global_object.define_own_property(
                name, data_property(undefined, configurable=False)
            )


# --- declaration instantiation ------------------------------------------------------------------


class ScopePlan:
    """What entering a scope creates: `initial` values by name, and its functions."""

    __slots__ = ("closures", "functions", "immutable", "initial")

    def __init__(self, scope: Scope) -> None:
        #: No value here is ever a guest object, so that realms may share the plan.
        self.initial: dict[str, Value] = {}
        for name, binding in scope.bindings.items():
            if binding.kind not in {"function-name", "class-name", "import", "arguments"}:
                lexical = binding.kind in {"let", "const", "class", "catch"}
                self.initial[name] = UNINITIALIZED if lexical else undefined
        constants = (name for name, binding in scope.bindings.items() if binding.kind == "const")
        self.immutable = frozenset(constants)
        self.functions: list[FunctionDeclaration] = scope.functions_to_initialize
        #: Whether code inside can keep the record alive beyond its own evaluation.
        self.closures = any(inner.kind in {"function", "field", "static"} for inner in scope.walk())


def plan_of(scope: Scope) -> ScopePlan:
    """The plan of a scope that is not a function's."""
    plan = scope.plan
    if plan is None:
        plan = scope.plan = ScopePlan(scope)
    assert isinstance(plan, ScopePlan)
    return plan


def block_environment(scope: Scope, outer: Environment) -> Environment:
    """BlockDeclarationInstantiation: the record of the block, or `outer` when it needs none."""
    plan = scope.plan or plan_of(scope)
    if not plan.initial:
        return outer
    inner = Environment(outer, plan.initial.copy(), plan.immutable)
    if plan.functions:
        initialize_functions(plan.functions, inner)
    return inner


def initialize_functions(functions: list[FunctionDeclaration], environment: Environment) -> None:
    """Bind each declared function; one the host claims gets its value lazily."""
    from refimpl.language.rules.functions import instantiate_function_object  # noqa: PLC0415 - rules need records

    host = current_realm().host
    for node in functions:
        name = node.id.name if node.id is not None else "*default*"
        if host.claims(node):
            environment.create_lazy_binding(
                name,
                lambda node=node: instantiate_function_object(node, environment),  # type: ignore[misc]
            )
        else:
            environment.bindings[name] = instantiate_function_object(node, environment)
