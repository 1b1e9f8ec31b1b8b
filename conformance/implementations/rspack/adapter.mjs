/**
 * The conformance adapter for Rspack.
 *
 * Every file goes through Rspack's loader and RSC plugins; the modules are then loaded and called, with
 * react-server-dom-webpack between the two graphs.
 */

import { flightOperations } from '../_shared/operations.mjs'
import { greeting } from '../_shared/packages.mjs'
import { describeInOrder, registering } from '../_shared/registrations.mjs'
import { recogniseLoad } from '../_shared/swc-diagnostics.mjs'
import { minified } from './compiler.mjs'
import { HOISTED, Pipeline } from './pipeline.mjs'

function toolchain(files, mode) {
  const pipeline = new Pipeline(files, mode)
  const runtime = {
    server: { 'react-server-dom-rspack/server': serverRuntime },
    client: {
      'react-server-dom-rspack/client': ({ application: { client } }) => ({
        createServerReference: (id) => client.createServerReference(id),
      }),
    },
  }
  return {
    server: (path, text) => pipeline.server(path, text),
    client: (path, text) => pipeline.client(path, text),
    clientPath: (id) => id.slice(1),
    host: (side, specifier, world) => runtime[side][specifier]?.(world),
    ship: minified,
    describe: describeInOrder(HOISTED),
    loadCode: recogniseLoad,
  }
}

/** What Rspack calls encryptActionBoundArgs has another name in the package that it imports it from. */
function serverRuntime(world) {
  const { realms, server } = world.application
  const own = realms.server.require('react-server-dom-rspack/server.edge')
  return {
    registerServerReference: registering(world),
    registerClientReference: server.registerClientReference,
    ensureServerActions: own.ensureServerActions,
    encryptActionBoundArgs: own.encryptServerActionBoundArgs,
    decryptActionBoundArgs: own.decryptServerActionBoundArgs,
  }
}

export const operations = flightOperations(greeting('@rspack/core'), toolchain)
