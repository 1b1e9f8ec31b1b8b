"""Facts about the built-in objects, each a program and what it prints."""

import pytest

from refimpl.language.agent import LimitExceeded, Limits

FACTS = {
    # Object and Function
    "Object.groupBy has no prototype": (
        "const g = Object.groupBy([1], () => 'k'); print(Object.getPrototypeOf(g), g.k)",
        "null 1",
    ),
    "Object.prototype refuses another prototype": (
        "print(Reflect.setPrototypeOf(Object.prototype, {}))",
        "false",
    ),
    "a bound function remembers how many arguments are missing": (
        "print(((a, b, c) => 0).bind(null, 1).length)",
        "2",
    ),
    "code from strings is refused by name": (
        "try { new Function('return 1') } catch (e) { print(e.name) }",
        "EvalError",
    ),
    "a built-in shows itself as native": ("print(Math.max)", "function max() { [native code] }"),
    # Array
    "sort is stable and puts undefined last": (
        "print([3, undefined, 'b', 1].sort().map(String))",
        "1,3,b,undefined",
    ),
    "a contradictory comparator does no harm": ("print([3, 1, 2].sort(() => 1).length)", "3"),
    "toSorted leaves the array alone": ("const a = [2, 1]; a.toSorted(); print(a)", "2,1"),
    "flat goes as deep as asked": (
        "print(JSON.stringify([1, [2, [3, [4]]]].flat(2)))",
        "[1,2,3,[4]]",
    ),
    "copyWithin may overlap": ("print([1, 2, 3, 4, 5].copyWithin(1, 0, 3))", "1,1,2,3,5"),
    "forEach skips holes": ("let n = 0; [1, , 3].forEach(() => n++); print(n)", "2"),
    "with refuses an index outside": (
        "try { [1].with(1, 0) } catch (e) { print(e.name) }",
        "RangeError",
    ),
    "Array.from closes the iterator when the mapper throws": (
        """const it = { [Symbol.iterator]() { return this }, next: () => ({ value: 1 }),
            return() { print('closed'); return {} } };
        try { Array.from(it, () => { throw 1 }) } catch { print('thrown') }""",
        "closed\nthrown",
    ),
    "Array.fromAsync awaits what it finds": (
        "Array.fromAsync([Promise.resolve(1), 2]).then(print)",
        "1,2",
    ),
    # String and RegExp
    "split keeps captures": ("print('a1b'.split(/(\\d)/))", "a,1,b"),
    "replace knows its dollar signs": (
        "print('abc'.replace(/(?<x>b)/, '[$`|$&|$1|$<x>|$$]'))",
        "a[a|b|b|b|$]c",
    ),
    "replaceAll with a string replaces all": ("print('a.a.a'.replaceAll('.', '-'))", "a-a-a"),
    "matchAll needs the flag g": (
        "try { 'a'.matchAll(/a/) } catch (e) { print(e.name) }",
        "TypeError",
    ),
    "matchAll gives every match": (
        "print([...'a1b2'.matchAll(/\\d/g)].map((m) => m.index))",
        "1,3",
    ),
    "a sticky match moves lastIndex": ("const r = /a/y; r.test('aa'); print(r.lastIndex)", "1"),
    "indices are pairs": ("print(/a(b)?/d.exec('xa').indices)", "1,2,"),
    "an invalid pattern is a SyntaxError": (
        "try { RegExp('(') } catch (e) { print(e.name) }",
        "SyntaxError",
    ),
    "the source of a slash is escaped": ("print(RegExp('/'))", "/\\//"),
    "a string iterates by code points": ("print([...'a\\u{1F600}b'].length)", "3"),
    "toUpperCase may grow": ("print('straße'.toUpperCase())", "STRASSE"),
    "a final sigma is special": ("print('ΑΣ'.toLowerCase())", "ας"),
    "normalize composes": ("print('e\\u0301'.normalize().length)", "1"),
    "localeCompare puts accents after letters": (
        "print(['z', 'é', 'e', 'Z', 'a'].sort((a, b) => a.localeCompare(b)))",
        "a,e,é,z,Z",
    ),
    "repeat refuses to be endless": (
        "try { 'a'.repeat(Infinity) } catch (e) { print(e.name) }",
        "RangeError",
    ),
    "a string that is too long is a RangeError": (
        "try { 'a'.repeat(2 ** 30) } catch (e) { print(e.name) }",
        "RangeError",
    ),
    # Number, Math, BigInt
    "toString rounds the last digit of another radix": ("print((0.1).toString(2).length)", "57"),
    "toLocaleString groups thousands": ("print((1234567.891).toLocaleString())", "1,234,567.891"),
    "Math.round keeps minus zero": ("print(Object.is(Math.round(-0.2), -0))", "true"),
    "Math.round does not add a half": ("print(Math.round(0.49999999999999994))", "0"),
    "Math.max of zeros is plus zero": ("print(Object.is(Math.max(-0, 0), 0))", "true"),
    "Math.sumPrecise is exact": ("print(Math.sumPrecise([1e20, 0.1, -1e20]))", "0.1"),
    "asIntN wraps": ("print(BigInt.asIntN(8, 255n), BigInt.asUintN(8, -1n))", "-1 255"),
    "BigInt refuses a fraction": ("try { BigInt(1.5) } catch (e) { print(e.name) }", "RangeError"),
    # JSON
    "stringify calls toJSON": (
        "print(JSON.stringify({ d: new Date(0) }))",
        '{"d":"1970-01-01T00:00:00.000Z"}',
    ),
    "stringify indents": ("print(JSON.stringify([{ a: 1 }], null, 1))", '[\n {\n  "a": 1\n }\n]'),
    "stringify takes a list of names": ("print(JSON.stringify({ a: 1, b: 2 }, ['b']))", '{"b":2}'),
    "stringify refuses a cycle": (
        "const a = []; a[0] = a; try { JSON.stringify(a) } catch (e) { print(e.name) }",
        "TypeError",
    ),
    "parse revives from the inside out": (
        "JSON.parse('[1,[2]]', (k, v) => { print(k || 'root'); return v })",
        "0\n0\n1\nroot",
    ),
    "parse makes __proto__ an own property": (
        "print(Object.keys(JSON.parse('{\"__proto__\":1}')))",
        "__proto__",
    ),
    # Map, Set, weak collections
    "NaN is one key and the zeros are one": (
        "print(new Map([[NaN, 1], [NaN, 2], [0, 3], [-0, 4]]).size)",
        "2",
    ),
    "true and 1 are two keys": ("print(new Set([true, 1, '1', 1n]).size)", "4"),
    "forEach sees what is added meanwhile": (
        "const s = new Set([1]); s.forEach((v) => { print(v); if (v < 3) s.add(v + 1) })",
        "1\n2\n3",
    ),
    "symmetricDifference keeps order": (
        "print(...new Set([1, 2, 3]).symmetricDifference(new Set([3, 4])))",
        "1 2 4",
    ),
    "a registered symbol cannot be a weak key": (
        "try { new WeakSet([Symbol.for('x')]) } catch (e) { print(e.name) }",
        "TypeError",
    ),
    # errors
    "an error has its cause": ("print(new Error('m', { cause: 7 }).cause)", "7"),
    "an error has a stack that starts with its text": (
        "print(new TypeError('m').stack.split('\\n')[0])",
        "TypeError: m",
    ),
    "an AggregateError has its errors": (
        "Promise.any([Promise.reject(1)]).catch((e) => print(e.name, e.errors))",
        "AggregateError 1",
    ),
    # Date
    "a date counts from the virtual clock": (
        "print(Date.now(), new Date().toISOString())",
        "0 1970-01-01T00:00:00.000Z",
    ),
    "local time is UTC": (
        "print(new Date(2020, 0, 31, 12).getTimezoneOffset(), new Date(2020, 0, 31, 12).getUTCHours())",
        "0 12",
    ),
    "a setter overflows": (
        "const d = new Date(Date.UTC(2020, 0, 31)); d.setMonth(1); print(d.toISOString())",
        "2020-03-02T00:00:00.000Z",
    ),
    # Iterator helpers
    "helpers are lazy": (
        "const it = [1, 2, 3].values().map((x) => { print(x); return x }); it.next()",
        "1",
    ),
    "take closes what it leaves": (
        "function* g() { try { yield 1; yield 2 } finally { print('closed') } } print([...g().take(1)])",
        "closed\n1",
    ),
    "flatMap opens what the mapper returns": (
        "print([1, 2].values().flatMap((x) => [x, x * 10]).toArray())",
        "1,10,2,20",
    ),
    # Reflect and Proxy
    "a proxy may not hide what the target has for good": (
        "const t = Object.freeze({ a: 1 }); try { Object.keys(new Proxy(t, { ownKeys: () => [] })) } catch (e) { print(e.name) }",
        "TypeError",
    ),
    "a proxy of an array is an array": ("print(Array.isArray(new Proxy([], {})))", "true"),
    "a revoked proxy answers nothing": (
        "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); try { proxy.a } catch (e) { print(e.name) }",
        "TypeError",
    ),
    # typed arrays
    "elements wrap, clamp and round": (
        "print(new Uint8Array([257, -1]), new Uint8ClampedArray([300, -5, 1.5, 2.5]))",
        "1,255 255,0,2,2",
    ),
    "views share their buffer, little end first": (
        "print(new Uint8Array(new Uint16Array([0x0102]).buffer))",
        "2,1",
    ),
    "a view follows a resizable buffer": (
        "const b = new ArrayBuffer(2, { maxByteLength: 8 }); const v = new Uint8Array(b); b.resize(4); print(v.length)",
        "4",
    ),
    "a transferred buffer is detached": (
        "const b = new ArrayBuffer(2); b.transfer(); print(b.detached, b.byteLength)",
        "true 0",
    ),
    "a data view reads the big end first": (
        "const v = new DataView(new ArrayBuffer(2)); v.setInt16(0, 1); print(v.getUint8(1))",
        "1",
    ),
    "half precision rounds to even": (
        "print(Math.f16round(2049), new Float16Array([1e6])[0])",
        "2048 Infinity",
    ),
    # host functions
    "structuredClone keeps identity and cycles": (
        "const a = { m: new Map() }; a.self = a; const c = structuredClone(a); print(c.self === c, c !== a, c.m instanceof Map)",
        "true true true",
    ),
    "structuredClone refuses functions": (
        "try { structuredClone(() => 0) } catch (e) { print(e.name) }",
        "DataCloneError",
    ),
    "queueMicrotask runs before what comes after it": (
        "Promise.resolve().then(() => print(1)); queueMicrotask(() => print(2)); print(0)",
        "0\n1\n2",
    ),
    "what a microtask throws is printed": (
        "queueMicrotask(() => { throw new Error('m') })",
        "Uncaught Error: m",
    ),
    "console shows values without running them": (
        "console.log('a', [1, 'b'], { get x() { throw 1 } }, new Map([[1, 2]]))",
        "a [ 1, 'b' ] { x: [Getter/Setter] } Map(1) { 1 => 2 }",
    ),
    "text is coded as UTF-8": (
        "print(new TextEncoder().encode('é\\ud800'), new TextDecoder().decode(new Uint8Array([0xc3, 0xa9])))",
        "195,169,239,191,189 é",
    ),
    "a UUID is of version 4": (
        "print(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()))",
        "true",
    ),
    "registered symbols are shared": (
        "print(Symbol.for('a') === Symbol.for('a'), Symbol.keyFor(Symbol.for('a')))",
        "true a",
    ),
    "decodeURIComponent refuses half a character": (
        "try { decodeURIComponent('%C3') } catch (e) { print(e.name) }",
        "URIError",
    ),
}


@pytest.mark.parametrize(("program", "printed"), FACTS.values(), ids=FACTS)
def test_fact(run, program, printed):
    assert "\n".join(run(program)) == printed


def test_chance_is_the_agents(run):
    program = "print(Math.random(), crypto.randomUUID())"
    assert run(program) == run(program)


#: Programs that would run for ever, or fill the memory, if built-ins did not pay.
ENDLESS = {
    "a sparse array": "for (;;) Array(2 ** 31).indexOf(1)",
    "join": "for (;;) Array(1e5).join('')",
    "fill": "for (;;) new Uint8Array(1e6).fill(1)",
    "sort": "const a = Array(1e4).fill(1); for (;;) a.toSorted()",
    "repeat": "const a = []; for (;;) a.push('a'.repeat(1e6))",
    "replace": "const s = 'a'.repeat(1e5); for (;;) s.replaceAll('a', 'b')",
    "an endless iterator": "new Set({ *[Symbol.iterator]() { for (;;) yield 1 } })",
}


#: Values nested deeper than calls may be.
NESTED = {
    "stringify": "let a = []; for (let i = 0; i < 1e4; i++) a = [a]; JSON.stringify(a)",
    "a reviver": "JSON.parse('['.repeat(1e4) + ']'.repeat(1e4), (k, v) => v)",
    "structuredClone": "let a = {}; for (let i = 0; i < 1e4; i++) a = { a }; structuredClone(a)",
    "flat": "const a = []; a[0] = a; a.flat(Infinity)",
}


@pytest.mark.parametrize("program", NESTED.values(), ids=NESTED)
def test_nesting_is_bounded_like_calls(throws, program):
    assert throws(program) == "RangeError: Maximum call stack size exceeded"


def test_a_pattern_nested_too_deep_is_a_syntax_error(throws):
    assert "too large" in throws("RegExp('(?:'.repeat(1e4) + ')*'.repeat(1e4))")


@pytest.mark.parametrize("program", ENDLESS.values(), ids=ENDLESS)
def test_built_ins_pay_for_their_work(world, program):
    limits = Limits(fuel=200_000, allocations=500_000)
    with pytest.raises(LimitExceeded):
        world(limits=limits).script(program)
