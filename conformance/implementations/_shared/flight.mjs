/**
 * Both halves of react-server-dom-webpack in one process: a server, a client, and bytes between them.
 *
 * Rules this module obeys:
 * - Values cross only as bytes. A request body that is FormData goes through real multipart text.
 * - Which functions may be called, and what a client module exports, the implementation says.
 * - Failures keep their phase. What the client program sees is React's own error object; `classify` tells
 *   afterwards where it came from.
 * - The host of a React application decides a few things that React leaves open. Here: calls are dispatched as
 *   they come, the function's promise is what is rendered, and an error's digest is its number.
 *
 * Needs `node --conditions react-server`.
 */

import { inPackage, require } from './packages.mjs'
import { Rejected } from './protocol.mjs'

const REACT = /[\\/]node_modules[\\/](react|react-dom|react-server-dom-webpack|scheduler)[\\/]/

/** The application whose modules React asks for. Requests are answered one at a time, so there is one. */
let running

/** Set as late as possible: bundlers that see these globals believe that they have been bundled themselves. */
function becomeWebpack() {
  globalThis.__webpack_require__ ??= Object.assign((id) => running.requireModule(id), { u: (chunk) => chunk })
  globalThis.__webpack_chunk_load__ ??= () => Promise.resolve()
}

/**
 * @typedef {object} Flight
 * @property {'production'|'development'} mode
 * @property {object} server react-server-dom-webpack/server.edge
 * @property {object} client react-server-dom-webpack/client.browser
 * @property {object} serverConsumer react-server-dom-webpack/client.edge: reads responses inside the server
 * @property {Record<'server'|'client', Record<string, object>>} host what `react` and its relatives are in each realm
 */

/** @type {Map<string, Flight>} */
const loaded = new Map()

/** The packages in the build for a mode; React chooses it by NODE_ENV, which therefore stays set. @returns {Flight} */
export function loadFlight(mode = 'production') {
  process.env.NODE_ENV = mode
  if (!loaded.has(mode)) loaded.set(mode, load(mode))
  return loaded.get(mode)
}

function load(mode) {
  becomeWebpack()
  forgetReact()
  const server = {
    react: require('react'),
    'react/jsx-runtime': require('react/jsx-runtime'),
    'react/jsx-dev-runtime': require('react/jsx-dev-runtime'),
    'react-dom': require('react-dom'),
    'server-only': {},
  }
  const halves = {
    server: require('react-server-dom-webpack/server.edge'),
    serverConsumer: require('react-server-dom-webpack/client.edge'),
  }
  forgetReact()
  const client = {
    react: standIn('react'),
    'react/jsx-runtime': standIn('react', 'jsx-runtime'),
    'react/jsx-dev-runtime': standIn('react', 'jsx-dev-runtime'),
    'react-dom': standIn('react-dom'),
    'client-only': {},
  }
  return { mode, ...halves, client: require('react-server-dom-webpack/client.browser'), host: { server, client } }
}

function forgetReact() {
  for (const path of Object.keys(require.cache)) if (REACT.test(path)) delete require.cache[path]
}

/**
 * The build of a package that a browser gets. The condition `react-server` holds for the whole process, so the
 * file is loaded by its path and stands in for the one that the condition would choose.
 */
function standIn(name, entry = 'index') {
  const path = inPackage(name, `${entry}.js`)
  const exports = require(path)
  require.cache[require.resolve(entry === 'index' ? name : `${name}/${entry}`)] = require.cache[require.resolve(path)]
  return exports
}

/**
 * @typedef {object} Project What an implementation knows about the program under test.
 * @property {(id: string) => Promise<Function|undefined>} action the server function with an id
 * @property {(id: string) => Promise<object>} clientModule the exports of the client module with an id
 * @property {(id: string) => unknown} [otherModule] modules whose ids the implementation's own runtime made up
 */

/** One running application: the network between a server and a client. */
export class Application {
  /** The chunks of every response, in the order in which the responses began. @type {Uint8Array[][]} */
  responses = []
  #flight
  #project
  #modules = new Map()
  /** What went wrong, by the digest under which the client hears of it. @type {Map<string, Rejected>} */
  #digests = new Map()
  /** What went wrong, by the error object that the client program was given. @type {WeakMap<object, Rejected>} */
  #failures = new WeakMap()

  /** @param {Flight} flight @param {Project} project */
  constructor(flight, project) {
    this.#flight = flight
    this.#project = project
    running = this
  }

  /** Server to client: the value, or what the promise of it brings, as the client receives it. */
  async send(model) {
    const { server, client } = this.#flight
    const stream = server.renderToReadableStream(model, CLIENT_MANIFEST, { onError: (error) => this.#digest(error) })
    return client.createFromReadableStream(this.#record(stream), { callServer: this.callServer })
  }

  /** Client to server and back: what a reference does when the client calls it. */
  callServer = async (id, args) => {
    const body = await overTheWire(await this.#encode(args))
    const action = await this.#action(id)
    const values = await this.#decode(body)
    // The promise is what is sent: React redacts a rejection that it renders, not one that the host awaits.
    return this.send(invoke(action, values))
  }

  /** A proxy for the function with an id, as a transform puts it into a client bundle. */
  createServerReference = (id) => this.#flight.client.createServerReference(id, this.callServer)

  /** The notation of a function on the client, when it is a reference: then, and only then, it can be an argument. */
  recogniseFunction = async (value) => {
    try {
      await this.#flight.client.encodeReply([value])
      return { $: 'reference' }
    } catch {
      return undefined
    }
  }

  /** Where an error that ended the client program came from. */
  classify(error) {
    if (error instanceof Rejected) return error
    const known = this.#failures.get(Object(error)) ?? this.#digests.get(error?.digest)
    return known ?? new Rejected('call', 'thrown', messageOf(error))
  }

  /** React asks for a module; it asks again and expects the same promise. */
  requireModule(id) {
    if (!this.#modules.has(id)) this.#modules.set(id, this.#require(id))
    return this.#modules.get(id)
  }

  #require(id) {
    const [, side, rest] = /^(action|client):(.*)$/s.exec(id) ?? []
    if (side === 'action') return this.#project.action(rest).then((action) => ({ action }))
    if (side === 'client') return this.#project.clientModule(rest)
    return this.#project.otherModule(id)
  }

  async #encode(args) {
    try {
      return await this.#flight.client.encodeReply(args)
    } catch (error) {
      const code = unsupportedValue(error, args)
      throw this.#failed(error, code ? 'encode' : 'call', code ?? 'thrown')
    }
  }

  async #action(id) {
    const action = await this.#project.action(id)
    if (typeof action === 'function') return action
    throw this.#failed(new Error('there is no such server function'), 'dispatch', 'unknown-function')
  }

  async #decode(body) {
    try {
      const args = await this.#flight.server.decodeReply(body, SERVER_MANIFEST)
      if (Array.isArray(args)) return args
    } catch (error) {
      throw this.#failed(error, 'decode', 'malformed')
    }
    throw this.#failed(new Error('the arguments are not an array'), 'decode', 'malformed')
  }

  #failed(error, phase, code) {
    if (!(error instanceof Rejected) && Object(error) === error) this.#failures.set(error, new Rejected(phase, code, messageOf(error)))
    return error
  }

  #digest(error) {
    const digest = `D${this.#digests.size + 1}`
    const code = unsupportedValue(error)
    this.#digests.set(digest, code ? new Rejected('encode', code, messageOf(error)) : new Rejected('call', 'thrown', messageOf(error)))
    return digest
  }

  #record(stream) {
    const chunks = []
    this.responses.push(chunks)
    const record = (chunk, controller) => {
      chunks.push(Uint8Array.from(chunk))
      controller.enqueue(chunk)
    }
    return stream.pipeThrough(new TransformStream({ transform: record }))
  }
}

const invoke = async (action, args) => action.apply(null, args)
const messageOf = (error) => String(error?.message ?? error)

/** Every id is split here, not by React, so that the implementation alone decides what an id means. */
const SERVER_MANIFEST = manifest((id) => ({ id: `action:${id}`, name: 'action' }))
const CLIENT_MANIFEST = manifest((reference) => {
  const at = reference.lastIndexOf('#')
  return { id: `client:${reference.slice(0, at)}`, name: reference.slice(at + 1) }
})

function manifest(entry) {
  return new Proxy({}, { get: (_, key) => (typeof key === 'string' ? { ...entry(key), chunks: [], async: true } : undefined) })
}

/** A body as the other side gets it: text as it is, FormData by way of multipart bytes. */
async function overTheWire(body) {
  if (typeof body === 'string') return body
  const sent = new Response(body)
  const headers = { 'content-type': sent.headers.get('content-type') }
  return new Response(await sent.arrayBuffer(), { headers }).formData()
}

/** React's refusals to serialise, by a part of their text or by their number in minified builds. */
const REFUSALS = [
  [/Only plain objects, and a few built-ins|Minified React error #499/, unsupportedObject],
  [/Functions cannot be passed directly|Event handlers cannot be passed|Client Functions cannot|Minified React error #469/, () => '.function'],
  [/Only global symbols|Symbols cannot be passed|Minified React error #517/, () => '.symbol'],
  [/React Element cannot be passed|Minified React error #510/, () => '.element'],
]

/** The normative code of a refusal to serialise, or undefined when the error is something else. */
function unsupportedValue(error, model) {
  const refusal = REFUSALS.find(([text]) => text.test(messageOf(error)))
  return refusal && `unsupported-value${refusal[1](model)}`
}

/** React has one text for all objects it refuses; the first such object in the model tells which kind it was. */
function unsupportedObject(model, seen = new Set()) {
  if (typeof model !== 'object' || model === null || seen.has(model) || isOpaque(model)) return ''
  seen.add(model)
  if (model instanceof RegExp) return '.regexp'
  if (model instanceof Error) return '.error'
  const prototype = Object.getPrototypeOf(model)
  if (prototype === null) return '.null-prototype'
  if (!CONTAINERS.some((Class) => prototype === Class.prototype)) return '.class-instance'
  const parts = model instanceof Array || model instanceof Map || model instanceof Set ? [...model.entries()].flat() : Object.values(model)
  return parts.map((part) => unsupportedObject(part, seen)).find(Boolean) ?? ''
}

const CONTAINERS = [Object, Array, Map, Set]
const OPAQUE = [Date, Promise, Blob, FormData, ReadableStream, ArrayBuffer]
const isOpaque = (object) => ArrayBuffer.isView(object) || OPAQUE.some((Class) => object instanceof Class)
