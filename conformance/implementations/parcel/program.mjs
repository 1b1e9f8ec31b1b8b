/** A built application: its server's bundles in one realm, its browser's bundles in another, the network between them. */

import { runInContext, SourceTextModule } from 'node:vm'

import { Application } from '../_shared/flight.mjs'
import { Rejected } from '../_shared/protocol.mjs'
import { build, GLOBAL } from './builder.mjs'

export class Program {
  #built
  /** Which modules the server may be asked for, by id: what its bundle has registered. */
  #callable = {}
  #clientLoaded
  /** Bundles of the server that have been evaluated, or have begun to be. */
  #loaded = new Map()

  /** @param {import('./builder.mjs').Wanted} wanted */
  static async of(wanted) {
    const program = new Program(await build(wanted))
    program.application = await Application.start(wanted.mode, {
      action: (id) => program.#action(id),
      clientModule: (id) => program.#clientModule(id),
    })
    program.#install('server', program.#serverRuntime())
    program.#install('client', program.#clientRuntime())
    return program
  }

  constructor(built) {
    this.#built = built
  }

  get modules() {
    return this.#built.modules
  }

  get browserBundles() {
    return this.#built.client
  }

  #install(side, runtime) {
    const realm = this.application.realms[side]
    realm.context[GLOBAL] = {
      react: realm.require('react'),
      reactDom: realm.require('react-dom'),
      jsx: realm.require('react/jsx-runtime'),
      jsxDev: realm.require('react/jsx-dev-runtime'),
      runtime,
    }
  }

  /** react-server-dom-parcel/server.edge, as far as bundles use it. */
  #serverRuntime() {
    const { server } = this.application
    return {
      registerServerReference: server.registerServerReference,
      registerServerActions: (manifest) => {
        this.#callable = manifest
      },
      createClientReference: (id, name) =>
        server.registerClientReference(
          () => {
            throw new Error('a client function was called on the server')
          },
          id,
          name,
        ),
    }
  }

  #clientRuntime() {
    const { client } = this.application
    return { createServerReference: (id, name) => client.createServerReference(`${id}#${name}`) }
  }

  /** Evaluates the server's first bundle. @returns what its entry exports */
  start() {
    const [entry] = this.#built.server.keys()
    try {
      return this.#bundle(entry)
    } catch (error) {
      throw loadFailure(error)
    }
  }

  /** A bundle of the server, which loads others as CommonJS does when the program imports dynamically. */
  #bundle(name) {
    if (this.#loaded.has(name)) return this.#loaded.get(name).exports
    const realm = this.application.realms.server
    const bundles = this.#built.server
    const require = (specifier) => {
      if (!specifier.startsWith('.')) return realm.require(specifier)
      const wanted = specifier.replace(/^.*\//, '')
      return bundles.has(wanted) ? this.#bundle(wanted) : {}
    }
    const module = { exports: {}, require }
    this.#loaded.set(name, module)
    const wrapped = `(function (exports, require, module) {${bundles.get(name)}\n})`
    runInContext(wrapped, realm.context)(module.exports, require, module)
    return module.exports
  }

  /** The values that a server module exports, as they are now. */
  exportsOf(id) {
    try {
      return { ...this.#require('server', id) }
    } catch (error) {
      throw loadFailure(error)
    }
  }

  isCallable(id) {
    return Object.hasOwn(this.#callable, id)
  }

  async #action(reference) {
    const at = reference.lastIndexOf('#')
    const [id, name] = [reference.slice(0, at), reference.slice(at + 1)]
    if (!this.isCallable(id)) return undefined
    try {
      const exports = this.#require('server', id)
      return Object.hasOwn(exports, name) ? exports[name] : undefined
    } catch (error) {
      throw loadFailure(error)
    }
  }

  async #clientModule(id) {
    this.#clientLoaded ??= this.#loadClient()
    await this.#clientLoaded
    try {
      return this.#require('client', id)
    } catch (error) {
      throw loadFailure(error)
    }
  }

  async #loadClient() {
    const { context } = this.application.realms.client
    const modules = new Map()
    const module = (name) => {
      if (!modules.has(name))
        modules.set(
          name,
          new SourceTextModule(this.#built.client.get(name), { context, identifier: name }),
        )
      return modules.get(name)
    }
    for (const name of this.#built.client.keys()) {
      await module(name).link((specifier) => module(specifier.replace(/^.*\//, '')))
      await module(name).evaluate()
    }
  }

  /** Parcel's own way to modules by id, which its bundles leave in a global. */
  #require(side, id) {
    const { context } = this.application.realms[side]
    const name = Object.keys(context).find((key) => key.startsWith('parcelRequire'))
    return context[name](id)
  }
}

function loadFailure(error) {
  if (error instanceof Rejected) return error
  return new Rejected('load', 'thrown', String(error?.message ?? error))
}
