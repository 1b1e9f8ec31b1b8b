/**
 * One file through Next.js, as its webpack build does it: the SWC transform of a layer, then the loader of that layer.
 *
 * What a module is and which actions it has, Next's own getRSCModuleInformation tells, by which the loaders know it too.
 */

import { checkSource, emitted } from '../_shared/emitted.mjs'
import { require } from '../_shared/packages.mjs'
import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { Reach } from '../_shared/reach.mjs'
import { refusal } from '../_shared/swc-diagnostics.mjs'

const swc = require('next/dist/build/swc')
const { getLoaderSWCOptions } = require('next/dist/build/swc/options')
const { getRSCModuleInformation } = require('next/dist/build/analysis/get-page-static-info')
const loader = (name) => require(`next/dist/build/webpack/loaders/${name}`).default
const LOADERS = {
  server: loader('next-flight-loader'),
  client: loader('next-flight-client-module-loader'),
  entry: loader('next-flight-action-entry-loader'),
}
const BROWSERS = require('next/dist/shared/lib/modern-browserslist-target')

await swc.loadBindings(false)

// Read by next-flight-loader when it runs: source maps are then named without an instance of webpack.
process.env.NEXT_RSPACK = 'true'

/** How production builds ask for one server function of a module. */
export const PROXY = 'next-flight-server-reference-proxy-loader?'

/** A client module with `export *` becomes a CommonJS proxy, whose exports webpack does not have to know. */
export const COMMONJS = 'use-server-conformance:a CommonJS proxy'

/** The names that inline functions get. */
export const HOISTED = /^\$\$RSC_SERVER_ACTION_(\d+)$/

/** What `codeCondition` of webpack-config.js leaves out. */
const OTHERS = /\.[cm]ts$/

const ROOT = '/project'
const LAYERS = { server: 'rsc', client: 'app-pages-browser' }

/** @typedef {import('../_shared/operations.mjs').Transformed} Transformed */

/** The transforms of one project. */
export class Pipeline {
  #development
  #reach

  /** @param {Record<string, string>} files @param {{development: boolean}} options */
  constructor(files, { development }) {
    this.#development = development
    this.#reach = new Reach(files, async (path) => (await this.client(path, files[path])).code)
  }

  /** The file as a module of the server graph. @returns {Promise<Transformed>} */
  async server(path, text) {
    const code = await this.#transform('server', path, text)
    const { type, actionIds = {}, clientRefs = [] } = getRSCModuleInformation(code, true)
    const functions = Object.entries(actionIds).map(serverFunction)
    if (type === 'client') await this.#reach.from(path)
    checkEntry(path, functions)
    return {
      code: clientRefs.includes('*') ? `import '${COMMONJS}'` : await loaded('server', path, code),
      kind: await this.#kind(path, text, type, functions),
      functions: functions.sort((one, other) => one.order - other.order),
    }
  }

  /** The file as a module of the client graph. @returns {Promise<Transformed>} */
  async client(path, text) {
    const code = await this.#transform('client', path, text)
    const { actionIds } = getRSCModuleInformation(code, false)
    return {
      code: await loaded('client', path, code),
      kind: actionIds ? 'server' : 'none',
      functions: Object.entries(actionIds ?? {}).map(serverFunction),
    }
  }

  /** Which kind of module it is. Of one without actions, the transform tells by refusing a second directive. */
  async #kind(path, text, type, functions) {
    if (type === 'client') return 'client'
    if (functions.some(({ where }) => where === 'export')) return 'server'
    if (!text.includes('use')) return 'none'
    try {
      await this.#transform('server', path, `'use client';${text}`)
      return 'none'
    } catch (refused) {
      return refused.code === 'conflicting-directives' ? 'server' : 'none'
    }
  }

  async #transform(side, path, text) {
    checkSource(path)
    if (OTHERS.test(path)) throw new Unsupported('no loader of Next.js takes .mts and .cts files')
    const filename = `${ROOT}/${path}`
    const options = getLoaderSWCOptions({
      filename,
      development: this.#development,
      isServer: side === 'server',
      appDir: `${ROOT}/app`,
      isPageFile: false,
      compilerOptions: {},
      serverComponents: true,
      serverReferenceHashSalt: 'use server',
      bundleLayer: LAYERS[side],
      esm: true,
      supportedBrowsers: BROWSERS,
      relativeFilePathFromRoot: path,
      swcPlugins: [],
      pageExtensions: ['tsx', 'ts', 'jsx', 'js'],
      useCacheEnabled: false,
      isCacheComponents: false,
      taintEnabled: false,
      trackDynamicImports: false,
    })
    try {
      return (await swc.transform(text, { ...options, filename, sourceFileName: filename })).code
    } catch (error) {
      throw refusal(error, path, text)
    }
  }
}

/** An entry of the map of actions: 15.x has a name where 16.x has an object with one. */
function serverFunction([id, { name = arguments[0][1] }]) {
  const [, number] = HOISTED.exec(name) ?? []
  return number === undefined
    ? { id, exported: name, where: 'export', name, order: 0 }
    : { id, exported: name, where: 'inline', name: null, order: Number(number) }
}

/** The server finds every action through an entry module that re-exports it under its id. */
function checkEntry(path, functions) {
  const actions = functions.map(({ id, exported }) => ({ id, exportedName: exported }))
  const options = { actions: JSON.stringify([[path, actions]]) }
  emitted(
    LOADERS.entry.call({ getOptions: () => options }),
    path,
    'next-flight-action-entry-loader',
  )
}

/** The code after the loader of a layer. */
function loaded(side, path, code) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) =>
      error
        ? reject(new Rejected('compile', 're-export', error.message, { file: path }))
        : resolve(emitted(result, path, `the ${side} loader`))
    const context = {
      callback,
      resourcePath: path,
      context: ROOT,
      utils: { contextify: (_, request) => request },
      _compilation: {},
      _module: { type: 'javascript/auto', buildInfo: {} },
    }
    const result = LOADERS[side].call(context, code)
    if (result !== undefined) callback(undefined, result)
  })
}

/** The module as it is shipped to browsers. */
export const minified = async (code) =>
  (await swc.minify(code, { compress: true, mangle: true, module: true })).code
