/**
 * The files of a case as a module graph: resolution, linking and evaluation, without touching the disk.
 *
 * Rules this module obeys:
 * - Server and client each have a graph over the files of a request, so a module that both import is evaluated
 *   twice, as it is by every bundler.
 * - The implementation's own transform (`compile`) turns a file into plain JavaScript; this module adds nothing to it.
 * - A file of the case always wins over a module of the host, so a case can bring its own `next/cache`.
 * - Whatever goes wrong is `Rejected` in the phase in which it went wrong: text that is no module (compile),
 *   a module or an export that is not there, a module body that throws (load).
 *
 * Needs `node --experimental-vm-modules`.
 */

import { posix } from 'node:path'
import { SourceTextModule, SyntheticModule } from 'node:vm'

import { Rejected, Unsupported } from './protocol.mjs'

const SOURCE = /\.[cm]?[jt]sx?$/
/** In the order of SPEC.md, clause project.resolution. */
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '.cjs', '.cts']
/** TypeScript lets an import name the file that will be emitted. */
const EMITTED = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.jsx': ['.tsx'] }

/** Is the path one of a JavaScript or TypeScript file? */
export const isSource = (path) => SOURCE.test(path)

/**
 * The path of the file that a specifier means, or undefined.
 * `@/` is the project root, as is `/`; a bare specifier is looked up in `node_modules` of the case.
 * @param {Record<string, string>} files @param {string} specifier @param {string} importer path of the importing file
 */
export function resolve(files, specifier, importer) {
  if (/^\.\.?(\/|$)/.test(specifier))
    return find(files, posix.join(posix.dirname(importer), specifier))
  if (specifier.startsWith('@/')) return find(files, posix.normalize(specifier.slice(2)))
  if (specifier.startsWith('/')) return find(files, posix.normalize(specifier.slice(1)))
  return find(files, posix.join('node_modules', specifier))
}

function find(files, path) {
  return candidates(path).find((candidate) => Object.hasOwn(files, candidate))
}

function candidates(path) {
  const extension = posix.extname(path)
  const stem = path.slice(0, path.length - extension.length)
  return [
    path,
    ...EXTENSIONS.map((suffix) => path + suffix),
    ...(EMITTED[extension] ?? []).map((suffix) => stem + suffix),
    ...EXTENSIONS.map((suffix) => posix.join(path, 'index' + suffix)),
  ]
}

/**
 * @typedef {object} ModuleGraphOptions
 * @property {import('./realm.mjs').Realm} realm
 * @property {Record<string, string>} files
 * @property {(path: string, text: string) => Promise<string>|string} compile the file as plain JavaScript
 * @property {(specifier: string) => Promise<object|undefined>|object|undefined} host
 *   the exports of a module that the case does not bring, or a function that gives them
 * @property {(error: unknown) => string|undefined} [loadCode] the code of an error that a module body threw, if it has one
 * @property {(meta: object, path: string) => void} [importMeta]
 */

/** One module graph, evaluated in one realm. */
export class ModuleGraph {
  #options
  #files
  /** @type {Map<string, Promise<import('node:vm').Module>>} by path, or by specifier for modules of the host */
  #modules = new Map()
  #linking = Promise.resolve()

  /** @param {ModuleGraphOptions} options */
  constructor(options) {
    this.#options = options
    this.#files = { ...options.files }
  }

  /** Adds a file that the case does not contain: its client program. */
  add(path, text) {
    this.#files[path] = text
  }

  /** The exports of the file at a path, evaluated at most once. */
  async import(path) {
    return (await this.load(path)).namespace
  }

  /** The module of the file at a path, evaluated at most once; unlike its exports it cannot be a thenable. */
  async load(path) {
    if (!Object.hasOwn(this.#files, path))
      throw new Rejected('load', 'module-not-found', `there is no file ${path}`, { file: path })
    return this.#evaluated(await this.#fileModule(path))
  }

  async #evaluated(module) {
    await this.#linked(module)
    try {
      if (module.status === 'errored') throw module.error
      await module.evaluate()
    } catch (error) {
      throw this.#loadFailure(error, module.identifier)
    }
    return module
  }

  /** Graphs are linked one after the other: `link` refuses a module that another call is linking. */
  #linked(module) {
    const link = async () => {
      if (module.status !== 'unlinked') return
      try {
        await module.link((specifier, importer) => this.#imported(specifier, importer.identifier))
      } catch (error) {
        throw linkFailure(error, module.identifier)
      }
    }
    const turn = this.#linking.then(link)
    this.#linking = turn.catch(() => {})
    return turn
  }

  async #imported(specifier, importer) {
    const path = resolve(this.#files, specifier, importer)
    return path === undefined ? this.#hostModule(specifier, importer) : this.#fileModule(path)
  }

  #fileModule(path) {
    return this.#once(path, async () => {
      const code = await this.#options.compile(path, this.#files[path])
      try {
        return new SourceTextModule(code, {
          context: this.#options.realm.context,
          identifier: path,
          initializeImportMeta: (meta) => this.#importMeta(meta, path),
          importModuleDynamically: async (specifier) => this.#importDynamically(specifier, path),
        })
      } catch (error) {
        throw new Rejected(
          'compile',
          'syntax',
          `the transformed module does not parse: ${error.message}`,
          { file: path },
        )
      }
    })
  }

  #importMeta(meta, path) {
    meta.url = `file:///project/${path}`
    this.#options.importMeta?.(meta, path)
  }

  async #importDynamically(specifier, importer) {
    const module = await this.#imported(specifier, importer)
    return this.#evaluated(module)
  }

  #hostModule(specifier, importer) {
    return this.#once(`host:${specifier}`, async () => {
      const given = await this.#options.host(specifier)
      const exports = typeof given === 'function' ? given() : given
      if (!exports)
        throw new Rejected(
          'load',
          'module-not-found',
          `${importer} imports ${JSON.stringify(specifier)}, which is not there`,
          { file: importer },
        )
      return synthetic(specifier, exports, this.#options.realm.context)
    })
  }

  #once(key, make) {
    if (!this.#modules.has(key)) this.#modules.set(key, make())
    return this.#modules.get(key)
  }

  #loadFailure(error, path) {
    if (error instanceof Rejected || error instanceof Unsupported) return error
    const failure = new Rejected(
      'load',
      this.#options.loadCode?.(error) ?? 'thrown',
      String(error?.message ?? error),
      { file: path },
    )
    failure.cause = error
    return failure
  }
}

function linkFailure(error, path) {
  if (error instanceof Rejected || error instanceof Unsupported) return error
  const missing =
    error?.name === 'SyntaxError' && /does not provide an export|ambiguous/i.test(error.message)
  if (missing) return new Rejected('load', 'export-not-found', error.message, { file: path })
  return new Rejected('compile', 'syntax', error.message, { file: path })
}

/** A module whose exports already exist. CommonJS exports are given as their properties and as `default`. */
function synthetic(specifier, exports, context) {
  const namespace = 'default' in exports ? exports : { ...exports, default: exports }
  const names = Object.keys(namespace)
  return new SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, namespace[name])
    },
    { identifier: specifier, context },
  )
}
