/**
 * The conformance adapter for Solid Start.
 *
 * Every file goes through its directives; the modules are then loaded and called, with Solid Start's own client and handler
 * between the two graphs. It has no way to send a function as a value, and no page that is a value: programs begin on the
 * client.
 */

import { runInContext } from 'node:vm'

import { withoutClientModules } from '../_shared/client-modules.mjs'
import { flightOperations, World } from '../_shared/operations.mjs'
import { greeting, importFrom } from '../_shared/packages.mjs'
import { Unsupported } from '../_shared/protocol.mjs'
import { evaluated, registrationsIn } from '../_shared/registrations.mjs'
import { Network } from './network.mjs'
import { runtime } from './runtime.mjs'
import { RUNTIME, transformed } from './transforms.mjs'

const { default: xxHash32 } = await importFrom('@solidjs/start', 'dist/directives/xxhash32.js')

/** What belongs to a world: both sides of Solid Start, and the functions that they have made, with their ids. */
const sidesOf = new WeakMap()

function makeToolchain() {
  /** The modules with server functions, by path: whether they are server modules. @type {Map<string, string>} */
  const manifest = new Map()
  return {
    async server(path, text) {
      const module = await transformed('server', path, text)
      if (module.registers) manifest.set(path, module.kind)
      return module
    },
    client: (path, text) => transformed('client', path, text),
    connect: (world) => connect(world, manifest),
    host,
    describe,
  }
}

function connect(world, manifest) {
  const { application } = world
  const { realms, mode } = application
  const sides = {
    server: runtime(realms.server, mode),
    client: runtime(realms.client, mode),
    ids: new Map(),
    manifest,
  }
  const network = new Network(
    () => sides.server('fns/handler.js'),
    () => loadAll(world),
    () => runInContext(`new TypeError('network error')`, realms.client.context),
  )
  sidesOf.set(world, sides)
  Object.assign(realms.client.context, { fetch: network.fetch, Request: Addressed })
  application.responses = network.responses
  application.classify = (error) => network.classify(error)
  application.client = {
    recogniseFunction: async (value) => (sides.ids.has(value) ? { $: 'reference' } : undefined),
  }
}

/** A browser knows where the page came from. */
class Addressed extends Request {
  constructor(input, init) {
    super(new URL(input, 'http://localhost/'), init)
  }
}

/** As the manifest of server functions does. */
async function loadAll(world) {
  for (const path of sidesOf.get(world).manifest.keys()) await world.server.load(path)
}

function host(side, specifier, world) {
  if (specifier === RUNTIME[side])
    return side === 'server' ? serverRuntime(world) : clientRuntime(world)
  if (/^solid-js|^@solidjs|^react/.test(specifier)) throw new Unsupported('components are not run')
  return undefined
}

async function serverRuntime(world) {
  const { server, ids } = sidesOf.get(world)
  const { createServerReference, cloneServerReference } = await server('fns/server.js')
  return {
    createServerReference(id, reference) {
      registrationsIn(world).set(id, reference)
      return createServerReference(id, reference)
    },
    cloneServerReference: (reference) => noted(ids, reference.id, cloneServerReference(reference)),
  }
}

async function clientRuntime(world) {
  const { client, ids } = sidesOf.get(world)
  const { cloneServerReference } = await client('fns/client.js')
  return { cloneServerReference: (id) => noted(ids, id, cloneServerReference(id)) }
}

function noted(ids, id, proxy) {
  ids.set(proxy, id)
  return proxy
}

/** The functions that a module registers; under which names it exports them, its exports tell. */
async function describe(path, { registers, kind }, makeWorld) {
  if (!registers) return []
  const world = await makeWorld()
  await evaluated(path, world)
  const functions = await functionsOf(path, kind, world)
  if (functions.filter(({ where }) => where === 'inline').length > 1)
    throw new Unsupported('declarations are moved: the order of inline functions cannot be seen')
  return functions
}

async function functionsOf(path, kind, world) {
  const { ids } = sidesOf.get(world)
  const { namespace } = await world.server.load(path)
  const exported = Object.entries(namespace).map(([name, value]) => [ids.get(value), name])
  const prefix = `${xxHash32(`/${path}`).toString(16)}-`
  // Ids are numbers, given to the exports of a module in their order.
  const own = [...registrationsIn(world)]
    .filter(([id]) => id.startsWith(prefix))
    .toSorted(([one], [other]) => one.slice(prefix.length) - other.slice(prefix.length))
  return own.flatMap(([id, { name }]) => {
    const names = exported.filter(([other]) => other === id).map(([, exportedName]) => exportedName)
    return kind === 'server'
      ? names.map((each) => ({ where: 'export', name: each }))
      : [{ where: 'inline', name: name || null }]
  })
}

async function exposes(request) {
  const world = await World.of(makeToolchain, request)
  await world.build()
  await loadAll(world)
  const callable = []
  for (const [path, kind] of sidesOf.get(world).manifest)
    for (const { where, name } of await functionsOf(path, kind, world))
      callable.push(`${path}#${where === 'inline' ? '(inline)' : name}`)
  return { functions: callable.sort() }
}

const flight = flightOperations(greeting('@solidjs/start'), makeToolchain)

/** Values come in answers to calls only. */
const withoutEntry = (operation) => (request) => {
  if (request.entry) throw new Unsupported('Solid Start sends no values before a call')
  return operation(request)
}

export const operations = {
  ...flight,
  compile: withoutClientModules(flight.compile),
  exposes,
  run: withoutEntry(flight.run),
  withholds: withoutEntry(flight.withholds),
}
