"""Defects of chapter 5: what stands for a server function outside the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.mutants.mutant import mutant
from refimpl.application import Application
from refimpl.calls.client_references import ClientReferences
from refimpl.calls.endpoint import Endpoint
from refimpl.calls.server_references import ServerReferences
from refimpl.functions import compilation
from refimpl.functions.project import Project
from refimpl.language.functions import BoundFunction
from refimpl.references import registry
from refimpl.references.hosts import ClientHost, ServerHost
from refimpl.references.proxy import Proxy
from refimpl.references.registry import Registry
from refimpl.values import revive, snapshot
from refimpl.values.snapshot import Snapshot

if TYPE_CHECKING:
    from conformance.mutants.patching import Patch


@mutant("reference.function")
def gives_objects(patch: Patch) -> None:
    """A reference arrives as an object that describes it."""
    described = """
    from refimpl.language.agent import intrinsic
    from refimpl.language.objects import JSObject, data_property
    made = JSObject(intrinsic("%Object.prototype%"))
    made.define_own_property("id", data_property(reference.id))
    return made
    """
    made = "return self.proxy(reference.id, revival.make_all(reference.bound or ()))"
    patch.edit(ClientReferences.revive_reference, made, described)


@mutant("reference.promise")
def returns_undefined(patch: Patch) -> None:
    """Calling a reference returns nothing."""
    patch.edit(
        Proxy.run,
        "return self.make_call(self, arguments)",
        "self.make_call(self, arguments)\nreturn new_target",
    )


@mutant("reference.not-thenable")
def makes_references_thenable(patch: Patch) -> None:
    """A reference has a then, which calls it."""
    patch.edit(
        Proxy.__init__,
        "self.props['name'] = constant('')",
        "self.props['name'] = constant('')\nself.props['then'] = constant(self)",
    )


@mutant("reference.opaque.server")
def shows_source_on_the_server(patch: Patch) -> None:
    """A server function object on the server shows its source text."""
    patch.edit(ServerHost.has_source_text, "self.registry.id_of(function) is None", "True")


@mutant("reference.withheld")
def sends_the_text_of_pages(patch: Patch) -> None:
    """What the client is given of a page holds the text of the modules it was made from."""
    client_graph = Project.client_graph
    patch.replace(client_graph, lambda self: [*self.modules])
    patch.edit(Application.given_to_client, "module.kind is ModuleKind.SERVER", "False")


@mutant("reference.bind")
def forgets_what_was_bound(patch: Patch) -> None:
    """Bound arguments are lost when a reference is sent."""
    patch.edit(
        Snapshot.function,
        "if bound:\n    taken = [self.take(item, f'{path}.bound[{i}]', depth) for i, item in enumerate(bound)]\n    reference.bound = [*(reference.bound or ()), *taken]",
        "pass",
    )


@mutant("reference.bind.stays")
def refuses_bound_references(patch: Patch) -> None:
    """The result of bind is an ordinary function."""
    patch.edit(snapshot.unbound, "isinstance(function, BoundFunction)", "False")


@mutant("reference.bind.again")
def binds_in_reverse(patch: Patch) -> None:
    """Arguments bound later come first."""
    patch.edit(
        snapshot.unbound,
        "[*function.bound_arguments, *bound]",
        "[*bound, *function.bound_arguments]",
    )


@mutant("reference.bind.this")
def passes_bound_this(patch: Patch) -> None:
    """The `this` given to bind reaches the function."""
    patch.edit(ServerHost.bound_this, "self.registry.id_of(target) is None", "True")


@mutant("reference.bind.original")
def binds_in_place(patch: Patch) -> None:
    """Binding a reference binds the reference that was bound as well."""
    bind = BoundFunction.__init__

    def bind_original(self: BoundFunction, target: Any, this: Any, arguments: list[Any]) -> None:
        if isinstance(target, Proxy):
            target.bound.extend(arguments)
            arguments = []
        bind(self, target, this, arguments)

    patch.replace(bind, bind_original)


@mutant("reference.bind.captures")
def binds_before_captures(patch: Patch) -> None:
    """Bound arguments come before captures."""
    patch.edit(
        Snapshot.function,
        "[*(reference.bound or ()), *taken]",
        "[*taken, *(reference.bound or ())]",
    )


@mutant("reference.round-trip")
def makes_references_anew(patch: Patch) -> None:
    """A reference that comes back is another function object."""
    same = "return bind(self.function(entry, captured), revival.make_all(bound))"
    new = """
    from refimpl.language.functions import BoundFunction
    return BoundFunction(self.function(entry, captured), None, revival.make_all(bound))
    """
    patch.edit(ServerReferences.revive_reference, same, new)


@mutant("reference.round-trip.values")
def loses_bound_on_the_way_back(patch: Patch) -> None:
    """Bound arguments are lost when a reference comes back."""
    patch.edit(ServerReferences.revive_reference, "revival.make_all(bound)", "[]")


@mutant("reference.repeated")
def makes_a_function_per_occurrence(patch: Patch) -> None:
    """A reference that occurs twice arrives as two functions."""
    patch.edit(
        revive.Revival.object,
        "self.remember(value, self.references.revive_reference(value, self))",
        "self.references.revive_reference(value, self)",
    )


@mutant("reference.not-any-function")
def sends_any_function(patch: Patch) -> None:
    """A function that is no server function is sent as nothing."""
    patch.edit(
        Snapshot.function,
        "raise UnsupportedValue('function', path, 'a function that is no server function')",
        "return None",
    )


@mutant("registry.only")
def registers_every_export(patch: Patch) -> None:
    """The exports of modules without a directive are callable."""
    not_server = "self.kind is not ModuleKind.SERVER"
    patch.edit(compilation.CompiledModule.exported, not_server, "self.kind is ModuleKind.CLIENT")


@mutant("registry.static")
def registers_what_is_evaluated(patch: Patch) -> None:
    """A function that is never evaluated is not in the registry."""
    unevaluated = "[e.name for e in self.registry.entries.values() if self.registry.object_of(e) or e.function.captures and self.registry.scope_of(e)]"
    patch.edit(
        Application.exposes, "(entry.name for entry in self.registry.entries.values())", unevaluated
    )


@mutant("registry.exact")
def folds_names(patch: Patch) -> None:
    """Two names that differ in case only are one entry."""
    patch.edit(registry.function_id, "function.path", "function.path.lower()")


@mutant("registry.ordinary-names")
def avoids_inherited_names(patch: Patch) -> None:
    """A server function with the name of an inherited property is not found."""
    ordinary = "[e for e in self.registry.exports_of(path) if e.function.name not in ('constructor', 'toString', '__proto__', 'then')]"
    patch.edit(ClientHost.make_module, "self.registry.exports_of(path)", ordinary)


@mutant("registry.distinct")
def goes_by_the_name_alone(patch: Patch) -> None:
    """The id of a function is made of its name without its module."""
    patch.edit(
        registry.function_id,
        "f'{path}\\0{function.where}\\0{function.path}'",
        "f'{function.where}\\0{function.path}'",
    )


@mutant("registry.unknown")
def runs_something_else(patch: Patch) -> None:
    """An unknown id calls the first function there is."""
    patch.edit(
        Registry.find,
        "self.entries.get(identifier)",
        "self.entries.get(identifier, next(iter(self.entries.values()), None))",
    )


@mutant("registry.unknown.silent")
def tells_how_near_an_id_is(patch: Patch) -> None:
    """An unknown id that begins like a known one is answered differently."""
    near = """
    if any(known[:4] in request.headers.get(FUNCTION_HEADER, "") for known in self.references.registry.entries):
        raise Refusal("unknown-function.similar")
    raise Refusal("unknown-function")
    """
    patch.edit(Endpoint.accept, 'raise Refusal("unknown-function")', near)
