"""Module Records: what every module is, synthetic modules, and namespaces (ECMA-262 §16.2.1, §10.4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from refimpl.language.agent import intrinsic
from refimpl.language.environment import Environment
from refimpl.language.errors import throw_reference_error
from refimpl.language.objects import JSObject, Property, same_value
from refimpl.language.promises import PromiseObject, new_promise_capability
from refimpl.language.values import SYMBOL_TO_STRING_TAG, Key, Symbol, Value, undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.language.realm import Realm

#: The [[BindingName]] of a ResolvedBinding that stands for the module's namespace object.
NAMESPACE: Final = "*namespace*"

#: A ResolvedBinding Record, None for null, or AMBIGUOUS.
AMBIGUOUS: Final = "ambiguous"
Resolution: TypeAlias = "tuple[Module, str] | str | None"


class Module:
    """An Abstract Module Record; `name` is what the host calls it."""

    def __init__(self, realm: Realm, name: str) -> None:
        self.realm = realm
        self.name = name
        self.environment: Environment
        self.namespace: ModuleNamespace | None = None
        self.meta: JSObject | None = None

    def get_exported_names(self, visited: set[Module] | None = None) -> list[str]:
        """GetExportedNames."""
        raise NotImplementedError

    def resolve_export(
        self, name: str, resolve_set: set[tuple[Module, str]] | None = None
    ) -> Resolution:
        """ResolveExport."""
        raise NotImplementedError

    def link(self) -> None:
        """Link: load what is requested and resolve every import, or throw."""
        raise NotImplementedError

    def evaluate(self) -> PromiseObject:
        """Evaluate."""
        raise NotImplementedError

    def binding_value(self, name: str) -> Value:
        """The value of a resolved binding of this module."""
        return (
            self.get_namespace() if name == NAMESPACE else self.environment.get_binding_value(name)
        )

    def get_namespace(self) -> ModuleNamespace:
        """GetModuleNamespace."""
        if self.namespace is None:
            names = self.get_exported_names()
            exports = {
                name: r for name in names if isinstance(r := self.resolve_export(name), tuple)
            }
            self.namespace = ModuleNamespace(exports)
        return self.namespace

    def import_meta(self) -> JSObject:
        """The `import.meta` object, made once."""
        if self.meta is None:
            self.meta = JSObject(None)
            self.realm.host.import_meta(self, self.meta)
        return self.meta


class SyntheticModule(Module):
    """A Synthetic Module Record (§16.2.1.8): exports made by the host."""

    def __init__(
        self,
        realm: Realm,
        name: str,
        export_names: Iterable[str],
        steps: Callable[[SyntheticModule], None],
    ) -> None:
        super().__init__(realm, name)
        self.export_names = [*export_names]
        self.steps: Callable[[SyntheticModule], None] | None = steps
        self.promise: PromiseObject | None = None
        self.environment = Environment(realm.global_environment)
        self.environment.bindings.update(dict.fromkeys(self.export_names, undefined))

    def get_exported_names(self, visited: set[Module] | None = None) -> list[str]:
        """GetExportedNames."""
        del visited
        return self.export_names

    def resolve_export(
        self, name: str, resolve_set: set[tuple[Module, str]] | None = None
    ) -> Resolution:
        """ResolveExport."""
        del resolve_set
        return (self, name) if name in self.export_names else None

    def link(self) -> None:
        """Link: there is nothing to resolve."""

    def set_export(self, name: str, value: Value) -> None:
        """SetSyntheticModuleExport."""
        self.environment.initialize_binding(name, value)

    def evaluate(self) -> PromiseObject:
        """Evaluate: perform the steps, once."""
        if self.promise is None:
            capability = new_promise_capability(intrinsic("%Promise%"))
            self.promise = capability.promise

            def run() -> Value:
                if self.steps is not None:
                    self.steps(self)
                return undefined

            capability.settle_with(run)
        assert self.promise is not None
        return self.promise


class ModuleNamespace(JSObject):
    """A module namespace exotic object (§10.4.6)."""

    __slots__ = ("exports",)

    def __init__(self, exports: dict[str, tuple[Module, str]]) -> None:
        """ModuleNamespaceCreate."""
        super().__init__(None)
        self.exports = {name: exports[name] for name in sorted(exports)}
        self.extensible = False
        self.props[SYMBOL_TO_STRING_TAG] = Property(
            "Module", writable=False, enumerable=False, configurable=False
        )

    def set_prototype_of(self, prototype: JSObject | None) -> bool:
        """[[SetPrototypeOf]]."""
        return prototype is None

    def get_own_property(self, key: Key) -> Property | None:
        """[[GetOwnProperty]]."""
        if type(key) is Symbol or key not in self.exports:
            return super().get_own_property(key)
        value = self.get(key, self)
        return Property(value, writable=True, enumerable=True, configurable=False)

    def define_own_property(self, key: Key, descriptor: Property) -> bool:
        """[[DefineOwnProperty]]: true for what changes nothing."""
        if type(key) is Symbol:
            return super().define_own_property(key, descriptor)
        current = self.get_own_property(key)
        if current is None or descriptor.configurable is True or descriptor.is_accessor():
            return False
        if descriptor.enumerable is False or descriptor.writable is False:
            return False
        given = descriptor.fields()
        return "value" not in given or same_value(given["value"], current.value)

    def has_property(self, key: Key) -> bool:
        """[[HasProperty]]."""
        return key in self.exports or key in self.props

    def get(self, key: Key, receiver: Value) -> Value:
        """[[Get]]."""
        if type(key) is Symbol or key not in self.exports:
            return super().get(key, receiver)
        module, name = self.exports[key]
        if name != NAMESPACE and not hasattr(module, "environment"):
            throw_reference_error(f"Cannot access '{key}' before initialization")
        return module.binding_value(name)

    def set(self, key: Key, value: Value, receiver: Value) -> bool:
        """[[Set]]."""
        del key, value, receiver
        return False

    def delete(self, key: Key) -> bool:
        """[[Delete]]."""
        return super().delete(key) if type(key) is Symbol else key not in self.exports

    def own_property_keys(self) -> list[Key]:
        """[[OwnPropertyKeys]]."""
        return [*self.exports, *self.props]
