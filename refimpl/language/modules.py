"""Source Text Module Records and `import()` (ECMA-262 §16.2.1.7, §13.3.10).

* The host makes modules and keeps them: `Host.load_module` gives the same Module for the same request.
* `module.link()` throws the guest's SyntaxError for an import that resolves to nothing;
  `module.evaluate()` returns the promise of the evaluation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import ExecutionContext, intrinsic, surrounding
from refimpl.language.cyclic_modules import CyclicModule
from refimpl.language.environment import (
    Indirection,
    ModuleEnvironment,
    initialize_functions,
    plan_of,
)
from refimpl.language.errors import Throw, make_error, throw_syntax_error
from refimpl.language.frames import IN_LARGE_ROOM
from refimpl.language.functions import faults_named
from refimpl.language.generators import start_async_function
from refimpl.language.module_records import (
    AMBIGUOUS,
    NAMESPACE,
    Module,
    ModuleNamespace,
    Resolution,
    SyntheticModule,
)
from refimpl.language.objects import JSObject
from refimpl.language.operations import enumerable_own_properties, get, throw_type_error, to_string
from refimpl.language.promises import PromiseObject, new_promise_capability, perform_promise_then
from refimpl.language.requests import (
    ImportEntry,
    ModuleRequest,
    has_top_level_await,
    module_entries,
)
from refimpl.language.rules.base import evaluate_statements
from refimpl.language.values import Value, undefined
from refimpl.source.diagnostics import SyntaxDiagnostic

if TYPE_CHECKING:
    from refimpl.language.realm import Realm
    from refimpl.source.nodes import Program
    from refimpl.source.text import Source

__all__ = ["Module", "ModuleNamespace", "SourceTextModule", "SyntheticModule", "dynamic_import"]


class SourceTextModule(CyclicModule):
    """A Source Text Module Record."""

    def __init__(self, realm: Realm, program: Program, source: Source) -> None:
        """ParseModule, for source text already parsed."""
        requests, self.imports, self.exports = module_entries(program)
        super().__init__(realm, source.name, requests, has_tla=has_top_level_await(program))
        self.program = program
        self.source = source

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

    # environment

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

    def create_import_binding(self, env: ModuleEnvironment, entry: ImportEntry) -> None:
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

    # execution

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


def dynamic_import(specifier: Value, options: Value, referrer: Module | None) -> Value:
    """EvaluateImportCall and ContinueDynamicImport; the promise of the namespace."""
    capability = new_promise_capability(intrinsic("%Promise%"))
    host = surrounding.agent.context.realm.host

    def rejected(reason: Value) -> None:
        host.import_failed(reason, linking=False)
        capability.reject.call(undefined, [reason])

    try:
        name = to_string(specifier)
        attributes = import_attributes(options)
        module = host.load_module(name, None if referrer is None else referrer.name, attributes)
        try:
            module.link()
        except Throw as thrown:
            host.import_failed(thrown.value, linking=True)
            raise
        evaluation = module.evaluate()
    except SyntaxDiagnostic as error:
        capability.reject.call(undefined, [make_error("SyntaxError", str(error))])
    except Throw as thrown:
        capability.reject.call(undefined, [thrown.value])
    else:
        perform_promise_then(
            evaluation,
            lambda _: capability.resolve.call(undefined, [module.get_namespace()]),
            rejected,
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
