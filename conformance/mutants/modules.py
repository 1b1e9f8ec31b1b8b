"""Defects of chapter 3: what a file with a directive is, and what it exports and imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import refimpl.source
from conformance.mutants.mutant import mutant
from refimpl.application import Application
from refimpl.calls.endpoint import Endpoint
from refimpl.functions import compilation, project
from refimpl.functions.project import Project
from refimpl.language.modules import Module, SourceTextModule, SyntheticModule
from refimpl.modules import exports, kinds, resolution
from refimpl.references import registration
from refimpl.references.hosts import ClientHost, ProjectHost, ServerHost
from refimpl.references.proxy import ClientReferenceObject
from refimpl.references.registration import Registration, ServerModule
from refimpl.references.registry import Registry

if TYPE_CHECKING:
    from conformance.mutants.patching import Patch
    from refimpl.references.registry import Entry


# --- kinds ---------------------------------------------------------------------------------------


@mutant("module.kinds")
def knows_no_client_modules(patch: Patch) -> None:
    """A client directive marks nothing."""
    patch.edit(kinds.module_kind, "directive(program.directives, USE_CLIENT)", "None")


@mutant("module.file-only")
def marks_what_is_imported(patch: Patch) -> None:
    """What a server module imports is a server module too."""
    imported = """
    for path in [*modules]:
        if modules[path].kind is ModuleKind.SERVER:
            for target in imported_paths(modules[path].program, path, files):
                object.__setattr__(modules[target], "kind", ModuleKind.SERVER)
    return Project(dict(files), modules, tuple(unreadable), tuple(client_roots))
    """
    last = "return Project(dict(files), modules, tuple(unreadable), tuple(client_roots))"
    patch.edit(project.compile_project, last, imported)


@mutant("module.conflict")
def lets_the_server_win(patch: Patch) -> None:
    """Both directives in one file make a server module."""
    patch.edit(kinds.conflict, "server is None or client is None", "True")


@mutant("module.conflict")
def sees_one_order_of_conflict(patch: Patch) -> None:
    """Both directives are a conflict only when the server's comes first."""
    late = "server is None or client is None or client.start < server.start"
    patch.edit(kinds.conflict, "server is None or client is None", late)


@mutant("module.client.inline")
def lets_clients_define(patch: Patch) -> None:
    """A server function in a client module is not refused."""
    patch.edit(compilation._inline_faults, "kind is ModuleKind.CLIENT", "False")


@mutant("module.client.reached")
def looks_at_client_modules_only(patch: Patch) -> None:
    """A server function in a module that a client module imports is not refused."""
    patch.edit(
        Project.errors,
        "[*self.unreadable, *found, *self._reached_by_client()]",
        "[*self.unreadable, *found]",
    )


@mutant("module.client.reached")
def follows_one_import(patch: Patch) -> None:
    """Only what a client module imports directly counts as reached."""
    first = (
        "[*dict.fromkeys([*self.client_roots, *clients, *(t for c in clients for t in edges(c))])]"
    )
    patch.edit(Project.client_graph, "reachable([*self.client_roots, *clients], edges)", first)


# --- exports -------------------------------------------------------------------------------------


@mutant("export.all")
def drops_second_export(patch: Patch) -> None:
    """Of the exports of a module only the first is a server function."""
    patch.edit(compilation.CompiledModule.exported, "self.exports", "[*self.exports][:1]")


@mutant("export.only")
def exposes_helpers(patch: Patch) -> None:
    """Every function at the top of a server module is callable."""
    everything = """
    return [
        ServerFunction("export", name, found, name)
        for name, found in self.exports.declared.items()
        if isinstance(found, nodes.Function)
    ]
    """
    exported = """
    return [
        ServerFunction("export", export.name, export.place, export.name)
        for export in self.exports
    ]
    """
    patch.edit(compilation.CompiledModule.exported, exported, everything)


@mutant("export.declaration")
def misses_declarations(patch: Patch) -> None:
    """A function that is exported where it is declared is not seen."""
    patch.edit(
        exports.ModuleExports._written,
        "declared_names(declaration)",
        "(each for each in declared_names(declaration) if not isinstance(declaration, nodes.Function))",
    )


@mutant("export.variable")
def sees_one_variable(patch: Patch) -> None:
    """Of several variables in one declaration only the first is an export."""
    patch.edit(
        exports.declared_names,
        "for declarator in declarators:\n    yield from bound_names(declarator.id)",
        "yield from bound_names(declarators[0].id)",
    )


@mutant("export.list")
def goes_by_the_local_name(patch: Patch) -> None:
    """An export list exports under the local name."""
    patch.edit(
        exports.ModuleExports._listed,
        "Export(name, specifier.exported, self.evident_value(specifier.local))",
        "Export(name_of(specifier.local), specifier.exported, self.evident_value(specifier.local))",
    )


@mutant("export.default")
def misses_default(patch: Patch) -> None:
    """A default export is not seen."""
    patch.edit(
        exports.ModuleExports._written,
        'yield Export("default", statement, self.evident_value(value))',
        "pass",
    )


@mutant("export.destructured")
def misses_patterns(patch: Patch) -> None:
    """Names that a pattern binds are not exports."""
    patch.edit(
        exports.declared_names,
        "yield from bound_names(declarator.id)",
        "if isinstance(declarator.id, nodes.Identifier): yield declarator.id",
    )


@mutant("export.computed")
def wants_the_word_async(patch: Patch) -> None:
    """A function that was not declared async is refused, wherever it came from."""
    strict = """
    if isinstance(node, nodes.Function) and not node.is_async:
        return "a function that is not async"
    return None
    """
    patch.edit(registration.export_fault, "return None", strict)


@mutant("export.computed.awaited")
def takes_what_is_returned(patch: Patch) -> None:
    """What a function returns is sent without being awaited."""
    patch.edit(
        Endpoint.call,
        "promise_resolve(intrinsic('%Promise%'), result)",
        "promise_resolve(intrinsic('%Promise%'), result if type(result).__name__ == 'PromiseObject' and type(function).__name__ != 'ECMAScriptFunction' else undefined)",
    )


@mutant("export.imported")
def misses_imported_bindings(patch: Patch) -> None:
    """A binding that is imported and then exported is not an export."""
    seen = (
        "if specifier.local.name in self.declared: yield self._listed(specifier, statement.source)"
    )
    patch.edit(
        exports.ModuleExports._written, "yield self._listed(specifier, statement.source)", seen
    )


@mutant("export.string-name")
def wants_identifiers(patch: Patch) -> None:
    """An export whose name is no identifier is not seen."""
    patch.edit(
        exports.ModuleExports.__iter__,
        "export.name not in named",
        "export.name not in named and export.name.isidentifier()",
    )


@mutant("export.two-names")
def knows_a_function_by_one_name(patch: Patch) -> None:
    """A function that is exported twice is callable under its first name."""
    first = "[e for i, e in enumerate(self.exports) if e.value is None or e.value not in [o.value for o in [*self.exports][:i]]]"
    patch.edit(compilation.CompiledModule.exported, "self.exports", first)


@mutant("export.value")
def registers_what_was_declared(patch: Patch) -> None:
    """The function that an export is declared as is callable, whatever is assigned to it."""
    early = """
    for entry in self.registration.registry.exports_of(self.name):
        try:
            value = export_value(self, str(entry.function.name))
        except Throw:
            continue
        if isinstance(value, FunctionObject):
            self.registration.registry.register(entry, value)
    result = super().evaluate_body()
    """
    patch.edit(ServerModule.evaluate_body, "result = super().evaluate_body()", early)


@mutant("export.value.fixed")
def takes_the_last_assignment(patch: Patch) -> None:
    """An assignment to an exported binding changes which function clients call."""
    evaluated, object_of = Registration.evaluated, Registry.object_of
    modules: dict[tuple[int, str], ServerModule] = {}

    def note(self: Registration, module: ServerModule) -> None:
        modules[id(self.registry), module.name] = module
        evaluated(self, module)

    def current(self: Registry, entry: Entry) -> Any:
        module = modules.get((id(self), entry.path))
        if module is None or entry.function.where == "inline":
            return object_of(self, entry)
        return registration.export_value(module, str(entry.function.name))

    patch.replace(evaluated, note)
    patch.replace(object_of, current)


@mutant("export.types")
def counts_types(patch: Patch) -> None:
    """Exports that TypeScript erases are kept."""
    patch.edit(refimpl.source.load, "erase_type_exports(program)", "pass")


@mutant("module.server.inline")
def ignores_inner_directives(patch: Patch) -> None:
    """In a server module, functions with a directive of their own are not server functions."""
    patch.edit(
        compilation.compile_module,
        "place.function not in exported",
        "kind is not ModuleKind.SERVER",
    )


@mutant("module.server.inline.export")
def registers_exports_twice(patch: Patch) -> None:
    """An export with a directive of its own is two server functions."""
    patch.edit(compilation.compile_module, "place.function not in exported", "True")


@mutant("export.function")
def exports_classes(patch: Patch) -> None:
    """Whatever can be called or constructed may be exported."""
    patch.edit(exports.evident_fault, "return 'a class'", "return None")
    patch.edit(registration.export_fault, "return 'a class'", "return None")


@mutant("export.function")
def exports_generators(patch: Patch) -> None:
    """A generator function may be exported."""
    patch.edit(exports.evident_fault, "return 'a generator function'", "return None")
    patch.edit(registration.export_fault, "return 'a generator function'", "return None")


@mutant("export.async")
def exports_sync_functions(patch: Patch) -> None:
    """A function declared without async may be exported."""
    patch.edit(exports.evident_fault, "return 'a function that is not async'", "return None")


@mutant("export.async-generator")
def exports_no_generators_at_all(patch: Patch) -> None:
    """An async generator function that is exported is taken for a generator."""
    patch.edit(registration.export_fault, "not node.is_async", "True")


@mutant("export.evident")
def looks_at_functions_only(patch: Patch) -> None:
    """That an export is a number, an object or a class is found when it is evaluated."""
    patch.edit(exports.evident_fault, "isinstance(value, NEVER_A_FUNCTION)", "False")


@mutant("export.evident")
def believes_reassigned_names(patch: Patch) -> None:
    """An export is judged by its declaration, although something assigns to it."""
    patch.edit(exports.ModuleExports.evident_value, "name in self.assigned", "False")


@mutant("export.load")
def never_examines_exports(patch: Patch) -> None:
    """What an export holds is not looked at."""
    patch.edit(Registration.examine, "fault is not None", "False")


@mutant("export.failed-module")
def registers_the_good_ones(patch: Patch) -> None:
    """The other exports of a module stay callable when one is refused."""
    examine = "self.examine(entry, value)\nfound.append((entry, value))"
    good = "if export_fault(value) is None: found.append((entry, value))"
    patch.edit(Registration.evaluated, examine, good)


@mutant("export.re-export")
def drops_re_exports(patch: Patch) -> None:
    """What a server module re-exports from another is no server function of it."""
    own = "[each for each in self.exports if each.source is None]"
    patch.edit(compilation.CompiledModule.exported, "self.exports", own)


@mutant("export.star")
def drops_stars(patch: Patch) -> None:
    """`export *` exports nothing."""
    patch.edit(Project.server_functions, "module.exports.stars()", "[]")


@mutant("export.star")
def passes_on_default(patch: Patch) -> None:
    """`export *` exports the default export as well."""
    patch.edit(Project.server_functions, "named | {'default'}", "named")


@mutant("export.star")
def lets_stars_hide(patch: Patch) -> None:
    """An ambiguous name of two `export *` is the first of them."""
    patch.edit(Project.server_functions, "len(self._origins(path, name)) == 1", "True")


@mutant("export.namespace")
def exports_namespaces(patch: Patch) -> None:
    """`export * as` may be exported."""
    patch.edit(exports.evident_fault, "return 'a namespace'", "return None")


@mutant("export.client-reference")
def exports_client_references(patch: Patch) -> None:
    """An export of a client module may be exported by a server module."""
    patch.edit(registration.export_fault, "isinstance(value, ClientReferenceObject)", "False")


# --- imports -------------------------------------------------------------------------------------


@mutant("import.by-client")
def gives_clients_the_functions(patch: Patch) -> None:
    """A client that imports a server module gets its functions and runs them itself."""
    patch.edit(ClientHost.make_module, "compiled.kind is not ModuleKind.SERVER", "True")


@mutant("import.by-client.forms")
def serves_named_imports_only(patch: Patch) -> None:
    """A client does not find the default export of a server module."""
    patch.edit(
        ClientHost.make_module,
        "self.registry.exports_of(path)",
        "[e for e in self.registry.exports_of(path) if e.function.name != 'default']",
    )


@mutant("import.by-client.text")
def ships_server_modules(patch: Patch) -> None:
    """The text of a server module is given to the client with the rest."""
    patch.edit(Application.given_to_client, "module.kind is ModuleKind.SERVER", "False")


@mutant("import.by-client.text")
def ships_what_servers_import(patch: Patch) -> None:
    """What only server modules import is given to the client."""
    patch.edit(
        Project.client_graph,
        "[] if kinds.get(path) is ModuleKind.SERVER else self.imports(path)",
        "self.imports(path)",
    )


@mutant("import.by-client.unevaluated")
def evaluates_on_the_client(patch: Patch) -> None:
    """A client evaluates the server modules it imports."""
    original = ClientHost.make_module

    def make_module(self: ClientHost, path: str) -> object:
        module = original(self, path)
        compiled = self.project.modules.get(path)
        if compiled is not None and compiled.kind == "server":
            ran = ProjectHost.make_module(self, path)
            ran.link()
            ran.evaluate()
        return module

    patch.replace(original, make_module)


@mutant("import.missing")
def gives_undefined(patch: Patch) -> None:
    """A name that a module does not export is undefined where it is imported."""
    require = SourceTextModule.require

    def forgiving(self: SourceTextModule, resolution: Any, name: str, request: Any) -> Any:
        if resolution is None:
            return SyntheticModule(self.realm, "", [name], lambda _: None), name
        return require(self, resolution, name, request)

    patch.replace(require, forgiving)


@mutant("import.by-server")
def gives_servers_references(patch: Patch) -> None:
    """Server code that imports a server module gets references, which it cannot call."""
    load_module = ProjectHost.load_module

    def load(self: ProjectHost, specifier: str, referrer: str | None, attributes: Any) -> Module:
        found = load_module(self, specifier, referrer, attributes)
        compiled = self.project.modules.get(found.name)
        if compiled is None or compiled.kind is not kinds.ModuleKind.SERVER:
            return found
        names = self.project.exported_names(found.name)

        def define(module: SyntheticModule) -> None:
            for name in names:
                module.set_export(name, ClientReferenceObject(found.name, name))

        return SyntheticModule(self.realm, found.name, names, define)

    patch.replace(load_module, load)


@mutant("import.live")
def copies_imported_bindings(patch: Patch) -> None:
    """An imported binding keeps the value it had when it was first read."""
    live = "env.bindings[entry.local] = Indirection(lambda _: module.binding_value(name))"
    copied = """
    held = []
    env.bindings[entry.local] = Indirection(
        lambda _: held[0] if held else held.append(module.binding_value(name)) or held[0]
    )
    """
    patch.edit(SourceTextModule.create_import_binding, live, copied)


@mutant("import.through")
def knows_no_ordinary_modules(patch: Patch) -> None:
    """A module without a directive is known to clients by its own server functions only."""
    known = "compiled is None or compiled.kind is not ModuleKind.SERVER"
    clients = "compiled is None or compiled.kind is ModuleKind.CLIENT or path in self.project.client_roots"
    patch.edit(ClientHost.make_module, known, clients)


@mutant("import.cycle")
def refuses_cycles(patch: Patch) -> None:
    """A module that imports the module it is imported by is not found."""
    cyclic = "path is None or referrer in self.project.imports(path)"
    patch.edit(ProjectHost.load_module, "path is None", cyclic)


@mutant("import.client-module")
def evaluates_clients_on_the_server(patch: Patch) -> None:
    """Server code that imports a client module evaluates it."""
    patch.edit(ServerHost.make_module, "compiled.kind is not ModuleKind.CLIENT", "True")


@mutant("import.client-call")
def calls_client_references(patch: Patch) -> None:
    """A client reference that is called on the server does nothing."""
    patch.edit(
        ClientReferenceObject.run,
        "throw_type_error(f'{self.name} is an export of the client module {self.module}: it cannot be called on the server')",
        "return self",
    )


@mutant("import.not-found")
def forgives_missing_modules(patch: Patch) -> None:
    """A specifier that names no module gives an empty module."""
    missing = """raise Throw(self.fault("module-not-found", f"Cannot find module '{specifier}'{where}"))"""
    empty = "return SyntheticModule(self.realm, specifier, [], lambda module: None)"
    patch.edit(ProjectHost.load_module, missing, empty)


@mutant("import.types")
def loads_type_imports(patch: Patch) -> None:
    """An import whose names are only used as types is loaded."""
    every = "analyse(program, elide_types=source.dialect.typescript)"
    patch.edit(refimpl.source.load, every, "analyse(program)")


@mutant("import.once")
def evaluates_per_importer(patch: Patch) -> None:
    """Every importer of a module gets a module of its own."""
    patch.edit(ProjectHost.module, "known is None", "True")


@mutant("project.resolution")
def resolves_from_the_root(patch: Patch) -> None:
    """A relative specifier is resolved against the root of the project."""
    patch.edit(resolution._path, "posixpath.dirname(referrer)", "''")


@mutant("project.resolution")
def wants_extensions(patch: Patch) -> None:
    """A specifier without an ending names no module."""
    patch.edit(resolution._candidates, "EXTENSIONS", "()")


@mutant("module.top-level-await")
def calls_before_evaluation_ends(patch: Patch) -> None:
    """Nobody waits for the evaluation of a module that awaits."""
    waiting = """
    perform_promise_then(
        self.load(entry.path),
        lambda _: self.call(entry, captured, sent, answer, respond),
        lambda reason: respond(self.response(self.thrown(reason, "load"))),
    )
    """
    at_once = "self.load(entry.path)\nself.call(entry, captured, sent, answer, respond)"
    patch.edit(Endpoint.perform, waiting, at_once)
    patch.edit(Application.load, "return module.evaluate()", "module.evaluate()\nreturn undefined")


@mutant("module.evaluation-error")
def forgives_evaluation_errors(patch: Patch) -> None:
    """What the top-level code of a module throws is forgotten."""
    patch.edit(Application.load, "_fail_load(host, outcome.value, linking=False)", "pass")
