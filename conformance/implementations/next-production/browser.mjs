/**
 * A browser window: jsdom loads a page from the server and runs the scripts it names, Next's router and its queue of actions
 * among them.
 *
 * Rules of this module:
 * - What ECMAScript and the DOM define belongs to the window; what carries bytes (fetch, streams, FormData, Blob) is lent by
 *   Node.js, as jsdom has none or none that knows streams.
 * - Everything that the window is given is kept.
 * - What the page's client half has arrives through `useServerConformance`, a global of the window.
 */

import { Console } from 'node:console'

import { require } from '../_shared/packages.mjs'
import { admitInstances, structuredCloneInto } from '../_shared/realm.mjs'

const { JSDOM, ResourceLoader, VirtualConsole } = require('jsdom')

// prettier-ignore
const LENT = [
  'AbortController', 'AbortSignal', 'Blob', 'File', 'FormData', 'Headers', 'ReadableStream',
  'Request', 'Response', 'TextDecoder', 'TextEncoder', 'TransformStream', 'WritableStream',
]
/** Responses with these must not have a body. */
const NULL_BODY = [101, 103, 204, 205, 304]

/** Standard output belongs to the protocol. */
const standardError = new Console(process.stderr, process.stderr)

/** Scripts by address: they do not change while a server runs. */
const scripts = new Map()

export class Window {
  /** Everything that it was given, in order: `{name, chunks}`. */
  given = []
  /** How a request is made; replaced where a case describes another. @type {(url: URL, init: object) => Promise<Response>} */
  send = (url, init) => fetch(url, { ...init, headers: { ...init?.headers, origin: this.#origin } })
  #origin
  #dom

  /** @param {string} origin @param {string} path */
  static async open(origin, path) {
    const window = new Window()
    window.#origin = origin
    const page = await fetch(new URL(path, origin))
    const html = await page.text()
    window.#keep(path, Buffer.from(html))
    window.status = page.status
    window.client = new Promise((resolve, reject) => {
      window.#load(html, `${origin}${path}`, resolve)
      window.fail = reject
    })
    window.client.catch(() => {})
    return window
  }

  #load(html, url, begin) {
    const virtualConsole = new VirtualConsole()
    virtualConsole.on('jsdomError', (error) =>
      console.error('in the window:', error.detail ?? error),
    )
    virtualConsole.sendTo(standardError, { omitJSDOMErrors: true })
    this.#dom = new JSDOM(html, {
      url,
      runScripts: 'dangerously',
      pretendToBeVisual: true,
      virtualConsole,
      resources: new Resources((name, bytes) => this.#keep(name, bytes)),
      beforeParse: (global) => {
        for (const name of LENT) global[name] = globalThis[name]
        global.fetch = (target, init) =>
          this.#fetch(new URL(String(target?.url ?? target), url), init)
        global.useServerConformance = begin
      },
    })
    const context = this.#dom.getInternalVMContext()
    context.structuredClone = structuredCloneInto(context)
    admitInstances(context)
    this.models = rememberModels(context)
  }

  get global() {
    return this.#dom.window
  }

  async #fetch(url, init) {
    const answer = await this.send(url, init)
    const [own, kept] = answer.body ? answer.body.tee() : [null, null]
    if (kept) this.#keepStream(url.pathname, kept)
    const { Uint8Array } = this.#dom.window
    const copy = (chunk, controller) => controller.enqueue(new Uint8Array(chunk))
    const body = NULL_BODY.includes(answer.status)
      ? null
      : own?.pipeThrough(new TransformStream({ transform: copy }))
    const { status, statusText, headers } = answer
    return new Response(body, { status, statusText, headers })
  }

  async #keepStream(name, stream) {
    const chunks = []
    this.given.push({ name, chunks })
    try {
      for await (const chunk of stream) chunks.push(chunk)
    } catch {
      // What is cut off was given up to there.
    }
  }

  #keep(name, bytes) {
    this.given.push({ name, chunks: [bytes] })
  }

  close() {
    this.#dom.window.close()
  }
}

class Resources extends ResourceLoader {
  #keep
  constructor(keep) {
    super()
    this.#keep = keep
  }

  /** jsdom does not know modules, but a browser that Next's scripts are for does: it leaves `nomodule` alone. */
  fetch(url, { element }) {
    if (element?.hasAttribute('nomodule')) return Promise.resolve(Buffer.alloc(0))
    if (!scripts.has(url))
      scripts.set(
        url,
        fetch(url).then(async (answer) => Buffer.from(await answer.arrayBuffer())),
      )
    return scripts.get(url).then((bytes) => {
      this.#keep(new URL(url).pathname, bytes)
      return bytes
    })
  }
}

/**
 * React's minified client does not say what it refused to encode. It writes arguments by JSON.stringify: what that was given
 * is remembered by the error.
 * @returns {WeakMap<Error, unknown>}
 */
function rememberModels(context) {
  const models = new WeakMap()
  const { JSON } = context
  const { stringify } = JSON
  JSON.stringify = (...args) => {
    try {
      return stringify(...args)
    } catch (error) {
      if (Object(error) === error) models.set(error, args[0])
      throw error
    }
  }
  return models
}
