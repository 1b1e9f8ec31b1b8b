"""Modules: linking, live bindings, cycles, namespaces, top-level await."""

import pytest

from refimpl.language.errors import Throw
from refimpl.language.modules import SyntheticModule


def test_an_import_is_a_live_binding(load_all):
    printed = load_all(
        {
            "main.js": "import { n, inc } from 'a'; print(n); inc(); print(n)",
            "a": "export let n = 1; export function inc() { n++ }",
        }
    )
    assert printed == ["1", "2"]


def test_an_import_cannot_be_assigned(load_all):
    with pytest.raises(Throw, match="Assignment to constant variable 'n'"):
        load_all({"main.js": "import { n } from 'a'; n = 2", "a": "export let n = 1"})


def test_modules_are_evaluated_once_in_the_order_of_their_imports(load_all):
    printed = load_all(
        {
            "main.js": "import 'a'; import 'b'; print('main')",
            "a": "import 'b'; print('a')",
            "b": "print('b')",
        }
    )
    assert printed == ["b", "a", "main"]


def test_functions_of_a_cycle_are_there_before_its_variables(load_all):
    printed = load_all(
        {
            "main.js": "import { f, x } from 'a'; print(x)",
            "a": "import { g } from 'b'; export function f() { return 'f' } export const x = g()",
            "b": "import { f, x } from 'a'; export function g() { return f() } try { x } catch (e) { print(e.name) }",
        }
    )
    assert printed == ["ReferenceError", "f"]


def test_a_missing_export_is_a_syntax_error_of_the_guest(load_all):
    with pytest.raises(Throw, match="does not provide an export named 'y'"):
        load_all({"main.js": "import { y } from 'a'", "a": "export let x"})


def test_two_stars_that_give_the_same_name_are_ambiguous(load_all):
    with pytest.raises(Throw, match="conflicting exports named 'x'"):
        load_all(
            {
                "main.js": "import { x } from 'both'",
                "both": "export * from 'a'; export * from 'b'",
                "a": "export let x",
                "b": "export let x",
            }
        )


def test_two_stars_that_lead_to_the_same_binding_are_not_ambiguous(load_all):
    printed = load_all(
        {
            "main.js": "import { x } from 'both'; print(x)",
            "both": "export * from 'a'; export * from 'b'",
            "a": "export { x } from 'c'",
            "b": "export { x } from 'c'",
            "c": "export let x = 1",
        }
    )
    assert printed == ["1"]


def test_an_ambiguous_name_is_left_out_of_the_namespace(load_all):
    printed = load_all(
        {
            "main.js": "import * as ns from 'both'; print(Object.keys(ns).join())",
            "both": "export * from 'a'; export * from 'b'",
            "a": "export let x, y",
            "b": "export let x",
        }
    )
    assert printed == ["y"]


def test_a_star_leaves_the_default_out(load_all):
    printed = load_all(
        {
            "main.js": "import * as ns from 'a'; print('default' in ns, 'x' in ns)",
            "a": "export * from 'b'",
            "b": "export default 1; export let x",
        }
    )
    assert printed == ["false true"]


def test_a_namespace_is_sorted_and_cannot_be_written(load_all):
    printed = load_all(
        {
            "main.js": "import * as ns from 'a'; print(Object.keys(ns)); try { ns.a = 1 } catch (e) { print(e.name) }",
            "a": "export let b, a",
        }
    )
    assert printed == ["a,b", "TypeError"]


def test_reading_an_uninitialized_name_of_a_namespace_throws(load_all):
    printed = load_all(
        {
            "main.js": "import * as self from 'main.js'; try { self.x } catch (e) { print(e.name) } export let x = 1",
        }
    )
    assert printed == ["ReferenceError"]


@pytest.mark.parametrize(
    ("declaration", "name"),
    [
        ("export default function () {}", "default"),
        ("export default class {}", "default"),
        ("export default () => {}", "default"),
        ("export default (class {})", "default"),
        ("export default function f() {}", "f"),
    ],
)
def test_a_default_export_without_a_name_is_called_default(load_all, declaration, name):
    printed = load_all({"main.js": "import f from 'a'; print(f.name)", "a": declaration})
    assert printed == [name]


def test_a_module_waits_for_the_await_of_what_it_imports(load_all):
    printed = load_all(
        {
            "main.js": "import { x } from 'a'; print(x)",
            "a": "export const x = await Promise.resolve('late')",
        }
    )
    assert printed == ["late"]


def test_a_module_that_awaited_for_an_importer_can_be_imported_again(load_all):
    printed = load_all(
        {
            "main.js": "import 'a'; print((await import('a')).x)",
            "a": "export const x = await Promise.resolve('again')",
        }
    )
    assert printed == ["again"]


def test_siblings_with_top_level_await_run_concurrently(load_all):
    printed = load_all(
        {
            "main.js": "import 'a'; import 'b'; print('main')",
            "a": "print('a1'); await null; print('a2')",
            "b": "print('b1'); await null; print('b2')",
        }
    )
    assert printed == ["a1", "b1", "a2", "b2", "main"]


def test_an_error_after_a_top_level_await_rejects_everything_above(load_all):
    with pytest.raises(Throw, match="Error: late"):
        load_all(
            {"main.js": "import 'a'; print('never')", "a": "await null; throw new Error('late')"}
        )


def test_a_module_that_failed_fails_the_same_way_again(world):
    made = world({"main.js": "print('once'); throw new Error('x')"})
    for _ in range(2):
        with pytest.raises(Throw, match="Error: x"):
            made.module("main.js")
    assert made.host.printed == ["once"]


def test_dynamic_import_gives_the_namespace(load_all):
    printed = load_all(
        {
            "main.js": "const ns = await import('a'); print(ns.x)",
            "a": "export const x = 1",
        }
    )
    assert printed == ["1"]


def test_dynamic_import_of_a_broken_module_rejects(load_all):
    printed = load_all(
        {
            "main.js": "import('a').catch((e) => print(e.name)); import('none').catch((e) => print(e.name))",
            "a": "let let",
        }
    )
    assert printed == ["SyntaxError", "SyntaxError"]


def test_import_meta_is_filled_by_the_host(world):
    made = world({"main.js": "print(import.meta.url, import.meta === import.meta)"})
    made.host.import_meta = lambda module, meta: meta.props.update(url=module.name)
    assert made.module("main.js") == ["main.js true"]


def test_this_is_undefined_in_a_module(load_all):
    assert load_all({"main.js": "print(this)"}) == ["undefined"]


def test_a_synthetic_module_has_the_exports_its_host_sets(world):
    made = world({"main.js": "import { x } from 'host'; print(x)"})
    made.host.modules["host"] = SyntheticModule(
        made.realm, "host", ["x"], lambda module: module.set_export("x", 1.0)
    )
    assert made.module("main.js") == ["1"]
