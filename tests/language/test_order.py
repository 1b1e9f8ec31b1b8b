"""The order of jobs: what runs before what."""


def test_a_then_callback_runs_after_the_script(run):
    printed = run("Promise.resolve().then(() => print('job')); print('script');")
    assert printed == ["script", "job"]


def test_an_await_of_a_native_promise_takes_one_turn(run):
    printed = run("""
        const p = Promise.resolve();
        (async () => { await p; print('await') })();
        p.then(() => print('then 1')).then(() => print('then 2'));
    """)
    assert printed == ["await", "then 1", "then 2"]


def test_an_async_function_that_returns_a_promise_settles_two_turns_later(run):
    printed = run("""
        (async () => Promise.resolve())().then(() => print('returned'));
        Promise.resolve().then(() => print(1)).then(() => print(2)).then(() => print(3));
    """)
    assert printed == ["1", "2", "returned", "3"]


def test_return_await_settles_sooner_than_returning_the_promise(run):
    printed = run("""
        (async () => await Promise.resolve())().then(() => print('awaited'));
        Promise.resolve().then(() => print(1)).then(() => print(2));
    """)
    assert printed == ["1", "awaited", "2"]


def test_a_thenable_is_called_in_a_job_of_its_own(run):
    printed = run("""
        Promise.resolve({ then(resolve) { print('then called'); resolve('value') } }).then(print);
        print('sync');
    """)
    assert printed == ["sync", "then called", "value"]


def test_for_await_over_a_sync_iterator_awaits_each_value(run):
    printed = run("""
        (async () => { for await (const x of [Promise.resolve('a'), 'b']) print(x) })();
        Promise.resolve().then(() => print(1)).then(() => print(2)).then(() => print(3)).then(() => print(4));
    """)
    assert printed == ["1", "a", "2", "3", "b", "4"]


def test_async_generator_requests_are_answered_in_order(run):
    printed = run("""
        async function* g() { yield 1; yield 2 }
        const it = g();
        it.next().then((r) => print(r.value, r.done));
        it.next().then((r) => print(r.value, r.done));
        it.next().then((r) => print(r.value, r.done));
    """)
    assert printed == ["1 false", "2 false", "undefined true"]


def test_a_return_in_an_async_generator_awaits_its_value(run):
    printed = run("""
        async function* g() { return Promise.resolve('done') }
        g().next().then((r) => print(r.value, r.done));
    """)
    assert printed == ["done true"]


def test_async_functions_interleave_at_every_await(run):
    printed = run("""
        async function f(name) { for (let i = 0; i < 2; i++) { print(name, i); await null } }
        f('a'); f('b');
    """)
    assert printed == ["a 0", "b 0", "a 1", "b 1"]


def test_an_unhandled_rejection_is_reported_and_a_late_handler_too(world):
    made = world()
    made.script("const p = Promise.reject(1); Promise.resolve().then(() => p.catch(() => {}));")
    assert made.host.rejections == ["reject", "handle"]
