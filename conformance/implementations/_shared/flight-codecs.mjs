/**
 * The operations `encode` and `decode` for React's own codecs: one message between its two halves.
 *
 * Rules this module obeys:
 * - React is given whole messages, in pieces when they say so, and nothing is answered in its place.
 * - A message is judged as a whole: a refusal anywhere in it, and what never settles, is a refusal of the message.
 *   Errors that a result carries are values.
 * - What never settles is known without a clock (settled.mjs), and has a code of its own.
 */

import { PassThrough, Readable } from 'node:stream'

import { load, split } from './flight-packages.mjs'
import { decode, encode } from './notation.mjs'
import { require } from './packages.mjs'
import { Rejected, Unsupported } from './protocol.mjs'
import { unsupportedValue } from './refusals.mjs'
import { NeverSettles, settled } from './settled.mjs'

const NAMES = ['f0', 'f1', 'f2']
const REFERENCES = NAMES.map((name) => `m#${name}`)
const CLIENTS = NAMES.map((name) => `c#${name}`)
const UNNAMED_DIGEST = 'digest'
/** What a client's program holds for a server function; nobody calls it here. */
const callServer = async () => {}

/** How each decoder of arguments takes a body. @type {Record<string, (server: object, body: Body, options: object) => unknown>} */
export const readers = {
  buffered: async (server, body, options) =>
    server.decodeReply(body.isMultipart ? await body.form() : await body.text(), options),

  async busboy(server, body, options) {
    if (!body.isMultipart) return readers.buffered(server, body, options)
    const fields = require('busboy')({
      headers: { 'content-type': body.type },
      defParamCharset: 'utf8',
    })
    const root = server.decodeReplyFromBusboy(fields, options)
    Readable.from(body.pieces).pipe(fields)
    return root
  },

  async asyncIterable(server, body, options) {
    if (!body.isMultipart) return readers.buffered(server, body, options)
    const form = await body.form()
    return server.decodeReplyFromAsyncIterable(Readable.from(form.entries()), options)
  },
}

/** How results are written and read. */
export const results = {
  /** As browsers read them, and as servers with web streams write them, where the release has those. */
  web: {
    write: (server, model, options) =>
      server.renderToReadableStream?.(model, options) ?? results.node.write(server, model, options),
    read: (client, { pieces }, options) =>
      client.createFromReadableStream(ReadableStream.from(pieces), options),
  },
  /** As a Node.js server writes them, and as it reads them to render a page. */
  node: {
    write: (server, model, options) =>
      server.renderToPipeableStream(model, options).pipe(new PassThrough()),
    read: (client, { pieces }, options) =>
      client.createFromNodeStream(Readable.from(pieces), options),
  },
}

/**
 * The operations of an adapter.
 * @param {object} greeting the reply to `hello`
 * @param {import('./flight-packages.mjs').Flavour} flavour
 * @param {{entries: {server: string, client: string}, reader: Function, result: typeof results.web}} how
 */
export function codecOperations(greeting, flavour, { entries, reader, result }) {
  let exported = {}
  flavour.install((module) => exported[module])
  const loaded = {}

  function exchange(request) {
    const { mode = 'production' } = request
    loaded[mode] ??= load(flavour, entries, mode)
    const made = new Exchange(flavour, loaded[mode], request)
    exported = made.exports
    return made
  }

  const encoders = { arguments: encodeArguments, result: encodeResult(result) }
  const decoders = { arguments: decodeArguments(reader), result: decodeResult(result) }
  return {
    hello: () => greeting,
    encode: (request) => settling('encode', encoders[request.message](exchange(request), request)),
    decode(request) {
      if (request.limits) throw new Unsupported("the limits of React's decoders are fixed")
      const { message, type, body, split: cuts } = request
      const read = decoders[message](exchange(request), new Body(type, body, cuts))
      return settling('decode', read)
    },
  }
}

/** What an operation brings, where never is a refusal too. */
async function settling(phase, outcome) {
  try {
    return await settled(outcome)
  } catch (error) {
    if (error instanceof NeverSettles) throw new Rejected(phase, 'never-settles', error.message)
    throw error
  }
}

/** A body as a request of the protocol has it. */
class Body {
  constructor(type, body, cuts = []) {
    this.type = type
    this.isMultipart = /^multipart\//i.test(type ?? '')
    this.bytes = Buffer.from(body.base64 ?? body, body.base64 === undefined ? 'utf8' : 'base64')
    const edges = [0, ...cuts, this.bytes.length]
    this.pieces = edges
      .slice(1)
      .map((edge, index) => Uint8Array.from(this.bytes.subarray(edges[index], edge)))
      .filter((piece) => piece.length > 0)
  }

  text() {
    return new Response(this.bytes).text()
  }

  form() {
    return new Response(this.bytes, { headers: { 'content-type': this.type } }).formData()
  }
}

/** The functions and client modules that exist for one message, on both sides of it. */
class Exchange {
  #functions = new Map()
  #clientReferences = new Map()
  /** What stayed with the client, by path. */
  #stayed = new Map()

  constructor(flavour, { server, client, createElement }, request) {
    const { references = REFERENCES, clients = CLIENTS } = request
    const modules = { references, clients, exports: {} }
    this.exports = modules.exports
    this.server = flavour.server(server, modules)
    this.client = flavour.client(client, modules)
    this.createElement = createElement
    this.temporaries = { server: server.createTemporaryReferenceSet(), client: new Stayed() }
    for (const id of references)
      this.#functions.set(id, this.server.registerServerReference(this.#add(id), ...split(id)))
    for (const id of clients) {
      this.#add(id)
      const reference = this.server.registerClientReference(() => {}, ...split(id))
      this.#clientReferences.set(id, reference)
    }
  }

  #add(id) {
    const [module, name] = split(id)
    const made = async () => id
    this.exports[module] = { ...this.exports[module], [name]: made }
    return made
  }

  #known(table, id) {
    if (table.has(id)) return table.get(id)
    throw new Unsupported(`there is no ${id} in this message's world`)
  }

  /** Values of the client, from their notation. */
  onClient(json) {
    return decode(json, {
      reference: (id, bound) => {
        const proxy = this.client.createServerReference(id, callServer)
        return bound ? proxy.bind(null, ...bound) : proxy
      },
      clientReference: (module, name) => this.exports[module][name],
      element: (type, key, props) => this.#element(type, key, props),
      temporary: () => {
        this.keepsTemporaries = true
        return () => {}
      },
    })
  }

  /** Values of the server, from their notation. */
  onServer(json) {
    return decode(json, {
      reference: (id, bound) => {
        const reference = this.#known(this.#functions, id)
        return bound ? reference.bind(null, ...bound) : reference
      },
      clientReference: (module, name) => this.#known(this.#clientReferences, `${module}#${name}`),
      element: (type, key, props) => this.#element(type, key, props),
      temporary: (path) => {
        const opaque = {}
        this.temporaries.server.set(opaque, path)
        return opaque
      },
    })
  }

  #element(type, key, props) {
    return this.createElement(type, key === null ? props : { ...props, key })
  }

  /** The notation of what a server has received. Its arguments hold no errors: one that is met is a refusal. */
  seenByServer(value) {
    return encode(value, { function: (it) => this.#serverFunction(it), object: refuseErrors })
  }

  async #serverFunction(value) {
    const path = this.temporaries.server.get(value)
    if (path !== undefined) return { $: 'temporary', path }
    if (!value.$$id) return undefined
    const bound = value.$$bound?.length ? await this.seenByServer([...value.$$bound]) : undefined
    return { $: 'reference', name: value.$$id, ...(bound && { bound }) }
  }

  /** The notation of what a client has received. */
  seenByClient(value) {
    return encode(value, {
      function: (it) => this.#clientNotation(it) ?? this.#proxy(it),
      object: (it) => this.temporaries.client.notationOf(it) ?? refuseOwnErrors(it),
    })
  }

  #clientNotation(value) {
    for (const id of this.#clientReferences.keys()) {
      const [module, name] = split(id)
      if (this.exports[module][name] === value) return { $: 'client-reference', module, name }
    }
    return undefined
  }

  /** A proxy tells nothing of itself, but it can be sent back. */
  async #proxy(value) {
    try {
      const body = await this.client.encodeReply([value])
      const [reference] = await this.server.decodeReply(body)
      return await this.#serverFunction(reference)
    } catch {
      return undefined
    }
  }
}

/** What the client has kept, for every path that a message may name; React looks for it with a `$` in front. */
class Stayed extends Map {
  #notations = new WeakMap()

  get(path) {
    if (!this.has(path)) {
      const object = {}
      this.#notations.set(object, { $: 'temporary', path: path.slice(1) })
      this.set(path, object)
    }
    return super.get(path)
  }

  notationOf(object) {
    return this.#notations.get(object)
  }
}

async function encodeArguments(exchange, { value }) {
  const model = exchange.onClient(value)
  const options = exchange.keepsTemporaries && {
    temporaryReferences: exchange.client.createTemporaryReferenceSet(),
  }
  try {
    const body = await exchange.client.encodeReply(model, options || undefined)
    if (typeof body === 'string') return { type: null, body }
    const sent = new Response(body)
    return { type: sent.headers.get('content-type'), body: inBase64(await sent.arrayBuffer()) }
  } catch (error) {
    const code = unsupportedValue(error, model)
    if (code) throw new Rejected('encode', code, error.message)
    throw new Rejected('call', 'thrown', messageOf(error))
  }
}

const encodeResult =
  ({ write }) =>
  async (exchange, { value }) => {
    const options = {
      onError: (error) => error?.digest ?? UNNAMED_DIGEST,
      temporaryReferences: exchange.temporaries.server,
    }
    const model = Promise.resolve(exchange.onServer(value))
    const pieces = []
    for await (const piece of write(exchange.server, model, options)) pieces.push(piece)
    return { type: null, body: inBase64(Buffer.concat(pieces)) }
  }

const decodeArguments = (read) => async (exchange, body) => {
  const options = { temporaryReferences: exchange.temporaries.server }
  try {
    return { value: await exchange.seenByServer(await read(exchange.server, body, options)) }
  } catch (error) {
    throw refusal(error)
  }
}

const decodeResult =
  ({ read }) =>
  async (exchange, body) => {
    const options = { callServer, temporaryReferences: exchange.temporaries.client }
    try {
      const root = await outcome(read(exchange.client, body, options))
      return { value: await exchange.seenByClient(root.value) }
    } catch (error) {
      throw refusal(error)
    }
  }

/** What the root brings, in a box; its rejection, when the result carries one, is a value. */
async function outcome(root) {
  try {
    return { value: await root }
  } catch (error) {
    if (!isCarried(error)) throw error
    const value = Promise.reject(error)
    value.catch(() => {})
    return { value }
  }
}

function refuseErrors(object) {
  if (object instanceof Error) throw refusal(object)
  return undefined
}

function refuseOwnErrors(object) {
  if (object instanceof Error && !isCarried(object)) throw refusal(object)
  return undefined
}

/** Errors of the server have a digest, an environment, or the text of redaction; those of the decoder have none of them. */
const isCarried = (error) =>
  error instanceof Error &&
  ('digest' in error || 'environmentName' in error || REDACTED.test(error.message))
const REDACTED = /React error #441|An error occurred in the Server Components render/

/** A decoder's error: which limit it was, or that it was none, is all that its text tells. */
function refusal(error) {
  if (error instanceof Rejected || error instanceof Unsupported) return error
  const message = messageOf(error)
  return new Rejected('decode', LIMIT.test(message) ? 'limit' : 'malformed', message)
}
const LIMIT =
  /Maximum array nesting exceeded|BigInt is too large|Server Function has too many bound arguments/

const messageOf = (error) => String(error?.message ?? error)
const inBase64 = (bytes) => ({ base64: Buffer.from(bytes).toString('base64') })
