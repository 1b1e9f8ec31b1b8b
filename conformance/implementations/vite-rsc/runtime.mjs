/**
 * The plugin's own runtime for captured values: it serialises them with React, seals them with AES-GCM, and
 * opens them again when the function is called.
 *
 * The runtime is written for Vite's module runner: it imports virtual modules and reads `import.meta.env`. A graph
 * of its own files gives it both, with React's packages in place of the copies that the plugin brings, as the plugin
 * itself arranges when react-server-dom-webpack is installed.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { inPackage } from '../_shared/packages.mjs'
import { ModuleGraph } from '../_shared/project.mjs'

/** Which key seals the captures does not matter here; that it is the same in every run does. */
const KEY = Buffer.alloc(32, 'use server').toString('base64')

const folder = inPackage('@vitejs/plugin-rsc', 'dist')
const files = Object.fromEntries(
  readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.js') && !path.startsWith('vendor'))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
)

/**
 * The encryption runtime of one application.
 * @param {import('../_shared/flight.mjs').Application} application
 * @param {(key: string) => Promise<object>} load the server functions of the module with a key
 */
export async function encryptionRuntime({ realms, server, mode }, load) {
  const host = {
    'virtual:vite-rsc/encryption-key': () => ({ default: () => KEY }),
    '@vitejs/plugin-rsc/vendor/react-server-dom/server.edge': () => server,
    '@vitejs/plugin-rsc/vendor/react-server-dom/client.edge': () =>
      realms.server.require('react-server-dom-webpack/client.edge'),
  }
  const graph = new ModuleGraph({
    realm: realms.server,
    files,
    compile: (_, text) => text,
    host: (specifier) => host[specifier]?.(),
    importMeta: (meta) => {
      meta.env = { DEV: mode === 'development' }
    },
  })
  const { setRequireModule } = await graph.import('core/rsc.js')
  setRequireModule({ load })
  return graph.import('utils/encryption-runtime.js')
}
