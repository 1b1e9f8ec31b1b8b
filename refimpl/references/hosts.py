"""The two hosts of the guest language: what a module means on the server, and on the client.

Rules of this module:

* The server evaluates modules of kind none and server; an import of a client module gives client
  references. The client evaluates modules of kind none and client; an import of a server module
  gives proxies. Neither ever sees the other's objects.
* A module is made once for each path of a side.
* An error that is the loader's own, not the program's, is known by its code in `faults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from refimpl.functions.creation import create_server_function
from refimpl.language.builtins.json import parse_json_text
from refimpl.language.errors import ErrorObject, Throw, make_error
from refimpl.language.host import Host
from refimpl.language.modules import Module, SourceTextModule, SyntheticModule
from refimpl.language.values import Value, undefined
from refimpl.modules.graph import is_module
from refimpl.modules.kinds import ModuleKind
from refimpl.modules.resolution import resolve
from refimpl.references.proxy import ClientReferenceObject
from refimpl.references.registration import Registration, ServerModule
from refimpl.source.text import code_units

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from refimpl.functions.creation import Captured
    from refimpl.functions.project import Project
    from refimpl.language.environment import Environment
    from refimpl.language.functions import FunctionObject
    from refimpl.language.promises import PromiseObject
    from refimpl.language.realm import Realm
    from refimpl.references.proxy import Proxy
    from refimpl.references.registry import Registry
    from refimpl.source.nodes import Function


class Timers(Protocol):
    """Tasks of one side on the virtual clock."""

    def set(self, delay: float, job: Callable[[], None]) -> Hashable:
        """Plan `job`; a handle to cancel it."""

    def clear(self, handle: Any) -> None:
        """Cancel what was planned."""


class ProjectHost(Host):
    """What both sides share: finding modules among the files of one project."""

    def __init__(self, project: Project, output: Callable[[str], None], timers: Timers) -> None:
        self.project = project
        self.output = output
        self.timers = timers
        self.realm: Realm
        self.modules: dict[str, Module] = {}
        self.faults: dict[ErrorObject, str] = {}
        #: What modules threw that were loaded while the program ran.
        self.thrown: list[Value] = []

    def print(self, text: str) -> None:
        """Receive one line of output."""
        self.output(text)

    def set_timer(self, delay: float, job: Callable[[], None]) -> Hashable:
        """Plan a task of this side."""
        return self.timers.set(delay, job)

    def clear_timer(self, handle: Hashable) -> None:
        """Cancel a planned task."""
        self.timers.clear(handle)

    def load_module(
        self,
        specifier: str,
        referrer: str | None,
        attributes: dict[str, str],  # noqa: ARG002 - they say nothing about how JavaScript is read
    ) -> Module:
        """HostLoadImportedModule. Clauses: import.not-found, import.once."""
        path = resolve(specifier, referrer or "", self.project.files)
        if path is None:
            where = f" (imported by {referrer})" if referrer else ""
            raise Throw(self.fault("module-not-found", f"Cannot find module '{specifier}'{where}"))
        return self.module(path)

    def import_failed(self, reason: Value, *, linking: bool) -> None:
        """Keep what tells an error of loading. Clauses: module.evaluation-error, import.missing."""
        if not linking:
            self.thrown.append(reason)
        elif isinstance(reason, ErrorObject):
            self.faults.setdefault(reason, "export-not-found")

    def evaluated(self, path: str) -> PromiseObject:
        """The promise of the evaluation of the module at `path`."""
        module = self.module(path)
        module.link()
        return module.evaluate()

    def module(self, path: str) -> Module:
        """The module at `path`, made when first asked for."""
        known = self.modules.get(path)
        if known is None:
            known = self.modules[path] = self.make_module(path)
        return known

    def make_module(self, path: str) -> Module:
        """The module at `path` on this side."""
        if is_module(path):
            compiled = self.project.modules[path]
            return SourceTextModule(self.realm, compiled.program, compiled.source)
        return self.data_module(path)

    def data_module(self, path: str) -> Module:
        """A JSON file, whose default export is its value; any other file exports its text."""
        text = code_units(self.project.files[path])

        def define(module: SyntheticModule) -> None:
            value = parse_json_text(text) if path.endswith(".json") else text
            module.set_export("default", value)

        return SyntheticModule(self.realm, path, ["default"], define)

    def fault(self, code: str, message: str) -> ErrorObject:
        """An error of the loader's own."""
        error = make_error("Error", message)
        self.faults[error] = code
        return error


class ServerHost(ProjectHost):
    """The server's host: it makes server functions of the functions the project says are ones.

    Clauses: import.by-server, import.live, import.through, import.cycle.
    """

    def __init__(
        self,
        project: Project,
        registry: Registry,
        output: Callable[[str], None],
        timers: Timers,
        new_captured: Callable[[], Captured],
    ) -> None:
        super().__init__(project, output, timers)
        self.registry = registry
        self.registration = Registration(registry, self.faults)
        self.new_captured = new_captured

    def make_module(self, path: str) -> Module:
        """A client module is known by its exports only. Clause: import.client-module."""
        compiled = self.project.modules.get(path)
        if compiled is None:
            return super().make_module(path)
        if compiled.kind is not ModuleKind.CLIENT:
            module = ServerModule(self.realm, compiled.program, compiled.source)
            module.registration = self.registration
            return module

        def define(module: SyntheticModule) -> None:
            for name in module.export_names:
                module.set_export(name, ClientReferenceObject(path, name))

        return SyntheticModule(self.realm, path, self.project.exported_names(path), define)

    def has_source_text(self, function: FunctionObject) -> bool:
        """A registered function shows no source text.

        Clauses: reference.opaque.server, security.source.
        """
        return self.registry.id_of(function) is None

    def bound_this(self, target: FunctionObject, this: Value) -> Value:
        """A server function is never bound to a `this`. Clause: reference.bind.this."""
        return this if self.registry.id_of(target) is None else undefined

    def claims(self, node: Function) -> bool:
        """Whether a function of the program is an inline server function.

        Clauses: capture.declaration.reached, capture.declaration.first-read.
        """
        return node in self.registry.inline

    def function_created(
        self, node: Function, environment: Environment, name: str
    ) -> FunctionObject | None:
        """The server function object of an inline server function.

        Clauses: function.inline, reference.round-trip.
        """
        entry = self.registry.inline.get(node)
        if entry is None:
            return None
        made = create_server_function(entry.function, node, environment, name, self.new_captured)
        self.registry.note_scope(entry, made.scope)
        if not entry.function.captures:
            self.registry.register(entry, made)
        return made


class ClientHost(ProjectHost):
    """The client's host: server modules are proxies of their functions.

    Clauses: import.by-client, import.by-client.forms, import.by-client.text,
    import.by-client.unevaluated, import.missing.
    """

    def __init__(
        self,
        project: Project,
        registry: Registry,
        output: Callable[[str], None],
        timers: Timers,
        new_proxy: Callable[[str], Proxy],
    ) -> None:
        super().__init__(project, output, timers)
        self.registry = registry
        self.new_proxy = new_proxy

    def make_module(self, path: str) -> Module:
        """A server module is known by its server functions only."""
        compiled = self.project.modules.get(path)
        if compiled is None or compiled.kind is not ModuleKind.SERVER:
            return super().make_module(path)
        entries = {str(entry.function.name): entry for entry in self.registry.exports_of(path)}

        def define(module: SyntheticModule) -> None:
            for name, entry in entries.items():
                module.set_export(name, self.new_proxy(entry.id))

        return SyntheticModule(self.realm, path, [*entries], define)
