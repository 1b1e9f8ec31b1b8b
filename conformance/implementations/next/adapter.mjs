/**
 * The conformance adapter for Next.js.
 *
 * Every file goes through the SWC transform and the webpack loaders of Next.js; the modules are then loaded and called,
 * with Next's own copy of React, its encryption of captured values and its queue of actions.
 */

import { flightOperations } from '../_shared/operations.mjs'
import { greeting } from '../_shared/packages.mjs'
import { Unsupported } from '../_shared/protocol.mjs'
import { describeInOrder, registering } from '../_shared/registrations.mjs'
import { recogniseLoad } from '../_shared/swc-diagnostics.mjs'
import { actionQueue, encryption, helpers, packages, validation } from './runtime.mjs'
import { COMMONJS, HOISTED, minified, PROXY, Pipeline } from './transforms.mjs'

function toolchain(files, mode) {
  const pipeline = new Pipeline(files, { development: mode === 'development' })
  const runtime = {
    'react-server-dom-webpack/server': ({ application }) => application.server,
    'private-next-rsc-server-reference': (world) => ({
      registerServerReference: registering(world),
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
      if (specifier === COMMONJS)
        throw new Unsupported('CommonJS proxies of client modules are not run')
      if (specifier.startsWith(PROXY)) return proxy(specifier, world)
      return helpers(specifier, world.application.realms[side])
    },
    ship: minified,
    loadCode: recogniseLoad,
    packages,
    scheduler: actionQueue,
    otherModule: (id, { application }) => application.realms.server.require(id),
    describe: describeInOrder(HOISTED),
  }
}

export const operations = flightOperations(greeting('next'), toolchain)
