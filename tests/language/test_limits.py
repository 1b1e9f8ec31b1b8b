"""Limits, faults and the guest's stack."""

import sys

import pytest

from refimpl.language.agent import Limits, OutOfFuel, OutOfMemory
from refimpl.language.errors import InternalError, Throw
from refimpl.language.values import undefined

RECURSIONS = {
    "function": "function f() { return f() + 1 } f()",
    "constructor": "class A { constructor() { new A } } new A",
    "getter": "const o = { get x() { return this.x } }; o.x",
    "callback": "function f() { [1].map(f) } f()",
    "comparator": "function f() { [1, 2].sort(f) } f()",
    "apply": "function f() { f.apply(null, []) } f()",
    "bound": "let f = () => f.bind()(); f()",
    "conversion": "const o = { toString() { return `${o}` } }; `${o}`",
    "generator": "function* f() { yield* f() } f().next()",
    "default": "function f(x = f()) {} f()",
    "field": "class A { x = new A } new A",
    "iterator": "const o = { [Symbol.iterator]() { return [...o] } }; [...o]",
}


@pytest.mark.parametrize("source", RECURSIONS.values(), ids=RECURSIONS)
def test_endless_recursion_is_the_guests_range_error(throws, source):
    assert throws(source) == "RangeError: Maximum call stack size exceeded"


def test_endless_recursion_of_async_functions_rejects(run):
    assert run("async function f() { await f() } f().catch((e) => print(e.name))") == ["RangeError"]


def test_two_thousand_nested_calls_work(run):
    assert run("const f = (n) => n === 0 ? 0 : 1 + f(n - 1); print(f(2000))") == ["2000"]


def test_four_hundred_nested_async_calls_work(run):
    printed = run("const f = async (n) => n === 0 ? 0 : 1 + await f(n - 1); f(400).then(print)")
    assert printed == ["400"]


@pytest.mark.slow
def test_a_chain_of_async_functions_has_any_length(run):
    source = "const f = async (n) => { await 0; return n === 0 ? 'done' : f(n - 1) }"

    assert run(f"{source}; f(8000).then(print)") == ["done"]


def test_ten_thousand_deep_recursion_can_be_caught(run):
    source = (
        "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); try { f(10000) } catch (e) { print(e.name) }"
    )
    assert run(source) == ["RangeError"]


@pytest.mark.slow
def test_deep_expressions_in_deep_recursion_are_the_guests_range_error(throws):
    sum_ = "+".join(["1"] * 400)
    assert throws(f"function f() {{ return {sum_} + f() }} f()").startswith("RangeError")
    assert throws(f"function f() {{ return {'(' * 300}f(){')' * 300} }} f()").startswith(
        "RangeError"
    )


def test_a_deep_expression_is_no_crash(run):
    assert run(f"print({'+'.join(['1'] * 5000)})") == ["5000"]


@pytest.mark.parametrize(
    "source", ["for (;;);", "while (true);", "const f = () => f(); for (;;) try { f() } catch {}"]
)
def test_fuel_ends_an_endless_program_which_cannot_catch_it(world, source):
    made = world(limits=Limits(fuel=10_000))
    with pytest.raises(OutOfFuel):
        made.script(f"try {{ {source} }} catch {{}} finally {{ print('never') }}")
    assert made.host.printed == []


def test_fuel_ends_an_endless_chain_of_jobs(world):
    with pytest.raises(OutOfFuel):
        world(limits=Limits(fuel=10_000)).script("(async () => { for (;;) await null })()")


def test_allocations_end_a_greedy_program(world):
    with pytest.raises(OutOfMemory):
        world(limits=Limits(allocations=20_000)).script("const a = []; for (;;) a.push({})")


def test_a_string_has_a_greatest_length(world):
    with pytest.raises(Throw, match="Invalid string length"):
        world(limits=Limits(string_length=5000)).script("let s = 'x'; for (;;) s += s")


def test_a_big_int_has_a_greatest_size(throws):
    assert throws("let n = 2n; for (;;) n *= n") == "RangeError: Maximum BigInt size exceeded"


def test_a_fault_of_a_built_in_is_an_internal_error_with_the_guest_stack(world):
    made = world()
    with made.agent.enter(made.realm):
        made.define("broken", lambda _: {}["missing"])
    with pytest.raises(InternalError, match="KeyError") as caught:
        made.script("function f() { broken() }\ntry { f() } catch {}")
    assert "at f (script.js:1:16)" in str(caught.value)


def test_guest_code_cannot_catch_an_internal_error(world):
    made = world()
    with made.agent.enter(made.realm):
        made.define("broken", lambda _: 1 / 0)
    with pytest.raises(InternalError):
        made.script("try { broken() } catch { print('caught') } finally { print('finally') }")
    assert made.host.printed == []


def test_an_error_shows_function_file_line_and_column(run):
    printed = run(
        "function f() {\n  return null.x;\n}\ntry { f() } catch (e) { print(e.stack) }", "a.js"
    )
    assert printed == [
        "TypeError: Cannot read properties of null (reading 'x')\n    at f (a.js:2:10)\n    at a.js:4:7"
    ]


def test_an_error_in_an_async_function_knows_its_place_after_an_await(run):
    printed = run(
        "async function f() {\n  await null;\n  nowhere;\n}\nf().catch((e) => print(e.stack.split('\\n')[1]))"
    )
    assert printed == ["    at f (script.js:3:3)"]


def test_what_cannot_be_called_is_named_as_written(throws):
    assert throws("const o = {}; o.missing.deep()").startswith("TypeError: Cannot read properties")
    assert throws("const o = {}; o.missing()") == "TypeError: o.missing is not a function"


def test_the_recursion_limit_outside_is_what_it_was(world):
    before = sys.getrecursionlimit()
    world().script("")
    assert sys.getrecursionlimit() == before


def test_entering_an_agent_leaves_the_surrounding_one_as_it_was(world):
    outer, inner = world(), world()
    with outer.agent.enter(outer.realm):
        inner.script("print(1)")
        outer.define("late", lambda _: undefined)
    assert outer.realm.global_object.props["late"].value.realm is outer.realm


def test_a_fault_after_an_await_is_an_internal_error_too(world):
    made = world()
    made.host.create_element = lambda *_: 1 / 0
    with pytest.raises(InternalError, match="ZeroDivisionError"):
        made.script("(async () => { await null; try { <a/> } catch {} })()", "a.jsx")


def test_a_fault_at_the_top_of_a_script_is_an_internal_error_too(world):
    made = world()
    made.host.create_element = lambda *_: 1 / 0
    with pytest.raises(InternalError, match="ZeroDivisionError"):
        made.script("<a/>", "a.jsx")
