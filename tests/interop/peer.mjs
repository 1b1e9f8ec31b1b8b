/**
 * Real React, both halves, as a batch service: one JSON request per line, one JSON reply per line.
 *
 *   node --conditions react-server peer.mjs      with USE_SERVER_PACKAGES and NODE_ENV set
 *
 * Values are in the tagged notation, bodies in base64. React is only ever given bodies that this project made.
 */

import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { decode, encode } from '../../conformance/implementations/_shared/notation.mjs'
import { require } from '../../conformance/implementations/_shared/packages.mjs'

const MODULE = 'm'
const NAMES = ['f0', 'f1', 'f2']
const CLIENT_MODULE = 'c'

const clientExports = Object.fromEntries(
  NAMES.map((name) => [name, Object.assign(() => name, { notation: clientNotation(name) })]),
)
const serverExports = Object.fromEntries(NAMES.map((name) => [name, async () => name]))
globalThis.__webpack_require__ = Object.assign(
  (id) => (id === MODULE ? serverExports : clientExports),
  { u: (chunk) => chunk },
)
globalThis.__webpack_chunk_load__ = async () => {}
console.error = console.warn = () => {} // development builds warn about what is sent; the tests look at values

const server = require('react-server-dom-webpack/server.node')
const client = require('react-server-dom-webpack/client.browser')
const { createElement } = require('react')
for (const name of NAMES) server.registerServerReference(serverExports[name], MODULE, name)
const clientReferences = Object.fromEntries(
  NAMES.map((name) => [name, server.registerClientReference(() => {}, CLIENT_MODULE, name)]),
)

const serverManifest = { [MODULE]: { id: MODULE, chunks: [], name: '*' } }
const clientManifest = { [CLIENT_MODULE]: { id: CLIENT_MODULE, chunks: [], name: '*' } }
const serverFunction = (id) => serverExports[id.slice(MODULE.length + 1)]
const callServer = async (id) => ({ $: 'reference', name: id })

function clientNotation(name) {
  return { $: 'client-reference', module: CLIENT_MODULE, name }
}

const onClient = { reference: (id) => client.createServerReference(id, callServer) }
const onServer = {
  reference: serverFunction,
  clientReference: (_, name) => clientReferences[name],
  element: (type, key, props) => createElement(type, key === null ? props : { ...props, key }),
}
const seenByServer = {
  function: (value) => value.$$id && { $: 'reference', name: value.$$id },
}
const seenByClient = { function: (value) => value.notation ?? value() }

const renderThroughPipe = (...model) =>
  server.renderToPipeableStream(...model).pipe(new PassThrough())

const base64 = (bytes) => Buffer.from(bytes).toString('base64')
const unbase64 = (text) => new Uint8Array(Buffer.from(text, 'base64'))

const operations = {
  async encodeArguments({ value }) {
    const body = await client.encodeReply(decode(value, onClient))
    if (typeof body === 'string') return { type: null, body: base64(Buffer.from(body)) }
    const response = new Response(body)
    return {
      type: response.headers.get('content-type'),
      body: base64(await response.arrayBuffer()),
    }
  },

  async decodeArguments({ type, body }) {
    const bytes = unbase64(body)
    const reply = type
      ? await new Response(bytes, { headers: { 'content-type': type } }).formData()
      : Buffer.from(bytes).toString()
    return { value: await encode(await server.decodeReply(reply, serverManifest), seenByServer) }
  },

  async encodeResult({ value }) {
    const options = { onError: () => 'digest' }
    const render = server.renderToReadableStream ?? renderThroughPipe // the first exists since 19.2
    const pieces = []
    for await (const piece of render(decode(value, onServer), clientManifest, options))
      pieces.push(piece)
    return { body: base64(Buffer.concat(pieces)) }
  },

  async decodeResult({ body, cuts = [] }) {
    const bytes = unbase64(body)
    const edges = [0, ...cuts, bytes.length]
    const chunks = edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge))
    const stream = new ReadableStream({
      pull(controller) {
        if (chunks.length > 0) controller.enqueue(chunks.shift())
        else controller.close()
      },
    })
    const root = await client.createFromReadableStream(stream, { callServer })
    return { value: await encode(root, seenByClient) }
  },
}

const TOO_LONG = 2000

async function answer({ op, ...request }) {
  let timer
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, TOO_LONG, { rejected: 'never settles' })
  })
  try {
    return await Promise.race([operations[op](request), late])
  } catch (error) {
    return { rejected: String(error?.message ?? error) }
  } finally {
    clearTimeout(timer)
  }
}

process.on('unhandledRejection', () => {}) // what a decoded value holds and nobody awaits
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const batch = JSON.parse(line)
  const replies = []
  for (const request of batch) replies.push(await answer(request))
  process.stdout.write(`${JSON.stringify(replies)}\n`)
}
process.exit()
