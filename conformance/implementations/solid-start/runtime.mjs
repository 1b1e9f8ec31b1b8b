/**
 * Solid Start's own halves of a call, each evaluated in the realm of its side: fns/client.js and fns/handler.js with all that
 * they serialise with. What they ask of the framework around them (h3, the renderer of Solid, virtual modules of its Vite
 * plugin) has a stand-in here; between the two there are bytes.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { inPackage } from '../_shared/packages.mjs'
import { ModuleGraph } from '../_shared/project.mjs'

const FNS = inPackage('@solidjs/start', 'dist/fns')
const files = {
  ...Object.fromEntries(
    readdirSync(FNS)
      .filter((name) => name.endsWith('.js'))
      .map((name) => [`fns/${name}`, readFileSync(join(FNS, name), 'utf8')]),
  ),
  ...folder('seroval', 'dist'),
  ...folder('seroval-plugins', 'dist'),
  'node_modules/seroval.js': `export * from './seroval/dist/index.js'`,
  ...Object.fromEntries(
    ['read', 'shared', 'validator', 'write'].map((part) => [
      `node_modules/seroval/${part}.js`,
      `export * from './dist/${part}.js'`,
    ]),
  ),
  'node_modules/seroval-plugins/web.js': `export * from './dist/web.js'`,
}

function folder(name, path) {
  const root = inPackage(name, path)
  const modules = readdirSync(root).filter((file) => file.endsWith('.js'))
  return Object.fromEntries(
    modules.map((file) => [
      `node_modules/${name}/${path}/${file}`,
      readFileSync(join(root, file), 'utf8'),
    ]),
  )
}

/** A request that is being answered, for functions that are called on the server. */
const EVENT = { locals: {} }

const STAND_INS = {
  tracker: { pushRequest() {}, pushResponse() {} },
  'cookie-es': { parseSetCookie() {} },
  h3: { parseCookies() {} },
  'solid-js': { sharedConfig: {} },
  'solid-js/web': { getRequestEvent: () => EVENT, renderToString() {} },
  'solid-js/web/storage': { provideRequestEvent: (_, callback) => callback() },
  fetchEvent: {
    getFetchEvent: (event) => event,
    mergeResponseHeaders: (event, headers) =>
      headers.forEach((value, name) => event.res.headers.set(name, value)),
  },
  handler: { createPageEvent() {} },
  util: { getExpectedRedirectStatus: ({ status }) => status },
  'solid-start:server-fn-manifest': {},
  'solid-start:server-fn-error-handler': { default: undefined },
  'solid-start:seroval-plugins': { default: [] },
}

/** A side's modules of Solid Start, by the path in its dist folder. */
export function runtime(realm, mode) {
  const graph = new ModuleGraph({
    realm,
    files,
    compile: (_, text) => text,
    host: (specifier) => STAND_INS[specifier] ?? STAND_INS[basename(specifier, '.js')],
    importMeta: (meta) => {
      meta.env = {
        DEV: mode === 'development',
        PROD: mode === 'production',
        BASE_URL: 'http://localhost/',
        SEROVAL_MODE: 'json',
      }
    },
  })
  return (path) => graph.import(path)
}
