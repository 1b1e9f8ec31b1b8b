/**
 * The conformance adapter for Next.js.
 *
 * Every file goes through the SWC transform and the webpack loaders of Next.js; the modules are then loaded and called,
 * with Next's own copy of React, its encryption of captured values and its queue of actions.
 */

import { flightOperations } from '../_shared/operations.mjs'
import { greeting } from '../_shared/packages.mjs'
import { Unsupported } from '../_shared/protocol.mjs'
import { recogniseLoad } from './diagnostics.mjs'
import { actionQueue, encryption, helpers, packages, validation } from './runtime.mjs'
import { COMMONJS, minified, PROXY, Pipeline } from './transforms.mjs'

function toolchain(files, mode) {
  const pipeline = new Pipeline(files, { development: mode === 'development' })
  const runtime = {
    'react-server-dom-webpack/server': ({ application }) => application.server,
    'private-next-rsc-server-reference': (world) => ({
      registerServerReference(reference, id, name) {
        registeredIn(world).set(id, reference)
        return world.application.server.registerServerReference(reference, id, name)
      },
    }),
    'private-next-rsc-action-validate': ({ application }) => validation(application.realms.server),
    'private-next-rsc-action-encryption': (world) => encryption(world),
    'private-next-rsc-action-client-wrapper': ({ application: { client } }) => ({
      createServerReference: (id) => client.createServerReference(id),
      callServer: undefined,
      findSourceMapURL: undefined,
    }),
  }

  /** One function of a server module, as next-flight-server-reference-proxy-loader gives it to a browser. */
  function proxy(specifier, { application: { client } }) {
    const query = new URLSearchParams(specifier.slice(PROXY.length, -1))
    // Given by a function, because an export may be called `then`.
    return () => ({ [query.get('name')]: client.createServerReference(query.get('id')) })
  }

  return {
    server: (path, text) => pipeline.server(path, text),
    client: (path, text) => pipeline.client(path, text),
    host(side, specifier, world) {
      if (Object.hasOwn(runtime, specifier)) return runtime[specifier](world)
      if (specifier === COMMONJS) throw new Unsupported('CommonJS proxies of client modules are not run')
      if (specifier.startsWith(PROXY)) return proxy(specifier, world)
      return helpers(specifier, world.application.realms[side])
    },
    ship: minified,
    loadCode: recogniseLoad,
    packages,
    scheduler: actionQueue,
    otherModule: (id, { application }) => application.realms.server.require(id),
    describe,
  }
}

/**
 * The functions of a module as its evaluation shows them: Next.js numbers inline functions and sorts exports by id, so
 * their order and names are told by what is registered. Inline functions are registered before exports, wherever they
 * stand, so the order of the two kinds cannot be seen.
 */
async function describe(path, { functions }, makeWorld) {
  const inline = functions.filter(({ where }) => where === 'inline')
  if (inline.length > 0 && inline.length < functions.length)
    throw new Unsupported('the order of inline functions and exports cannot be seen')
  if (functions.length < 2 && inline.length === 0) return functions
  const registered = await registrations(path, await makeWorld())
  const ordered = [...registered.keys()]
  return functions
    .toSorted((one, other) => ordered.indexOf(one.id) - ordered.indexOf(other.id))
    .map((what) => (what.where === 'inline' ? { ...what, name: ownName(registered.get(what.id)) } : what))
}

async function registrations(path, world) {
  await world.build()
  try {
    await world.server.load(path)
  } catch {
    throw new Unsupported('the functions of a module that cannot be evaluated cannot be seen')
  }
  return registeredIn(world)
}

/** Anonymous functions are named after the constant that they are hoisted to. */
const ownName = ({ name }) => (name.startsWith('$$RSC_SERVER_ACTION_') ? null : name)

/** What was registered while the modules of a world were evaluated: every function by its id, in order. */
const registeredIn = (world) => {
  if (!registrationsOf.has(world)) registrationsOf.set(world, new Map())
  return registrationsOf.get(world)
}
const registrationsOf = new WeakMap()

export const operations = flightOperations(greeting('next'), toolchain)
