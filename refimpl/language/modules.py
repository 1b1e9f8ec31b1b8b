"""Module Records: linking, evaluation with top-level await, namespaces (ECMA-262 §16.2.1, §10.4.6).

* The host makes modules and keeps them: `Host.load_module` gives the same Module for the same request.
* `module.link()` throws the guest's SyntaxError for an import that resolves to nothing;
  `module.evaluate()` returns the promise of the evaluation.
* Linking and evaluation are ECMAScript's depth-first algorithms, with their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from refimpl.language.agent import ExecutionContext, intrinsic, surrounding
from refimpl.language.environment import (
    Environment,
    Indirection,
    ModuleEnvironment,
    initialize_functions,
    plan_of,
)
from refimpl.language.errors import Throw, make_error, throw_reference_error, throw_syntax_error
from refimpl.language.frames import IN_LARGE_ROOM
from refimpl.language.functions import faults_named
from refimpl.language.generators import start_async_function
from refimpl.language.objects import JSObject, Property, same_value
from refimpl.language.operations import enumerable_own_properties, get, throw_type_error, to_string
from refimpl.language.promises import (
    PromiseCapability,
    PromiseObject,
    new_promise_capability,
    perform_promise_then,
)
from refimpl.language.requests import (
    ExportEntry,
    ImportEntry,
    ModuleRequest,
    has_top_level_await,
    module_entries,
)
from refimpl.language.rules.base import evaluate_statements
from refimpl.language.values import SYMBOL_TO_STRING_TAG, Key, Symbol, Value, undefined
from refimpl.source.diagnostics import SyntaxDiagnostic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from refimpl.language.realm import Realm
    from refimpl.source.nodes import Program
    from refimpl.source.text import Source

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


class SourceTextModule(Module):
    """A Source Text Module Record, which is a Cyclic Module Record."""

    def __init__(self, realm: Realm, program: Program, source: Source) -> None:
        """ParseModule, for source text already parsed."""
        super().__init__(realm, source.name)
        self.program = program
        self.source = source
        self.requests: list[ModuleRequest]
        self.imports: list[ImportEntry]
        self.exports: list[ExportEntry]
        self.requests, self.imports, self.exports = module_entries(program)
        self.has_tla = has_top_level_await(program)
        self.loaded: dict[ModuleRequest, Module] = {}
        self.status = "unlinked"
        self.dfs_index = self.dfs_ancestor_index = 0
        self.error: Throw | None = None
        self.cycle_root: SourceTextModule | None = None
        self.async_evaluation_order: int | str | None = None
        self.capability: PromiseCapability | None = None
        self.async_parents: list[SourceTextModule] = []
        self.pending_async_dependencies = 0

    # exports

    def get_exported_names(self, visited: set[Module] | None = None) -> list[str]:
        """GetExportedNames."""
        visited = set() if visited is None else visited
        if self in visited:
            return []
        visited.add(self)
        names = [entry.exported for entry in self.exports if entry.exported is not None]
        for entry in self.exports:
            if entry.exported is None and entry.request is not None:
                for name in self.imported_module(entry.request).get_exported_names(visited):
                    if name != "default" and name not in names:
                        names.append(name)
        return names

    def resolve_export(
        self, name: str, resolve_set: set[tuple[Module, str]] | None = None
    ) -> Resolution:
        """ResolveExport."""
        resolve_set = set() if resolve_set is None else resolve_set
        if (self, name) in resolve_set:
            return None
        resolve_set.add((self, name))
        for entry in self.exports:
            if entry.exported == name:
                if entry.request is None:
                    return (self, str(entry.local))
                module = self.imported_module(entry.request)
                if entry.imported is None:
                    return (module, NAMESPACE)
                return module.resolve_export(entry.imported, resolve_set)
        return None if name == "default" else self.resolve_star(name, resolve_set)

    def resolve_star(self, name: str, resolve_set: set[tuple[Module, str]]) -> Resolution:
        """ResolveExport, the steps for `export *`."""
        star: Resolution = None
        for entry in self.exports:
            if entry.exported is not None or entry.request is None:
                continue
            resolution = self.imported_module(entry.request).resolve_export(name, resolve_set)
            if resolution == AMBIGUOUS:
                return AMBIGUOUS
            if resolution is not None:
                if star is not None and star != resolution:
                    return AMBIGUOUS
                star = resolution
        return star

    def imported_module(self, request: ModuleRequest) -> Module:
        """GetImportedModule."""
        return self.loaded[request]

    # linking

    def load_requested_modules(self) -> None:
        """LoadRequestedModules: ask the host for everything that is reachable."""
        pending = [self]
        while pending:
            module = pending.pop()
            for request in module.requests:
                if request not in module.loaded:
                    loaded = self.realm.host.load_module(
                        request.specifier, module.name, dict(request.attributes)
                    )
                    module.loaded[request] = loaded
                    if isinstance(loaded, SourceTextModule) and loaded.status == "unlinked":
                        pending.append(loaded)

    def link(self) -> None:
        """Link."""
        self.load_requested_modules()
        stack: list[SourceTextModule] = []
        try:
            inner_module_linking(self, stack, 0)
        except BaseException:
            for module in stack:
                module.status = "unlinked"
            raise

    def initialize_environment(self) -> None:
        """InitializeEnvironment."""
        for export in self.exports:
            if export.exported is not None and export.request is not None:
                self.require(self.resolve_export(export.exported), export.exported, export.request)
        plan = plan_of(self.program.scope)
        env = self.environment = ModuleEnvironment(self.realm.global_environment, self)
        env.bindings.update(plan.initial)
        env.immutable = plan.immutable | {entry.local for entry in self.imports}
        for entry in self.imports:
            self.create_import_binding(env, entry)
        agent = surrounding.agent
        outside, agent.context = agent.context, self.new_context()
        try:
            initialize_functions(plan.functions, env)
        finally:
            agent.context = outside

    def create_import_binding(self, env: Environment, entry: ImportEntry) -> None:
        """CreateImportBinding: a live binding, or the namespace object."""
        imported = self.imported_module(entry.request)
        if entry.imported is None:
            env.bindings[entry.local] = Indirection(lambda _: imported.get_namespace())
        else:
            resolution = imported.resolve_export(entry.imported)
            module, name = self.require(resolution, entry.imported, entry.request)
            env.bindings[entry.local] = Indirection(lambda _: module.binding_value(name))

    def require(self, resolution: Resolution, name: str, request: ModuleRequest) -> Any:
        """A ResolvedBinding, or the guest's SyntaxError."""
        if resolution is None:
            throw_syntax_error(
                f"The module '{request.specifier}' does not provide an export named '{name}'"
            )
        if resolution == AMBIGUOUS:
            throw_syntax_error(
                f"The module '{request.specifier}' has conflicting exports named '{name}'"
            )
        return resolution

    # evaluation

    def evaluate(self) -> PromiseObject:
        """Evaluate."""
        module = self
        if self.status in {"evaluating-async", "evaluated"} and self.cycle_root is not None:
            module = self.cycle_root
        if module.capability is not None:
            return module.capability.promise  # type: ignore[no-any-return]
        capability = module.capability = new_promise_capability(intrinsic("%Promise%"))
        stack: list[SourceTextModule] = []
        try:
            inner_module_evaluation(module, stack, 0)
        except Throw as thrown:
            for entered in stack:
                entered.status = "evaluated"
                entered.error = thrown
            capability.reject.call(undefined, [thrown.value])
        else:
            if module.async_evaluation_order is None:
                capability.resolve.call(undefined, [undefined])
        return capability.promise  # type: ignore[no-any-return]

    def new_context(self) -> ExecutionContext:
        """The execution context of the module's code."""
        return ExecutionContext(self.realm, surrounding.agent.context, None, self.source)

    def execute(self) -> PromiseObject | None:
        """ExecuteModule; the promise of an asynchronous one."""
        agent = surrounding.agent
        outside, agent.context = agent.context, self.new_context()
        try:
            if self.has_tla:
                return start_async_function(self.evaluate_body)
            self.evaluate_body()
        finally:
            agent.context = outside
        return None

    def evaluate_body(self) -> Value:
        """Evaluation of the ModuleItemList."""
        with faults_named():
            IN_LARGE_ROOM(lambda: evaluate_statements(self.program.body, self.environment))
        return undefined


def inner_module_linking(module: Module, stack: list[SourceTextModule], index: int) -> int:
    """InnerModuleLinking."""
    if not isinstance(module, SourceTextModule):
        module.link()
        return index
    if module.status != "unlinked":
        return index
    module.status = "linking"
    module.dfs_index = module.dfs_ancestor_index = index
    index += 1
    stack.append(module)
    for request in module.requests:
        required = module.imported_module(request)
        index = inner_module_linking(required, stack, index)
        if isinstance(required, SourceTextModule) and required.status == "linking":
            module.dfs_ancestor_index = min(module.dfs_ancestor_index, required.dfs_ancestor_index)
    module.initialize_environment()
    if module.dfs_ancestor_index == module.dfs_index:
        while True:
            member = stack.pop()
            member.status = "linked"
            if member is module:
                break
    return index


def inner_module_evaluation(module: Module, stack: list[SourceTextModule], index: int) -> int:
    """InnerModuleEvaluation."""
    if not isinstance(module, SourceTextModule):
        promise = module.evaluate()
        if promise.state == "rejected":
            promise.is_handled = True
            raise Throw(promise.result)
        return index
    if module.status in {"evaluating-async", "evaluated"}:
        if module.error is not None:
            raise module.error
        return index
    if module.status == "evaluating":
        return index
    module.status = "evaluating"
    module.dfs_index = module.dfs_ancestor_index = index
    index += 1
    stack.append(module)
    for request in module.requests:
        index = evaluate_required(module, module.imported_module(request), stack, index)
    if module.pending_async_dependencies > 0 or module.has_tla:
        module.async_evaluation_order = next_order(module)
        if module.pending_async_dependencies == 0:
            execute_async_module(module)
    else:
        module.execute()
    if module.dfs_ancestor_index == module.dfs_index:
        finish_component(module, stack)
    return index


def evaluate_required(
    module: SourceTextModule, required: Module, stack: list[SourceTextModule], index: int
) -> int:
    """Evaluate one dependency and remember what the module has to wait for."""
    index = inner_module_evaluation(required, stack, index)
    if not isinstance(required, SourceTextModule):
        return index
    if required.status == "evaluating":
        module.dfs_ancestor_index = min(module.dfs_ancestor_index, required.dfs_ancestor_index)
    else:
        assert required.cycle_root is not None  # set when its component finished
        required = required.cycle_root
        if required.error is not None:
            raise required.error
    if isinstance(required.async_evaluation_order, int):
        module.pending_async_dependencies += 1
        required.async_parents.append(module)
    return index


def finish_component(module: SourceTextModule, stack: list[SourceTextModule]) -> None:
    """Pop a finished strongly connected component off the stack."""
    while True:
        member = stack.pop()
        waits = member.async_evaluation_order is not None
        member.status = "evaluating-async" if waits else "evaluated"
        member.cycle_root = module
        if member is module:
            return


def next_order(module: SourceTextModule) -> int:
    """IncrementModuleAsyncEvaluationCount."""
    agent = module.realm.agent
    agent.module_async_evaluation_count += 1
    return agent.module_async_evaluation_count


def execute_async_module(module: SourceTextModule) -> None:
    """ExecuteAsyncModule."""

    def rejected(error: Value) -> None:
        async_module_execution_rejected(module, Throw(error))

    promise = module.execute()
    assert promise is not None  # it has a top-level await
    perform_promise_then(promise, lambda _: async_module_execution_fulfilled(module), rejected)


def gather_available_ancestors(
    module: SourceTextModule, found: list[SourceTextModule]
) -> list[SourceTextModule]:
    """GatherAvailableAncestors."""
    for parent in module.async_parents:
        root = parent.cycle_root
        if parent not in found and (root is None or root.error is None):
            parent.pending_async_dependencies -= 1
            if parent.pending_async_dependencies == 0:
                found.append(parent)
                if not parent.has_tla:
                    gather_available_ancestors(parent, found)
    return found


def async_module_execution_fulfilled(module: SourceTextModule) -> None:
    """AsyncModuleExecutionFulfilled."""
    if module.status == "evaluated":
        return
    settle_module(module, None)
    ancestors = gather_available_ancestors(module, [])
    for parent in sorted(ancestors, key=lambda parent: int(parent.async_evaluation_order or 0)):
        if parent.status == "evaluated":
            continue
        if parent.has_tla:
            execute_async_module(parent)
            continue
        try:
            parent.execute()
        except Throw as thrown:
            async_module_execution_rejected(parent, thrown)
        else:
            settle_module(parent, None)


def async_module_execution_rejected(module: SourceTextModule, error: Throw) -> None:
    """AsyncModuleExecutionRejected."""
    if module.status == "evaluated":
        return
    module.error = error
    module.status = "evaluated"
    module.async_evaluation_order = "done"
    for parent in module.async_parents:
        async_module_execution_rejected(parent, error)
    settle_module(module, error)


def settle_module(module: SourceTextModule, error: Throw | None) -> None:
    """The module's asynchronous evaluation is over: tell whoever asked for it."""
    module.async_evaluation_order = "done"
    module.status = "evaluated"
    if module.capability is not None:
        if error is None:
            module.capability.resolve.call(undefined, [undefined])
        else:
            module.capability.reject.call(undefined, [error.value])


def dynamic_import(specifier: Value, options: Value, referrer: Module | None) -> Value:
    """EvaluateImportCall and ContinueDynamicImport; the promise of the namespace."""
    capability = new_promise_capability(intrinsic("%Promise%"))
    realm = surrounding.agent.context.realm
    try:
        name = to_string(specifier)
        attributes = import_attributes(options)
        module = realm.host.load_module(
            name, None if referrer is None else referrer.name, attributes
        )
        module.link()
        evaluation = module.evaluate()
    except SyntaxDiagnostic as error:
        capability.reject.call(undefined, [make_error("SyntaxError", str(error))])
    except Throw as thrown:
        capability.reject.call(undefined, [thrown.value])
    else:
        perform_promise_then(
            evaluation,
            lambda _: capability.resolve.call(undefined, [module.get_namespace()]),
            lambda reason: capability.reject.call(undefined, [reason]),
        )
    return capability.promise


def import_attributes(options: Value) -> dict[str, str]:
    """The import attributes in the second argument of `import()`."""
    if options is undefined:
        return {}
    if not isinstance(options, JSObject):
        throw_type_error("The second argument of import() must be an object")
    attributes = get(options, "with")
    if attributes is undefined:
        return {}
    if not isinstance(attributes, JSObject):
        throw_type_error("Import attributes must be an object")
    result: dict[str, str] = {}
    for key in enumerable_own_properties(attributes, "key"):
        value = get(attributes, key)
        if type(value) is not str:
            throw_type_error("Import attribute values must be strings")
        result[key] = value
    return result


class ModuleNamespace(JSObject):
    """A module namespace exotic object (§10.4.6)."""

    __slots__ = ("exports",)

    builtin_tag = "Module"

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
