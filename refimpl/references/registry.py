"""The registry: the finite set of functions a build makes callable, by id.

Rules of this module:

* The set is fixed by the text of the project. What runs can give an entry its function object,
  never add an entry.
* An id is looked up exactly, as a key of the registry's own. It is never split, folded, or used
  to find a file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refimpl.functions.compilation import ServerFunction
    from refimpl.functions.project import Project
    from refimpl.language.environment import Environment
    from refimpl.language.functions import FunctionObject
    from refimpl.source.nodes import Function

#: Hexadecimal digits of an id: 80 bits, so that no two functions of a project share one.
ID_LENGTH = 20


@dataclass(frozen=True)
class Entry:
    """One callable function: the module it is written in, and what the text says of it."""

    id: str
    path: str
    function: ServerFunction

    @property
    def name(self) -> str:
        """How people call it: `actions.js#save`, or `page.jsx#(inline)`."""
        name = self.function.name if self.function.where == "export" else "(inline)"
        return f"{self.path}#{name}"


def function_id(path: str, function: ServerFunction) -> str:
    """The id of a function: a digest of where it is written, the same in every build.

    Clauses: reference.id, registry.distinct, call.skew, call.skew.unnamed.
    """
    place = f"{path}\0{function.where}\0{function.path}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:ID_LENGTH]


class Registry:
    """The entries of one project.

    Clauses: export.only, directive.inert, registry.only, registry.static, registry.exact, registry.ordinary-names.
    """

    def __init__(self, project: Project) -> None:
        self.entries: dict[str, Entry] = {}
        self.inline: dict[Function, Entry] = {}
        for path, module in project.modules.items():
            for function in project.server_functions(path):
                entry = Entry(function_id(path, function), path, function)
                self.entries[entry.id] = entry
            for node, function in module.inline.items():
                self.inline[node] = self.entries[function_id(path, function)]
        self._objects: dict[str, FunctionObject] = {}
        self._ids: dict[FunctionObject, str] = {}
        self._scopes: dict[str, Environment] = {}

    def find(self, identifier: str) -> Entry | None:
        """The entry with exactly this id."""
        return self.entries.get(identifier)

    def exports_of(self, path: str) -> list[Entry]:
        """The entries that are exports of the module at `path`."""
        return [
            entry
            for entry in self.entries.values()
            if entry.path == path and entry.function.where == "export"
        ]

    def register(self, entry: Entry, function: FunctionObject) -> None:
        """Give an entry its function object; the first object and the first id stay.

        Clauses: export.two-names, export.value.fixed.
        """
        self._objects.setdefault(entry.id, function)
        self._ids.setdefault(function, entry.id)

    def note_scope(self, entry: Entry, scope: Environment) -> None:
        """Remember the module scope, with private names, that an entry was first evaluated in.

        Clause: capture.private-names.
        """
        self._scopes.setdefault(entry.id, scope)

    def scope_of(self, entry: Entry) -> Environment | None:
        """The scope an entry was first evaluated in; None when it never was."""
        return self._scopes.get(entry.id)

    def object_of(self, entry: Entry) -> FunctionObject | None:
        """The function object of an entry, once the program has made it."""
        return self._objects.get(entry.id)

    def id_of(self, function: FunctionObject) -> str | None:
        """The id a registered function object is known by."""
        return self._ids.get(function)
