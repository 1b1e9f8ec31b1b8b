"""Generators and suspension."""

import gc


def test_yield_passes_values_both_ways(run):
    printed = run("""
        function* g() { print(yield 'a'); return 'b' }
        const it = g(); print(it.next().value); print(it.next('sent').value);
    """)
    assert printed == ["a", "sent", "b"]


def test_return_runs_finally_blocks_on_the_way_out(run):
    printed = run("""
        function* g() { try { yield 1 } finally { print('finally') } }
        const it = g(); it.next(); print(it.return('r').value);
    """)
    assert printed == ["finally", "r"]


def test_throw_arrives_at_the_yield(run):
    printed = run("""
        function* g() { try { yield 1 } catch (e) { yield e } }
        const it = g(); it.next(); print(it.throw('t').value);
    """)
    assert printed == ["t"]


def test_yield_star_gives_the_return_value_of_the_inner_generator(run):
    printed = run("""
        function* inner() { yield 1; return 'r' }
        function* outer() { print(yield* inner()) }
        print([...outer()].join());
    """)
    assert printed == ["r", "1"]


def test_a_generator_cannot_be_resumed_while_it_runs(throws):
    assert throws("let it; function* g() { it.next() } it = g(); it.next()") == (
        "TypeError: Generator is already running"
    )


def test_arguments_are_bound_when_a_generator_is_called(throws):
    assert throws("function* g(x = nowhere) {} g()").startswith("ReferenceError")


def test_an_async_function_rejects_when_binding_arguments_throws(run):
    assert run("(async (x = nowhere) => {})().catch((e) => print(e.name))") == ["ReferenceError"]


def test_closing_an_agent_unwinds_without_running_guest_code(world):
    made = world()
    made.script("(async () => { try { await new Promise(() => {}) } finally { print('ran') } })()")
    assert len(made.agent.coroutines) == 1
    made.agent.close()
    gc.collect()
    assert (made.agent.coroutines, made.host.printed) == (set(), [])


def test_an_abandoned_generator_runs_nothing_when_collected(world):
    made = world()
    made.script(
        "{ let it = (function* () { try { yield } finally { print('ran') } })(); it.next() }"
    )
    gc.collect()
    assert made.host.printed == []


def test_a_finished_coroutine_is_forgotten(world):
    made = world()
    made.script("(async () => { await null })()")
    assert made.agent.coroutines == set()
