/** One file through React's loader hooks, with the files of a case in place of the disk. */

import { SourceTextModule } from 'node:vm'

import { isNewerPattern, withDirective } from '../_shared/emitted.mjs'
import { importFrom, require } from '../_shared/packages.mjs'
import { resolve } from '../_shared/project.mjs'
import { Rejected } from '../_shared/protocol.mjs'
import { checkPlain } from '../_shared/registering-loaders.mjs'

const hooks = await importFrom(
  'react-server-dom-webpack',
  'esm/react-server-dom-webpack-node-loader.production.js',
)

const acorn = require('acorn')

const CONDITIONS = ['react-server']

/** The loader hooks over the files of one project; the path of a file is its URL. */
export class Loader {
  #files

  /** @param {Record<string, string>} files */
  constructor(files) {
    this.#files = files
  }

  /** The file as a module of the server graph; its functions are known when it has been loaded. */
  async server(path, text) {
    checkPlain(path)
    const code = await this.#loaded(path, text)
    parse(path, code)
    return { code, kind: await this.#kind(path, text, code), functions: [] }
  }

  host(specifier, _, runtime) {
    return specifier === 'react-server-dom-webpack/server' ? runtime : undefined
  }

  pathOf(url) {
    return url
  }

  inSourceOrder(_, functions) {
    return functions
  }

  async #loaded(path, text) {
    await hooks.resolve(path, { conditions: CONDITIONS }, (specifier, { parentURL = '' }) => ({
      url: resolve(this.#files, specifier, parentURL) ?? specifier,
    }))
    const read = (url) => ({ format: 'module', source: url === path ? text : this.#files[url] })
    try {
      return (await hooks.load(path, { format: 'module', conditions: CONDITIONS }, read)).source
    } catch (error) {
      throw new Rejected('compile', codeOf(error), error.message, { file: path })
    }
  }

  /** Which kind of module it is, the loader tells by refusing a second directive. */
  async #kind(path, text, code) {
    const behind = (directive) => withDirective(text, directive)
    if (await this.#conflicts(path, behind('use client'))) return 'server'
    const isClient = code !== text && (await this.#conflicts(path, behind('use server')))
    return isClient ? 'client' : 'none'
  }

  async #conflicts(path, text) {
    try {
      await this.#loaded(path, text)
      return false
    } catch (refused) {
      return refused.code === 'conflicting-directives'
    }
  }
}

const codeOf = ({ message }) =>
  /both "use client" and "use server"/.test(message) ? 'conflicting-directives' : 'unrecognised'

/** node:vm does not tell where a mistake is. */
function lineOf(code) {
  try {
    acorn.parse(code, { ecmaVersion: 'latest', sourceType: 'module' })
    return undefined
  } catch ({ loc }) {
    return loc?.line
  }
}

/** The loader tolerates mistakes; Node.js, which gets its output, does not. */
function parse(path, code) {
  try {
    return new SourceTextModule(code, { identifier: path })
  } catch (error) {
    if (isNewerPattern(error)) return undefined
    throw new Rejected('compile', 'syntax', error.message, { file: path, line: lineOf(code) })
  }
}
