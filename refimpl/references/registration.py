"""How the functions a server module exports become callable: when its evaluation ends.

Rules of this module:

* Every export is examined before any is registered: a module with one that cannot be a server
  function has none.
* A binding that another module of a cycle, of whatever kind, has not initialized yet is examined
  when that module's evaluation ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.errors import Throw, make_error
from refimpl.language.functions import FunctionObject
from refimpl.language.modules import SourceTextModule
from refimpl.references.proxy import ClientReferenceObject
from refimpl.source import nodes

if TYPE_CHECKING:
    from refimpl.language.errors import ErrorObject
    from refimpl.language.values import Value
    from refimpl.references.registry import Entry, Registry


class Registration:
    """Registers the exports of server modules; `faults` are the errors that are its own."""

    def __init__(self, registry: Registry, faults: dict[ErrorObject, str]) -> None:
        self.registry = registry
        self.faults = faults
        self.waiting: list[tuple[ServerModule, Entry]] = []

    def evaluated(self, module: ServerModule) -> None:
        """Make the exports of `module` callable, and those that waited for it.

        Clauses: export.value, export.value.fixed, export.load, export.failed-module.
        """
        examined = [(module, entry) for entry in self.registry.exports_of(module.name)]
        waited, self.waiting = self.waiting, []
        found = []
        for holder, entry in (*waited, *examined):
            try:
                value = export_value(holder, str(entry.function.name))
            except Throw:
                self.waiting.append((holder, entry))
            else:
                self.examine(entry, value)
                found.append((entry, value))
        for entry, value in found:
            self.registry.register(entry, value)

    def examine(self, entry: Entry, value: Value) -> None:
        """Throw an error that names the export when `value` cannot be a server function."""
        fault = export_fault(value)
        if fault is not None:
            name = f"the export {entry.function.name!r} of {entry.path}"
            error = make_error("TypeError", f"{name} is {fault}, not an async function")
            self.faults[error] = "export-not-async"
            raise Throw(error)


class ServerModule(SourceTextModule):
    """A module of the server, of any kind; `registration` is told when its own code has run."""

    registration: Registration

    def evaluate_body(self) -> Value:
        """Evaluate the module's code, then examine what it exports."""
        result = super().evaluate_body()
        self.registration.evaluated(self)
        return result


def export_value(module: SourceTextModule, name: str) -> Value:
    """The value of an export; throws while its binding is uninitialized."""
    namespace = module.get_namespace()
    return namespace.get(name, namespace)


def export_fault(value: Value) -> str | None:
    """Why a value cannot be a server function, in words; None when it can.

    Clauses: export.function, export.computed, export.async-generator, export.client-reference.
    """
    if not isinstance(value, FunctionObject):
        return "not a function"
    if isinstance(value, ClientReferenceObject):
        return "an export of a client module"
    node = getattr(value, "node", None)
    if isinstance(node, nodes.Class) or getattr(value, "is_class_constructor", False):
        return "a class"
    if isinstance(node, nodes.Function) and node.generator and not node.is_async:
        return "a generator function"
    return None
