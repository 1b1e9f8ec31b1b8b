"""What each production of the grammar makes: one small function per name in `spec/*.lark`.

Rules of this module:

* A function is called with its place (start, end) and with the values of the production's named
  parts, None for an absent optional one. Its name is that of the production or of its alias.
* Where a production is already a node with the same parts in the same order, the node class is
  the function (see `PRODUCTIONS`).
* Cover grammars are resolved here: an expression becomes a pattern when `=>` or `=` shows that it
  was one. What the grammar cannot refuse is refused with `Malformed`; what the specification calls
  an early error is left to `source.early_errors`.
"""

# ruff: noqa: D103, PLR0917 -- the production of that name in spec/*.lark says what each part is

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from refimpl.source import nodes as n
from refimpl.source.literals import (
    Malformed,
    jsx_string,
    jsx_text,
    number,
    private_name,
    regular_expression,
    string,
    template_element,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def malformed(node: n.Node, message: str, fix: str = "") -> NoReturn:
    raise Malformed(node.start, node.end, message, fix=fix)


# --- programs and modules ------------------------------------------------------------------------


def program(kind: str) -> Callable[..., n.Program]:
    def build(
        _start: int,
        _end: int,
        hashbang: str | None = None,
        directives: Any = None,
        body: Any = None,
    ) -> n.Program:
        return n.Program(0, 0, directives or [], body or [], kind, hashbang and hashbang[2:])

    return build


def directive(start: int, end: int, text: n.Literal) -> n.Directive:
    return n.Directive(start, end, text.raw[1:-1], text.raw[0])


def import_declaration(
    start: int, end: int, specifiers: list[n.Node], source: n.Literal, attributes: Any
) -> n.ImportDeclaration:
    return n.ImportDeclaration(start, end, specifiers, source, attributes or [])


def bare_import(start: int, end: int, source: n.Literal, attributes: Any) -> n.ImportDeclaration:
    return n.ImportDeclaration(start, end, [], source, attributes or [])


def import_clause(_start: int, _end: int, first: Any, second: Any = None) -> list[n.Node]:
    parts = [] if first is None else [first]
    return [*parts, *second] if isinstance(second, list) else [*parts, *filter(None, [second])]


def named_imports(_start: int, _end: int, specifiers: Any) -> list[n.Node]:
    return [specifier for specifier in specifiers or [] if specifier is not None]


def import_namespace(start: int, end: int, _star: str, local: n.Identifier) -> n.Node:
    return n.ImportNamespaceSpecifier(start, end, local)


def import_name(start: int, end: int, local: n.Identifier) -> n.ImportSpecifier:
    return n.ImportSpecifier(start, end, local, local)


def import_attributes(_start: int, _end: int, attributes: Any) -> list[n.Node]:
    return attributes or []


def import_equals(start: int, end: int, local: n.Identifier, value: n.Node) -> n.TSImportEquals:
    return n.TSImportEquals(start, end, local, value)


def export_all(
    start: int, end: int, _star: str, exported: Any, source: n.Literal, attributes: Any
) -> n.ExportAllDeclaration:
    return n.ExportAllDeclaration(start, end, exported, source, attributes or [])


def export_named(
    start: int, end: int, specifiers: list[Any], source: Any, attributes: Any
) -> n.ExportNamedDeclaration:
    return n.ExportNamedDeclaration(start, end, None, specifiers, source, attributes or [])


def export_specifier(start: int, end: int, local: n.Node, exported: Any) -> n.ExportSpecifier:
    return n.ExportSpecifier(start, end, local, exported or local)


def export_of_declaration(start: int, end: int, declaration: n.Node) -> n.Node:
    if isinstance(declaration, n.TSDeclaration):
        return n.TSDeclaration(start, end, declaration.keyword)
    return n.ExportNamedDeclaration(start, end, declaration, [], None, [])


def export_default(start: int, end: int, declaration: n.Node) -> n.Node:
    if isinstance(declaration, n.TSDeclaration):
        return n.TSDeclaration(start, end, declaration.keyword)
    return n.ExportDefaultDeclaration(start, end, declaration)


def decorated(decorators: list[n.Node], declaration: n.Class) -> n.Class:
    declaration.decorators[:0] = decorators
    return declaration


def export_decorated_class(
    start: int, end: int, decorators: list[n.Node], declaration: n.Class
) -> n.Node:
    return export_of_declaration(start, end, decorated(decorators, declaration))


def export_default_decorated_class(
    start: int, end: int, decorators: list[n.Node], declaration: n.Class
) -> n.Node:
    return export_default(start, end, decorated(decorators, declaration))


def export_assignment(start: int, end: int, value: n.Node) -> n.TSImportEquals:
    return n.TSImportEquals(start, end, None, value)


# --- statements ----------------------------------------------------------------------------------


def block_statement(start: int, end: int, body: Any) -> n.BlockStatement:
    return n.BlockStatement(start, end, body or [])


def variable_declaration(
    start: int, end: int, kind: str, declarations: list[Any]
) -> n.VariableDeclaration:
    return n.VariableDeclaration(start, end, kind, declarations)


def misplaced_declaration(start: int, end: int, _declaration: n.Node) -> NoReturn:
    message = "a declaration cannot be the whole body of a statement"
    raise Malformed(start, end, message, "syntax.declaration-position", "put it in `{ }`")


def do_while_statement(start: int, end: int, body: n.Node, test: n.Node) -> n.DoWhileStatement:
    return n.DoWhileStatement(start, end, body, test)


def for_in_statement(
    start: int, end: int, left: n.Node, _in: str, right: n.Node, body: n.Node
) -> n.ForInStatement:
    return n.ForInStatement(start, end, left, right, body)


def for_of_statement(
    start: int, end: int, left: n.Node, _of: str, right: n.Node, body: n.Node
) -> n.ForOfStatement:
    if isinstance(left, n.Identifier) and left.name == "async" and not left.escaped:
        malformed(left, "`for (async of` could begin an arrow function", "write `for ((async) of`")
    return n.ForOfStatement(start, end, left, right, body, False)


def for_await_statement(
    start: int, end: int, _await: str, left: n.Node, _of: str, right: n.Node, body: n.Node
) -> n.ForOfStatement:
    return n.ForOfStatement(start, end, left, right, body, True)


def for_target(_start: int, _end: int, target: n.Node) -> n.Node:
    return assignment_target(target)


def for_binding(start: int, end: int, kind: str, target: n.Node) -> n.VariableDeclaration:
    declarator = n.VariableDeclarator(target.start, target.end, target, None)
    return n.VariableDeclaration(start, end, kind, [declarator])


def switch_statement(start: int, end: int, discriminant: n.Node, cases: Any) -> n.SwitchStatement:
    defaults = [case for case in cases or [] if case.test is None]
    if len(defaults) > 1:
        malformed(defaults[1], "a `switch` has at most one `default`")
    return n.SwitchStatement(start, end, discriminant, cases or [])


def switch_case(start: int, end: int, test: n.Node, consequent: Any) -> n.SwitchCase:
    return n.SwitchCase(start, end, test, consequent or [])


def default_case(start: int, end: int, consequent: Any) -> n.SwitchCase:
    return n.SwitchCase(start, end, None, consequent or [])


def try_statement(start: int, end: int, block: Any, handler: Any, finalizer: Any) -> n.TryStatement:
    if handler is None and finalizer is None:
        raise Malformed(end - 1, end, "`try` needs `catch` or `finally` after its block")
    return n.TryStatement(start, end, block, handler, finalizer)


# --- patterns ------------------------------------------------------------------------------------


def object_pattern(start: int, end: int, properties: Any) -> n.ObjectPattern:
    return n.ObjectPattern(start, end, properties or [])


def object_pattern_with_rest(
    start: int, end: int, properties: Any, rest: n.Node
) -> n.ObjectPattern:
    return n.ObjectPattern(start, end, [*(properties or []), rest])


@dataclass(slots=True)
class ComputedKey(n.Node):
    """`[ … ]` where a key stands."""

    expression: n.Node


def key_of(key: n.Node) -> tuple[n.Node, bool]:
    """The key as the tree has it, and whether it is computed."""
    return (key.expression, True) if key.__class__ is ComputedKey else (key, False)


def property_(start: int, end: int, key: n.Node, value: n.Node) -> n.Property:
    key, computed = key_of(key)
    return n.Property(start, end, key, value, "init", computed, False, False)


def binding_shorthand(start: int, end: int, name: n.Identifier, default: Any) -> n.Property:
    value = binding_element(start, end, name, default)
    return n.Property(start, end, name, value, "init", False, False, True)


def binding_element(start: int, end: int, target: n.Node, default: Any) -> n.Node:
    return target if default is None else n.AssignmentPattern(start, end, target, default)


def array_pattern_of_holes(start: int, end: int, holes: Any) -> n.ArrayPattern:
    return n.ArrayPattern(start, end, [None] * (holes or 0))


def array_pattern(start: int, end: int, elements: list[Any], holes: Any) -> n.ArrayPattern:
    return n.ArrayPattern(start, end, elements + [None] * (holes or 0))


def array_pattern_of_rest(start: int, end: int, holes: Any, rest: n.Node) -> n.ArrayPattern:
    return n.ArrayPattern(start, end, [*[None] * (holes or 0), rest])


def array_pattern_with_rest(
    start: int, end: int, elements: list[Any], holes: Any, rest: n.Node
) -> n.ArrayPattern:
    return n.ArrayPattern(start, end, [*elements, *[None] * (holes or 0), rest])


def first_element(_start: int, _end: int, holes: Any, element: n.Node) -> list[Any]:
    return [*[None] * (holes or 0), element]


def next_element(
    _start: int, _end: int, elements: list[Any], holes: Any, element: n.Node
) -> list[Any]:
    if holes:
        elements += [None] * holes
    elements.append(element)
    return elements


def first_hole(_start: int, _end: int) -> int:
    return 1


def next_hole(_start: int, _end: int, holes: int) -> int:
    return holes + 1


# --- functions -----------------------------------------------------------------------------------


def function_body(start: int, end: int, directives: Any, body: Any) -> n.FunctionBody:
    return n.FunctionBody(start, end, directives or [], body or [])


def function_declaration(
    start: int, end: int, _word: str, star: Any, name: n.Identifier, params: Any, body: n.Node
) -> n.FunctionDeclaration:
    return n.FunctionDeclaration(start, end, name, params or [], body, False, star is not None)


def async_function_declaration(
    start: int, end: int, _word: str, star: Any, name: n.Identifier, params: Any, body: n.Node
) -> n.FunctionDeclaration:
    return n.FunctionDeclaration(start, end, name, params or [], body, True, star is not None)


def anonymous_function(
    start: int, end: int, _word: str, star: Any, params: Any, body: n.Node
) -> n.FunctionDeclaration:
    return n.FunctionDeclaration(start, end, None, params or [], body, False, star is not None)


def anonymous_async_function(
    start: int, end: int, _word: str, star: Any, params: Any, body: n.Node
) -> n.FunctionDeclaration:
    return n.FunctionDeclaration(start, end, None, params or [], body, True, star is not None)


def function_expression(
    start: int, end: int, star: Any, name: Any, params: Any, body: n.Node
) -> n.FunctionExpression:
    return n.FunctionExpression(start, end, name, params or [], body, False, star is not None)


def async_function_expression(
    start: int, end: int, star: Any, name: Any, params: Any, body: n.Node
) -> n.FunctionExpression:
    return n.FunctionExpression(start, end, name, params or [], body, True, star is not None)


def parameters(_start: int, _end: int, items: list[Any]) -> list[Any]:
    """`this` parameters of TypeScript are None."""
    return [item for item in items if item is not None] if None in items else items


def parameters_with_rest(_start: int, _end: int, items: Any, rest: n.Node) -> list[Any]:
    return [*(item for item in items or [] if item is not None), rest]


def parameter(
    start: int, end: int, _decorators: Any, modifiers: Any, target: Any, default: Any
) -> n.Node | None:
    if target is None:
        return None
    element = target if default is None else n.AssignmentPattern(start, end, target, default)
    return element if modifiers is None else n.TSParameterProperty(start, end, element)


def rest_parameter(start: int, end: int, _decorators: Any, target: n.Node) -> n.RestElement:
    return n.RestElement(start, end, target)


@dataclass(slots=True)
class Cover(n.Node):
    """`( … )` before it is known whether it is an expression or an arrow function's parameters."""

    items: list[Any]
    plain: bool  #: could be a parenthesized expression


@dataclass(slots=True)
class TypedItem(n.Node):
    """`a: T`, `a?` or `a: T = b` inside a cover: only a parameter can be that."""

    target: n.Node
    default: n.Node | None
    spread: bool = False


@dataclass(slots=True)
class AsyncCall(n.Node):
    """`async( … )` before it is known whether it is a call or an async arrow function's head."""

    name: n.Identifier
    items: list[Any]
    trailing_comma: bool = False


def cover(start: int, end: int, items: Any) -> Cover:
    return Cover(start, end, items or [], items is not None)


def cover_with_comma(start: int, end: int, items: list[Any]) -> Cover:
    return Cover(start, end, items, False)


def cover_with_rest(start: int, end: int, items: Any, rest: n.Node) -> Cover:
    return Cover(start, end, [*(items or []), rest], False)


def typed_item(start: int, end: int, target: n.Node, default: Any) -> TypedItem:
    return TypedItem(start, end, target, default)


def typed_item_without_default(start: int, end: int, target: n.Node) -> TypedItem:
    return TypedItem(start, end, target, None)


def typed_spread(start: int, end: int, target: n.Node) -> TypedItem:
    return TypedItem(start, end, target, None, True)


def parenthesized(start: int, end: int, covered: Cover) -> n.ParenthesizedExpression:
    items = covered.items
    if not covered.plain:
        raise Malformed(end, end, "expected `=>` after the parameters of an arrow function")
    for item in items:
        if isinstance(item, TypedItem):
            message = "a type annotation stands only after a parameter or a variable"
            raise Malformed(item.target.end, item.end, message)
    inner = items[0]
    if len(items) > 1:
        inner = n.SequenceExpression(inner.start, items[-1].end, items)
    return n.ParenthesizedExpression(start, end, inner)


def async_call(start: int, end: int, name: n.Identifier, items: Any) -> AsyncCall:
    return AsyncCall(start, end, name, items or [])


def async_call_with_comma(start: int, end: int, name: n.Identifier, items: list[Any]) -> AsyncCall:
    return AsyncCall(start, end, name, items, True)


def call_of_async(start: int, end: int, call: AsyncCall) -> n.CallExpression:
    for item in call.items:
        if isinstance(item, TypedItem):
            message = "a type annotation stands only after a parameter or a variable"
            raise Malformed(item.target.end, item.end, message)
    return n.CallExpression(start, end, call.name, call.items)


def _arrow(start: int, end: int, params: list[Any], body: n.Node, *, is_async: bool) -> n.Node:
    return n.ArrowFunctionExpression(start, end, None, params, body, is_async, False)


def arrow_of_name(start: int, end: int, name: n.Identifier, body: n.Node) -> n.Node:
    return _arrow(start, end, [name], body, is_async=False)


def async_arrow_of_name(start: int, end: int, name: n.Identifier, body: n.Node) -> n.Node:
    return _arrow(start, end, [name], body, is_async=True)


def arrow_function(start: int, end: int, covered: Cover, body: n.Node) -> n.Node:
    return _arrow(start, end, arrow_parameters(covered.items), body, is_async=False)


def async_generic_arrow_function(start: int, end: int, covered: Cover, body: n.Node) -> n.Node:
    return _arrow(start, end, arrow_parameters(covered.items), body, is_async=True)


def async_arrow_function(start: int, end: int, call: AsyncCall, body: n.Node) -> n.Node:
    _check_rest(call, call.items)
    return _arrow(start, end, arrow_parameters(call.items), body, is_async=True)


def arrow_parameters(items: list[Any]) -> list[n.Node]:
    patterns = [_arrow_parameter(item) for item in items]
    for item in patterns[:-1]:
        if isinstance(item, n.RestElement):
            malformed(item, "a rest parameter is the last parameter")
    return [pattern for pattern in patterns if pattern is not None]


def _arrow_parameter(item: n.Node) -> n.Node | None:
    if isinstance(item, n.RestElement):
        return item
    if isinstance(item, TypedItem):
        if isinstance(item.target, n.ThisExpression):
            return None
        target = binding_target(item.target)
        if item.spread:
            return n.RestElement(item.start, item.end, target)
        return binding_element(item.start, item.end, target, item.default)
    return binding_target(item)


def binding_target(node: n.Node) -> n.Node:
    """An expression that turns out to be a parameter."""
    return _pattern(node, binding=True)


def assignment_target(node: n.Node) -> n.Node:
    """An expression that turns out to be assigned to."""
    if node.__class__ is n.ObjectExpression or node.__class__ is n.ArrayExpression:
        return _pattern(node, binding=False)
    return node


def _pattern(node: n.Node, *, binding: bool) -> n.Node:
    """The pattern that an expression covers, without recursion.

    The places still to be converted are kept as (list, index) or (node, field name).
    """
    top: list[n.Node] = [node]
    places: list[tuple[Any, Any]] = [(top, 0)]
    while places:
        holder, key = places.pop()
        covered = holder[key] if isinstance(holder, list) else getattr(holder, key)
        made, inner = _one_pattern(covered, binding=binding)
        if isinstance(holder, list):
            holder[key] = made
        else:
            setattr(holder, key, made)
        places += inner
    return top[0]


def _one_pattern(node: Any, *, binding: bool) -> tuple[Any, list[tuple[Any, Any]]]:
    """One level of a pattern, and its places that are still expressions."""
    match node:
        case n.ObjectExpression(properties=items) | n.ArrayExpression(elements=items):
            _check_rest(node, items)
            is_object = isinstance(node, n.ObjectExpression)
            kind: Any = n.ObjectPattern if is_object else n.ArrayPattern
            slots = list(items)
            return kind(node.start, node.end, slots), _places(slots)
        case n.AssignmentExpression(operator="=", left=left, right=right):
            pattern = n.AssignmentPattern(node.start, node.end, left, right)
            return pattern, [(pattern, "left")] if binding else []
        case n.SpreadElement(argument=argument):
            rest = n.RestElement(node.start, node.end, argument)
            return rest, [(rest, "argument")]
        case n.Property(kind="init", method=False, shorthand=shorthand):
            return node, [] if shorthand else [(node, "value")]
        case n.Property():
            malformed(node, "a method or accessor cannot be assigned to")
    if not binding or isinstance(node, n.Identifier | None):
        return node, []
    # An inner `=` has already made this a pattern, of targets that are not all parameters.
    match node:
        case n.ObjectPattern(properties=items) | n.ArrayPattern(elements=items):
            return node, _places(items)
        case n.AssignmentPattern():
            return node, [(node, "left")]
        case n.RestElement():
            return node, [(node, "argument")]
    malformed(node, "a parameter is a name or a pattern")


def _places(items: list[Any]) -> list[tuple[Any, Any]]:
    return [(items, index) for index, item in enumerate(items) if item is not None]


def _check_rest(node: Any, items: list[Any]) -> None:
    """A rest is last, has no comma after it and no default; in an object it is one name."""
    for position, item in enumerate(items):
        if not isinstance(item, n.SpreadElement):
            continue
        if position < len(items) - 1 or node.trailing_comma:
            malformed(item, "a rest element is the last element, without a comma after it")
        if isinstance(item.argument, n.AssignmentExpression):
            malformed(item.argument, "a rest element has no default")
        is_object = isinstance(node, n.ObjectExpression)
        if is_object and isinstance(item.argument, n.ObjectExpression | n.ArrayExpression):
            malformed(item.argument, "the rest of an object goes into one name")


# --- classes -------------------------------------------------------------------------------------


def class_declaration(
    start: int,
    end: int,
    decorators: Any,
    modifiers: Any,
    _word: str,
    name: Any,
    heritage: Any,
    body: n.ClassBody,
) -> n.Node:
    if modifiers and any(word.startswith("declare") for word in modifiers):
        return n.TSDeclaration(start, end, "declare")
    return n.ClassDeclaration(start, end, name, heritage, body, decorators or [])


def anonymous_class(
    start: int,
    end: int,
    decorators: Any,
    modifiers: Any,
    word: str,
    heritage: Any,
    body: n.ClassBody,
) -> n.Node:
    return class_declaration(start, end, decorators, modifiers, word, None, heritage, body)


def class_expression(
    start: int, end: int, decorators: Any, name: Any, heritage: Any, body: n.ClassBody
) -> n.ClassExpression:
    return n.ClassExpression(start, end, name, heritage, body, decorators or [])


def class_body(start: int, end: int, members: Any) -> n.ClassBody:
    return n.ClassBody(start, end, [member for member in members or [] if member is not None])


@dataclass(slots=True)
class Method(n.Node):
    """A method before it is known whether an object or a class has it."""

    key: n.Node
    value: n.FunctionExpression | None
    kind: str
    computed: bool


def method(
    start: int, end: int, is_async: Any, star: Any, key: n.Node, params: Any, body: Any
) -> Method:
    value = body and n.FunctionExpression(
        key.end, end, None, params or [], body, is_async is not None, star is not None
    )
    key, computed = key_of(key)
    return Method(start, end, key, value, "method", computed)


def accessor_method(start: int, end: int, word: str, key: n.Node, params: Any, body: Any) -> Method:
    value = body and n.FunctionExpression(key.end, end, None, params or [], body, False, False)
    key, computed = key_of(key)
    return Method(start, end, key, value, word[:3], computed)


def class_method(start: int, end: int, modifiers: Any, method: Method) -> n.Node | None:
    """None for an overload or an abstract method: a member without a body."""
    if method.value is None:
        return None
    static, decorators = _modifiers(modifiers)
    kind = method.kind
    if kind == "method" and not static and not method.computed and _is_constructor(method.key):
        kind = "constructor"
    return n.MethodDefinition(
        start, end, method.key, method.value, kind, method.computed, static, decorators
    )


def _is_constructor(key: n.Node) -> bool:
    match key:
        case n.Identifier(name="constructor") | n.Literal(value="constructor"):
            return True
    return False


def _modifiers(modifiers: Any) -> tuple[bool, list[n.Node]]:
    words = [word for word in modifiers or [] if isinstance(word, str)]
    decorators = [item for item in modifiers or [] if not isinstance(item, str)]
    return any(word.startswith("static") for word in words), decorators


def field(start: int, end: int, modifiers: Any, key: n.Node, value: Any) -> n.Node | None:
    """None for a field that only declares."""
    static, decorators = _modifiers(modifiers)
    words = [word for word in modifiers or [] if isinstance(word, str)]
    if any(word.startswith(("declare", "abstract")) for word in words):
        return None
    key, computed = key_of(key)
    return n.PropertyDefinition(start, end, key, value, computed, static, decorators)


def static_block(start: int, end: int, body: Any) -> n.StaticBlock:
    return n.StaticBlock(start, end, body or [])


# --- expressions ---------------------------------------------------------------------------------


def first_two(start: int, end: int, first: n.Node, second: n.Node) -> n.SequenceExpression:
    return n.SequenceExpression(start, end, [first, second])


def next_of_sequence(
    _start: int, end: int, sequence: n.SequenceExpression, item: n.Node
) -> n.SequenceExpression:
    sequence.expressions.append(item)
    sequence.end = end
    return sequence


def assignment(start: int, end: int, left: n.Node, right: n.Node) -> n.AssignmentExpression:
    return n.AssignmentExpression(start, end, "=", assignment_target(left), right)


def operator_assignment(
    start: int, end: int, left: n.Node, operator: str, right: n.Node
) -> n.AssignmentExpression:
    return n.AssignmentExpression(start, end, operator, left, right)


def yield_expression(start: int, end: int, argument: Any) -> n.YieldExpression:
    return n.YieldExpression(start, end, argument, False)


def yield_delegate(start: int, end: int, _star: str, argument: n.Node) -> n.YieldExpression:
    return n.YieldExpression(start, end, argument, True)


def binary(start: int, end: int, left: n.Node, operator: str, right: n.Node) -> n.BinaryExpression:
    return n.BinaryExpression(start, end, operator, left, right)


def logical(
    start: int, end: int, left: n.Node, operator: str, right: n.Node
) -> n.LogicalExpression:
    return n.LogicalExpression(start, end, operator, left, right)


def await_expression(start: int, end: int, _word: str, argument: n.Node) -> n.AwaitExpression:
    return n.AwaitExpression(start, end, argument)


def type_wrapper(start: int, end: int, expression: n.Node, *_: object) -> n.TSAs:
    return n.TSAs(start, end, expression)


def postfix_update(start: int, end: int, argument: n.Node, operator: str) -> n.UpdateExpression:
    return n.UpdateExpression(start, end, operator, argument, False)


def prefix_update(start: int, end: int, operator: str, argument: n.Node) -> n.UpdateExpression:
    return n.UpdateExpression(start, end, operator, argument, True)


def new_without_arguments(start: int, end: int, callee: n.Node) -> n.NewExpression:
    return n.NewExpression(start, end, callee, [])


def member(start: int, end: int, owner: n.Node, name: n.Node) -> n.MemberExpression:
    return n.MemberExpression(start, end, owner, name, False)


def computed_member(start: int, end: int, owner: n.Node, key: n.Node) -> n.MemberExpression:
    return n.MemberExpression(start, end, owner, key, True)


def optional_member(start: int, end: int, owner: n.Node, name: n.Node) -> n.MemberExpression:
    return n.MemberExpression(start, end, owner, name, False, True)


def optional_computed_member(
    start: int, end: int, owner: n.Node, key: n.Node
) -> n.MemberExpression:
    return n.MemberExpression(start, end, owner, key, True, True)


def optional_call(start: int, end: int, callee: n.Node, arguments: list[Any]) -> n.CallExpression:
    return n.CallExpression(start, end, callee, arguments, True)


def template_in_chain(_start: int, _end: int, _chain: n.Node, template: n.Node) -> NoReturn:
    malformed(template, "a template cannot follow an optional chain", "call the tag with `( )`")


def new_target(start: int, end: int, name: n.Identifier) -> n.MetaProperty:
    if name.name != "target" or name.escaped:
        malformed(name, "expected `target` after `new.`")
    return n.MetaProperty(start, end, "new", "target")


def import_meta(start: int, end: int, name: n.Identifier) -> n.MetaProperty:
    if name.name != "meta" or name.escaped:
        malformed(name, "expected `meta` after `import.`")
    return n.MetaProperty(start, end, "import", "meta")


def no_arguments(_start: int, _end: int) -> list[n.Node]:
    return []


def null_literal(start: int, end: int) -> n.Literal:
    return n.Literal(start, end, None, "null")


def true_literal(start: int, end: int) -> n.Literal:
    return n.Literal(start, end, True, "true")


def false_literal(start: int, end: int) -> n.Literal:
    return n.Literal(start, end, False, "false")


def array_of_holes(start: int, end: int, holes: Any) -> n.ArrayExpression:
    return n.ArrayExpression(start, end, [None] * (holes or 0))


def array_with_comma(start: int, end: int, elements: list[Any], holes: Any) -> n.ArrayExpression:
    return n.ArrayExpression(start, end, elements + [None] * (holes or 0), True)


def object_(start: int, end: int, properties: Any) -> n.ObjectExpression:
    return n.ObjectExpression(start, end, properties or [])


def object_with_comma(start: int, end: int, properties: list[n.Node]) -> n.ObjectExpression:
    return n.ObjectExpression(start, end, properties, True)


def shorthand(start: int, end: int, name: n.Identifier) -> n.Property:
    return n.Property(start, end, name, name, "init", False, False, True)


def cover_initialized_name(start: int, end: int, name: n.Identifier, value: n.Node) -> n.Property:
    pattern = n.AssignmentPattern(start, end, name, value)
    return n.Property(start, end, name, pattern, "init", False, False, True)


def method_property(start: int, end: int, method: Method) -> n.Property:
    kind = "init" if method.kind == "method" else method.kind
    value: Any = method.value
    return n.Property(start, end, method.key, value, kind, method.computed, kind == "init", False)


@dataclass(slots=True)
class TemplateParts(n.Node):
    """A template up to here."""

    quasis: list[n.TemplateElement]
    expressions: list[n.Node]


def template(start: int, end: int, quasi: n.TemplateElement) -> n.TemplateLiteral:
    return n.TemplateLiteral(start, end, [quasi], [])


def template_with_parts(
    start: int, end: int, parts: TemplateParts, tail: n.TemplateElement
) -> n.TemplateLiteral:
    return n.TemplateLiteral(start, end, [*parts.quasis, tail], parts.expressions)


def first_part(start: int, end: int, head: n.TemplateElement, expression: n.Node) -> TemplateParts:
    return TemplateParts(start, end, [head], [expression])


def next_part(
    _start: int, _end: int, parts: TemplateParts, middle: n.TemplateElement, expression: n.Node
) -> TemplateParts:
    parts.quasis.append(middle)
    parts.expressions.append(expression)
    return parts


# --- JSX -----------------------------------------------------------------------------------------


def jsx_self_closing(start: int, end: int, name: n.Node, attributes: Any) -> n.JSXElement:
    return n.JSXElement(start, end, name, attributes or [], [], None)


def jsx_element(
    start: int, end: int, name: n.Node, attributes: Any, children: Any, closing: n.Node
) -> n.JSXElement:
    opened, closed = jsx_spelling(name), jsx_spelling(closing)
    if opened != closed:
        raise Malformed(
            closing.start,
            closing.end,
            f"`<{opened}>` is closed by `</{closed}>`",
            "syntax.jsx-closing-tag",
            f"write `</{opened}>`",
        )
    return n.JSXElement(start, end, name, attributes or [], children or [], closing)


def jsx_fragment(start: int, end: int, children: Any, closing: Any) -> n.JSXElement:
    if closing is not None:
        raise Malformed(
            closing.start,
            closing.end,
            f"`<>` is closed by `</{jsx_spelling(closing)}>`",
            "syntax.jsx-closing-tag",
            "write `</>`",
        )
    return n.JSXElement(start, end, None, [], children or [], None)


def jsx_spelling(name: Any) -> str:
    match name:
        case n.JSXIdentifier(name=text):
            return text
        case n.JSXNamespacedName(namespace=left, name=right):
            return f"{left.name}:{right.name}"
        case n.JSXMemberExpression(object=left, property=right):
            return f"{jsx_spelling(left)}.{right.name}"
    raise AssertionError(name)


# --- TypeScript ----------------------------------------------------------------------------------


def ts_declaration(keyword: str) -> Callable[..., n.TSDeclaration]:
    def build(start: int, end: int, *parts: object) -> n.TSDeclaration:
        names = (part.name for part in parts if isinstance(part, n.Identifier))
        return n.TSDeclaration(start, end, keyword, next(names, None))

    return build


def enum_declaration(start: int, end: int, name: n.Identifier, members: Any) -> n.TSEnumDeclaration:
    return n.TSEnumDeclaration(start, end, name, members or [])


def namespace_declaration(start: int, end: int, names: list[Any], body: Any) -> n.Node:
    """A namespace that holds only types executes nothing."""
    if all(isinstance(item, n.TSDeclaration) for item in body or []):
        return n.TSDeclaration(start, end, "namespace")
    return n.TSModuleDeclaration(start, end, names, body)


# --- the registry --------------------------------------------------------------------------------


def itself(_start: int, _end: int, value: Any) -> Any:
    return value


def nothing(*_: object) -> None:
    return None


def new_list(_start: int, _end: int, item: Any) -> list[Any]:
    return [item]


def append(_start: int, _end: int, items: list[Any], item: Any) -> list[Any]:
    items.append(item)
    return items


def async_name(start: int, _end: int, _lexeme: str) -> n.Identifier:
    return n.Identifier(start, start + len("async"), "async")


#: Where the name of a production is not the name of its function.
PRODUCTIONS: dict[str, Any] = {
    "(list)": new_list,
    "(append)": append,
    "module": program("module"),
    "script": program("script"),
    "import_default": n.ImportDefaultSpecifier,
    "import_renamed": n.ImportSpecifier,
    "import_attribute": n.ImportAttribute,
    "export_clause": named_imports,
    "type_specifier": nothing,
    "type_import": ts_declaration("import type"),
    "type_export": ts_declaration("export type"),
    "type_alias": ts_declaration("type"),
    "interface_declaration": ts_declaration("interface"),
    "overload": ts_declaration("function"),
    "ambient": ts_declaration("declare"),
    "empty_statement": n.EmptyStatement,
    "expression_statement": n.ExpressionStatement,
    "if_statement": n.IfStatement,
    "while_statement": n.WhileStatement,
    "for_statement": n.ForStatement,
    "continue_statement": n.ContinueStatement,
    "break_statement": n.BreakStatement,
    "return_statement": n.ReturnStatement,
    "with_statement": n.WithStatement,
    "labeled_statement": n.LabeledStatement,
    "throw_statement": n.ThrowStatement,
    "debugger_statement": n.DebuggerStatement,
    "declarator": n.VariableDeclarator,
    "catch_clause": n.CatchClause,
    "rest_element": n.RestElement,
    "conditional": n.ConditionalExpression,
    "unary": n.UnaryExpression,
    "chain_expression": n.ChainExpression,
    "new_with_arguments": n.NewExpression,
    "tagged_template": n.TaggedTemplateExpression,
    "call": n.CallExpression,
    "import_call": n.ImportExpression,
    "super": n.Super,
    "spread_element": n.SpreadElement,
    "this_expression": n.ThisExpression,
    "array": n.ArrayExpression,
    "object": object_,
    "property": property_,
    "computed_key": ComputedKey,
    "decorator": n.Decorator,
    "jsx_namespaced_name": n.JSXNamespacedName,
    "jsx_member": n.JSXMemberExpression,
    "jsx_attribute": n.JSXAttribute,
    "jsx_spread_attribute": n.JSXSpreadAttribute,
    "jsx_container": n.JSXExpressionContainer,
    "jsx_spread_child": n.JSXSpreadChild,
    "enum_member": n.TSEnumMember,
    "instantiation_ahead": nothing,
    "function_type_pattern_ahead": nothing,
    "conditional_arrow_ahead": nothing,
}

#: What a terminal leaves in the tree; one that is not here leaves its text.
LEAVES: dict[str, Any] = {
    "IDENTIFIER": n.Identifier,
    "RESERVED_WORD": n.Identifier,
    "PRIVATE_NAME": private_name,
    "STRING": string,
    "NUMBER": number,
    "REGEXP": regular_expression,
    "TEMPLATE_FULL": template_element,
    "TEMPLATE_HEAD": template_element,
    "TEMPLATE_MIDDLE": template_element,
    "TEMPLATE_TAIL": template_element,
    "ASYNC_CALL": async_name,
    "JSX_NAME": n.JSXIdentifier,
    "JSX_STRING": jsx_string,
    "JSX_TEXT": jsx_text,
}


def builders() -> dict[str, Any]:
    """Every production's function, by the name that the grammar uses."""
    functions = {name: value for name, value in globals().items() if callable(value)}
    return functions | PRODUCTIONS
