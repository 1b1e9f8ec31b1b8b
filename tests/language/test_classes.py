"""Classes: private names, fields, static blocks, inheritance."""


def test_a_private_name_belongs_to_one_evaluation_of_a_class(throws):
    thrown = throws("""
        const make = () => class { #x = 1; static read(o) { return o.#x } };
        const A = make(), B = make();
        A.read(new B);
    """)
    assert thrown.startswith("TypeError: Cannot read private member #x")


def test_in_tells_whether_an_object_has_a_private_name(run):
    printed = run("class A { #x; static has(o) { return #x in o } } print(A.has(new A), A.has({}))")
    assert printed == ["true false"]


def test_a_private_method_cannot_be_assigned(throws):
    assert throws("class A { #m() {} f() { this.#m = 1 } } new A().f()").startswith(
        "TypeError: Private method '#m' is not writable"
    )


def test_a_private_accessor_has_both_halves(run):
    printed = run("""
        class A { #v = 1; get #x() { return this.#v } set #x(v) { this.#v = v } f() { this.#x += 1; return this.#x } }
        print(new A().f());
    """)
    assert printed == ["2"]


def test_fields_are_defined_in_order_before_the_constructor_body(run):
    printed = run("""
        class A { a = print('a'); b = print('b'); constructor() { print('body') } }
        new A;
    """)
    assert printed == ["a", "b", "body"]


def test_fields_of_a_derived_class_are_defined_when_super_returns(run):
    printed = run("""
        class A { constructor() { print('A') } }
        class B extends A { x = print('field'); constructor() { print('before'); super(); print('after') } }
        new B;
    """)
    assert printed == ["before", "A", "field", "after"]


def test_this_before_super_throws(throws):
    assert throws("new (class extends Object { constructor() { this.x } })").startswith(
        "ReferenceError: Must call super constructor"
    )


def test_calling_super_twice_throws(throws):
    assert throws("new (class extends Object { constructor() { super(); super() } })") == (
        "ReferenceError: Super constructor may only be called once"
    )


def test_a_class_cannot_be_called(throws):
    assert (
        throws("class A {} A()") == "TypeError: Class constructor cannot be invoked without 'new'"
    )


def test_static_elements_run_in_order_with_this_as_the_class(run):
    printed = run(
        "class A { static a = print(1); static { print(this.name) } static b = print(2) }"
    )
    assert printed == ["1", "A", "2"]


def test_a_computed_key_is_evaluated_once_when_the_class_is(run):
    printed = run("let n = 0; class A { [n++] = 1 } new A; new A; print(n)")
    assert printed == ["1"]


def test_super_reads_from_the_home_object_with_the_current_this(run):
    printed = run("""
        const parent = { who() { return this.name } };
        const child = { __proto__: parent, name: 'child', who() { return super.who() } };
        print(child.who());
    """)
    assert printed == ["child"]


def test_super_in_an_arrow_function_is_that_of_the_method(run):
    printed = run("""
        class A { f() { return 'A' } }
        class B extends A { f() { return (() => super.f() + 'B')() } }
        print(new B().f());
    """)
    assert printed == ["AB"]


def test_a_class_may_extend_null(run):
    printed = run("class A extends null {} print(Object.getPrototypeOf(A.prototype))")
    assert printed == ["null"]


def test_a_subclass_of_a_built_in_has_its_inner_state(run):
    printed = run("class M extends Map { n() { return this.size } } print(new M([[1, 2]]).n())")
    assert printed == ["1"]


def test_a_decorator_is_refused_in_words(throws):
    assert "Decorators are not supported" in throws("@(x => x) class A {}")
