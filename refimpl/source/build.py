"""The productions of which a node takes more than one expression to make (see `productions`).

Rules of this module:

* What the grammar cannot refuse is refused with `Malformed`; what the specification calls an early
  error is left to `source.early_errors`.
* Members of TypeScript that are erased are None until the list that holds them is complete.
"""

# ruff: noqa: D103, PLR0917 -- the production of that name in spec/*.lark says what each part is

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from refimpl.source import covers
from refimpl.source import nodes as n
from refimpl.source.literals import Malformed, malformed

if TYPE_CHECKING:
    from collections.abc import Callable


def present(items: Any) -> list[Any]:
    """The list without what is erased; an absent list is empty."""
    return [item for item in items or [] if item is not None]


def program(kind: str) -> Callable[..., n.Program]:
    def build(_start: int, _end: int, directives: Any = None, body: Any = None) -> n.Program:
        return n.Program(0, 0, directives or [], body or [], kind)

    return build


def import_clause(_start: int, _end: int, first: Any, second: Any = None) -> list[n.Node]:
    parts = [] if first is None else [first]
    return [*parts, *second] if isinstance(second, list) else [*parts, *filter(None, [second])]


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


def misplaced_declaration(start: int, end: int, _declaration: n.Node) -> NoReturn:
    message = "a declaration cannot be the whole body of a statement"
    raise Malformed(start, end, message, "syntax.declaration-position", "put it in `{ }`")


def for_of_statement(
    start: int, end: int, left: n.Node, _of: str, right: n.Node, body: n.Node
) -> n.ForOfStatement:
    if isinstance(left, n.Identifier) and left.name == "async" and not left.escaped:
        malformed(left, "`for (async of` could begin an arrow function", "write `for ((async) of`")
    return n.ForOfStatement(start, end, left, right, body, False)


def for_binding(start: int, end: int, kind: str, target: n.Node) -> n.VariableDeclaration:
    declarator = n.VariableDeclarator(target.start, target.end, target, None)
    return n.VariableDeclaration(start, end, kind, [declarator])


def switch_statement(start: int, end: int, discriminant: n.Node, cases: Any) -> n.SwitchStatement:
    defaults = [case for case in cases or [] if case.test is None]
    if len(defaults) > 1:
        malformed(defaults[1], "a `switch` has at most one `default`")
    return n.SwitchStatement(start, end, discriminant, cases or [])


def try_statement(start: int, end: int, block: Any, handler: Any, finalizer: Any) -> n.TryStatement:
    if handler is None and finalizer is None:
        raise Malformed(end - 1, end, "`try` needs `catch` or `finally` after its block")
    return n.TryStatement(start, end, block, handler, finalizer)


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
    value = covers.binding_element(start, end, name, default)
    return n.Property(start, end, name, value, "init", False, False, True)


def next_element(
    _start: int, _end: int, elements: list[Any], holes: Any, element: n.Node
) -> list[Any]:
    if holes:
        elements += [None] * holes
    elements.append(element)
    return elements


def parameter(
    start: int, end: int, _decorators: Any, modifiers: Any, target: Any, default: Any
) -> n.Node | None:
    if target is None:
        return None
    element = target if default is None else n.AssignmentPattern(start, end, target, default)
    return element if modifiers is None else n.TSParameterProperty(start, end, element)


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


def next_of_sequence(
    _start: int, end: int, sequence: n.SequenceExpression, item: n.Node
) -> n.SequenceExpression:
    sequence.expressions.append(item)
    sequence.end = end
    return sequence


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


def next_part(
    _start: int, _end: int, parts: TemplateParts, middle: n.TemplateElement, expression: n.Node
) -> TemplateParts:
    parts.quasis.append(middle)
    parts.expressions.append(expression)
    return parts


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


def ts_declaration(keyword: str) -> Callable[..., n.TSDeclaration]:
    def build(start: int, end: int, *parts: object) -> n.TSDeclaration:
        names = (part.name for part in parts if isinstance(part, n.Identifier))
        return n.TSDeclaration(start, end, keyword, next(names, None))

    return build


def namespace_declaration(start: int, end: int, names: list[Any], body: Any) -> n.Node:
    """A namespace that holds only types executes nothing."""
    if all(isinstance(item, n.TSDeclaration) for item in body or []):
        return n.TSDeclaration(start, end, "namespace")
    return n.TSModuleDeclaration(start, end, names, body)


def append(_start: int, _end: int, items: list[Any], item: Any) -> list[Any]:
    items.append(item)
    return items


def async_name(start: int, _end: int, _lexeme: str) -> n.Identifier:
    return n.Identifier(start, start + len("async"), "async")
