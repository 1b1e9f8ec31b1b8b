/**
 * The conformance adapter for @vitejs/plugin-rsc.
 *
 * Every file goes through the plugin's own transforms; the modules are then loaded and called, with
 * react-server-dom-webpack between the two graphs and the plugin's own encryption of captured values.
 */

import { createHash } from 'node:crypto'

import { flightOperations } from '../_shared/operations.mjs'
import { greeting } from '../_shared/packages.mjs'
import { minified } from './bundler.mjs'
import { recogniseLoad } from './diagnostics.mjs'
import { encryptionRuntime } from './runtime.mjs'
import { Pipeline, RUNTIME } from './transforms.mjs'

/** As in a build: a module is known by a digest of its path. */
const keyOf = (path) => createHash('sha256').update(path).digest('hex').slice(0, 12)

function toolchain(files, mode) {
  const pipeline = new Pipeline(files, { development: mode === 'development', keyOf })
  const runtime = {
    [RUNTIME.server]: ({ application }) => application.server,
    [RUNTIME.client]: ({ application }) => ({
      createServerReference: application.client.createServerReference,
    }),
    [RUNTIME.encryption]: (world) =>
      encryptionRuntime(world.application, (key) => loaded(world, key)),
  }
  return {
    server: (path, text) => pipeline.server(path, text),
    client: (path, text) => pipeline.client(path, text),
    host: (_, specifier, world) => runtime[specifier]?.(world),
    ship: minified,
    otherModule: (id, { application }) =>
      application.realms.server.context.__vite_rsc_require__(id),
    loadCode: recogniseLoad,
    // The plugin's server references module has `await import(id)`.
    loadActions: (graph, path) => graph.import(path),
    importMeta: (meta) => {
      meta.env = {
        MODE: mode,
        DEV: mode === 'development',
        PROD: mode === 'production',
        BASE_URL: '/',
      }
    },
  }

  /** The module of a server function that was captured by another one. */
  function loaded(world, key) {
    const path = Object.keys(files).find((file) => keyOf(file) === key)
    return world.server.import(path)
  }
}

export const operations = flightOperations(greeting('@vitejs/plugin-rsc'), toolchain)
