"""No built-in lets a Python exception out, whatever it is called with and on."""

import random

import pytest

from refimpl.language.agent import Agent, LimitExceeded, Limits
from refimpl.language.errors import Throw
from refimpl.language.functions import FunctionObject
from refimpl.language.objects import JSObject, Property
from refimpl.language.realm import Realm
from refimpl.language.scripts import script_evaluation
from refimpl.language.values import null, undefined
from refimpl.source import load
from refimpl.source.text import Source

VALUES = """
const values = [
  -0, NaN, Infinity, -1.5, 2 ** 31, 2 ** 53, 1e300, 5, '', 'a', '-0', '\\ud800', 'xyz'.repeat(9), true, 10n, -(2n ** 70n),
  Symbol('s'), Symbol.iterator, {}, [], [1, , 3], [3, 'b', undefined], { length: 3, 0: 'x' }, { length: -1 }, { valueOf() { return 7 } },
  { toString() { throw 'no' } }, { get then() { throw 'no' } }, { then: 5 }, () => 1, function () { throw 'no' }, class {}, (a, b) => b,
  async () => {}, (function* () { yield 1; yield 2 })(), (async function* () { yield 1 })(), new Map([[1, 2]]), new Set([1]), new WeakMap, new WeakSet,
  new Date(0), new Date(NaN), /a(b)?/dg, /(?<n>.)/uy, new Error('e', { cause: 1 }), Promise.resolve(1), Promise.reject(2),
  new Proxy({}, {}), new Proxy(function () {}, {}), Proxy.revocable({}, {}).proxy, new ArrayBuffer(8, { maxByteLength: 16 }),
  new Uint8Array(4), new BigInt64Array(2), new Float32Array([1, NaN]), new DataView(new ArrayBuffer(8)), Object(1n), Object('str'), Object(Symbol()),
  Object.create(null), Object.freeze([1]), new WeakRef({}), [1, 2].values(), 'ab'[Symbol.iterator](), 'a'.matchAll(/a/g), [1].values().map((x) => x),
  new TextDecoder, globalThis, Math, Iterator.from({ next() { return { done: true } } }), { [Symbol.iterator]: 5 }, { next() { return 1 } },
];
"""


@pytest.fixture
def realm():
    agent = Agent(Limits(fuel=10**9, allocations=10**9))
    realm = Realm(agent)
    source = Source("values.js", VALUES)
    with agent.enter(realm):
        script_evaluation(realm, load(source, "script"), source)
        agent.run_jobs()
    yield realm
    agent.close()


def functions_of(realm):
    """Every function that can be reached from an intrinsic, once, with its holder and a name."""
    found = {}
    for name, obj in realm.intrinsics.items():
        members = [("", obj)]
        for key, stored in obj.props.items():
            fields = (
                (stored.value, stored.get, stored.set) if type(stored) is Property else (stored,)
            )
            members += [(f".{key}", field) for field in fields]
        for suffix, function in members:
            if isinstance(function, FunctionObject):
                found.setdefault(function, (obj, name + suffix))
    return found


def receivers(values, holder):
    """The values that inherit from `holder`, so that its methods go beyond checking `this`."""
    heirs = []
    for value in values:
        ancestor = value.prototype if isinstance(value, JSObject) else None
        while ancestor is not None and ancestor is not holder:
            ancestor = ancestor.prototype
        if ancestor is not None:
            heirs.append(value)
    return heirs or values


@pytest.mark.parametrize("seed", range(20))
def test_no_python_exception_gets_out(realm, seed):
    chance = random.Random(seed)  # noqa: S311 - arguments are no secret
    agent = realm.agent
    values = [undefined, null, *realm.global_environment.bindings["values"].items]
    agent.limits = Limits(fuel=20_000, allocations=50_000)
    with agent.enter(realm):
        for function, (holder, name) in functions_of(realm).items():
            this = chance.choice(receivers(values, holder))
            arguments = [chance.choice(values) for _ in range(chance.randrange(4))]
            agent.fuel, agent.allocations = 20_000, 50_000
            try:
                if function.is_constructor and chance.random() < 0.5:
                    function.construct(arguments, function)
                else:
                    function.call(this, arguments)
            except (Throw, LimitExceeded):
                pass
            except Exception as error:
                error.add_note(f"{name} of {this!r} with {arguments!r}")
                raise
            try:
                agent.run_jobs()
            except LimitExceeded:
                agent.jobs.clear()
