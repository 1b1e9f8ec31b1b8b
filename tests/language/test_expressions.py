"""Expressions: order of evaluation, names, and the odd corners."""

import pytest


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0.1 + 0.2", "0.30000000000000004"),
        ("1 / -0", "-Infinity"),
        ("-7 % 3", "-1"),
        ("2 ** -1", "0.5"),
        ("(-2) ** 2", "4"),
        ("1 << 31", "-2147483648"),
        ("-1 >>> 0", "4294967295"),
        ("2n ** 64n", "18446744073709551616"),
        ("-7n / 2n", "-3"),
        ("5n > 4", "true"),
        ("'b' > 'a'", "true"),
        ("null ?? 'x'", "x"),
        ("undefined == null", "true"),
        ("NaN !== NaN", "true"),
        ("[] + {}", "[object Object]"),
        ("typeof null", "object"),
        ("void 0", "undefined"),
        ("'\U0001f600'.length", "2"),
        ("`a${1}${'b'}`", "a1b"),
        ("((a, ...rest) => rest.length)(1, 2, 3)", "2"),
        ("[...'ab', ...[1]].join()", "a,b,1"),
        ("delete [].length", None),
    ],
)
def test_an_expression_has_the_value_ecmascript_gives_it(run, throws, expression, expected):
    if expected is None:
        assert throws(expression).startswith("TypeError")
    else:
        assert run(f"print({expression})") == [expected]


def test_mixing_bigint_and_number_throws(throws):
    assert throws("1n + 1").startswith("TypeError: Cannot mix BigInt")


def test_an_optional_chain_stops_at_the_first_nothing(run):
    assert run("let n = 0; const o = null; print(o?.[n++].x.y(n++), n)") == ["undefined 0"]


def test_a_parenthesized_chain_is_not_part_of_the_chain(throws):
    assert throws("const o = null; (o?.a).b").startswith("TypeError")


def test_a_method_call_through_a_chain_keeps_this(run):
    assert run("const o = { v: 1, f() { return this.v } }; print(o?.f(), (o.f)(), o.f?.())") == [
        "1 1 1"
    ]


def test_the_right_side_is_evaluated_before_the_base_is_checked(throws):
    assert throws("null.x = (() => { throw new Error('right') })()") == "Error: right"


def test_a_key_is_converted_after_the_right_side(run):
    printed = run("""
        const key = { toString() { print('key'); return 'k' } };
        ({})[key] = print('right');
    """)
    assert printed == ["right", "key"]


@pytest.mark.parametrize(
    "source",
    [
        "const f = () => {}; print(f.name)",
        "let f; f = function () {}; print(f.name)",
        "const { f = class {} } = {}; print(f.name)",
        "const o = { f() {} }; print(o.f.name)",
        "const o = { ['f']: () => {} }; print(o.f.name)",
        "class A { static f = () => {} } print(A.f.name)",
        "const f = (() => {}); print(f.name)",
    ],
)
def test_an_anonymous_function_takes_the_name_it_is_given(run, source):
    assert run(source) == ["f"]


def test_an_accessor_is_named_with_its_prefix(run):
    source = "const d = Object.getOwnPropertyDescriptor({ get x() { return 1 } }, 'x'); print(d.get.name)"
    assert run(source) == ["get x"]


def test_destructuring_takes_the_reference_before_the_value(run):
    printed = run("""
        const log = (x) => (print(x), x);
        [log({}).a = log('default')] = { [Symbol.iterator]: () => ({ next: () => (print('next'), { done: true }) }) };
    """)
    assert printed == ["[object Object]", "next", "default"]


def test_a_template_object_is_made_once_per_site(run):
    printed = run("const t = (s) => s; const f = () => t`a`; print(f() === f(), t`a` === t`a`)")
    assert printed == ["true false"]


def test_a_template_object_is_frozen_and_has_raw_strings(run):
    printed = run(r"((s) => print(Object.isFrozen(s), s.raw[0], s[0] === undefined))`\u{`")
    assert printed == [r"true \u{ true"]


def test_new_target_is_the_constructor_that_was_called(run):
    printed = run("class A { constructor() { print(new.target.name) } } class B extends A {} new B")
    assert printed == ["B"]
