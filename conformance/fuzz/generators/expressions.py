"""Values as programs make them: expressions that only a program can write, in every direction.

Rules of this module:

* An expression is a template of `EXPRESSIONS` with others in its holes. The tables have every kind of
  value that chapter 6 speaks of, those that it refuses among them.
* A value takes one of `WAYS`; each ends with what its client sees, or with how it was refused.
* What a program throws on the server is a canary: in production no byte of it reaches the client.
* One program makes several exchanges, one after the other, and then tells how many calls ran.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.fuzz.example import CANARY, Example, asking
from conformance.observations import Run, Withholds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.observations.observation import Observation

HOLE = "@"
#: What stands for a canary where the server makes the value.
SECRET = f"{CANARY} of the server"
#: Without a hole: what ends an expression.
LEAVES: Mapping[str, tuple[str, ...]] = {
    "value.primitives": ("true", "false", "null"),
    "value.undefined": ("undefined",),
    "value.number": ("0", "-0", "1.5", "NaN", "Infinity", "-Infinity", "1e21", "2 ** 53", "-1"),
    "value.string": ("'text'", "' spaced '", "''", "'$1'", "'a\\ud800'", "'\\u{1f600}'", "'\\n'"),
    "value.bigint": ("10n", "-5n", "2n ** 70n", "0n"),
    "value.symbol": ("Symbol.for('key')", "Symbol('own')", "Symbol.iterator"),
    "value.date": (
        "new Date(0)",
        "new Date(1234567)",
        "new Date(-1)",
        "new Date(NaN)",
        "[new Date(7), new Date(7)]",
    ),
    "value.class-instance": (
        "/x/g",
        "new WeakMap()",
        "Object('text')",
        "new (class Own { a = 1 })()",
        "Object.create({ a: 1 })",
        "new URL('https://a.example')",
    ),
    "value.object": ("{}", "Object.create(null)"),
    "value.object.proto": ("JSON.parse('{\"__proto__\": 1}')",),
    "value.function": ("() => 1", "class {}", "Math.max"),
    "reference.round-trip": ("echo", "echo.bind(null, 1)"),
    "value.bytes": (
        "new Int8Array([1, -2])",
        "new Uint8Array([1, 2])",
        "new Uint8ClampedArray([1, 300])",
        "new Int16Array([1, -2])",
        "new Uint16Array([1, 2])",
        "new Int32Array([1, -2])",
        "new Uint32Array([1, 2])",
        "new Float32Array([1.5])",
        "new Float64Array([1.5])",
        "new BigInt64Array([-1n])",
        "new BigUint64Array([1n])",
        "new ArrayBuffer(3)",
        "new DataView(new ArrayBuffer(3))",
    ),
    "value.bytes.window": (
        "new Uint8Array([1, 2, 3, 4]).subarray(1, 3)",
        "new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 2, 1)",
        "new Int16Array(new ArrayBuffer(8), 2, 1)",
    ),
    "value.bytes.detached": (
        "(buffer => (buffer.transfer(), buffer))(new ArrayBuffer(8))",
        "(view => (view.buffer.transfer(), view))(new Uint8Array(2))",
    ),
    "value.bytes.float16": ("new Float16Array([1])",),
    "value.blob": ("new Blob(['x\\n'], { type: 'text/plain' })", "new Blob([])"),
    "value.file": ("new File(['x'], 'a.txt', { type: 'a/b' })", "new File([], '')"),
    "value.formdata": (
        "(form => (form.append('a', 'x'), form.append('a', 'y'), form))(new FormData())",
        "(form => (form.append('f', new Blob(['b']), 'b.bin'), form))(new FormData())",
    ),
    "value.promise.rejected": ("Promise.reject(new TypeError('CANARY'))",),
    "value.error": ("new Error('CANARY')", "new RangeError('CANARY', { cause: 'CANARY' })"),
    "value.stream.bytes": (
        "new ReadableStream({ type: 'bytes', start(c) { c.enqueue(new Uint8Array([1, 2])); c.close() } })",
    ),
    "value.stream.error": (
        "new ReadableStream({ start(c) { c.error(new Error('CANARY')) } })",
        "(async function* () { yield 1; throw new Error('CANARY') })()",
    ),
    "value.stream": ("(stream => (stream.getReader(), stream))(new ReadableStream())",),
}
#: With holes.
EXPRESSIONS: Mapping[str, tuple[str, ...]] = {
    "value.object": ("{ a: @ }", "{ b: @, a: @ }", "Object.freeze({ a: @ })"),
    "value.object.keys": (
        "{ 2: @, 1: 1, $a: @ }",
        "{ '': @, 'a b': 1 }",
        "{ [Symbol.for('s')]: 1, a: @ }",
    ),
    "value.object.order": ("{ b: 1, a: @, 1: 2 }",),
    "value.object.undefined": ("{ a: undefined, b: @ }",),
    "value.object.getter": (
        "{ get a() { return @ } }",
        "{ get a() { throw new Error('CANARY') }, b: @ }",
    ),
    "value.object.other-properties": (
        "Object.defineProperty({ a: @ }, 'hidden', { value: 1 })",
        "Object.defineProperty({ a: @ }, 'hidden', { value: () => 1 })",
    ),
    "value.object.to-json": ("Object.defineProperty({ a: @ }, 'toJSON', { value: () => 'json' })",),
    "value.object.then": ("{ then: @ }",),
    "security.data.names": ("{ constructor: @, toString: 1 }", "{ hasOwnProperty: { a: @ } }"),
    "value.array": ("[@]", "[@, @]", "[undefined, @]"),
    "value.array.holes": ("[@, , @]", "[, @, ,]", "[, , 1]"),
    "value.own-properties": (
        "Object.assign([@], { extra: 1 })",
        "Object.assign(new Map([[1, @]]), { extra: 1 })",
        "Object.assign(new Date(5), { extra: @ })",
    ),
    "value.subclass": (
        "(class extends Array {}).of(@)",
        "new (class extends Map {})([[1, @]])",
        "new (class extends Set {})([@])",
        "new (class extends Date {})(5)",
    ),
    "value.map": (
        "new Map([[@, @]])",
        "new Map([['b', @], ['a', 1]])",
        "new Map([[2, @], [1, 1]])",
    ),
    "value.set": ("new Set([@])", "new Set(['b', @, 'a'])", "new Set([[@], [@]])"),
    "value.identity": (
        "(shared => [shared, shared])(@)",
        "(shared => ({ a: shared, b: [shared] }))({ x: @ })",
        "(list => (list.push(list), list))([@])",
        "(map => map.set(1, map))(new Map([[2, @]]))",
        "(shared => new Map([[shared, shared]]))([@])",
    ),
    "value.snapshot": (
        "(shared => [Promise.resolve(shared), shared])([@])",
        "(shared => [shared, (async function* () { yield shared })()])({ a: @ })",
    ),
    "value.promise": (
        "Promise.resolve(@)",
        "new Promise(done => setTimeout(() => done(@), 3))",
    ),
    "value.promise.thenable": (
        "{ then(done) { done(@) } }",
        "{ then(_, fail) { fail(new Error('CANARY')) } }",
    ),
    "value.stream": (
        "new ReadableStream({ start(c) { c.enqueue(@); c.enqueue(1); c.close() } })",
        "new ReadableStream({ pull(c) { c.enqueue(@); c.close() } })",
    ),
    "value.iterator": (
        "[@].values()",
        "(function* () { yield @; return 1 })()",
        "new Map([[1, @]]).entries()",
    ),
    "value.iterable": ("{ [Symbol.iterator]() { return [@].values() } }",),
    "value.async-iterator": (
        "(async function* () { yield @; return @ })()",
        "(async function* () { yield 1; yield 2 })()",
    ),
    "value.async-iterable": ("{ async *[Symbol.asyncIterator]() { yield @ } }",),
    "value.element": (
        "<p key='k' id='a'>{@}</p>",
        "<><b />{@}</>",
        "<p a={@} />",
        "<p children={[]} b={@} />",
    ),
    "reference.bind": ("echo.bind(null, @)",),
    "value.error.development": (
        "new TypeError('CANARY', { cause: @ })",
        "new AggregateError([@], 'CANARY')",
    ),
}
_leaves = st.sampled_from([(clause, text) for clause, texts in LEAVES.items() for text in texts])
_kinds = st.sampled_from([*EXPRESSIONS])
#: How a value goes, as an expression of the client; `N` is the number of the exchange, `@` the value.
WAYS: Mapping[str, str] = {
    "call.arguments.values": "echo(@)",
    "call.arguments.count": "echo(1, @, undefined)",
    "call.arguments.sharing": "(shared => echo(shared, [shared]))(@)",
    "call.arguments.realm": "look(@)",
    "call.arguments.moment": "(held => { const promise = echo(held); change(held); return promise })(@)",
    "reference.bind": "echo.bind(null, @)(1)",
    "call.result.values": "actions.giveN()",
    "call.result.streaming": "actions.lateN()",
    "capture.contents": "actions.makeN().then(made => made(1))",
    "capture.fresh": "actions.twiceN()",
    "value.one-shot.captured": "actions.heldN()",
    "call.local": "actions.localN()",
}
#: What the server has for a way, where it is the server that makes the value.
MAKERS: Mapping[str, str] = {
    "call.result.values": "export async function giveN() { return @ }",
    "call.result.streaming": "export async function lateN() { return { now: 1, later_: new Promise(done => setTimeout(() => done(@), 5)) } }",
    "capture.contents": "export async function makeN() { const held = @, secret = 'CANARY'; return async again => { 'use server'; change(held); return [held, again, secret.length] } }",
    "capture.fresh": "export async function twiceN() { const held = @; let count = 0; const made = async () => { 'use server'; change(held); return [held, ++count] }; return [await made(), await made()] }",
    "value.one-shot.captured": "export async function heldN() { const held = @; const same = async given => { 'use server'; return given === held }; return same(held) }",
    "call.local": "export async function localN() { const held = @; return [await same(held) === held, held] }",
}
CHANGE = """export const change = value => {
  if (Array.isArray(value)) value.push('changed')
  else if (value instanceof Map) value.set('changed', 1)
  else if (value !== null && typeof value === 'object' && Object.isExtensible(value)) value.changed = 1
}
"""
ACTIONS = """'use server'
import {{ change }} from './change.js'
let count = 0
const kind = value => Object.prototype.toString.call(value)
const own = value => value === null || typeof value !== 'object' ? [] : [
  Object.getPrototypeOf(value) === Object.prototype, value instanceof Object, Object.keys(value),
]
export async function echo(...args) {{ count++; return args }}
export async function look(value) {{ count++; return [typeof value, kind(value), ...own(value)] }}
export async function same(value) {{ count++; return value }}
export async function ran() {{ return count }}
{makers}
"""
CLIENT = """import * as actions from './actions.jsx'
import {{ change }} from './change.js'
const {{ echo, look }} = actions
const place = error => /\\$(?:\\.\\w+|\\[[^\\]]*\\])+/.exec(error.message)?.[0] ?? ''
const told = error => error instanceof Error ? ['rejected', error.name, place(error)] : ['rejected', error]
const outcome = async make => {{
  let promise
  try {{ promise = make() }} catch (error) {{ return ['thrown'] }}
  try {{ return [await promise] }} catch (error) {{ return told(error) }}
}}
export default async () => [
{exchanges}
  await actions.ran(),
]
"""


@st.composite
def expressions(draw: st.DrawFn, found: set[str], depth: int = 2) -> str:
    """The text of an expression; `found` gets the clauses it is about."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        clause, text = draw(_leaves)
    else:
        clause = draw(_kinds)
        text = draw(st.sampled_from(EXPRESSIONS[clause]))
    found.add(clause)
    while HOLE in text:
        text = text.replace(HOLE, f"({draw(expressions(found, depth - 1))})", 1)
    return text


def exchanged(ways: list[tuple[str, str]], mode: str, found: set[str]) -> Example:
    """A program that sends each value its way."""
    exchanges, makers = [], []
    for number, (way, text) in enumerate(ways):
        exchanges.append(WAYS[way].replace("N(", f"{number}(").replace(HOLE, f"({text})"))
        if way in MAKERS:
            maker = MAKERS[way].replace("N(", f"{number}(").replace(HOLE, f"({text})")
            makers.append(maker.replace(CANARY, SECRET))
    files = {"change.js": CHANGE, "actions.jsx": ACTIONS.format(makers="\n".join(makers))}
    lines = "\n".join(f"  await outcome(() => {line})," for line in exchanges)
    program = {"client": CLIENT.format(exchanges=lines), "client_file": "client.jsx"}
    points: list[Observation] = [Run({**program, "mode": mode}, None, None)]
    if mode == "production" and any(SECRET in maker for maker in makers):
        points.append(Withholds(program, (SECRET,), ()))
    return Example(frozenset(found), asking(*points), files)


@st.composite
def made_values(draw: st.DrawFn) -> Example:
    """Some values, each on its way."""
    mode = draw(st.sampled_from(["production", "production", "development"]))
    found = {"value.same-rule", "value.unsupported.path"}
    ways = []
    for _ in range(draw(st.integers(2, 5))):
        way = draw(st.sampled_from([*WAYS]))
        found.add(way)
        ways.append((way, draw(expressions(found))))
    return exchanged(ways, mode, found)
