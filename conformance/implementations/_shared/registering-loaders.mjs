/**
 * Operations of the loaders that React itself brings for Node.js: they register functions when their module is evaluated, and
 * nobody else knows them. What a module exposes is seen by loading it.
 *
 * React leaves the client's half of a server module to bundlers: here a client gets a proxy for every function that the
 * server has registered.
 */

import { flightOperations } from './operations.mjs'
import { Rejected, Unsupported } from './protocol.mjs'
import { isSource } from './project.mjs'

const RUNTIME = 'use-server-conformance:react-client'
const PLAIN = /\.[cm]?js$/

/**
 * @typedef {object} Loader One project.
 * @property {(path: string, text: string) => Promise<import('./operations.mjs').Transformed>} server
 * @property {(specifier: string, world: import('./operations.mjs').World, runtime: object) => object|undefined} host modules
 *   that transformed code imports; `runtime` is React's server half, keeping count of what is registered
 * @property {(url: string) => string} pathOf the file that a module id means
 * @property {(path: string, world: import('./operations.mjs').World) => object} [exportsOf] see `Toolchain`
 * @property {(path: string, functions: object[]) => object[]} inSourceOrder functions of a file, which were registered in another
 *   order, perhaps
 */

/** @param {object} greeting @param {(files: Record<string, string>) => Loader} makeLoader */
export function loaderOperations(greeting, makeLoader) {
  return flightOperations(greeting, (files) => toolchain(makeLoader(files)))
}

/** Such a loader takes JavaScript. */
export function checkPlain(path) {
  if (!isSource(path)) {
    const message = 'only JavaScript files can be imported'
    throw new Rejected('compile', 'syntax', message, { file: path })
  }
  if (!PLAIN.test(path))
    throw new Unsupported('the loader takes JavaScript; TypeScript and JSX are for other loaders')
}

function toolchain(loader) {
  return {
    server: (path, text) => loader.server(path, text),
    client: proxies,
    host: (side, specifier, world) =>
      side === 'server'
        ? loader.host(specifier, world, recorded(loader, world))
        : clientRuntime(specifier, world),
    exportsOf: loader.exportsOf && ((path, world) => loader.exportsOf(path, world)),
    clientPath: (id) => loader.pathOf(id),
    discover,
    describe: async (path, { kind }, makeWorld) => {
      if (kind !== 'server') return []
      const world = await makeWorld()
      await world.build()
      try {
        return loader.inSourceOrder(path, await discover(path, world))
      } catch {
        throw new Unsupported('the functions of a module that cannot be evaluated cannot be seen')
      }
    },
    loadCode: (error) =>
      /Cannot redefine property: \$\$typeof/.test(error?.message) ? 'export-not-async' : undefined,
  }

  async function proxies(path, text, world) {
    const { kind } = await loader.server(path, text)
    if (kind !== 'server') return { code: text, kind, functions: [] }
    const functions = await discover(path, world)
    const exports = functions.map(
      ({ id, name }, n) =>
        `const f${n} = createServerReference(${JSON.stringify(id)}); export { f${n} as ${JSON.stringify(name)} };`,
    )
    const runtime = `import { createServerReference } from ${JSON.stringify(RUNTIME)};\n`
    return { code: runtime + exports.join('\n'), kind, functions }
  }
}

/** What the modules of a world have registered, by path, in order. @type {WeakMap<object, Map<string, object[]>>} */
const registrations = new WeakMap()

function registered(world, path) {
  if (!registrations.has(world)) registrations.set(world, new Map())
  const byPath = registrations.get(world)
  if (!byPath.has(path)) byPath.set(path, [])
  return byPath.get(path)
}

/** React's server half in a world. */
function recorded(loader, world) {
  const { server } = world.application
  const registerServerReference = (reference, url, name) => {
    const what = { id: `${url}#${name}`, exported: name, where: 'export', name, captures: [] }
    // The loader gives no name to exports whose name is written as a string.
    if (typeof name === 'string') {
      const path = loader.pathOf(url)
      registered(world, path).push(what)
      world.register(path, { functions: [what] })
    }
    return server.registerServerReference(reference, url, name)
  }
  return { ...server, registerServerReference }
}

async function discover(path, world) {
  await world.server.load(path)
  return registered(world, path)
}

const clientRuntime = (specifier, { application }) =>
  specifier === RUNTIME
    ? { createServerReference: application.client.createServerReference }
    : undefined
