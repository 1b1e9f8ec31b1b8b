/**
 * Both halves of react-server-dom-webpack in one process: a server, a client, and bytes between them.
 *
 * Rules this module obeys:
 * - Values cross only as bytes. A request body that is FormData goes through real multipart text.
 * - Which functions may be called, and what a client module exports, the implementation says.
 * - Failures keep their phase. What the client program sees is React's own error object; `classify` tells
 *   afterwards where it came from.
 * - The host of a React application decides a few things that React leaves open. Here: calls are dispatched as
 *   they come, with no receiver; the function's promise is what is rendered; an error's digest is its number.
 */

import { readdirSync, readFileSync } from 'node:fs'

import { read, written } from './multipart.mjs'
import { ModuleGraph } from './project.mjs'
import { Rejected } from './protocol.mjs'
import { Realm } from './realm.mjs'
import { unsupportedValue } from './refusals.mjs'

const here = new URL('.', import.meta.url)
/** The modules of this folder, for the realms in which some of them are evaluated. */
const shared = Object.fromEntries(
  readdirSync(here)
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => [name, readFileSync(new URL(name, here), 'utf8')]),
)

/** What applications import of React. */
const REACT = ['react', 'react/jsx-runtime', 'react/jsx-dev-runtime', 'react-dom']
/** Packages that only mark on which side a module may be. */
const MARKERS = { server: 'server-only', client: 'client-only' }

/**
 * @typedef {object} Project What an implementation knows about the program under test.
 * @property {(id: string) => Promise<Function|undefined>} action the server function with an id
 * @property {(id: string) => Promise<object>} clientModule the exports of the client module with an id
 * @property {(id: string) => unknown} [otherModule] modules whose ids the implementation's own runtime made up
 * @property {import('./realm.mjs').Packages} [packages]
 * @property {(realm: Realm) => (call: () => Promise<unknown>) => Promise<unknown>} [scheduler] see `createClient`
 */

/** One running application: the network between a server and a client. */
export class Application {
  /** The chunks of every response, in the order in which the responses began. @type {Uint8Array[][]} */
  responses = []
  #project
  #modules = new Map()
  /** What went wrong, by the digest under which the client hears of it. @type {Map<string, Rejected>} */
  #digests = new Map()

  /** @param {'production'|'development'} mode @param {Project} project */
  static async start(mode, project) {
    const application = new Application(mode, project)
    const { createClient } = await application.shared('client', 'flight-client.mjs')
    const react = application.realms.client.require('react-server-dom-webpack/client.browser')
    const schedule = project.scheduler?.(application.realms.client)
    application.client = createClient(react, application.#answer, schedule)
    return application
  }

  constructor(mode, project) {
    process.env.NODE_ENV = mode
    this.mode = mode
    this.#project = project
    const requireModule = (id) => this.#requireModule(id)
    this.realms = {
      server: new Realm('server', mode, requireModule, project.packages),
      client: new Realm('client', mode, requireModule, project.packages),
    }
    this.server = this.realms.server.require('react-server-dom-webpack/server.edge')
  }

  /** One of the modules beside this one, evaluated in a realm. */
  shared(side, name) {
    const graph = new ModuleGraph({
      realm: this.realms[side],
      files: shared,
      compile: (_, text) => text,
      host: () => undefined,
    })
    return graph.import(name)
  }

  /** What `react` and its relatives are on a side, or undefined. */
  host(side, specifier) {
    if (specifier === MARKERS[side]) return {}
    return REACT.includes(specifier) ? this.realms[side].require(specifier) : undefined
  }

  /** Server to client: the value, or what the promise of it brings, as the client receives it. */
  send(model) {
    return this.client.receive(this.#render(model))
  }

  /** The realm in which React writes a page as HTML. */
  page() {
    const requireModule = (id) => this.#requireModule(id)
    this.realms.page ??= new Realm('page', this.mode, requireModule, this.#project.packages)
    return this.realms.page
  }

  /** Server to page: the value as it is there when HTML is written. */
  async receiveOnPage(model) {
    const react = this.page().require('react-server-dom-webpack/client.edge')
    return react.createFromReadableStream(this.#render(model), { serverConsumerManifest: NO_MODULES })
  }

  /** The endpoint of forms: from the entries that a browser sent to the state of the next page, or null. */
  async submit(entries) {
    const action = await this.#formAction(entries)
    const result = await this.#ended(action)
    return this.server.decodeFormState(result, entries, SERVER_MANIFEST)
  }

  async #formAction(entries) {
    const asked = []
    const recorded = manifest((id) => asked.push(id) && serverModule(id))
    let action
    try {
      action = await this.server.decodeAction(entries, recorded)
    } catch (error) {
      for (const id of asked) await this.#action(id)
      throw new Rejected('decode', 'malformed', messageOf(error))
    }
    if (action) return action
    throw new Rejected('dispatch', 'unknown-function', 'the entries name no server function')
  }

  async #ended(action) {
    try {
      return await action()
    } catch (error) {
      throw new Rejected('call', 'thrown', messageOf(error))
    }
  }

  /** Where an error that ended the client program came from. */
  classify(error) {
    if (error instanceof Rejected) return error
    const failure = this.client.failureOf(error)
    if (failure) return new Rejected(failure.phase, failure.code, failure.message)
    return this.#digests.get(error?.digest) ?? new Rejected('call', 'thrown', messageOf(error))
  }

  /** The endpoint: a request's body in, a response's stream out. */
  #answer = async (id, body) => {
    try {
      const sent = await overTheWire(body)
      const action = await this.#action(id)
      const args = await this.#decode(sent)
      // The promise is what is sent: React redacts a rejection that it renders, not one that the host awaits.
      return { stream: this.#render(invoke(action, args)) }
    } catch (error) {
      const { phase, code, message } =
        error instanceof Rejected ? error : new Rejected('call', 'thrown', messageOf(error))
      return { failure: { phase, code, message } }
    }
  }

  async #action(id) {
    const action = await this.#project.action(id)
    if (typeof action === 'function') return action
    throw new Rejected('dispatch', 'unknown-function', 'there is no such server function')
  }

  async #decode(body) {
    const args = await this.#decoded(body)
    if (typeof args?.[Symbol.iterator] === 'function') return args
    throw new Rejected('decode', 'malformed', 'the arguments are not an array')
  }

  async #decoded(body) {
    try {
      return await this.server.decodeReply(body, SERVER_MANIFEST)
    } catch (error) {
      throw error instanceof Rejected
        ? error
        : new Rejected('decode', 'malformed', messageOf(error))
    }
  }

  #render(model) {
    const stream = this.server.renderToReadableStream(model, CLIENT_MANIFEST, {
      onError: (error) => this.#digest(error),
    })
    return this.#record(stream)
  }

  #digest(error) {
    const digest = `D${this.#digests.size + 1}`
    const code = unsupportedValue(error)
    this.#digests.set(
      digest,
      code
        ? new Rejected('encode', code, messageOf(error))
        : new Rejected('call', 'thrown', messageOf(error)),
    )
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

  /** React asks for a module; it asks again and expects the same promise. */
  #requireModule(id) {
    if (!this.#modules.has(id)) this.#modules.set(id, this.#require(id))
    return this.#modules.get(id)
  }

  #require(id) {
    const [, side, rest] = /^(action|client):(.*)$/s.exec(id) ?? []
    if (side === 'action') return this.#project.action(rest).then((action) => ({ action }))
    if (side === 'client') return this.#project.clientModule(rest)
    return this.#project.otherModule(id)
  }
}

const invoke = async (action, args) => action(...args)
const messageOf = (error) => String(error?.message ?? error)

/** Every id is split here, not by React, so that the implementation alone decides what an id means. */
const serverModule = (id) => ({ id: `action:${id}`, name: 'action' })
const SERVER_MANIFEST = manifest(serverModule)
const CLIENT_MANIFEST = manifest((reference) => {
  const at = reference.lastIndexOf('#')
  return { id: `client:${reference.slice(0, at)}`, name: reference.slice(at + 1) }
})

/** A page that is written here has no client modules of its own. */
const NO_MODULES = { moduleMap: {}, serverModuleMap: null, moduleLoading: null }

function manifest(entry) {
  return new Proxy(
    {},
    {
      get: (_, key) =>
        typeof key === 'string' ? { ...entry(key), chunks: [], async: true } : undefined,
    },
  )
}

/** A body as the other side gets it: text as it is, FormData by way of multipart bytes. */
const overTheWire = async (body) => (typeof body === 'string' ? body : read(await written(body)))
