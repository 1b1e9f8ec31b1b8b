"""Invariant: a program of promises, awaits and async generators logs in the same order as in Node.js.

Programs iterate over async generators and arrays only: Node.js 20 does not close a sync iterator whose
value rejects, as ECMAScript has asked since.
"""

import itertools
import json
import re
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refimpl.language.operations import to_string
from refimpl.language.values import undefined

NODE = shutil.which("node")

#: Reads one program per line, as JSON, and answers each with the list of what it logged.
DRIVER = """
process.on('unhandledRejection', () => {});
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const logged = [];
  new Function('log', '"use strict";' + JSON.parse(line))((text) => { logged.push(String(text)) });
  setImmediate(() => console.log(JSON.stringify(logged)));
});
"""

PRELUDE = """
const show = (value) => value === null || typeof value !== 'object' ? String(value) : JSON.stringify(value);
const tap = (promise) => (Promise.resolve(promise).then((v) => log('# ok ' + show(v)), (e) => log('# error ' + show(e))), promise);
"""


def asynchronous(body):
    return f"(async () => {{ {body} }})()"


def fill(template, *parts):
    """Texts made of a template with `%s` for each part."""
    return st.tuples(*parts).map(lambda texts: template % texts)


def values(inner):
    """Expressions with a promise, a thenable or a plain value."""
    settling = st.sampled_from(["resolve", "reject"])
    return st.one_of(
        fill("Promise.%s(%s)", settling, inner),
        fill("{ then(resolve, reject) { log('# then'); %s(%s) } }", settling, inner),
        fill("new Promise((resolve, reject) => { log('# executor'); %s(%s) })", settling, inner),
        fill("Promise.resolve(%s).then((v) => { log('# ' + show(v)); return %s })", inner, inner),
        fill("Promise.resolve(%s).catch((e) => { log('# ' + show(e)); return %s })", inner, inner),
        fill("Promise.resolve(%s).finally(() => { log('# finally'); return %s })", inner, inner),
        fill("Promise.%s([%s, %s])", st.sampled_from(["all", "race", "allSettled"]), inner, inner),
        bodies(inner).map(asynchronous),
        fill(
            "tap(%s.%s(%s))", generators(inner), st.sampled_from(["next", "return", "throw"]), inner
        ),
    )


def statements(inner):
    return st.one_of(
        st.just("log('#')"),
        fill("log('# ' + show(await (%s)))", inner),
        fill(
            "try { await (%s) } catch (e) { log('# ' + show(e)) } finally { await (%s) }",
            inner,
            inner,
        ),
        fill(
            "for await (const x of %s) { log('# ' + show(x)); %s }",
            generators(inner),
            st.sampled_from(["", "break", "await 0", "throw 7"]),
        ),
        fill("for await (const x of [%s, %s]) log('# ' + show(x))", inner, inner),
        fill("return %s(%s)", st.sampled_from(["", "await "]), inner),
        fill("tap(%s)", inner),
    )


def bodies(inner):
    return st.lists(statements(inner), min_size=1, max_size=3).map("; ".join)


def generators(inner):
    steps = st.one_of(
        fill("log('# ' + show(yield (%s)))", inner),
        fill(
            "try { yield (%s) } catch (e) { log('# ' + show(e)) } finally { log('# finally') }",
            inner,
        ),
        fill("yield* (async function* () { yield (%s) })()", inner),
        fill("await (%s)", inner),
        fill("return (%s)", inner),
    )
    made = st.lists(steps, min_size=1, max_size=3).map("; ".join)
    return made.map(lambda body: f"(async function* () {{ {body} }})()")


EXPRESSIONS = st.recursive(st.integers(0, 9).map(str), values, max_leaves=8)
PROGRAMS = st.lists(
    bodies(EXPRESSIONS).map(lambda body: f"tap({asynchronous(body)});"), min_size=1, max_size=3
)


@pytest.fixture(scope="module")
def node():
    if NODE is None:
        pytest.skip("Node.js is not installed")
    with subprocess.Popen([NODE, "-e", DRIVER], stdin=-1, stdout=-1, text=True) as process:

        def ask(program):
            process.stdin.write(json.dumps(program) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@pytest.mark.slow
@pytest.mark.node
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=PROGRAMS)
def test_jobs_run_in_the_same_order_as_in_node(node, world, parts):
    labels = itertools.count(1)
    program = re.sub("#", lambda _: f"#{next(labels)}", PRELUDE + "\n".join(parts))
    made, logged = world(), []

    def log(_, text=undefined):
        logged.append(to_string(text))
        return undefined

    with made.agent.enter(made.realm):
        made.define("log", log)
    made.script(program)

    assert logged == node(program)
