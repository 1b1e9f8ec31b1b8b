"""Defects of chapter 4: which functions become server functions, and what they capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from conformance.mutants.directive import rewritten
from conformance.mutants.mutant import mutant
from refimpl.calls.server_references import ServerReferences
from refimpl.functions import captures, compilation, context, creation, restrictions
from refimpl.functions.creation import ServerFunctionObject
from refimpl.language.agent import surrounding
from refimpl.language.environment import Environment, initialize_functions
from refimpl.language.rules.functions import instantiate_function_object
from refimpl.source import nodes
from refimpl.source.scope import Scope
from refimpl.source.scope import model as scopes
from refimpl.values import plain
from refimpl.values.contents import CapturedContents

if TYPE_CHECKING:
    from conformance.mutants.patching import Patch
    from refimpl.source.text import Source


# --- which functions -----------------------------------------------------------------------------


@mutant("function.inline")
def wants_a_component_around(patch: Patch) -> None:
    """A function at the top of a module is no server function, whatever it says."""
    nested = "_marker(place.function) and place.path"
    patch.edit(compilation.compile_module, "_marker(place.function)", nested)


@mutant("function.unexported")
def forgets_unexported_functions(patch: Patch) -> None:
    """A function at the top of a module is a server function only if the module exports it."""
    only_unless(patch, "not place.path and place.function not in {e.value for e in exports}")


@mutant("function.nested")
def ignores_inner_server_functions(patch: Patch) -> None:
    """A server function inside another is an ordinary function."""
    outer = """
    places = [place for place in function_places(program) if _marker(place.function)]
    places = [
        place
        for place in places
        if not any(
            place.function is not other.function
            and other.function.start <= place.function.start < other.function.end
            for other in places
        )
    ]
    """
    found = "places = [place for place in function_places(program) if _marker(place.function)]"
    patch.edit(compilation.compile_module, found, outer)


@mutant("function.hoisted")
def hoists_nothing(patch: Patch) -> None:
    """A declaration is undefined until control reaches it."""
    lazy = """
    environment.create_lazy_binding(
        name,
        lambda node=node: instantiate_function_object(node, environment),
    )
    """
    patch.edit(initialize_functions, lazy, "environment.bindings[name] = undefined")

    def reached(node: nodes.FunctionDeclaration, environment: Environment) -> None:
        if node.id is not None and surrounding.agent.context.realm.host.claims(node):
            environment.bindings[node.id.name] = instantiate_function_object(node, environment)

    patch.attribute(nodes.FunctionDeclaration, "evaluate", reached)


@mutant("function.name")
def names_functions_by_id(patch: Patch) -> None:
    """A server function object is called by what the implementation generated."""
    patch.edit(ServerFunctionObject.__init__, "constant(name)", "constant('$$action_' + name)")


@mutant("function.name")
def counts_no_parameters(patch: Patch) -> None:
    """A server function object says that it takes no parameters."""
    patch.edit(ServerFunctionObject.__init__, "expected_argument_count(node)", "0.0")


@mutant("function.hygiene")
def binds_a_name_of_its_own(patch: Patch) -> None:
    """A call binds a name of the implementation, which hides the program's."""
    patch.edit(
        ServerFunctionObject.call_environment,
        "Environment(self.scope, bindings, immutable)",
        "Environment(self.scope, {**dict.fromkeys(('$$ACTION_CLOSURE_BOUND', '$$hoist_encoded', '$$RSC_SERVER_ACTION_0'), undefined), **bindings}, immutable)",
    )


# --- forms ---------------------------------------------------------------------------------------


def only_unless(patch: Patch, condition: str) -> None:
    """Let functions for which `condition` holds be no server functions."""
    marked = f"_marker(place.function) and not ({condition})"
    patch.edit(compilation.compile_module, "_marker(place.function)", marked)


@mutant("function.form.declaration")
def misses_declarations_with_directives(patch: Patch) -> None:
    """The directive counts in every function but a declaration."""
    only_unless(patch, "isinstance(place.function, nodes.FunctionDeclaration)")


@mutant("function.form.expression")
def misses_function_expressions(patch: Patch) -> None:
    """The directive counts in every function but a function expression."""
    only_unless(
        patch, "isinstance(place.function, nodes.FunctionExpression) and place.role == 'function'"
    )


@mutant("function.form.arrow")
def misses_arrow_functions(patch: Patch) -> None:
    """The directive counts in every function but an arrow function."""
    only_unless(patch, "place.role == 'arrow'")


@mutant("function.form.method")
def misses_methods(patch: Patch) -> None:
    """The directive counts in every function but a method of an object."""
    only_unless(patch, "place.role == 'object-method'")


@mutant("function.form.static-method")
def misses_static_methods(patch: Patch) -> None:
    """The directive counts in every function but a static method."""
    only_unless(patch, "place.role == 'static-method'")


@mutant("function.form.field")
def misses_fields(patch: Patch) -> None:
    """The directive does not count in the value of a class field."""
    only_unless(patch, "isinstance(place.parent, nodes.PropertyDefinition)")


@mutant("function.form.position")
def misses_elements(patch: Patch) -> None:
    """The directive does not count in a function that is written in place."""
    only_unless(patch, "place.name is None")


# --- what is refused -----------------------------------------------------------------------------


@mutant("function.sync")
def accepts_sync_functions(patch: Patch) -> None:
    """A function need not be async."""
    patch.edit(
        restrictions.form_faults,
        "not function.is_async",
        "function.generator and not function.is_async",
    )


@mutant("function.generator")
def accepts_generators(patch: Patch) -> None:
    """A generator function may be a server function."""
    patch.edit(
        restrictions.form_faults,
        "not function.is_async",
        "not (function.is_async or function.generator)",
    )


@mutant("function.async-generator")
def refuses_async_generators(patch: Patch) -> None:
    """An async generator function is refused although the choice says that it is registered."""
    patch.edit(
        restrictions.form_faults,
        "not function.is_async",
        "function.generator or not function.is_async",
    )


@mutant("function.accessor")
def accepts_getters(patch: Patch) -> None:
    """A getter with the directive is passed over."""
    without_role(patch, "getter")


@mutant("function.accessor")
def accepts_setters(patch: Patch) -> None:
    """A setter with the directive is passed over."""
    without_role(patch, "setter")


@mutant("function.constructor")
def accepts_constructors(patch: Patch) -> None:
    """A constructor with the directive is passed over."""
    without_role(patch, "constructor")


@mutant("function.instance-method")
def accepts_instance_methods(patch: Patch) -> None:
    """An instance method may be a server function."""
    without_role(patch, "instance-method")


@mutant("function.private-method")
def accepts_private_methods(patch: Patch) -> None:
    """A private method may be a server function."""
    without_role(patch, "private-method")


def without_role(patch: Patch, role: str) -> None:
    """Let the directive be overlooked in functions of a role that is refused."""
    only_unless(patch, f"place.role == {role!r}")


def without_context(patch: Patch, word: str) -> None:
    """Let one of the words that section 4.4 forbids be used."""
    patch.edit(
        restrictions.caller_context_uses, "use is not None", f"use is not None and use != {word!r}"
    )


def stop_at(patch: Patch, kind: type[nodes.Node]) -> None:
    """Let what nodes of a kind hold not be looked at."""
    parts = restrictions._parts_in_same_context
    patch.replace(parts, lambda node: () if isinstance(node, kind) else parts(node))


@mutant("function.context.this")
def allows_this(patch: Patch) -> None:
    """A server function may use `this`."""
    without_context(patch, "this")


@mutant("function.context.arguments")
def allows_arguments(patch: Patch) -> None:
    """A server function may use `arguments`."""
    without_context(patch, "arguments")


@mutant("function.context.super")
def allows_super(patch: Patch) -> None:
    """A server function may use `super`."""
    without_context(patch, "super")


@mutant("function.context.new-target")
def allows_new_target(patch: Patch) -> None:
    """A server function may use `new.target`."""
    without_context(patch, "new-target")


@mutant("function.context.arrow")
def stops_at_arrows(patch: Patch) -> None:
    """An arrow function inside a server function may use what is forbidden around it."""
    stop_at(patch, nodes.ArrowFunctionExpression)


@mutant("function.context.ordinary")
def looks_into_ordinary_functions(patch: Patch) -> None:
    """What an ordinary function inside uses counts as used by the server function."""
    patch.replace(restrictions._parts_in_same_context, lambda node: node.iterate())


@mutant("function.context.class")
def stops_at_classes(patch: Patch) -> None:
    """The heritage and the computed keys of a class are not looked at."""
    stop_at(patch, nodes.Class)


@mutant("function.context.parameters")
def skips_parameters(patch: Patch) -> None:
    """What the parameters use is not looked at."""
    patch.edit(
        restrictions.caller_context_uses,
        "[function.body, *reversed(function.params)]",
        "[function.body]",
    )


@mutant("function.context.export")
def skips_exports(patch: Patch) -> None:
    """What the exports of a server module use is not looked at."""
    patch.edit(
        compilation._export_faults, "faults.extend(context_faults(source, export.value))", "pass"
    )


# --- which captures ------------------------------------------------------------------------------


@mutant("capture.outer")
def captures_nothing(patch: Patch) -> None:
    """A server function captures nothing."""
    patch.edit(captures.captures, "binding is not None", "False")


@mutant("capture.outer")
def reads_names_as_they_are_written(patch: Patch) -> None:
    """A name that is written with an escape is another name than the one without it."""

    def rewrite(node: nodes.Node, source: Source) -> None:
        if isinstance(node, nodes.Identifier) and "\\" in source.text[node.start : node.end]:
            node.name = source.text[node.start : node.end]

    rewritten(patch, rewrite)


@mutant("capture.outer")
def takes_names_that_look_alike_for_one(patch: Patch) -> None:
    """Names that differ in Unicode normalization only are one name."""

    def rewrite(node: nodes.Node, _: Source) -> None:
        if isinstance(node, nodes.Identifier):
            node.name = normalize("NFC", node.name)

    rewritten(patch, rewrite)


@mutant("capture.own")
def captures_its_parameters(patch: Patch) -> None:
    """Names that the function binds itself are captured when something around it binds them too."""
    patch.edit(
        scopes._bound_between,
        "name in scope.bindings",
        "scope is not outer and name in scope.bindings",
    )


@mutant("capture.innermost")
def captures_the_outermost(patch: Patch) -> None:
    """Of several bindings of a name around the function, the outermost is captured."""
    outermost = """
    values = []
    for captured in names:
        value, around = environment.lookup(captured), environment
        while not isinstance(around, ModuleEnvironment):
            value, around = around.bindings.get(captured, value), around.outer
        values.append(value)
    made.captured.take(names, values)
    """
    nearest = "made.captured.take(names, [environment.lookup(captured) for captured in names])"
    patch.edit(creation.create_server_function, nearest, outermost)


@mutant("capture.once")
def captures_every_use(patch: Patch) -> None:
    """A binding is captured as often as it is used."""
    patch.edit(
        captures.captures,
        "return tuple(found)",
        "return tuple(each for each in found for _ in (1, 2))",
    )


@mutant("capture.unused")
def captures_too_much(patch: Patch) -> None:
    """Everything around the function is captured, used or not."""
    original = captures.captures

    def everything(place: context.FunctionPlace) -> tuple[captures.Capture, ...]:
        known = original(place)
        names = {capture.name for capture in (*known, *captures.own_names(place))}
        extra: list[captures.Capture] = []
        scope: Scope | None = place.function.scope.parent
        while scope is not None and scope.kind not in captures.MODULE_SCOPES:
            extra += [captures.Capture(n, constant=False) for n in scope.bindings if n not in names]
            names.update(scope.bindings)
            scope = scope.parent
        return (*known, *extra)

    patch.replace(original, everything)


def without_binding(patch: Patch, condition: str) -> None:
    """Let bindings for which `condition` holds not be captured."""
    kept = f"scope.kind in MODULE_SCOPES or ({condition}) or binding.node is _declaring_identifier(place)"
    patch.edit(
        captures._captured_binding,
        "scope.kind in MODULE_SCOPES or binding.node is _declaring_identifier(place)",
        kept,
    )


@mutant("capture.scope.parameter")
def misses_parameters(patch: Patch) -> None:
    """Parameters of the functions around are not captured."""
    without_binding(patch, "binding.kind == 'parameter'")


@mutant("capture.scope.lexical")
def misses_let_and_const(patch: Patch) -> None:
    """Variables declared with let and const are not captured."""
    without_binding(patch, "binding.kind in ('let', 'const')")


@mutant("capture.scope.var")
def misses_var(patch: Patch) -> None:
    """Variables declared with var are not captured."""
    without_binding(patch, "binding.kind == 'var'")


@mutant("capture.scope.loop")
def misses_loop_variables(patch: Patch) -> None:
    """The variables of a loop head are not captured."""
    without_binding(patch, "scope.kind == 'for'")


@mutant("capture.scope.catch")
def misses_catch_parameters(patch: Patch) -> None:
    """The parameter of a catch clause is not captured."""
    without_binding(patch, "binding.kind == 'catch'")


@mutant("capture.scope.function")
def misses_functions_around(patch: Patch) -> None:
    """Functions declared around the function are not captured."""
    without_binding(patch, "binding.kind in ('function', 'function-name')")


@mutant("capture.scope.class")
def misses_classes_around(patch: Patch) -> None:
    """Classes declared around the function are not captured."""
    without_binding(patch, "binding.kind in ('class', 'class-name')")


@mutant("capture.scope.block")
def takes_blocks_for_the_module(patch: Patch) -> None:
    """What a block at the top of a module binds counts as module scope."""
    without_binding(patch, "scope.kind in ('block', 'switch', 'static')")


@mutant("capture.scope.enum")
def misses_enums(patch: Patch) -> None:
    """A TypeScript enum around the function is not captured."""
    without_binding(patch, "binding.kind == 'enum'")


@mutant("capture.module-scope")
def captures_module_scope(patch: Patch) -> None:
    """Variables of the module are captured like any other."""
    patch.edit(
        captures._captured_binding,
        "scope.kind in MODULE_SCOPES",
        "scope.kind in MODULE_SCOPES and binding.kind not in ('let', 'const', 'var')",
    )


@mutant("capture.imports")
def captures_imports(patch: Patch) -> None:
    """Imported bindings are captured."""
    patch.edit(
        captures._captured_binding,
        "scope.kind in MODULE_SCOPES",
        "scope.kind in MODULE_SCOPES and binding.kind != 'import'",
    )


@mutant("capture.uses")
def overlooks_default_values(patch: Patch) -> None:
    """What only default values of parameters use is not captured."""
    patch.edit(
        captures.captures,
        "free_references(place.function)",
        "[r for r in free_references(place.function) if r.start >= place.function.body.start]",
    )


@mutant("capture.nested")
def overlooks_functions_inside(patch: Patch) -> None:
    """What only a server function inside uses is not captured."""
    own = "[r for r in free_references(place.function) if not any(isinstance(f, nodes.Function) and f.body.__class__ is nodes.FunctionBody and f.body.directives and f is not place.function and f.start <= r.start < f.end for f in place.function.walk())]"
    patch.edit(captures.captures, "free_references(place.function)", own)


# --- when captures are read ----------------------------------------------------------------------


@mutant("capture.at-creation")
def captures_by_reference(patch: Patch) -> None:
    """A function on the server sees what its captures hold when it is called."""
    create, call_environment = (
        creation.create_server_function,
        ServerFunctionObject.call_environment,
    )

    def create_with_environment(
        definition: Any, node: Any, environment: Environment, name: str, new_captured: Any
    ) -> ServerFunctionObject:
        made = create(definition, node, environment, name, new_captured)
        late[id(made)] = environment
        return made

    def late_environment(self: ServerFunctionObject) -> Environment:
        made = call_environment(self)
        if id(self) in late:
            for capture in self.definition.captures:
                made.bindings[capture.name] = late[id(self)].lookup(capture.name)
        return made

    late: dict[int, Environment] = {}
    patch.replace(create, create_with_environment)
    patch.replace(call_environment, late_environment)


@mutant("capture.per-creation")
def captures_once_per_function(patch: Patch) -> None:
    """What the first evaluation of a function captured is what all of them have."""
    take = CapturedContents.take
    first: dict[str, Any] = {}

    def take_first(self: CapturedContents, names: list[str], values: list[Any]) -> None:
        take(self, names, first.setdefault(" ".join(names), values))

    patch.replace(take, take_first)


@mutant("capture.declaration.reached")
def captures_on_entry(patch: Patch) -> None:
    """A declaration captures when its scope is entered."""
    lazy = """
    environment.create_lazy_binding(
        name,
        lambda node=node: instantiate_function_object(node, environment),
    )
    """
    eager = """
    try:
        environment.bindings[name] = instantiate_function_object(node, environment)
    except Exception:
        environment.create_lazy_binding(
            name, lambda node=node: instantiate_function_object(node, environment)
        )
    """
    patch.edit(initialize_functions, lazy, eager)


@mutant("capture.declaration.first-read")
def captures_only_when_reached(patch: Patch) -> None:
    """A declaration that is read before control reaches it captures nothing yet."""
    read = "value = self.bindings[name] = thunk()"
    patch.edit(Environment.create_lazy_binding, read, "value = thunk()\nself.bindings[name] = lazy")


@mutant("capture.declaration.once")
def captures_at_every_read(patch: Patch) -> None:
    """Every read of a declaration's name makes another server function object."""
    read = "value = self.bindings[name] = thunk()"
    again = "value = thunk()\nself.bindings[name] = lazy"
    patch.edit(Environment.create_lazy_binding, read, again)


@mutant("capture.uninitialized")
def captures_undefined(patch: Patch) -> None:
    """A binding that is not initialized yet is captured as undefined."""
    strict = "made.captured.take(names, [environment.lookup(captured) for captured in names])"
    lenient = """
    from refimpl.language.errors import Throw
    values = []
    for captured in names:
        try:
            values.append(environment.lookup(captured))
        except Throw:
            values.append(undefined)
    made.captured.take(names, values)
    """
    patch.edit(creation.create_server_function, strict, lenient)


@mutant("capture.self")
def captures_itself(patch: Patch) -> None:
    """The own name of a function is captured like any other."""
    patch.edit(captures.own_names, "return tuple(names)", "return ()")
    patch.edit(captures._captured_binding, "binding.node is _declaring_identifier(place)", "False")


# --- what captures hold --------------------------------------------------------------------------


@mutant("capture.self.variable")
def captures_its_variable(patch: Patch) -> None:
    """The variable that a function initializes is captured like any other."""
    original = captures._declaring_identifier

    def declarations_only(place: context.FunctionPlace) -> nodes.Identifier | None:
        named = isinstance(place.function, nodes.FunctionDeclaration)
        return original(place) if named else None

    patch.replace(original, declarations_only)


@mutant("capture.mutual")
def captures_before_it_exists(patch: Patch) -> None:
    """A declaration's name holds nothing while its captures are read."""
    bound = "isinstance(node, nodes.FunctionDeclaration) and name in environment.bindings"
    patch.edit(creation.create_server_function, bound, "False")


@mutant("capture.references")
def forgets_nested_captures(patch: Patch) -> None:
    """A captured server function is captured as a plain function."""
    patch.edit(
        ServerReferences.live_reference, "isinstance(function, ServerFunctionObject)", "False"
    )


@mutant("capture.not-uses")
def takes_property_names_for_uses(patch: Patch) -> None:
    """A property name counts as a use of a variable of that name."""
    original = captures.captures

    def with_names(place: context.FunctionPlace) -> tuple[captures.Capture, ...]:
        known = original(place)
        taken = {capture.name for capture in (*known, *captures.own_names(place))}
        named = [
            node.property.name
            for node in place.function.walk()
            if isinstance(node, nodes.MemberExpression)
            and isinstance(node.property, nodes.Identifier)
            and not node.computed
        ]
        bound = [name for name in named if captures._captured_binding(place, name)]
        more = [captures.Capture(n, constant=False) for n in dict.fromkeys(bound) if n not in taken]
        return (*known, *more)

    patch.replace(original, with_names)


@mutant("capture.whole")
def captures_member_paths(patch: Patch) -> None:
    """Of a captured object only what the function reads by name is captured."""
    create = creation.create_server_function

    def create_with_parts(definition: Any, node: nodes.Function, *rest: Any) -> Any:
        made: Any = create(definition, node, *rest)
        members = (n.property for n in node.walk() if isinstance(n, nodes.MemberExpression))
        read = {name.name for name in members if isinstance(name, nodes.Identifier)}
        for captured in made.captured.models:
            if isinstance(captured, dict):
                for name in captured.keys() - read:
                    del captured[name]
        return made

    patch.replace(create, create_with_parts)


@mutant("capture.values")
def captures_as_json(patch: Patch) -> None:
    """Captured values go through JSON."""
    patch.edit(
        CapturedContents.fresh,
        "Revival(self.references).make_all(self.models)",
        "[str(m.time) if isinstance(m, model.Date) else m for m in ()] or Revival(self.references).make_all([model.UNDEFINED if isinstance(m, (model.Date, model.Map, model.Set)) else m for m in self.models])",
    )


@mutant("capture.snapshot")
def copies_when_sent(patch: Patch) -> None:
    """The contents of captured objects are copied when the reference is sent, not before."""
    take, write = CapturedContents.take, plain.write
    taken: dict[int, tuple[CapturedContents, list[str], list[Any]]] = {}

    def note(self: CapturedContents, names: list[str], values: list[Any]) -> None:
        take(self, names, values)
        taken[id(self.models)] = self, names, values

    def copy_now(models: list[Any]) -> bytes:
        if id(models) in taken:
            contents, names, values = taken[id(models)]
            models.clear()
            take(contents, names, values)
        return write(models)

    patch.replace(take, note)
    patch.replace(write, copy_now)


@mutant("capture.contents")
def captures_objects_by_reference(patch: Patch) -> None:
    """A call on the server sees the captured objects themselves."""
    take, fresh = CapturedContents.take, CapturedContents.fresh
    originals: dict[int, list[Any]] = {}

    def take_originals(self: CapturedContents, names: list[str], values: list[Any]) -> None:
        take(self, names, values)
        originals[id(self)] = values

    patch.replace(take, take_originals)
    patch.replace(fresh, lambda self: originals.get(id(self)) or fresh(self))


@mutant("capture.fresh")
def shares_captures_between_calls(patch: Patch) -> None:
    """Every call of a function object gets the same copy of its captures."""
    fresh = CapturedContents.fresh

    def once(self: CapturedContents) -> list[Any]:
        if id(self) not in copies:
            copies[id(self)] = fresh(self)
        return copies[id(self)]

    copies: dict[int, list[Any]] = {}
    patch.replace(fresh, once)


@mutant("capture.sharing")
def copies_shared_captures_twice(patch: Patch) -> None:
    """An object that two captures share is two objects in a call."""
    patch.edit(
        CapturedContents.take,
        "copying.take(value, name, 0)",
        "Snapshot(self.reference_of, CAPTURES, _never).take(value, name, 0)",
    )


@mutant("capture.separate-copies")
def identifies_captures_with_arguments(patch: Patch) -> None:
    """An object that is captured and passed is one object in a call on the server."""
    take, fresh, run = CapturedContents.take, CapturedContents.fresh, ServerFunctionObject.run
    originals: dict[int, list[Any]] = {}
    passed: list[Any] = []

    def take_originals(self: CapturedContents, names: list[str], values: list[Any]) -> None:
        take(self, names, values)
        originals[id(self)] = values

    def run_with_passed(
        self: ServerFunctionObject, this: Any, arguments: list[Any], new: Any
    ) -> Any:
        passed[:] = arguments
        return run(self, this, arguments, new)

    def fresh_or_passed(self: CapturedContents) -> list[Any]:
        made = fresh(self)
        known = originals.get(id(self), made)
        return [k if any(k is p for p in passed) else m for k, m in zip(known, made, strict=True)]

    patch.replace(take, take_originals)
    patch.replace(run, run_with_passed)
    patch.replace(fresh, fresh_or_passed)


@mutant("capture.write.outer")
def writes_through(patch: Patch) -> None:
    """An assignment to a captured name changes the variable outside."""
    create = creation.create_server_function
    call_environment = ServerFunctionObject.call_environment
    around: dict[int, Environment] = {}

    def create_inside(
        definition: Any, node: Any, environment: Environment, name: str, new_captured: Any
    ) -> ServerFunctionObject:
        made = create(definition, node, environment, name, new_captured)
        around[id(made)] = environment
        return made

    def outer_environment(self: ServerFunctionObject) -> Environment:
        outer = around.get(id(self))
        return call_environment(self) if outer is None else outer

    patch.replace(create, create_inside)
    patch.replace(call_environment, outer_environment)


@mutant("capture.overlap")
def shares_captures_of_overlapping_calls(patch: Patch) -> None:
    """Calls that overlap have one environment."""
    call_environment = ServerFunctionObject.call_environment
    made: dict[int, Environment] = {}

    def shared(self: ServerFunctionObject) -> Environment:
        return made.setdefault(id(self), call_environment(self))

    patch.replace(call_environment, shared)


@mutant("capture.private-names")
def forgets_private_names(patch: Patch) -> None:
    """Private names of a class around a function mean nothing in it."""
    patch.edit(creation.module_scope, "Environment(scope, private) if private else scope", "scope")


@mutant("capture.globals")
def captures_globals(patch: Patch) -> None:
    """Names that nothing binds are captured too."""
    unbound = """
    for reference in free_references(place.function):
        if place.function.scope.lookup(reference.name) is None:
            found.append(Capture(reference.name, constant=False))
    return tuple(found)
    """
    patch.edit(captures.captures, "return tuple(found)", unbound)


@mutant("capture.write.const")
def lets_constants_change(patch: Patch) -> None:
    """A captured const may be assigned to."""
    patch.constant(captures, "CONSTANT_KINDS", frozenset())


@mutant("capture.write")
def keeps_captures_constant(patch: Patch) -> None:
    """No captured name may be assigned to."""
    patch.edit(
        ServerFunctionObject.call_environment,
        "frozenset(each.name for each in known if each.constant)",
        "frozenset(each.name for each in known)",
    )


@mutant("capture.unsupported")
def drops_unsupported_captures(patch: Patch) -> None:
    """A captured value outside the contract is sent as null."""
    number = "number = self.numbers.get(id(value))"
    dropped = f"if isinstance(value, model.Unsupported): return None\n{number}"
    patch.edit(plain._Writer.slot, number, dropped)


@mutant("capture.arguments")
def counts_captures_as_arguments(patch: Patch) -> None:
    """An argument is lost for every capture but the first."""
    shifted = "return captured, values[len(captured):]"
    patch.edit(ServerReferences.open, "return captured, values[1:]", shifted)
