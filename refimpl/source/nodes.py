"""The syntax tree: one class per ESTree node type, with its place in the source on every node.

Rules of this module:

* Names and fields are those of ESTree, the tree the whole JavaScript ecosystem speaks, so that
  a reader never has to learn ours. What ESTree leaves out carries a `#:` comment.
* TypeScript types are not in the tree: the parser checks their syntax and drops them. What
  TypeScript *executes* (enums, namespaces, parameter properties) is in the tree.
* A tree says what was written. What it means is attached by the passes that work it out
  (`scope` by `source.scope`), in the fields marked `init=False`.
* `start` and `end` are offsets into the source text in Python characters; `source.text` turns
  them into lines and columns.
"""

# ruff: noqa: D101 -- ESTree says what a node means whose class adds nothing to it

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from refimpl.source.scope import ProgramScope, Scope, VariableScope

T = TypeVar("T")


@dataclass_transform(eq_default=False, field_specifiers=(field,))
def node(cls: type[T]) -> type[T]:
    """Make a class a slotted record compared by identity, as tree nodes are."""
    return dataclass(slots=True, eq=False)(cls)


@node
class Node:
    """Anything written in the source: `text[start:end]` is exactly its characters.

    A node is made with its place first: `Identifier(start, end, name)`.
    """

    start: int
    end: int

    #: Names of the fields that hold child nodes (a node, None, or a list of both), in source order.
    children: ClassVar[tuple[str, ...]] = ()

    #: The evaluation rule of the node type, attached by `refimpl.language.rules`.
    evaluate: ClassVar[Callable[..., Any]]

    def walk(self) -> Iterator[Node]:
        """This node and every node below it, in source order, without recursion."""
        stack: list[Node] = [self]
        while stack:
            current = stack.pop()
            yield current
            stack.extend(reversed([*current.iterate()]))

    def iterate(self) -> Iterator[Node]:
        """The direct children, in source order; elisions and absent parts are left out."""
        for name in self.children:
            value = getattr(self, name)
            if isinstance(value, list):
                yield from (item for item in value if item is not None)
            elif value is not None:
                yield value


@node
class Scoped(Node):
    """A node that opens a scope; `source.scope.analyse` fills it in."""

    scope: Scope = field(init=False)


# --- programs and statements ---------------------------------------------------------------------


@node
class Program(Scoped):
    """A whole source text. `directives` are its Directive Prologue; they are not in `body`."""

    children = ("directives", "body")
    scope: ProgramScope = field(init=False)
    directives: list[Directive]
    body: list[Node]
    source_type: str  #: "module" or "script"


@node
class Directive(Node):
    """A member of a Directive Prologue. Two directives are the same when their `raw` texts are."""

    raw: str  #: the characters between the quotes, escapes not decoded
    quote: str  #: `'` or `"`


@node
class ExpressionStatement(Node):
    children = ("expression",)
    expression: Node


@node
class BlockStatement(Scoped):
    children = ("body",)
    body: list[Node]


@node
class FunctionBody(Node):
    """The braces of a function. `directives` are its Directive Prologue; they are not in `body`."""

    children = ("directives", "body")
    directives: list[Directive]
    body: list[Node]


@node
class EmptyStatement(Node):
    pass


@node
class DebuggerStatement(Node):
    pass


@node
class WithStatement(Node):
    """Never in a valid tree (strict code): kept so that the early error can point at it."""

    children = ("object", "body")
    object: Node
    body: Node


@node
class ReturnStatement(Node):
    children = ("argument",)
    argument: Node | None


@node
class LabeledStatement(Node):
    children = ("label", "body")
    label: Identifier
    body: Node


@node
class BreakStatement(Node):
    children = ("label",)
    label: Identifier | None


@node
class ContinueStatement(Node):
    children = ("label",)
    label: Identifier | None


@node
class IfStatement(Node):
    children = ("test", "consequent", "alternate")
    test: Node
    consequent: Node
    alternate: Node | None


@node
class SwitchStatement(Scoped):
    """The scope is that of the case block."""

    children = ("discriminant", "cases")
    discriminant: Node
    cases: list[SwitchCase]


@node
class SwitchCase(Node):
    """`test` is None for `default`."""

    children = ("test", "consequent")
    test: Node | None
    consequent: list[Node]


@node
class ThrowStatement(Node):
    children = ("argument",)
    argument: Node


@node
class TryStatement(Node):
    children = ("block", "handler", "finalizer")
    block: BlockStatement
    handler: CatchClause | None
    finalizer: BlockStatement | None


@node
class CatchClause(Scoped):
    """The scope is that of the parameter; the body block has its own."""

    children = ("param", "body")
    param: Node | None
    body: BlockStatement


@node
class WhileStatement(Node):
    children = ("test", "body")
    test: Node
    body: Node


@node
class DoWhileStatement(Node):
    children = ("body", "test")
    body: Node
    test: Node


@node
class ForStatement(Scoped):
    children = ("init", "test", "update", "body")
    init: Node | None  # VariableDeclaration or an expression
    test: Node | None
    update: Node | None
    body: Node


@node
class ForInStatement(Scoped):
    children = ("left", "right", "body")
    left: Node  # VariableDeclaration with one declarator, a pattern, or an expression
    right: Node
    body: Node


@node
class ForOfStatement(Scoped):
    children = ("left", "right", "body")
    left: Node
    right: Node
    body: Node
    is_await: bool  # ESTree: `await`


# --- declarations --------------------------------------------------------------------------------


@node
class VariableDeclaration(Node):
    children = ("declarations",)
    kind: str  # "var" | "let" | "const"
    declarations: list[VariableDeclarator]


@node
class VariableDeclarator(Node):
    children = ("id", "init")
    id: Node  # Identifier, ObjectPattern or ArrayPattern
    init: Node | None


@node
class Function(Scoped):
    """What every function node has. `params` are patterns; `body` is a FunctionBody.

    An arrow with a concise body has an expression as `body`.
    """

    children = ("id", "params", "body")
    scope: VariableScope = field(init=False)
    id: Identifier | None
    params: list[Node]
    body: Node
    is_async: bool
    generator: bool


@node
class FunctionDeclaration(Function):
    """`id` is None only for `export default function () {}`."""


@node
class FunctionExpression(Function):
    """Also the `value` of methods and accessors."""


@node
class ArrowFunctionExpression(Function):
    """`id` is None and `generator` False."""


@node
class Class(Scoped):
    """What class declarations and expressions share. The scope is that of the class's inner name."""

    children = ("decorators", "id", "super_class", "body")
    id: Identifier | None
    super_class: Node | None
    body: ClassBody
    decorators: list[Node]


@node
class ClassDeclaration(Class):
    """`id` is None only for `export default class {}`."""


@node
class ClassExpression(Class):
    pass


@node
class ClassBody(Node):
    """Members in source order; abstract and overload members of TypeScript are not here."""

    children = ("body",)
    body: list[Node]  # MethodDefinition | PropertyDefinition | StaticBlock


@node
class MethodDefinition(Node):
    children = ("decorators", "key", "value")
    key: Node  # Identifier | PrivateIdentifier | Literal | any expression when computed
    value: FunctionExpression
    kind: str  # "constructor" | "method" | "get" | "set"
    computed: bool
    static: bool
    decorators: list[Node]


@node
class PropertyDefinition(Scoped):
    """A class field. The scope is that of its initializer, which runs as a method of its own."""

    children = ("decorators", "key", "value")
    key: Node
    value: Node | None
    computed: bool
    static: bool
    decorators: list[Node]


@node
class StaticBlock(Scoped):
    children = ("body",)
    body: list[Node]


# --- modules -------------------------------------------------------------------------------------


@node
class ImportDeclaration(Node):
    """`import 'x'` has no specifiers. Type-only imports of TypeScript are not in the tree."""

    children = ("specifiers", "source", "attributes")
    specifiers: list[Node]
    source: Literal
    attributes: list[ImportAttribute]


@node
class ImportSpecifier(Node):
    children = ("imported", "local")
    imported: Node  # Identifier or Literal
    local: Identifier


@node
class ImportDefaultSpecifier(Node):
    children = ("local",)
    local: Identifier


@node
class ImportNamespaceSpecifier(Node):
    children = ("local",)
    local: Identifier


@node
class ImportAttribute(Node):
    children = ("key", "value")
    key: Node
    value: Literal


@node
class ExportNamedDeclaration(Node):
    """Either a `declaration`, or `specifiers` with an optional `source`."""

    children = ("declaration", "specifiers", "source", "attributes")
    declaration: Node | None
    specifiers: list[ExportSpecifier]
    source: Literal | None
    attributes: list[ImportAttribute]


@node
class ExportSpecifier(Node):
    children = ("local", "exported")
    local: Node  # Identifier or Literal
    exported: Node  # Identifier or Literal


@node
class ExportDefaultDeclaration(Node):
    children = ("declaration",)
    declaration: Node  # FunctionDeclaration, ClassDeclaration or an expression


@node
class ExportAllDeclaration(Node):
    """`export * from 'x'`, or `export * as exported from 'x'`."""

    children = ("exported", "source", "attributes")
    exported: Node | None
    source: Literal
    attributes: list[ImportAttribute]


# --- expressions ---------------------------------------------------------------------------------


@node
class Identifier(Node):
    """A name, escapes decoded. `escaped` tells that the source spelt it with an escape."""

    name: str
    escaped: bool = False  #: `\\u0061wait` is not the keyword `await`


@node
class PrivateIdentifier(Node):
    """`name` has no `#`."""

    name: str


@node
class Literal(Node):
    """A primitive. `value` is None (null), bool, float, str of UTF-16 code units, or BigIntLiteral.

    `raw` is the source text; for a string it includes the quotes.
    """

    value: Any
    raw: str


@node
class BigIntLiteral(Node):
    """`10n`; `value` is a Python int."""

    value: int
    raw: str


@node
class RegExpLiteral(Node):
    pattern: str
    flags: str


@node
class TemplateElement(Node):
    """`cooked` is None where an escape is invalid (legal in a tagged template only).

    Both texts are UTF-16 code units with CR and CRLF already turned into LF.
    """

    cooked: str | None
    raw: str


@node
class TemplateLiteral(Node):
    """`quasis` has one element more than `expressions`."""

    children = ("quasis", "expressions")
    quasis: list[TemplateElement]
    expressions: list[Node]


@node
class TaggedTemplateExpression(Node):
    children = ("tag", "quasi")
    tag: Node
    quasi: TemplateLiteral


@node
class ThisExpression(Node):
    pass


@node
class Super(Node):
    """Only as the `object` of a member or the `callee` of a call."""


@node
class ArrayExpression(Node):
    """None stands for an elision."""

    children = ("elements",)
    elements: list[Node | None]
    trailing_comma: bool = False  #: `[...a,]` is an expression but no pattern


@node
class ObjectExpression(Node):
    """A `Property` whose value is an AssignmentPattern (`{a = 1}`) is an early error here."""

    children = ("properties",)
    properties: list[Node]  # Property or SpreadElement
    trailing_comma: bool = False  #: `({...a,})` is an expression but no pattern


@node
class Property(Node):
    """A member of an object expression or, with a pattern as `value`, of an object pattern."""

    children = ("key", "value")
    key: Node
    value: Node
    kind: str  # "init" | "get" | "set"
    computed: bool
    method: bool
    shorthand: bool


@node
class SpreadElement(Node):
    children = ("argument",)
    argument: Node


@node
class ParenthesizedExpression(Node):
    """Parentheses, kept because they matter: `('use server')` is no directive, `(a) = 1` a name."""

    children = ("expression",)
    expression: Node


@node
class UnaryExpression(Node):
    """`operator` is one of - + ! ~ typeof void delete."""

    children = ("argument",)
    operator: str
    argument: Node


@node
class UpdateExpression(Node):
    """`operator` is ++ or --."""

    children = ("argument",)
    operator: str
    argument: Node
    prefix: bool


@node
class BinaryExpression(Node):
    """`left` is a PrivateIdentifier in `#x in object`."""

    children = ("left", "right")
    operator: str
    left: Node
    right: Node


@node
class LogicalExpression(Node):
    """`operator` is && || or ??."""

    children = ("left", "right")
    operator: str
    left: Node
    right: Node


@node
class AssignmentExpression(Node):
    """`left` is a pattern when `operator` is = and the source wrote a literal there."""

    children = ("left", "right")
    operator: str
    left: Node
    right: Node


@node
class ConditionalExpression(Node):
    children = ("test", "consequent", "alternate")
    test: Node
    consequent: Node
    alternate: Node


@node
class CallExpression(Node):
    children = ("callee", "arguments")
    callee: Node
    arguments: list[Node]
    optional: bool = False


@node
class NewExpression(Node):
    children = ("callee", "arguments")
    callee: Node
    arguments: list[Node]


@node
class MemberExpression(Node):
    """`property` is an Identifier or PrivateIdentifier unless `computed`."""

    children = ("object", "property")
    object: Node
    property: Node
    computed: bool
    optional: bool = False


@node
class ChainExpression(Node):
    """The whole of an optional chain: where one `?.` inside short-circuits to."""

    children = ("expression",)
    expression: Node


@node
class SequenceExpression(Node):
    children = ("expressions",)
    expressions: list[Node]


@node
class YieldExpression(Node):
    children = ("argument",)
    argument: Node | None
    delegate: bool


@node
class AwaitExpression(Node):
    children = ("argument",)
    argument: Node


@node
class ImportExpression(Node):
    """`import(source, options)`."""

    children = ("source", "options")
    source: Node
    options: Node | None


@node
class MetaProperty(Node):
    """`new.target` and `import.meta`."""

    meta: str
    property: str


# --- patterns ------------------------------------------------------------------------------------


@node
class ObjectPattern(Node):
    children = ("properties",)
    properties: list[Node]  # Property or RestElement


@node
class ArrayPattern(Node):
    children = ("elements",)
    elements: list[Node | None]


@node
class AssignmentPattern(Node):
    """A pattern with a default value."""

    children = ("left", "right")
    left: Node
    right: Node


@node
class RestElement(Node):
    children = ("argument",)
    argument: Node


# --- JSX -----------------------------------------------------------------------------------------


@node
class JSXElement(Node):
    """`<name …>children</name>`; `name` is None for a fragment."""

    children = ("name", "attributes", "content")
    name: Node | None  # JSXIdentifier, JSXNamespacedName or JSXMemberExpression
    attributes: list[Node]  # JSXAttribute or JSXSpreadAttribute
    content: list[Node]  # JSXText, JSXElement, JSXExpressionContainer, JSXSpreadChild
    closing: Node | None  #: the name in the closing tag; None when self-closing


@node
class JSXIdentifier(Node):
    name: str


@node
class JSXNamespacedName(Node):
    children = ("namespace", "name")
    namespace: JSXIdentifier
    name: JSXIdentifier


@node
class JSXMemberExpression(Node):
    children = ("object", "property")
    object: Node
    property: JSXIdentifier


@node
class JSXAttribute(Node):
    """`value` is None for a bare name, else a Literal, JSXExpressionContainer or JSXElement."""

    children = ("name", "value")
    name: Node
    value: Node | None


@node
class JSXSpreadAttribute(Node):
    children = ("argument",)
    argument: Node


@node
class JSXSpreadChild(Node):
    children = ("expression",)
    expression: Node


@node
class JSXExpressionContainer(Node):
    """`expression` is None for `{}` and `{/* comment */}`."""

    children = ("expression",)
    expression: Node | None


@node
class JSXText(Node):
    """`value` is the source text with character references decoded; white space is as written."""

    value: str


# --- the executed part of TypeScript -------------------------------------------------------------


@node
class TSEnumDeclaration(Node):
    children = ("id", "members")
    id: Identifier
    members: list[TSEnumMember]


@node
class TSEnumMember(Node):
    children = ("id", "initializer")
    id: Node  # Identifier or Literal
    initializer: Node | None


@node
class TSModuleDeclaration(Scoped):
    """`namespace A.B { … }`; a namespace that holds only types is not in the tree."""

    children = ("body",)
    id: list[Identifier]
    body: list[Node]


@node
class TSParameterProperty(Node):
    """`constructor(private x = 1)`: the parameter is also assigned to `this.x`."""

    children = ("parameter",)
    parameter: Node


@node
class TSDeclaration(Node):
    """A statement that TypeScript erases whole: interface, type, declare, overload, type import.

    It stays in the tree as a place because a statement that is erased still ends a Directive
    Prologue. `keyword` says which it was, in the source's own word.
    """

    keyword: str
    name: str | None = None  #: what it declares, if that has a simple name


@node
class TSImportEquals(Node):
    """`import a = require('x')` and `import a = b.c`; `export = value` has `id` None."""

    children = ("id", "value")
    id: Identifier | None
    value: Node


@node
class TSAs(Node):
    """`x as T`, `x satisfies T`, `x!`, `<T>x`, `f<T>`: the type is erased, the wrapper stays.

    It stays because `'use server' as const` is an expression statement, never a directive.
    """

    children = ("expression",)
    expression: Node


@node
class Decorator(Node):
    children = ("expression",)
    expression: Node
