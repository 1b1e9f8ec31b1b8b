"""Class definitions (ECMA-262 §15.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refimpl.language.agent import surrounding
from refimpl.language.environment import (
    UNINITIALIZED,
    Environment,
    ThisEnvironment,
    initialize_functions,
    plan_of,
)
from refimpl.language.errors import throw_syntax_error, throw_type_error
from refimpl.language.functions import FunctionObject, constant, function_name
from refimpl.language.objects import JSObject, Property, hidden
from refimpl.language.operations import (
    create_data_property_or_throw,
    define_property_or_throw,
    get_prototype_from_constructor,
)
from refimpl.language.private import PrivateName, private_element_add
from refimpl.language.rules.base import evaluate_statements, evaluates, named_evaluation
from refimpl.language.rules.functions import (
    ECMAScriptFunction,
    define_method,
    initialize_instance_elements,
    ordinary_function_create,
    source_text_of,
)
from refimpl.language.rules.literals import define_accessor
from refimpl.language.rules.patterns import property_key
from refimpl.language.values import Key, Value, null, undefined
from refimpl.source import nodes as n

if TYPE_CHECKING:
    from refimpl.language.realm import Realm


@evaluates(n.ClassDeclaration)
def class_declaration(node: n.ClassDeclaration, env: Environment) -> None:
    """§15.7.15 BindingClassDeclarationEvaluation."""
    assert node.id is not None  # `export default class {}` is evaluated by its export
    value = class_definition(node, env, node.id.name)
    env.initialize_binding(node.id.name, value)


@evaluates(n.ClassExpression)
def class_expression(node: n.ClassExpression, env: Environment, name: str = "") -> Value:
    """§15.7.16 ClassExpression."""
    return class_definition(node, env, name if node.id is None else node.id.name)


class DefaultConstructor(FunctionObject):
    """The constructor of a class that writes none (§15.7.14, step 14)."""

    __slots__ = ("fields", "home_object", "is_derived", "node", "private_methods", "source")

    def __init__(self, realm: Realm, prototype: JSObject | None, node: n.Class) -> None:
        super().__init__(realm, prototype, is_constructor=True)
        self.node = node
        self.source = surrounding.agent.context.source
        self.home_object: JSObject | None = None
        self.is_derived = False
        self.fields: list[FieldDefinition] = []
        self.private_methods: list[tuple[PrivateName, Property]] = []

    def source_text(self) -> str:
        """[[SourceText]]: that of the class."""
        return source_text_of(self.node, self.source)

    def run(self, this: Value, arguments: list[Value], new_target: Value) -> Value:
        """[[Call]]."""
        del this, arguments, new_target
        throw_type_error("Class constructor cannot be invoked without 'new'")

    def run_construct(self, arguments: list[Value], new_target: FunctionObject) -> Value:
        """[[Construct]]: pass everything on to the parent, without touching an iterator."""
        if self.is_derived:
            parent = self.get_prototype_of()
            if not isinstance(parent, FunctionObject) or not parent.is_constructor:
                throw_type_error("Super constructor is not a constructor")
            result = parent.construct(arguments, new_target)
        else:
            result = JSObject(get_prototype_from_constructor(new_target, "%Object.prototype%"))
        initialize_instance_elements(result, self)
        return result


class ClassScope:
    """A class while it is defined: its constructor, prototype, environment and collected elements."""

    def __init__(self, constructor: Any, prototype: JSObject, env: Environment) -> None:
        self.constructor = constructor
        self.prototype = prototype
        self.env = env
        self.static_elements: list[FieldDefinition | StaticBlock] = []
        self.static_private_methods: dict[PrivateName, Property] = {}
        self.private_methods: dict[PrivateName, Property] = {}


def class_definition(node: n.Class, env: Environment, name: str) -> FunctionObject:
    """ClassDefinitionEvaluation."""
    refuse_decorators([node, *node.body.body])
    scope = Environment(env)
    if node.id is not None:
        scope.bindings[node.id.name] = UNINITIALIZED
        scope.immutable = frozenset({node.id.name})
    prototype_parent, constructor_parent = class_heritage(node, scope)
    for private in private_bound_identifiers(node):
        scope.bindings[private] = PrivateName(private)
    prototype = JSObject(prototype_parent)
    constructor = make_class_constructor(node, scope, prototype, constructor_parent, name)
    definition = ClassScope(constructor, prototype, scope)
    for element in node.body.body:
        class_element(element, definition)
    if node.id is not None:
        scope.bindings[node.id.name] = constructor
    constructor.private_methods = [*definition.private_methods.items()]
    for private_name, method in definition.static_private_methods.items():
        private_element_add(constructor, private_name, method)
    for static in definition.static_elements:
        static.define(constructor)
    return constructor


def class_heritage(node: n.Class, scope: Environment) -> tuple[JSObject | None, JSObject | None]:
    """The prototypes of `prototype` and of the constructor (step 8)."""
    intrinsics = surrounding.agent.context.realm.intrinsics
    if node.super_class is None:
        return intrinsics["%Object.prototype%"], intrinsics["%Function.prototype%"]
    parent = node.super_class.evaluate(scope)
    if parent is null:
        return None, intrinsics["%Function.prototype%"]
    if not isinstance(parent, FunctionObject) or not parent.is_constructor:
        throw_type_error("Class extends value is not a constructor or null")
    prototype = parent.get("prototype", parent)
    if prototype is not null and not isinstance(prototype, JSObject):
        throw_type_error("Class extends value does not have a valid prototype property")
    return (prototype if isinstance(prototype, JSObject) else None), parent


def private_bound_identifiers(node: n.Class) -> list[str]:
    """PrivateBoundIdentifiers, spelt with their `#`."""
    keys = (getattr(element, "key", None) for element in node.body.body)
    return [f"#{key.name}" for key in keys if isinstance(key, n.PrivateIdentifier)]


def make_class_constructor(
    node: n.Class,
    scope: Environment,
    prototype: JSObject,
    parent: JSObject | None,
    name: str,
) -> ECMAScriptFunction | DefaultConstructor:
    """Steps 14 to 20: the constructor function, written or default."""
    constructor: ECMAScriptFunction | DefaultConstructor
    written = constructor_method(node)
    if written is None:
        realm = surrounding.agent.context.realm
        constructor = DefaultConstructor(realm, parent, node)
        constructor.props["length"] = constant(0.0)
        constructor.props["name"] = constant(name)
    else:
        constructor = ordinary_function_create(written.value, scope, name, parent)
        constructor.definition = node
        constructor.is_class_constructor = True
        constructor.is_constructor = True
    constructor.home_object = prototype
    constructor.is_derived = node.super_class is not None
    constructor.props["prototype"] = Property(
        prototype, writable=False, enumerable=False, configurable=False
    )
    prototype.props["constructor"] = hidden(constructor)
    return constructor


def constructor_method(node: n.Class) -> n.MethodDefinition | None:
    """ConstructorMethod."""
    for element in node.body.body:
        if isinstance(element, n.MethodDefinition) and element.kind == "constructor":
            return element
    return None


def refuse_decorators(nodes: list[Any]) -> None:
    """Decorators are not part of the language; executing code without them would be wrong."""
    if any(getattr(node, "decorators", None) for node in nodes):
        throw_syntax_error("Decorators are not supported by this interpreter")


# --- elements ------------------------------------------------------------------------------------


def class_element(element: n.Node, definition: ClassScope) -> None:
    """ClassElementEvaluation."""
    if isinstance(element, n.StaticBlock):
        definition.static_elements.append(StaticBlock(element, definition))
    elif isinstance(element, n.PropertyDefinition):
        field = FieldDefinition(element, definition)
        if element.static:
            definition.static_elements.append(field)
        else:
            definition.constructor.fields.append(field)
    elif isinstance(element, n.MethodDefinition) and element.kind != "constructor":
        class_method(element, definition)


def class_method(node: n.MethodDefinition, definition: ClassScope) -> None:
    """MethodDefinitionEvaluation."""
    home = definition.constructor if node.static else definition.prototype
    if isinstance(node.key, n.PrivateIdentifier):
        private_method(node, home, definition)
        return
    key = property_key(node, definition.env)
    if node.kind == "method":
        function = define_method(node, home, definition.env, function_name(key))
        define_property_or_throw(home, key, hidden(function))
    else:
        define_accessor(node, key, home, definition.env, enumerable=False)


def private_method(node: n.MethodDefinition, home: JSObject, definition: ClassScope) -> None:
    """A private method, or one half of a private accessor."""
    assert isinstance(node.key, n.PrivateIdentifier)
    name = definition.env.bindings[f"#{node.key.name}"]
    methods = definition.static_private_methods if node.static else definition.private_methods
    prefix = "" if node.kind == "method" else node.kind
    function = define_method(node, home, definition.env, function_name(name, prefix))
    if node.kind == "method":
        methods[name] = Property(function, writable=False)
    else:
        accessor = methods.setdefault(name, Property(get=undefined, set=undefined))
        setattr(accessor, node.kind, function)


class FieldDefinition:
    """A ClassFieldDefinition Record; as the `function` of an environment it knows the home object."""

    __slots__ = ("env", "home_object", "key", "node")

    def __init__(self, node: n.PropertyDefinition, definition: ClassScope) -> None:
        """ClassFieldDefinitionEvaluation."""
        self.node = node
        self.env = definition.env
        self.home_object = definition.constructor if node.static else definition.prototype
        self.key: Key | PrivateName
        if isinstance(node.key, n.PrivateIdentifier):
            self.key = definition.env.bindings[f"#{node.key.name}"]
        else:
            self.key = property_key(node, definition.env)

    def define(self, receiver: JSObject) -> None:
        """DefineField."""
        value: Value = undefined
        if self.node.value is not None:
            env = ThisEnvironment(self.env, this_value=receiver, function=self)
            value = named_evaluation(self.node.value, env, self.key)
        if isinstance(self.key, PrivateName):
            private_element_add(receiver, self.key, value)
        else:
            create_data_property_or_throw(receiver, self.key, value)


class StaticBlock:
    """A ClassStaticBlockDefinition Record."""

    __slots__ = ("env", "home_object", "node")

    def __init__(self, node: n.StaticBlock, definition: ClassScope) -> None:
        self.node = node
        self.env = definition.env
        self.home_object = definition.constructor

    def define(self, receiver: JSObject) -> None:
        """EvaluateClassStaticBlockBody."""
        plan = plan_of(self.node.scope)
        env = ThisEnvironment(self.env, plan.initial.copy(), plan.immutable, receiver, self)
        initialize_functions(plan.functions, env)
        evaluate_statements(self.node.body, env)
