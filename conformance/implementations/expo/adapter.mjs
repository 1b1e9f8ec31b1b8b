/**
 * The conformance adapter for Expo.
 *
 * Every file goes through babel-preset-expo; the modules are then loaded and called, with react-server-dom-webpack between
 * the two graphs.
 */

import { flightOperations } from '../_shared/operations.mjs'
import { greeting } from '../_shared/packages.mjs'
import { describeByName, registering } from '../_shared/registrations.mjs'
import { recogniseLoad } from './diagnostics.mjs'
import { COMMONJS, HOISTED, Preset } from './preset.mjs'

function toolchain(_, mode) {
  const preset = new Preset({ isDev: mode === 'development' })
  const runtime = {
    server: {
      'react-server-dom-webpack/server': serverRuntime,
      [COMMONJS]: (world) => ({
        require: () => serverRuntime(world),
        module: { exports: {} },
      }),
    },
    client: {
      'react-server-dom-webpack/client': ({ application: { client } }) => ({
        createServerReference: (id) => client.createServerReference(id),
      }),
      'expo-router/rsc/internal': () => ({ callServerRSC: undefined }),
    },
  }
  return {
    server: (path, text) => preset.transform('server', path, text),
    client: (path, text) => preset.transform('client', path, text),
    clientPath: (id) => id.replace(/^\.\//, ''),
    host: (side, specifier, world) => runtime[side][specifier]?.(world),
    describe: describeByName(HOISTED),
    connect,
    loadCode: recogniseLoad,
  }
}

/** Expo's runtime defines what `import.meta` is compiled to. */
function connect({ application: { realms } }) {
  for (const { context } of Object.values(realms))
    context.__ExpoImportMetaRegistry = { url: 'file:///project/' }
}

const serverRuntime = (world) => ({
  ...world.application.server,
  registerServerReference: registering(world),
})

export const operations = flightOperations(greeting('babel-preset-expo'), toolchain)
