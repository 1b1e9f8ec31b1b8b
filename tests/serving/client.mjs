/**
 * An unmodified React client that makes the same calls of the reference, over HTTP, and of React's own server.
 *
 *   node --conditions react-server client.mjs ORIGIN IDS    with USE_SERVER_PACKAGES and NODE_ENV set
 *
 * IDS is a JSON object from export names to the reference's ids. Prints a JSON object: for each scenario, what
 * the program saw of either server, in the value notation.
 */

import { readFileSync } from 'node:fs'
import { encode } from '../../conformance/implementations/_shared/notation.mjs'
import { require } from '../../conformance/implementations/_shared/packages.mjs'

const [origin, ids] = [process.argv[2], JSON.parse(process.argv[3])]
const source = new URL('./project/actions.js', import.meta.url)
const exported = await import(`data:text/javascript,${encodeURIComponent(readFileSync(source, 'utf8'))}`)
const modules = { actions: { ...exported } }
globalThis.__webpack_require__ = Object.assign((id) => modules[id], { u: (chunk) => chunk })
globalThis.__webpack_chunk_load__ = async () => {}
console.error = () => {} // React's server tells its own console about the failures

const server = require('react-server-dom-webpack/server.node')
const client = require('react-server-dom-webpack/client.browser')

// What a compiler does for React: registers exports, and hoists the function that captures.
const add = async (n, x) => [n, x, n + x]
modules.actions.add = add
modules.actions.adder = async (n) => add.bind(null, n)
for (const [name, value] of Object.entries(modules.actions))
  server.registerServerReference(value, 'actions', name)
const manifest = { actions: { id: 'actions', chunks: [], name: '*' } }

/** How a client of React's packages calls a server: `send` takes an id and a body to a Response. */
const clientOf = (send, idOf) => {
  const callServer = async (id, args) => {
    const temporaryReferences = client.createTemporaryReferenceSet()
    const body = await client.encodeReply(args, { temporaryReferences })
    const response = send(id, body)
    const refused = (await response).headers.get('server-function-refused')
    if (refused) throw Object.assign(new Error(refused), { refused })
    return client.createFromFetch(response, { callServer, temporaryReferences })
  }
  return (name) => client.createServerReference(idOf(name), callServer)
}

const reference = clientOf(
  (id, body) => fetch(`${origin}/`, { method: 'POST', headers: { 'server-function': id, origin }, body }),
  (name) => ids[name] ?? name,
)

const react = clientOf(
  async (id, body) => {
    const temporaryReferences = server.createTemporaryReferenceSet()
    const args = await server.decodeReply(body, manifest, { temporaryReferences })
    const result = modules.actions[id.slice('actions#'.length)].apply(null, args)
    const options = { onError: () => 'digest', temporaryReferences }
    return new Response(server.renderToReadableStream(result, {}, options))
  },
  (name) => `actions#${name}`,
)

const told = (error) => [error instanceof Error, typeof error.digest, error.message, error.name]
const failure = (promise) => promise.then(() => 'poison: it succeeded', told)
const collect = async (iterable) => {
  const seen = []
  for await (const each of iterable) seen.push(each)
  return seen
}

const scenarios = {
  plain: (f) => f('echo')(1, 'a', [true, null, { b: 2 }], undefined, 10n, new Date(5), Number.NaN, '$x'),
  collections: (f) => f('echo')(new Map([['k', new Set([1])]]), new Uint8Array([1, 255]), new Float64Array([-0])),
  'nothing at all': (f) => f('echo')(),
  results: (f) => f('give')(),
  bound: async (f) => (await f('menu')()).bound('x'),
  unbound: async (f) => (await f('menu')()).save('x', 2),
  captured: async (f) => (await f('adder')(40))(2),
  'captured twice': async (f) => {
    const [a, b] = [await f('adder')(1), await f('adder')(2)]
    return [await a(10), await b(10), await a(20)]
  },
  'a function as an argument': async (f) => {
    const { bound } = await f('menu')()
    const [again] = await f('echo')(bound)
    return again('y')
  },
  'promises that settle later': async (f) => {
    const x = await f('late')()
    const order = []
    await Promise.all([x.slow, x.fast].map(async (promise, index) => order.push([index, (await promise).inner])))
    return [x.now, order.map(([index]) => index), await x.slow, await (await x.fast).inner]
  },
  'a stream': async (f) => collect(await f('chunks')()),
  'a stream of bytes': async (f) => Buffer.concat(await collect(await f('bytes')())).toString('hex'),
  'an asynchronous iterator': async (f) => {
    const iterator = await f('numbers')()
    return [await iterator.next(), await iterator.next(), await iterator.next()]
  },
  'a promise as an argument': (f) => f('echo')(Promise.resolve(1)).then(async ([promise]) => [await promise]),
  'a stream as an argument': (f) =>
    f('read')(new ReadableStream({ start: (c) => (c.enqueue('x'), c.enqueue({ y: 1 }), c.close()) })),
  'a form': (f) => {
    const data = new FormData()
    data.append('name', 'Zoë')
    data.append('name', 'again')
    data.append('upload', new File(['text of the file'], 'näme "q".txt', { type: 'text/plain' }))
    return f('form')(data)
  },
  'a file': (f) => f('file')(new File(['abc'], 'a.bin', { type: 'application/x-abc' })),
  'a failure': (f) => failure(f('fail')()),
  'a late failure': async (f) => {
    const x = await f('failLater')()
    const [good, bad] = [await x.good, await failure(x.bad)]
    return [good, bad]
  },
  'a result that cannot be sent': async (f) => (await failure(f('unsupported')())).slice(0, 2),
  'a temporary reference': async (f) => {
    const kept = class Kept {}
    const [again] = await f('echo')(kept)
    return again === kept
  },
}

const outcome = async (run, f) => {
  try {
    const value = await run(f)
    return await encode(value, { function: () => ({ $: 'reference' }) })
  } catch (error) {
    return { threw: String(error?.stack ?? error) }
  }
}

const seen = {}
for (const [name, run] of Object.entries(scenarios))
  seen[name] = { reference: await outcome(run, reference), react: await outcome(run, react) }
seen['an unknown id'] = await reference('nothing')().then(
  () => 'poison: it ran',
  (error) => error.refused,
)
process.stdout.write(JSON.stringify(seen))
process.exit()
