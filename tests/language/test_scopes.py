"""Declarations: when a name has a value, and which value a closure sees."""

import pytest


@pytest.mark.parametrize("declaration", ["let x = 1", "const x = 1", "class x {}"])
def test_a_lexical_name_cannot_be_read_before_its_declaration(throws, declaration):
    assert throws(f"{{ x; {declaration} }}") == (
        "ReferenceError: Cannot access 'x' before initialization"
    )


def test_typeof_of_an_uninitialized_name_throws(throws):
    assert throws("{ typeof x; let x }").startswith("ReferenceError")


def test_typeof_of_an_unbound_name_is_undefined(run):
    assert run("print(typeof nowhere)") == ["undefined"]


def test_a_parameter_default_cannot_see_a_later_parameter(throws):
    assert throws("(function (a = b, b) {})()").startswith("ReferenceError")


def test_a_parameter_default_does_not_see_the_body(run):
    printed = run("let x = 'outer'; (function (f = () => x) { var x = 'inner'; print(f(), x) })()")
    assert printed == ["outer inner"]


def test_a_body_var_starts_with_the_value_of_the_parameter_of_its_name(run):
    assert run("(function (x, f = () => x) { var x; print(x); x = 2; print(f()) })(1)") == [
        "1",
        "1",
    ]


def test_a_function_declaration_is_hoisted_in_its_block(run):
    assert run("{ print(f()); function f() { return 1 } }") == ["1"]


def test_a_function_in_a_block_is_not_seen_outside(run):
    assert run("{ function f() {} } print(typeof f)") == ["undefined"]


def test_each_turn_of_a_for_loop_has_bindings_of_its_own(run):
    printed = run("""
        const fs = [];
        for (let i = 0; i < 3; i++) fs.push(() => i);
        print(fs.map((f) => f()).join());
    """)
    assert printed == ["0,1,2"]


def test_a_closure_made_in_the_head_of_a_for_loop_sees_the_first_copy(run):
    printed = run("""
        let first;
        for (let i = 0, f = first = () => i; i < 3; i++);
        print(first());
    """)
    assert printed == ["0"]


def test_a_const_cannot_be_assigned(throws):
    assert throws("const x = 1; x = 2") == "TypeError: Assignment to constant variable 'x'"


def test_the_name_of_a_function_expression_cannot_be_assigned(throws):
    assert throws("(function f() { f = 1 })()").startswith("TypeError")


def test_assigning_an_unbound_name_throws(throws):
    assert throws("nowhere = 1") == "ReferenceError: nowhere is not defined"


def test_a_class_sees_its_own_name_inside(run):
    assert run("const A = class B { static n() { return B === A } }; print(A.n())") == ["true"]


def test_a_finally_block_overrides_the_completion(run):
    assert run("print((() => { try { return 1 } finally { return 2 } })())") == ["2"]


def test_a_labelled_continue_goes_on_with_the_outer_loop(run):
    printed = run("""
        outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b === 2) continue outer; print(a, b) } }
    """)
    assert printed == ["1 1", "2 1"]


def test_breaking_out_of_for_of_closes_the_iterator(run):
    printed = run("""
        function* g() { try { yield 1 } finally { print('closed') } }
        for (const x of g()) break;
    """)
    assert printed == ["closed"]


def test_the_error_of_the_body_wins_over_the_error_of_closing(throws):
    thrown = throws("""
        const it = { [Symbol.iterator]() { return this }, next() { return { done: false } },
                     return() { throw new Error('closing') } };
        for (const x of it) throw new Error('body');
    """)
    assert thrown == "Error: body"
