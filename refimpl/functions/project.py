"""All modules of a project, compiled together.

Rules of this module:

* A project is its files; nothing is evaluated here.
* What one module cannot know of itself is found here: the names behind `export *`, and the
  modules that client code reaches.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from refimpl.functions.compilation import (
    CompiledModule,
    ServerFunction,
    compile_module,
    inline_in_client,
)
from refimpl.modules.graph import imported_paths, is_module, reachable
from refimpl.modules.kinds import ModuleKind
from refimpl.modules.resolution import PACKAGES, resolve
from refimpl.source import load
from refimpl.source.diagnostics import Diagnostic, SyntaxDiagnostic
from refimpl.source.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True)
class Project:
    """The compiled modules of a project by path; `unreadable` are the syntax errors."""

    files: Mapping[str, str]
    modules: Mapping[str, CompiledModule]
    unreadable: tuple[Diagnostic, ...]
    client_roots: tuple[str, ...]

    @cached_property
    def errors(self) -> list[Diagnostic]:
        """What keeps the project from running.

        Clauses: source.syntax, conformance.errors.before-effects.
        """
        found = [error for module in self.modules.values() for error in module.errors]
        return [*self.unreadable, *found, *self._reached_by_client()]

    @cached_property
    def warnings(self) -> list[Diagnostic]:
        """Diagnostics that change nothing about what the project means."""
        found = (each for module in self.modules.values() for each in module.diagnostics)
        return [each for each in found if each.severity == "warning"]

    def imports(self, path: str) -> list[str]:
        """The modules that the module at `path` imports."""
        module = self.modules.get(path)
        return imported_paths(module.program, path, self.files) if module else []

    def reached(self, paths: Iterable[str]) -> set[str]:
        """These modules and all that they lead to, on whichever side."""
        return {*reachable(paths, self.imports)}

    def client_graph(self) -> list[str]:
        """The modules client code reaches; a server module is reached, but not looked behind."""
        kinds = {path: module.kind for path, module in self.modules.items()}

        def edges(path: str) -> list[str]:
            return [] if kinds.get(path) is ModuleKind.SERVER else self.imports(path)

        clients = [path for path, kind in kinds.items() if kind is ModuleKind.CLIENT]
        return reachable([*self.client_roots, *clients], edges)

    def server_functions(self, path: str) -> list[ServerFunction]:
        """The server functions of one module, in source order.

        Clauses: export.all, export.star, registry.static.
        """
        module = self.modules[path]
        found = [*module.exported, *module.inline.values()]
        if module.kind is ModuleKind.SERVER:
            named = {function.name for function in module.exported}
            for star in module.exports.stars():
                target = resolve(star.source.value, path, self.files)
                for name in self.exported_names(target) if target else ():
                    if name not in named | {"default"} and len(self._origins(path, name)) == 1:
                        named.add(name)
                        found.append(ServerFunction("export", name, star, name))
        return sorted(found, key=lambda function: function.place.start)

    def exported_names(self, path: str) -> list[str]:
        """Every name the module at `path` exports, `export *` followed, ambiguous ones left out."""
        names: dict[str, None] = {}
        for reached in reachable([path], self._star_targets):
            module = self.modules.get(reached)
            if module is not None:
                own = (export.name for export in module.exports)
                names.update(dict.fromkeys(n for n in own if n != "default" or reached == path))
        return [name for name in names if len(self._origins(path, name)) == 1]

    def _origins(self, path: str, name: str) -> set[tuple[str, str]]:
        """The bindings, as module and local name, that `name` exported from `path` may mean.

        ECMAScript's ResolveExport: an own export hides what `export *` brings; two different
        bindings are ambiguous.
        """
        found: set[tuple[str, str]] = set()
        pending, seen = [(path, name)], set()
        while pending:
            current = pending.pop()
            if current in seen or current[0] not in self.modules:
                continue
            seen.add(current)
            own = self._own_export(*current)
            if own is None:
                pending += [(target, current[1]) for target in self._star_targets(current[0])]
            elif own[0] == current[0]:
                found.add(own)
            else:
                pending.append(own)
        return found

    def _own_export(self, path: str, name: str) -> tuple[str, str] | None:
        """Where the module at `path` itself says that `name` comes from."""
        for entry in self.modules[path].entries:
            if entry.exported == name:
                if entry.request is None or entry.imported is None:
                    return path, str(entry.local or name)
                target = resolve(entry.request.specifier, path, self.files)
                return (target, entry.imported) if target else (path, name)
        return None

    def _star_targets(self, path: str) -> list[str]:
        module = self.modules.get(path)
        stars = module.exports.stars() if module else []
        found = (resolve(star.source.value, path, self.files) for star in stars)
        return [target for target in found if target is not None]

    def _reached_by_client(self) -> Iterator[Diagnostic]:
        """Clause: module.client.reached."""
        for path in self.client_graph():
            module = self.modules.get(path)
            if module is not None and (module.kind is ModuleKind.NONE or path in self.client_roots):
                for function in module.inline:
                    yield inline_in_client(module.source, function)


def compile_project(
    files: Mapping[str, str], client_roots: Iterable[str] = (), *, whole_packages: bool = True
) -> Project:
    """Compile the modules among `files`. Clauses: source.goal, source.dialect.

    `client_roots` are the paths of the programs that run on the client. Unless `whole_packages`,
    modules under `node_modules/` count only as far as the others import them.
    """
    modules: dict[str, CompiledModule] = {}
    unreadable: list[Diagnostic] = []

    def compile_one(path: str) -> list[str]:
        source = Source(path, files[path])
        try:
            modules[path] = compile_module(source, load(source))
        except SyntaxDiagnostic as error:
            unreadable.append(error.diagnostic)
            return []
        found = imported_paths(modules[path].program, path, files)
        return [target for target in found if is_module(target)]

    packages = f"{PACKAGES}/"
    roots = (path for path in files if whole_packages or not path.startswith(packages))
    reachable([path for path in roots if is_module(path)], compile_one)
    return Project(dict(files), modules, tuple(unreadable), tuple(client_roots))
