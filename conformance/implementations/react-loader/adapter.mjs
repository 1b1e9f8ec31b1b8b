/**
 * The conformance adapter for React's own loader of server modules in Node.js
 * (react-server-dom-webpack/node-loader).
 *
 * The loader registers functions when their module is evaluated, and nobody else knows them: what a module exposes is
 * seen by loading it.
 */

import { flightOperations } from '../_shared/operations.mjs'
import { greeting } from '../_shared/packages.mjs'
import { Unsupported } from '../_shared/protocol.mjs'
import { Loader } from './loader.mjs'

function toolchain(files) {
  const loader = new Loader(files)
  return {
    server: (path, text) => loader.server(path, text),
    client: proxies,
    host: (side, specifier, world) =>
      side === 'server' && specifier === 'react-server-dom-webpack/server'
        ? recorded(world)
        : clientRuntime(side, specifier, world),
    discover,
    describe: async (path, { kind }, makeWorld) => {
      if (kind !== 'server') return []
      const world = await makeWorld()
      await world.build()
      try {
        return await discover(path, world)
      } catch {
        throw new Unsupported('the functions of a module that cannot be evaluated cannot be seen')
      }
    },
    loadCode: (error) =>
      /Cannot redefine property: \$\$typeof/.test(error?.message) ? 'export-not-async' : undefined,
  }

  function recorded(world) {
    const { server } = world.application
    const registerServerReference = (reference, url, name) => {
      const what = { id: `${url}#${name}`, exported: name, where: 'export', name, captures: [] }
      // The loader gives no name to exports whose name is written as a string.
      if (typeof name === 'string') {
        registered(world, url).push(what)
        world.register(url, { functions: [what] })
      }
      return server.registerServerReference(reference, url, name)
    }
    return { ...server, registerServerReference }
  }

  /** React leaves the client's half to bundlers: here it has a proxy for every function that the server has registered. */
  async function proxies(path, text, world) {
    const { code, kind } = await loader.server(path, text)
    if (kind !== 'server') return { code: kind === 'client' ? text : code, kind, functions: [] }
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

async function discover(path, world) {
  await world.server.load(path)
  return registered(world, path)
}

const RUNTIME = 'use-server-conformance:react-client'

const clientRuntime = (side, specifier, { application }) =>
  side === 'client' && specifier === RUNTIME
    ? { createServerReference: application.client.createServerReference }
    : undefined

export const operations = flightOperations(greeting('react-server-dom-webpack'), toolchain)
