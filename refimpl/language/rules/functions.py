"""Function definitions, calls and FunctionDeclarationInstantiation (ECMA-262 §10.2, §13.3.6, §15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from refimpl.language.agent import surrounding
from refimpl.language.environment import (
    UNINITIALIZED,
    Environment,
    ScopePlan,
    ThisEnvironment,
    initialize_functions,
)
from refimpl.language.errors import throw_type_error
from refimpl.language.exotics import create_array_from_list, create_unmapped_arguments_object
from refimpl.language.functions import FunctionObject, constant, faults_named
from refimpl.language.generators import (
    start_async_function,
    start_async_generator,
    start_generator,
)
from refimpl.language.objects import JSObject, Property, hidden
from refimpl.language.operations import (
    create_data_property_or_throw,
    get_prototype_from_constructor,
)
from refimpl.language.private import private_element_add
from refimpl.language.rules.base import evaluate_statements, evaluates
from refimpl.language.rules.patterns import BINDING, bind_element
from refimpl.language.values import Value, undefined
from refimpl.source import nodes as n
from refimpl.source.text import code_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.private import PrivateName
    from refimpl.language.realm import Realm
    from refimpl.source.text import Source


class FunctionPlan(ScopePlan):
    """What a call of a function node does, worked out once."""

    __slots__ = (
        "arguments",
        "body",
        "is_arrow",
        "parameter_properties",
        "parameters",
        "simple",
        "start",
    )

    def __init__(self, node: n.Function) -> None:
        scope = node.scope
        super().__init__(scope)
        self.is_arrow = isinstance(node, n.ArrowFunctionExpression)
        self.simple = all(type(parameter) is n.Identifier for parameter in node.params)
        self.parameters: list[Any] = [*node.params]
        self.parameter_properties: list[str] = []
        for index, parameter in enumerate(node.params):
            if isinstance(parameter, n.TSParameterProperty):
                self.parameters[index] = parameter.parameter
                self.parameter_properties.append(property_name(parameter.parameter))
        if self.simple:
            self.parameters = [parameter.name for parameter in self.parameters]
        else:
            parameters = (b.name for b in scope.bindings.values() if b.kind == "parameter")
            self.initial.update(dict.fromkeys(parameters, UNINITIALIZED))
        self.arguments = (
            "arguments" in scope.bindings and scope.bindings["arguments"].kind == "arguments"
        )
        #: The plan of the body's own scope, where parameter expressions make it one.
        self.body = None if scope.body is None else ScopePlan(scope.body)
        self.start = STARTS[node.is_async, node.generator]


def property_name(parameter: n.Node) -> str:
    """The name of a parameter property."""
    target = parameter.left if isinstance(parameter, n.AssignmentPattern) else parameter
    assert isinstance(target, n.Identifier)
    return target.name


class ECMAScriptFunction(FunctionObject):
    """An ECMAScript function object (§10.2)."""

    __slots__ = (
        "definition",
        "environment",
        "fields",
        "home_object",
        "is_class_constructor",
        "is_derived",
        "node",
        "plan",
        "private_methods",
        "source",
    )

    def __init__(
        self, realm: Realm, prototype: JSObject | None, node: n.Function, environment: Environment
    ) -> None:
        super().__init__(realm, prototype, is_constructor=False)
        self.node = node
        #: What was written: the node itself, the method definition or the class around it.
        self.definition: n.Node = node
        self.environment = environment
        self.source = surrounding.agent.context.source
        plan = node.scope.plan
        if plan is None:
            plan = node.scope.plan = FunctionPlan(node)
        self.plan: FunctionPlan = plan
        self.home_object: JSObject | None = None
        self.is_class_constructor = False
        self.is_derived = False
        self.fields: list[Any] = []
        self.private_methods: list[tuple[PrivateName, Property]] = []

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:
        """[[Call]] (§10.2.1): what is left after the execution context is there."""
        del new_target
        if self.is_class_constructor:
            throw_type_error("Class constructor cannot be invoked without 'new'")
        return self.plan.start(self, this, arguments)

    def source_text(self) -> str:
        """[[SourceText]]."""
        return source_text_of(self.definition, self.source)

    def new_environment(self, this: Value, new_target: Value) -> Environment:
        """NewFunctionEnvironment; an arrow function has no `this` of its own."""
        plan = self.plan
        bindings = plan.initial.copy()
        if plan.is_arrow:
            return Environment(self.environment, bindings, plan.immutable)
        return ThisEnvironment(self.environment, bindings, plan.immutable, this, self, new_target)

    def declaration_instantiation(self, env: Environment, arguments: list[Value]) -> Environment:
        """FunctionDeclarationInstantiation: the record the body is evaluated in."""
        plan = self.plan
        if plan.arguments:
            env.bindings["arguments"] = create_unmapped_arguments_object(arguments)
        if plan.simple:
            for name, value in zip(plan.parameters, arguments):  # noqa: B905 - missing arguments stay undefined
                env.bindings[name] = value
        else:
            bind_parameters(plan.parameters, arguments, env)
        if plan.body is not None:
            parameters = env
            env = Environment(parameters, plan.body.initial.copy(), plan.body.immutable)
            for name, value in plan.body.initial.items():
                if value is undefined and name in parameters.bindings:
                    env.bindings[name] = parameters.bindings[name]
        if plan.functions:
            initialize_functions(plan.functions, env)
        return env

    def evaluate_body(self, env: Environment) -> Value:
        """The value a body returns, for a function of any kind."""
        body = self.node.body
        if type(body) is not n.FunctionBody:
            return body.evaluate(env)
        completion = evaluate_statements(body.body, env)
        return undefined if completion is None else completion.value

    def run_construct(self, arguments: list[Value], new_target: FunctionObject) -> Value:
        """[[Construct]] (§10.2.2)."""
        this: Value = UNINITIALIZED
        if not self.is_derived:
            this = JSObject(get_prototype_from_constructor(new_target, "%Object.prototype%"))
            initialize_instance_elements(this, self)
        env = self.new_environment(this, new_target)
        assert isinstance(env, ThisEnvironment)
        inner = self.declaration_instantiation(env, arguments)
        if self.plan.parameter_properties and not self.is_derived:
            assign_parameter_properties(this, self, inner)
        result = self.evaluate_body(inner)
        if isinstance(result, JSObject):
            return result
        if self.is_derived and result is not undefined:
            throw_type_error("Derived constructors may only return object or undefined")
        return env.get_this_binding()


def source_text_of(definition: n.Node, source: Source) -> str:
    """The source text matched by a definition; that of a static method begins after `static`."""
    text = source.text[definition.start : definition.end]
    if isinstance(definition, n.MethodDefinition) and definition.static:
        text = text.removeprefix("static").lstrip()
    return code_units(text)


def bind_parameters(parameters: list[n.Node], arguments: list[Value], env: Environment) -> None:
    """IteratorBindingInitialization of FormalParameters, over the list of arguments."""
    for index, parameter in enumerate(parameters):
        if isinstance(parameter, n.RestElement):
            rest = create_array_from_list(arguments[index:])
            bind_element(parameter.argument, env, BINDING, lambda rest=rest: rest)  # type: ignore[misc]
        else:
            value = arguments[index] if index < len(arguments) else undefined
            bind_element(parameter, env, BINDING, lambda value=value: value)  # type: ignore[misc]


def initialize_instance_elements(obj: JSObject, constructor: Any) -> None:
    """InitializeInstanceElements; `constructor` is written by the class or its default."""
    for name, method in constructor.private_methods:
        private_element_add(obj, name, method)
    for field in constructor.fields:
        field.define(obj)


def assign_parameter_properties(
    obj: JSObject, function: ECMAScriptFunction, env: Environment
) -> None:
    """TypeScript: `constructor(public x)` assigns `this.x`."""
    for name in function.plan.parameter_properties:
        create_data_property_or_throw(obj, name, env.lookup(name))


# --- how the body of each kind of function starts --------------------------------------------------


def start_plain(function: ECMAScriptFunction, this: Value, arguments: list[Value]) -> Value:
    """EvaluateFunctionBody and EvaluateConciseBody."""
    env = function.new_environment(this, undefined)
    return function.evaluate_body(function.declaration_instantiation(env, arguments))


def start_async(function: ECMAScriptFunction, this: Value, arguments: list[Value]) -> Value:
    """EvaluateAsyncFunctionBody: an error while binding arguments rejects the promise, too."""

    def body() -> Value:
        with faults_named():
            env = function.new_environment(this, undefined)
            return function.evaluate_body(function.declaration_instantiation(env, arguments))

    return start_async_function(body)


def start_generating(
    start: Callable[[FunctionObject, Callable[[], Value]], Value],
) -> Callable[[ECMAScriptFunction, Value, list[Value]], Value]:
    """EvaluateGeneratorBody and EvaluateAsyncGeneratorBody: an error while binding arguments throws."""

    def evaluate_body(function: ECMAScriptFunction, this: Value, arguments: list[Value]) -> Value:
        env = function.new_environment(this, undefined)
        inner = function.declaration_instantiation(env, arguments)

        def body() -> Value:
            with faults_named():
                return function.evaluate_body(inner)

        return start(function, body)

    return evaluate_body


STARTS: Final[dict[tuple[bool, bool], Callable[..., Value]]] = {
    (False, False): start_plain,
    (True, False): start_async,
    (False, True): start_generating(start_generator),
    (True, True): start_generating(start_async_generator),
}

# --- creating function objects -------------------------------------------------------------------

#: By (is_async, generator): the function's prototype, and that of the generators it makes.
PROTOTYPES: Final = {
    (False, False): ("%Function.prototype%", None),
    (True, False): ("%AsyncFunction.prototype%", None),
    (False, True): ("%GeneratorFunction.prototype%", "%GeneratorPrototype%"),
    (True, True): ("%AsyncGeneratorFunction.prototype%", "%AsyncGeneratorPrototype%"),
}


def expected_argument_count(node: n.Function) -> float:
    """ExpectedArgumentCount."""
    count = 0
    for parameter in node.params:
        target = parameter.parameter if isinstance(parameter, n.TSParameterProperty) else parameter
        if isinstance(target, (n.AssignmentPattern, n.RestElement)):
            break
        count += 1
    return float(count)


def ordinary_function_create(
    node: n.Function, environment: Environment, name: str, prototype: JSObject | None = None
) -> ECMAScriptFunction:
    """OrdinaryFunctionCreate, SetFunctionName and, for generators, their `prototype`."""
    realm = surrounding.agent.context.realm
    own, generators = PROTOTYPES[node.is_async, node.generator]
    function = ECMAScriptFunction(realm, prototype or realm.intrinsics[own], node, environment)
    function.props["length"] = constant(expected_argument_count(node))
    function.props["name"] = constant(name)
    if generators is not None:
        instance_prototype = JSObject(realm.intrinsics[generators])
        function.props["prototype"] = Property(
            instance_prototype, writable=True, enumerable=False, configurable=False
        )
    return function


def make_constructor(function: ECMAScriptFunction) -> None:
    """MakeConstructor."""
    prototype = JSObject(function.realm.intrinsics["%Object.prototype%"])
    prototype.props["constructor"] = hidden(function)
    function.is_constructor = True
    function.props["prototype"] = Property(
        prototype, writable=True, enumerable=False, configurable=False
    )


def instantiate_function_object(
    node: n.Function, environment: Environment, name: str | None = None
) -> FunctionObject:
    """InstantiateFunctionObject and its siblings for expressions and arrows, unless the host claims the node."""
    if name is None:
        name = node.id.name if node.id is not None else "default"
    made = surrounding.agent.context.realm.host.function_created(node, environment, name)
    return made if made is not None else create_function(node, environment, name)


def create_function(node: n.Function, environment: Environment, name: str) -> ECMAScriptFunction:
    """The function object of a declaration, expression or arrow, whatever the host thinks of it."""
    function = ordinary_function_create(node, environment, name)
    if not node.is_async and not node.generator and type(node) is not n.ArrowFunctionExpression:
        make_constructor(function)
    return function


@evaluates(n.FunctionExpression)
def function_expression(node: n.FunctionExpression, env: Environment, name: str = "") -> Value:
    """§15.2.5 InstantiateOrdinaryFunctionExpression: its own name is bound in a record of its own."""
    if node.id is None:
        return instantiate_function_object(node, env, name)
    scope = Environment(env, immutable=frozenset({node.id.name}))
    function = scope.bindings[node.id.name] = instantiate_function_object(node, scope)
    return function


@evaluates(n.ArrowFunctionExpression)
def arrow_function(node: n.ArrowFunctionExpression, env: Environment, name: str = "") -> Value:
    """§15.3.4 InstantiateArrowFunctionExpression."""
    return instantiate_function_object(node, env, name)


def define_method(
    definition: n.Property | n.MethodDefinition, home_object: JSObject, env: Environment, name: str
) -> FunctionObject:
    """DefineMethod, with the name the property will give it."""
    node = definition.value
    assert isinstance(node, n.FunctionExpression)
    made = surrounding.agent.context.realm.host.function_created(node, env, name)
    if made is not None:
        return made
    function = ordinary_function_create(node, env, name)
    function.home_object = home_object
    function.definition = definition
    return function
