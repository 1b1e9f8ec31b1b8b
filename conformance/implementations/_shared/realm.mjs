/**
 * A realm: a global object with intrinsics of its own, and React's packages evaluated inside it.
 *
 * Rules this module obeys:
 * - Every request makes a realm for its server and one for its client, so neither sees what the other, or an earlier
 *   request, did to a global or to a prototype.
 * - What ECMAScript defines belongs to the realm; what the platform adds (streams, FormData, timers) is lent to it. What
 *   the platform makes (the bytes of a Blob, a DOMException) are instances of the realm's classes as well.
 * - A package is chosen as a bundler would choose it, by the conditions of the realm, and evaluated once per realm.
 * - An implementation that brings its own copies of packages says where they are (`Packages`).
 */

import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { createContext, runInContext, Script } from 'node:vm'
import { MessageChannel, moveMessagePortToContext, receiveMessageOnPort } from 'node:worker_threads'

import { inPackage, require as hostRequire } from './packages.mjs'

/** Of the platform, in a browser as in Node.js. */
// prettier-ignore
const WEB = [
  'AbortController', 'AbortSignal', 'Blob', 'BroadcastChannel', 'DOMException', 'Event',
  'EventTarget', 'File', 'FormData', 'Headers', 'ReadableStream', 'Request', 'Response',
  'TextDecoder', 'TextEncoder', 'TransformStream', 'URL', 'URLSearchParams', 'WritableStream',
  'atob', 'btoa', 'clearInterval', 'clearTimeout', 'console', 'crypto', 'performance',
  'queueMicrotask', 'setInterval', 'setTimeout',
]
const NODE = [...WEB, 'Buffer', 'clearImmediate', 'process', 'setImmediate']

/** What distinguishes the two sides of an application. */
const SIDES = {
  server: { lent: NODE, conditions: ['react-server', 'node', 'require', 'default'] },
  client: { lent: WEB, conditions: ['browser', 'require', 'default'] },
  // Where the HTML of a page is written: a client's modules, in a server's process.
  page: { lent: NODE, conditions: ['node', 'require', 'default'] },
}

/** The classes of ECMAScript whose instances the platform makes. */
const MADE_BY_THE_PLATFORM = [
  ...['ArrayBuffer', 'Uint8Array', 'Promise'],
  ...['Error', 'RangeError', 'SyntaxError', 'TypeError'],
]

const PARAMETERS = 'exports, require, module, process, __webpack_require__, __webpack_chunk_load__'
/** Package files as functions, compiled once for all realms. @type {Map<string, Script>} */
const scripts = new Map()

/**
 * @typedef {object} Packages Where an implementation deviates from the packages' own names.
 * @property {(side: 'server'|'client'|'page', specifier: string) => string} alias
 * @property {(requireModule: (id: string) => unknown) => object} globals what its copy of React finds a module with
 *
 * @type {Packages}
 */
const BY_NAME = { alias: (_, specifier) => specifier, globals: () => ({}) }

/** One realm. */
export class Realm {
  #alias
  #conditions
  #arguments
  #modules = new Map()

  /**
   * @param {'server'|'client'|'page'} side
   * @param {'production'|'development'} mode
   * @param {(id: string) => unknown} requireModule what `__webpack_require__` gives to React
   * @param {Packages} [packages]
   */
  constructor(side, mode, requireModule, packages = BY_NAME) {
    const { lent, conditions } = SIDES[side]
    this.context = createContext(Object.fromEntries(lent.map((name) => [name, globalThis[name]])))
    this.context.structuredClone = structuredCloneInto(this.context)
    admitInstances(this.context)
    Object.assign(this.context, packages.globals(requireModule))
    this.#alias = (specifier) => packages.alias(side, specifier)
    this.#conditions = conditions
    this.#arguments = [
      { env: { NODE_ENV: mode } },
      Object.assign((id) => requireModule(id), { u: (chunk) => chunk }),
      () => Promise.resolve(),
    ]
  }

  /** The exports of a CommonJS package, or of a file in one. */
  require(specifier) {
    if (isBuiltin(specifier)) return hostRequire(specifier)
    return this.#evaluate(locate(this.#alias(specifier), this.#conditions))
  }

  /** A package file evaluated anew, with stand-ins for some of what it requires. */
  evaluate(path, standIns) {
    const module = { exports: {} }
    const within = (specifier) =>
      Object.hasOwn(standIns, specifier) ? standIns[specifier] : this.require(specifier)
    this.#run(path, module, within)
    return module.exports
  }

  #evaluate(path) {
    const known = this.#modules.get(path)
    if (known) return known.exports
    const module = { exports: {} }
    this.#modules.set(path, module)
    const within = (specifier) =>
      specifier.startsWith('.')
        ? this.#evaluate(join(dirname(path), withExtension(specifier)))
        : this.require(specifier)
    this.#run(path, module, within)
    return module.exports
  }

  #run(path, module, within) {
    script(path).runInContext(this.context)(module.exports, within, module, ...this.#arguments)
  }
}

/** In the realm's classes, `instanceof` is true for what the platform made of the classes with the same names. */
export function admitInstances(context) {
  for (const name of MADE_BY_THE_PLATFORM) {
    const Own = runInContext(name, context)
    const isInstance = Own[Symbol.hasInstance]
    Object.defineProperty(Own, Symbol.hasInstance, {
      value(object) {
        return isInstance.call(this, object) || (this === Own && object instanceof globalThis[name])
      },
      configurable: true,
    })
  }
}

/** The platform's `structuredClone`, its clones made of the realm's intrinsics. */
export function structuredCloneInto(context) {
  return function structuredClone(value, { transfer = [] } = {}) {
    const { port1, port2 } = new MessageChannel()
    const within = moveMessagePortToContext(port2, context)
    try {
      port1.postMessage(value, [...transfer])
      return receiveMessageOnPort(within).message
    } finally {
      port1.close()
    }
  }
}

function script(path) {
  if (!scripts.has(path)) {
    const wrapped = `(function (${PARAMETERS}) {${readFileSync(path, 'utf8')}\n})`
    scripts.set(path, new Script(wrapped, { filename: path }))
  }
  return scripts.get(path)
}

const withExtension = (specifier) => (/\.c?js$/.test(specifier) ? specifier : `${specifier}.js`)

/** The file that a specifier means under some conditions, by the `exports` of its package. */
function locate(specifier, conditions) {
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(specifier)
  const { exports, main = 'index.js' } = JSON.parse(
    readFileSync(inPackage(name, 'package.json'), 'utf8'),
  )
  const target = exports ? choose(exports[`.${rest}`], conditions) : rest.slice(1) || main
  if (!target) throw new Error(`the package ${name} does not export ${specifier}`)
  return inPackage(name, withExtension(target))
}

function choose(target, conditions) {
  if (typeof target !== 'object' || target === null) return target
  const found = Object.keys(target).find((condition) => conditions.includes(condition))
  return found && choose(target[found], conditions)
}
