"""Scopes, bindings, references and captures."""

import pytest

from refimpl.source import load
from refimpl.source import nodes as n
from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.scope import free_references
from refimpl.source.text import Source


def program(text, name="a.mjs"):
    return load(Source(name, text))


def first(tree, kind):
    return next(node for node in tree.walk() if isinstance(node, kind))


def captured(text, name="a.jsx"):
    """The free references of the function called `f`."""
    functions = (node for node in program(text, name).walk() if isinstance(node, n.Function))
    target = next(node for node in functions if node.id is not None and node.id.name == "f")
    return [reference.name for reference in free_references(target)]


def kinds(scope):
    return {name: binding.kind for name, binding in scope.bindings.items()}


# --- bindings ------------------------------------------------------------------------------------


def test_a_module_binds_its_declarations_by_kind():
    scope = program("import a, {b as c} from 'x'; let d; const e = 1; var f; class g {}").scope

    assert kinds(scope) == {
        "a": "import", "c": "import", "d": "let", "e": "const", "f": "var", "g": "class",
    }  # fmt: skip


def test_var_belongs_to_the_function_whatever_blocks_surround_it():
    function = first(program("function f() { { for (;;) { var x } } }"), n.FunctionDeclaration)

    assert kinds(function.scope) == {"x": "var"}
    assert list(function.scope.var_names) == ["x"]


def test_a_function_in_a_block_belongs_to_the_block():
    block = first(program("{ function f() {} }"), n.BlockStatement)

    assert kinds(block.scope) == {"f": "function"}


def test_functions_to_initialize_are_listed_where_they_are_declared():
    tree = program("function a() { function b() {} } { function c() {} }")

    assert [f.id.name for f in tree.scope.functions_to_initialize] == ["a"]
    assert [f.id.name for f in tree.body[0].scope.functions_to_initialize] == ["b"]
    assert [f.id.name for f in tree.body[1].scope.functions_to_initialize] == ["c"]


def test_parameters_and_body_share_a_scope_when_no_parameter_has_an_expression():
    function = first(program("function f(a, {b}, ...c) { let d; var e }"), n.FunctionDeclaration)

    assert list(function.scope.bindings) == ["a", "b", "c", "d", "e"]
    assert function.scope.body is None


def test_the_body_has_a_scope_of_its_own_when_a_parameter_has_an_expression():
    function = first(program("function f(a = 1) { var a; let d }"), n.FunctionDeclaration)

    assert kinds(function.scope) == {"a": "parameter"}
    assert kinds(function.scope.body) == {"a": "var", "d": "let"}
    assert list(function.scope.var_names) == ["a"]


def test_a_concise_arrow_has_no_scope_for_its_body():
    assert first(program("(a = 1) => a"), n.ArrowFunctionExpression).scope.body is None


def test_a_function_takes_the_place_of_a_var_of_its_name():
    function = first(program("function f() { var a; function a() {} }"), n.FunctionDeclaration)

    assert kinds(function.scope) == {"a": "function"}


def test_a_function_does_not_take_the_place_of_a_parameter():
    function = first(program("function f(a) { function a() {} }"), n.FunctionDeclaration)

    assert kinds(function.scope) == {"a": "parameter"}


def test_a_computed_key_in_a_parameter_is_an_expression():
    function = first(program("function f({[k]: a}) {}"), n.FunctionDeclaration)

    assert function.scope.body is not None


@pytest.mark.parametrize(
    ("parameters", "simple"),
    [
        ("", True),
        ("a, b", True),
        ("...a", False),
        ("{a}", False),
        ("a = 1", False),
        ("[a], b", False),
    ],
)
def test_parameters_are_simple_when_they_are_plain_names(parameters, simple):
    function = first(program(f"function f({parameters}) {{}}"), n.FunctionDeclaration)

    assert function.scope.simple_parameters is simple


def test_the_name_of_a_function_expression_is_bound_inside_it():
    function = first(program("(function g() { g })"), n.FunctionExpression)

    assert kinds(function.scope) == {"g": "function-name"}


def test_a_parameter_takes_the_place_of_the_function_expressions_own_name():
    function = first(program("(function g(g) {})"), n.FunctionExpression)

    assert kinds(function.scope) == {"g": "parameter"}


def test_a_class_binds_its_name_inside_and_outside():
    tree = program("class C { m() { return C } }")

    assert kinds(tree.scope) == {"C": "class"}
    assert kinds(first(tree, n.ClassDeclaration).scope) == {"C": "class-name"}


def test_the_head_of_a_loop_is_a_scope():
    loop = first(program("for (const [a, {b}] of c) {}"), n.ForOfStatement)

    assert kinds(loop.scope) == {"a": "const", "b": "const"}


def test_the_cases_of_a_switch_share_a_scope():
    switch = first(program("switch (a) { case 1: let x; default: let y }"), n.SwitchStatement)

    assert kinds(switch.scope) == {"x": "let", "y": "let"}


def test_an_anonymous_default_export_is_bound_to_default():
    assert kinds(program("export default function () {}").scope) == {"*default*": "function"}


def test_arguments_is_bound_where_it_is_used():
    function = first(program("function f() { return () => arguments }"), n.FunctionDeclaration)

    assert kinds(function.scope) == {"arguments": "arguments"}


def test_an_enum_and_a_namespace_are_bindings():
    scope = program("enum E { A } namespace N { export const x = 1 }", "a.ts").scope

    assert kinds(scope) == {"E": "enum", "N": "namespace"}


def test_an_import_by_assignment_is_a_binding():
    scope = program("import a = require('x'); import b = a.c; export = b", "a.ts").scope

    assert kinds(scope) == {"a": "import", "b": "import"}


def test_a_parameter_property_is_a_parameter():
    tree = program("class C { constructor(private a: T, public b = 1) {} }", "a.ts")

    assert kinds(first(tree, n.FunctionExpression).scope) == {"a": "parameter", "b": "parameter"}


def test_lookup_finds_the_innermost_binding():
    tree = program("let x; { let x; x }")
    inner = first(tree, n.BlockStatement).scope

    scope, binding = inner.lookup("x")
    assert scope is inner
    assert binding.node.start == 13


def test_lookup_of_a_global_finds_nothing():
    assert program("x").scope.lookup("x") is None


# --- the activation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "has"),
    [
        ("arguments", True),
        ("() => arguments", True),
        ("() => () => arguments", True),
        ("(a = arguments) => 1", True),
        ("class { [arguments] = 1 }", True),
        ("function () { arguments }", False),
        ("this", False),
        ("new.target", False),
    ],
)
def test_a_function_binds_arguments_when_they_mean_its_own(body, has):
    function = first(program(f"function f() {{ return {body} }}"), n.FunctionDeclaration)

    assert ("arguments" in function.scope.bindings) is has


def test_a_use_in_a_body_apart_from_its_parameters_is_the_functions():
    function = first(program("function f(a = 1) { arguments }"), n.FunctionDeclaration)

    assert "arguments" in function.scope.bindings


def test_only_arguments_is_a_binding():
    function = first(program("function f() { this; new.target }"), n.FunctionDeclaration)

    assert function.scope.bindings == {}


def test_arguments_outside_functions_is_a_global():
    assert program("arguments").scope.bindings == {}


# --- captures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("function f() { b; a; b }", ["b", "a"]),
        ("function f(a, {b}) { let c; a; b; c }", []),
        ("function f(a = b) {}", ["b"]),
        ("function f({[a]: b = c}) {}", ["a", "c"]),
        ("function f() { return () => a }", ["a"]),
        ("function f() { return function a() { a } }", []),
        ("function f() { return class extends a { [b] = c; static { d } } }", list("abcd")),
        ("function f() { `${a}${b}` }", ["a", "b"]),
        ("function f() { typeof a }", ["a"]),
        ("function f() { () => a; b; a }", ["a", "b"]),
        ("function f() { return class { [a]() {} b() {} [c] = 1; d = 1 } }", ["a", "c"]),
        ("function f() { return <Foo-bar /> }", []),
        ("function f() { return <foo:bar /> }", []),
        ("function f() { return {a, b: c, [d]: e} }", ["a", "c", "d", "e"]),
        ("function f() { ({a, b: c, ...d} = e) }", ["a", "c", "d", "e"]),
        ("function f() { a.b.c; d[e] }", ["a", "d", "e"]),
        ("function f() { a: for (;;) { break a } }", []),
        ("function f() { return <Foo /> }", ["Foo"]),
        ("function f() { return <foo /> }", []),
        ("function f() { return <foo-bar /> }", []),
        ("function f() { return <foo.Bar x={a} {...b}>{c}</foo.Bar> }", ["foo", "a", "b", "c"]),
        ("function f() { f }", ["f"]),
        ("(function f() { f })", []),
        ("function f() { try {} catch (a) { a; b } }", ["b"]),
        ("function f() { { function g() {} g } g }", ["g"]),
        ("function f() { for (let a of b) { a } a }", ["b", "a"]),
        ("function f() { a; var a }", []),
        ("function f() { arguments; () => arguments }", []),
        ("function f() { this; new.target }", []),
        ("function f() { import.meta }", []),
        ("function f() { x = { get a() { return b }, c() {} } }", ["x", "b"]),
        ("function f(a = () => c) { var c; a() }", ["c"]),
    ],
)
def test_free_references_are_the_uses_bound_outside_in_order(text, names):
    assert captured(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "function f(a: T) { let x: U = b as V; return x satisfies W }",
        "function f<T extends U>(a?: (x: V) => W) { return b! }",
    ],
)
def test_types_are_not_references(text):
    assert captured(text, "a.ts") == ["b"]


def test_an_enum_initializer_may_name_another_member():
    assert captured("function f() { enum E { A = x, B = A } }", "a.ts") == ["x"]


# --- redeclarations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "let a; let a",
        "let a; var a",
        "var a; let a",
        "let a; { var a }",
        "{ var a; } let a",
        "{ let a; { var a } }",
        "{ { var a } let a }",
        "const a = 1; function a() {}",
        "function a() {} function a() {}",
        "function a() {} var a",
        "{ function a() {} function a() {} }",
        "function f(a) { let a }",
        "function f(a = 1) { let a }",
        "function f(a, a) {}",
        "(a, [a]) => 1",
        "try {} catch (a) { let a }",
        "try {} catch ([a]) { var a }",
        "try {} catch ([a, a]) {}",
        "for (let a of b) { var a }",
        "for (let [a, a] of b);",
        "switch (1) { case 1: let a; case 2: let a }",
        "import a from 'x'; let a",
        "import {a, b as a} from 'x'",
        "class a {} class a {}",
        "class C { static { let a; var a } }",
    ],
)
def test_a_name_cannot_be_declared_twice(text):
    with pytest.raises(SyntaxDiagnostic) as caught:
        program(text)

    assert caught.value.diagnostic.code == "syntax.duplicate-binding"


@pytest.mark.parametrize(
    "text",
    [
        "var a; var a",
        "let a; { let a }",
        "function f() { var a; function a() {} function a() {} }",
        "function f(a) { var a; function a() {} }",
        "function f(a = 1) { var a }",
        "function f(a) { { let a } }",
        "try {} catch (a) { var a }",
        "try {} catch (a) { for (var a of b); }",
        "try {} catch (a) { { let a } }",
        "try {} catch ([a, b = () => { let a }]) {}",
        "(function g(a = 1) { let g })",
        "for (let a of b) { let a }",
        "(function g() { let g })",
        "class C { static { var a; var a; function a() {} } }",
        "let a; class C { m() { var a } }",
    ],
)
def test_a_name_may_be_declared_again_where_that_is_another_binding(text):
    program(text)


def test_an_enum_and_a_namespace_of_one_name_are_one_thing():
    program("enum A { X } namespace A { export const y = 1 } namespace A { const z = 1 }", "a.ts")


# --- TypeScript imports --------------------------------------------------------------------------


def test_an_import_that_is_only_a_type_is_elided():
    tree = program("import {A, b} from 'x'; let c: A = b", "a.ts")

    assert "A" not in tree.scope.bindings
    assert [specifier.local.name for specifier in tree.body[0].specifiers] == ["b"]


def test_a_use_of_another_binding_of_the_name_keeps_no_import():
    tree = program("import {A} from 'x'; { let A = 1; A }", "a.ts")

    assert "A" not in tree.scope.bindings


def test_a_declaration_whose_imports_are_all_elided_is_gone():
    tree = program("import {A} from 'x'; let c: A", "a.ts")

    assert not any(isinstance(node, n.ImportDeclaration) for node in tree.body)


@pytest.mark.parametrize(
    "text", ["import 'x'", "import A from 'x'; export {A}", "import {} from 'x'"]
)
def test_an_import_for_its_effect_or_for_export_stays(text):
    assert isinstance(program(text, "a.ts").body[0], n.ImportDeclaration)


def test_a_component_import_used_only_in_jsx_stays():
    tree = program("import {Foo} from 'x'; <Foo />", "a.tsx")

    assert "Foo" in tree.scope.bindings


def test_javascript_imports_are_never_elided():
    assert "a" in program("import {a} from 'x'").scope.bindings


def test_a_re_export_is_not_elided():
    tree = program("export {A} from 'x'", "a.ts")

    assert len(tree.body[0].specifiers) == 1


def test_exporting_a_type_exports_nothing():
    tree = program("interface A {} let b; export {A, b}", "a.ts")

    assert [specifier.local.name for specifier in tree.body[-1].specifiers] == ["b"]
