"""How each class of node takes part in the analysis of scopes, and the analysis itself."""

from __future__ import annotations

from refimpl.source import nodes as n
from refimpl.source.scope.analysis import Analysis, visits
from refimpl.source.scope.model import Binding, ProgramScope, Scope, VariableScope


def analyse(program: n.Program, *, elide_types: bool = False) -> ProgramScope:
    """Give every `Scoped` node of the program its scope."""
    analysis = Analysis(program)
    analysis.run()
    if elide_types:
        _elide_types(program, analysis.program)
    return analysis.program


def _elide_types(program: n.Program, scope: ProgramScope) -> None:
    """Drop the imports and exports that only the type checker meant.

    Those are imports that no value position names, and exports of what is not declared as a
    value. A declaration that loses its last import goes too; `import 'x'` never had one and stays.

    Clause: import.types.
    """
    used = {
        reference.name
        for inner in scope.walk()
        for reference in inner.references
        if (found := inner.lookup(reference.name)) is not None and found[0] is scope
    }
    for declaration in [*program.body]:
        if isinstance(declaration, n.ImportDeclaration):
            unused = [node for node in declaration.specifiers if _local(node) not in used]
            for specifier in unused:
                scope.bindings.pop(_local(specifier), None)
                declaration.specifiers.remove(specifier)
            if unused and not declaration.specifiers:
                program.body.remove(declaration)
        elif isinstance(declaration, n.ExportNamedDeclaration) and declaration.source is None:
            declaration.specifiers[:] = [
                specifier
                for specifier in declaration.specifiers
                if not isinstance(specifier.local, n.Identifier)
                or specifier.local.name in scope.bindings
            ]


def _local(specifier: n.Node) -> str:
    local: n.Identifier = specifier.local  # type: ignore[attr-defined]  # every specifier has one
    return local.name


# --- visits: declarations ------------------------------------------------------------------------


@visits(n.VariableDeclaration)
def _variable_declaration(walk: Analysis, node: n.VariableDeclaration, scope: Scope) -> None:
    evaluated: list[n.Node] = []
    for declarator in node.declarations:
        evaluated += walk.pattern(declarator.id, node.kind, scope)
        if declarator.init is not None:
            evaluated.append(declarator.init)
    walk.later(evaluated, scope)


@visits(n.FunctionDeclaration)
def _function_declaration(walk: Analysis, node: n.FunctionDeclaration, scope: Scope) -> None:
    scope.functions_to_initialize.append(node)
    if node.id is not None:
        if isinstance(scope, VariableScope) and scope.kind != "module":
            walk.declare_variable(scope, node.id.name, "function", node.id)
        else:
            walk.declare(scope, node.id.name, "function", node.id)
    _function(walk, node, scope)


@visits(n.FunctionExpression, n.ArrowFunctionExpression)
def _function(walk: Analysis, node: n.Function, scope: Scope) -> None:
    arrow = isinstance(node, n.ArrowFunctionExpression)
    node.scope = inner = VariableScope("function", node, scope, arrow=arrow)
    if isinstance(node, n.FunctionExpression) and node.id is not None:
        inner.bindings[node.id.name] = Binding(node.id.name, "function-name", node.id)
    evaluated: list[n.Node] = []
    for parameter in node.params:
        evaluated += walk.pattern(parameter, "parameter", inner)
        plain = parameter.parameter if isinstance(parameter, n.TSParameterProperty) else parameter
        inner.simple_parameters &= isinstance(plain, n.Identifier)
    body_scope = inner
    if evaluated and isinstance(node.body, n.FunctionBody):
        body_scope = inner.body = VariableScope("body", node.body, inner)
        body_scope.var_names = inner.var_names
        body_scope.functions_to_initialize = inner.functions_to_initialize
    walk.later([node.body], body_scope)
    walk.later(evaluated, inner)


@visits(n.ClassDeclaration)
def _class_declaration(walk: Analysis, node: n.ClassDeclaration, scope: Scope) -> None:
    if node.id is not None:
        walk.declare(scope, node.id.name, "class", node.id)
    _class(walk, node, scope)


@visits(n.ClassExpression)
def _class(walk: Analysis, node: n.Class, scope: Scope) -> None:
    node.scope = inner = Scope("class", node, scope)
    if node.id is not None:
        inner.bindings[node.id.name] = Binding(node.id.name, "class-name", node.id)
    walk.later([node.body], inner)
    if node.super_class is not None:
        walk.later([node.super_class], inner)
    walk.later([*node.decorators], scope)


@visits(n.MethodDefinition)
def _method_definition(walk: Analysis, node: n.MethodDefinition, scope: Scope) -> None:
    key = [node.key] if node.computed else []
    walk.later([*node.decorators, *key, node.value], scope)


@visits(n.PropertyDefinition)
def _property_definition(walk: Analysis, node: n.PropertyDefinition, scope: Scope) -> None:
    node.scope = VariableScope("field", node, scope)
    if node.value is not None:
        walk.later([node.value], node.scope)
    key = [node.key] if node.computed else []
    walk.later([*node.decorators, *key], scope)


@visits(n.StaticBlock)
def _static_block(walk: Analysis, node: n.StaticBlock, scope: Scope) -> None:
    node.scope = VariableScope("static", node, scope)
    walk.later([*node.body], node.scope)


@visits(n.ImportDeclaration)
def _import_declaration(walk: Analysis, node: n.ImportDeclaration, scope: Scope) -> None:
    for specifier in node.specifiers:
        local = specifier.local  # type: ignore[attr-defined]  # every specifier has one
        walk.declare(scope, local.name, "import", local)


@visits(n.ExportNamedDeclaration)
def _export_named_declaration(walk: Analysis, node: n.ExportNamedDeclaration, scope: Scope) -> None:
    if node.declaration is not None:
        walk.later([node.declaration], scope)
    elif node.source is None:
        walk.later([specifier.local for specifier in node.specifiers], scope)


@visits(n.ExportDefaultDeclaration)
def _export_default_declaration(
    walk: Analysis, node: n.ExportDefaultDeclaration, scope: Scope
) -> None:
    """What has no name of its own is bound to ECMAScript's `*default*`."""
    declared = isinstance(node.declaration, n.FunctionDeclaration | n.ClassDeclaration)
    if not declared or node.declaration.id is None:  # type: ignore[attr-defined]  # declared has one
        kind = "function" if isinstance(node.declaration, n.FunctionDeclaration) else "const"
        walk.declare(scope, "*default*", kind, node)
    walk.later([node.declaration], scope)


@visits(n.ExportAllDeclaration, n.BreakStatement, n.ContinueStatement)
def _nothing(walk: Analysis, node: n.Node, scope: Scope) -> None:
    """No name in it is a use."""


@visits(n.TSEnumDeclaration)
def _enum_declaration(walk: Analysis, node: n.TSEnumDeclaration, scope: Scope) -> None:
    """An initializer sees the members by their plain names."""
    walk.declare(scope, node.id.name, "enum", node.id)
    inner = Scope("namespace", node, scope)
    for member in node.members:
        if isinstance(member.id, n.Identifier):
            inner.bindings[member.id.name] = Binding(member.id.name, "enum", member.id)
    walk.later([member.initializer for member in node.members if member.initializer], inner)


@visits(n.TSModuleDeclaration)
def _module_declaration(walk: Analysis, node: n.TSModuleDeclaration, scope: Scope) -> None:
    walk.declare(scope, node.id[0].name, "namespace", node.id[0])
    node.scope = VariableScope("namespace", node, scope)
    walk.later([*node.body], node.scope)


@visits(n.TSImportEquals)
def _import_equals(walk: Analysis, node: n.TSImportEquals, scope: Scope) -> None:
    if node.id is not None:
        walk.declare(scope, node.id.name, "import", node.id)
    walk.later([node.value], scope)


# --- visits: statements with a scope -------------------------------------------------------------


@visits(n.BlockStatement)
def _block_statement(walk: Analysis, node: n.BlockStatement, scope: Scope) -> None:
    node.scope = Scope("block", node, scope)
    walk.later([*node.body], node.scope)


@visits(n.ForStatement, n.ForInStatement, n.ForOfStatement)
def _for_statement(walk: Analysis, node: n.Scoped, scope: Scope) -> None:
    node.scope = Scope("for", node, scope)
    walk.children_later(node, node.scope)


@visits(n.SwitchStatement)
def _switch_statement(walk: Analysis, node: n.SwitchStatement, scope: Scope) -> None:
    node.scope = Scope("switch", node, scope)
    walk.later([*node.cases], node.scope)
    walk.later([node.discriminant], scope)


@visits(n.CatchClause)
def _catch_clause(walk: Analysis, node: n.CatchClause, scope: Scope) -> None:
    node.scope = Scope("catch", node, scope)
    walk.later([node.body], node.scope)
    if node.param is not None:
        walk.later(walk.pattern(node.param, "catch", node.scope), node.scope)


@visits(n.LabeledStatement)
def _labeled_statement(walk: Analysis, node: n.LabeledStatement, scope: Scope) -> None:
    walk.later([node.body], scope)


# --- visits: uses --------------------------------------------------------------------------------


@visits(n.Identifier)
def _identifier(walk: Analysis, node: n.Identifier, scope: Scope) -> None:
    scope.references.append(node)
    if node.name == "arguments":
        walk.use_arguments(scope)


@visits(n.MemberExpression)
def _member_expression(walk: Analysis, node: n.MemberExpression, scope: Scope) -> None:
    if node.computed:
        walk.stack.append((node.property, scope))
    walk.stack.append((node.object, scope))


@visits(n.Property)
def _property(walk: Analysis, node: n.Property, scope: Scope) -> None:
    walk.stack.append((node.value, scope))
    if node.computed:
        walk.stack.append((node.key, scope))


@visits(n.JSXElement)
def _jsx_element(walk: Analysis, node: n.JSXElement, scope: Scope) -> None:
    """`<Foo>` and `<foo.bar>` are uses; `<foo>` and `<foo-bar>` are names of the platform's."""
    walk.later([*node.attributes, *node.content], scope)
    name = node.name
    if isinstance(name, n.JSXMemberExpression):
        while isinstance(name, n.JSXMemberExpression):
            name = name.object
    elif not isinstance(name, n.JSXIdentifier) or is_intrinsic_element(name.name):
        return
    if isinstance(name, n.JSXIdentifier) and name.name != "this":
        scope.references.append(name)


def is_intrinsic_element(name: str) -> bool:
    """Whether a JSX element of this simple name is a host element and not a component."""
    return "a" <= name[0] <= "z" or "-" in name
