/**
 * CommonJS modules over the files of a project, compiled through React's hook and evaluated in the server's realm.
 *
 * Rules this module obeys:
 * - The hook is React's own file, given a `Module` of the realm in place of that of Node.js. What it decides is its own.
 * - A module is evaluated once; a cycle sees what there is so far, as `require` has it.
 */

import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { compileFunction } from 'node:vm'

import { isNewerPattern } from '../_shared/emitted.mjs'
import { inPackage, require } from '../_shared/packages.mjs'
import { Rejected } from '../_shared/protocol.mjs'

const HOOK = inPackage('react-server-dom-webpack', 'cjs/react-server-dom-webpack-node-register.js')
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname']

/** Where the hook believes a file of the project to be. */
export const filenameOf = (path) => `/project/${path}`

/** That Node.js can read the code; patterns may be newer than Node.js. */
export function checkScript(path, code) {
  try {
    compileFunction(code, PARAMETERS, { filename: filenameOf(path) })
  } catch (error) {
    if (!isNewerPattern(error)) throw error
  }
}

/** The modules of one world. */
export class CommonJS {
  #loader
  #application
  #Module
  #modules = new Map()

  /** @param {object} loader @param {object} application @param {object} runtime React's server half */
  constructor(loader, application, runtime) {
    const { server } = application.realms
    this.#loader = loader
    this.#application = application
    this.#Module = hooked(
      (standIns) => server.evaluate(HOOK, standIns),
      runtime,
      (code, filename) =>
        compileFunction(code, PARAMETERS, { filename, parsingContext: server.context }),
    )
  }

  /** The exports of a file. */
  load(path) {
    const known = this.#modules.get(path)
    if (known) return known.exports
    const module = new this.#Module((specifier) => this.#required(specifier, path))
    this.#modules.set(path, module)
    module._compile(this.#loader.compiled(path), filenameOf(path))
    return module.exports
  }

  #required(specifier, importer) {
    const path = this.#loader.resolve(specifier, importer)
    const exports =
      path === undefined ? this.#application.host('server', specifier) : this.load(path)
    if (exports) return exports
    throw new Rejected(
      'load',
      'module-not-found',
      `${importer} requires ${JSON.stringify(specifier)}, which is not there`,
      { file: importer },
    )
  }
}

/** Which kind of module a file is, the hook tells by what it asks React for. */
export function kindOf(path, code) {
  let kind = 'none'
  const runtime = {
    registerServerReference: () => (kind = 'server'),
    createClientModuleProxy: () => (kind = 'client'),
  }
  const Module = hooked(hookHere, runtime, () => () => {})
  const module = new Module()
  module.exports = () => {}
  try {
    module._compile(code, filenameOf(path))
  } catch (error) {
    const conflict = /both "use client" and "use server"/.test(error.message)
    throw new Rejected(
      'compile',
      conflict ? 'conflicting-directives' : 'unrecognised',
      error.message,
      { file: path },
    )
  }
  return kind
}

/** React's file, evaluated in this realm. */
function hookHere(standIns) {
  const module = { exports: {} }
  const within = (specifier) => standIns[specifier] ?? require(specifier)
  const around = compileFunction(readFileSync(HOOK, 'utf8'), PARAMETERS)
  around(module.exports, within, module)
  return module.exports
}

/**
 * A class of modules whose `_compile` React has hooked.
 * @param {(standIns: object) => () => void} evaluate React's file, with stand-ins for what it requires
 * @param {object} runtime
 * @param {(code: string, filename: string) => Function} wrapper the code as the function around a CommonJS module
 */
function hooked(evaluate, runtime, wrapper) {
  class Module {
    exports = {}

    constructor(require) {
      this.require = require
    }

    _compile(code, filename) {
      const around = wrapper(code, filename)
      around.call(this.exports, this.exports, this.require, this, filename, dirname(filename))
    }
  }
  evaluate({
    'acorn-loose': require('acorn-loose'),
    module: Module,
    'react-server-dom-webpack/server': runtime,
  })()
  return Module
}
