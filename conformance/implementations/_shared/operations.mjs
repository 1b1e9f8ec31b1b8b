/**
 * The protocol's operations for every implementation that transforms files and speaks Flight.
 *
 * An adapter brings a `Toolchain` (its transforms and its runtime modules); everything else is here: the two
 * module graphs, the network between them, the client program and what it sees. Functions count as server
 * functions when the loaded program makes them callable; generated code is never read.
 */

import { Application } from './flight.mjs'
import { submitForms } from './forms.mjs'
import { isSource, ModuleGraph } from './project.mjs'
import { Rejected, Unsupported } from './protocol.mjs'

/**
 * @typedef {object} ServerFunction
 * @property {string} id by which a client calls it
 * @property {string} exported under which name the transformed module exports it
 * @property {'export'|'inline'} where
 * @property {string|null} name as its author knows it
 * @property {string[]} [captures]
 *
 * @typedef {object} Transformed
 * @property {string} code
 * @property {'none'|'server'|'client'} kind
 * @property {ServerFunction[]} functions in source order
 * @property {boolean} [registers] may the module register functions that are not listed yet?
 * @property {{code: string, line?: number, severity: string}[]} [diagnostics]
 *
 * @typedef {object} Toolchain One project in one mode.
 * @property {(path: string, text: string) => Promise<Transformed>} server a file as a module of the server graph
 * @property {(path: string, text: string, world: World) => Promise<Transformed>} client a file as a module of the client
 *   graph
 * @property {(side: 'server'|'client', specifier: string, world: World) => Promise<object|undefined>|object|undefined} host
 *   the runtime modules that transformed code imports
 * @property {(world: World) => void} [connect] puts another network in the place of Flight's
 * @property {(code: string) => Promise<string>} [ship] a module of the client graph as a production bundle has it
 * @property {(id: string) => string} [clientPath] the file of a client reference, when its id is not the path
 * @property {(id: string, world: World) => unknown} [otherModule] see `Project` of flight.mjs
 * @property {(error: unknown) => string|undefined} [loadCode] see `ModuleGraphOptions` of project.mjs
 * @property {(meta: object, path: string) => void} [importMeta]
 * @property {import('./realm.mjs').Packages} [packages]
 * @property {import('./flight.mjs').Project['scheduler']} [scheduler]
 * @property {(graph: ModuleGraph, path: string) => Promise<object>} [loadActions] the exports of a module with server
 *   functions, where the implementation's own way to load it can be told apart
 * @property {(path: string, world: World) => object} [exportsOf] the exports of a server module that has been evaluated, where
 *   they are not those of the module graph
 * @property {(path: string, world: World) => Promise<ServerFunction[]>} [discover] the functions of a server module, where
 *   only loading it shows them
 * @property {(path: string, transformed: Transformed, world: () => Promise<World>) => Promise<ServerFunction[]>} [describe] the
 *   functions of a file in source order with their names, where only loading it shows them
 */

/**
 * The operations of an adapter.
 * @param {object} greeting the reply to `hello`
 * @param {(files: Record<string, string>, mode: 'production'|'development') => Toolchain} makeToolchain
 */
export function flightOperations(greeting, makeToolchain) {
  const inWorld = (ask) => async (request) => ask(await World.of(makeToolchain, request), request)
  return {
    hello: () => greeting,
    compile: (request) => compile(makeToolchain, request),
    run: inWorld(async (world, request) => ({ result: await world.run(request) })),
    exposes: inWorld(async (world) => ({ functions: await world.exposed() })),
    withholds: inWorld(async (world, request) => ({ artifacts: await world.artifacts(request) })),
    forms: inWorld(async (world, request) => ({ answers: await world.submit(request) })),
  }
}

async function compile(makeToolchain, { files }) {
  const toolchain = makeToolchain(files, 'production')
  const transformed = []
  for (const [path, text] of sources(files))
    transformed.push([path, await toolchain.server(path, text)])
  const observed = {}
  for (const [path, file] of transformed) {
    const { kind, functions, diagnostics = [] } = file
    const listed = toolchain.describe
      ? await toolchain.describe(path, file, () => World.of(makeToolchain, { files }))
      : functions
    observed[path] = {
      kind,
      functions: listed.map(({ where, name, captures }) => ({ where, name, captures })),
      diagnostics,
    }
  }
  return observed
}

const sources = (files) => Object.entries(files).filter(([path]) => isSource(path))

/** A built project: two module graphs in two realms, and the network between them. */
export class World {
  #files
  #toolchain
  /** @type {Map<string, {path: string, exported: string, where: string, name: string|null}>} */
  #actions = new Map()
  /** The server graph, by path. @type {Map<string, Transformed>} */
  #built = new Map()
  /** The client bundle: the text of every module that was loaded on the client. */
  #bundle = {}

  static async of(makeToolchain, { files, mode = 'production' }) {
    const world = new World(makeToolchain(files, mode), files)
    world.application = await Application.start(mode, {
      action: (id) => world.action(id),
      clientModule: (id) => world.client.import(world.#clientPath(id)),
      otherModule: (id) => world.#toolchain.otherModule(id, world),
      packages: world.#toolchain.packages,
      scheduler: world.#toolchain.scheduler,
    })
    world.server = world.#graph('server', (path) => world.#built.get(path).code)
    world.client = world.#graph('client', (path, text) => world.#bundled(path, text))
    world.#toolchain.connect?.(world)
    return world
  }

  constructor(toolchain, files) {
    this.#toolchain = toolchain
    this.#files = files
  }

  #clientPath(id) {
    return this.#toolchain.clientPath?.(id) ?? id
  }

  #graph(side, compile) {
    const { application } = this
    return new ModuleGraph({
      realm: application.realms[side],
      files: this.#files,
      compile,
      host: async (specifier) =>
        (await this.#toolchain.host(side, specifier, this)) ?? application.host(side, specifier),
      loadCode: this.#toolchain.loadCode,
      importMeta: this.#toolchain.importMeta,
    })
  }

  /** Every file goes through the transforms, as in a build. */
  async build() {
    for (const [path, text] of sources(this.#files)) {
      const transformed = await this.#toolchain.server(path, text)
      this.#built.set(path, transformed)
      this.register(path, transformed)
    }
  }

  async #bundled(path, text) {
    const transformed = await this.#toolchain.client(path, text, this)
    this.register(path, transformed)
    this.#bundle[path] = transformed.code
    return transformed.code
  }

  /** Clients can call these functions of a module. */
  register(path, { functions }) {
    for (const { id, ...what } of functions) this.#actions.set(id, { path, ...what })
  }

  async #discover() {
    for (const [path, { kind }] of this.#built)
      if (kind === 'server')
        this.register(path, { functions: await this.#toolchain.discover(path, this) })
  }

  /** The server function with an id, its module loaded on demand. */
  async action(id) {
    const known = this.#actions.get(id)
    if (!known) return undefined
    const load = this.#toolchain.loadActions
    const { namespace } = load
      ? { namespace: await load(this.server, known.path) }
      : await this.serverModule(known.path)
    return namespace[known.exported]
  }

  /** A module on the server, evaluated; unlike its exports it cannot be a thenable. */
  async serverModule(path) {
    const { namespace } = await this.server.load(path)
    return { namespace: this.#toolchain.exportsOf?.(path, this) ?? namespace }
  }

  /** The whole loop: what the client program returns, as it sees it. */
  async run(request) {
    await this.build()
    const received = request.entry ? await this.#received(request) : []
    const program = await this.#clientProgram(request)
    try {
      const value = await (typeof program === 'function' ? program(...received) : program)
      const { encode } = await this.application.shared('client', 'notation.mjs')
      return await encode(value, { function: this.application.client.recogniseFunction })
    } catch (error) {
      throw this.application.classify(error)
    }
  }

  /** What the server sends for the entry, as the one argument of the client program. */
  async #received({ entry, args = [] }) {
    const model = await this.entryValue(entry, args)
    try {
      return [await this.application.send(model)]
    } catch (error) {
      throw this.application.classify(error)
    }
  }

  /** What forms of a page set off. */
  async submit(request) {
    await this.build()
    return submitForms(this, request)
  }

  /** The value of an entry on the server: an export, or what it returns. */
  async entryValue(entry, args) {
    const at = entry.lastIndexOf('#')
    const [path, name] = [entry.slice(0, at), entry.slice(at + 1)]
    const { namespace } = await this.serverModule(path)
    if (!(name in namespace))
      throw new Rejected('load', 'export-not-found', `${path} exports no ${name}`, { file: path })
    const { decode } = await this.application.shared('server', 'notation.mjs')
    const values = args.map((arg) =>
      decode(arg, { reference: () => cannot('pass a server reference to the entry') }),
    )
    try {
      const value = namespace[name]
      return await (typeof value === 'function' ? namespace[name](...values) : value)
    } catch (error) {
      throw new Rejected('call', 'thrown', `the entry threw: ${error?.message ?? error}`)
    }
  }

  async #clientProgram({ client, client_file: path = 'client.js' }) {
    this.client.add(path, client)
    const module = await this.client.import(path)
    if (!('default' in module))
      throw new Rejected('load', 'export-not-found', 'the client program has no default export', {
        file: path,
      })
    return module.default
  }

  /** The functions that a client can call, one line each. */
  async exposed() {
    await this.build()
    if (this.#toolchain.discover) await this.#discover()
    const callable = []
    for (const [id, { path, where, name }] of this.#actions) {
      if (typeof (await this.action(id)) === 'function')
        callable.push(`${path}#${where === 'inline' ? '(inline)' : name}`)
    }
    return callable.sort()
  }

  /** Every byte that the client was given: the modules of its bundle, and the responses. */
  async artifacts(request) {
    await this.build()
    for (const [path, { kind }] of this.#built)
      if (kind === 'client') await this.client.import(path)
    try {
      const received = request.entry ? await this.#received(request) : []
      if (request.client) await (await this.#clientProgram(request))(...received)
    } catch (error) {
      const failure = this.application.classify(error)
      if (['compile', 'load'].includes(failure.phase)) throw failure
    }
    return { ...(await this.#bundleArtifacts()), ...this.#responseArtifacts() }
  }

  async #bundleArtifacts() {
    const ship = this.#toolchain.ship ?? ((code) => code)
    const shipped = {}
    for (const [path, code] of Object.entries(this.#bundle))
      shipped[`bundle/${path}`] = await ship(code)
    return shipped
  }

  #responseArtifacts() {
    const named = this.application.responses.map((chunks, index) => [
      `response/${index + 1}`,
      { base64: Buffer.concat(chunks).toString('base64') },
    ])
    return Object.fromEntries(named)
  }
}

function cannot(what) {
  throw new Unsupported(`this adapter cannot ${what}`)
}
