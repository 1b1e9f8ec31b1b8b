"""JSX elements as values, and what TypeScript executes."""

import pytest


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("<a/>", "a {} null"),
        ("<a b='c' d={1} e/>", 'a {"b":"c","d":1,"e":true} null'),
        ("<a key={7} b='c'/>", 'a {"b":"c"} 7'),
        ("<a {...{ key: 'k', b: 1 }}/>", 'a {"b":1} k'),
        ("<a>text</a>", 'a {"children":"text"} null'),
        ("<a>{1}{2}</a>", 'a {"children":[1,2]} null'),
        ("<a>{/* nothing */}</a>", "a {} null"),
        (
            "<a>\n  one\n  two  \n\n  three {'x'} y\n</a>",
            'a {"children":["one two three ","x"," y"]} null',
        ),
        ("<a b={1} {...{ b: 2 }} c={3}/>", 'a {"b":2,"c":3} null'),
        ("<a-b/>", "a-b {} null"),
        ("<svg:g/>", "svg:g {} null"),
        ("<o.C/>", "component {} null"),
        ("<C x='1'/>", 'component {"x":"1"} null'),
    ],
)
def test_an_element_has_type_props_and_key(run, element, expected):
    printed = run(
        f"const C = 'component', o = {{ C }}; const e = {element};"
        "print(String(e.type), JSON.stringify(e.props), e.key)",
        "page.jsx",
    )
    assert printed == [expected]


def test_an_element_is_reacts_element_object(run):
    printed = run(
        "const e = <a/>; print(Object.keys(e).join(), e.$$typeof.description, e.ref)", "a.jsx"
    )
    assert printed == ["$$typeof,type,key,ref,props react.transitional.element null"]


def test_a_fragment_is_an_element_of_the_fragment_type(run):
    printed = run("const e = <>x</>; print(e.type.description, e.props.children)", "a.jsx")
    assert printed == ["react.fragment x"]


def test_a_host_can_make_its_own_elements(world):
    made = world()
    made.host.create_element = lambda type_, *_: f"{type_} made by the host"
    assert made.script("print(<a/>)", "a.jsx") == ["a made by the host"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("enum E { A, B = 5, C } print(E.A, E.C, E[5])", "0 6 B"),
        ("enum E { A = 'a', B = A + 'b' } print(E.B, Object.keys(E).join())", "ab A,B"),
        ("const enum E { A = 1 << 2 } print(E.A)", "4"),
        ("enum E { A } enum E { B = 1 } print(E.A, E.B)", "0 1"),
        (
            "namespace N { export const x = 1; const y = 2; export function f() { return x + y } } print(N.x, N.f(), 'y' in N)",
            "1 3 false",
        ),
        ("namespace A.B { export let x = 1 } namespace A.B { x } print(A.B.x)", "1"),
        (
            "namespace A.B { export let x = 1 } namespace A { export namespace B { x } } print(A.B.x)",
            "1",
        ),
        ("namespace N { export let x = 1; x = 2 } print(N.x)", "2"),
        (
            "class P { constructor(public x: number, private y = 2) {} sum() { return this.x + this.y } } print(new P(1).sum())",
            "3",
        ),
        (
            "class Q { a = 1 } class P extends Q { constructor(public x: number) { super(); print(this.x) } } new P(4)",
            "4",
        ),
        ("interface I { x: number } type T = I; declare const z: T; print(typeof z)", "undefined"),
        ("const f = (() => 1) as () => number; print(f.name, f!())", "f 1"),
        ("let x: any; (x as any) = 3; print(x satisfies number)", "3"),
    ],
)
def test_typescript_runs_as_compiled(load_all, source, expected):
    assert load_all({"main.ts": source}, "main.ts") == [expected]


def test_import_equals_is_refused_in_words(load_all):
    with pytest.raises(Exception, match="import … ="):
        load_all({"main.ts": "import a = require('a'); print(a)"}, "main.ts")
