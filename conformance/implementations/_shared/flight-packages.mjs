/**
 * React's Flight packages, one flavour per bundler, behind one interface: each half knows the modules of an exchange.
 *
 * @typedef {object} Modules What exists while one message is written or read.
 * @property {string[]} references ids of server functions, `module#name`
 * @property {string[]} clients ids of client references, `module#name`
 * @property {Record<string, Record<string, unknown>>} exports of every module
 *
 * @typedef {object} Flavour
 * @property {string} name of the package
 * @property {(exportsOf: (module: string) => object) => void} install gives its runtime the globals it finds modules by
 * @property {(server: object, modules: Modules) => object} server the half with the functions that take no manifest
 * @property {(client: object, modules: Modules) => object} client the same
 */

import { require } from './packages.mjs'

/** The two parts of `module#name`. */
export function split(id) {
  const at = id.lastIndexOf('#')
  return [id.slice(0, at), id.slice(at + 1)]
}

const entriesOf = (ids) =>
  Object.fromEntries(
    ids.map((id) => {
      const [module, name] = split(id)
      return [id, { id: module, chunks: [], name }]
    }),
  )

const DECODERS = ['decodeReply', 'decodeReplyFromBusboy', 'decodeReplyFromAsyncIterable']
const RENDERERS = ['renderToReadableStream', 'renderToPipeableStream']

/** The functions with these names, as far as the release has them, without their second parameter. */
const withManifest = (half, names, manifest) =>
  Object.fromEntries(
    names
      .filter((name) => name in half)
      .map((name) => [name, (first, options) => half[name](first, manifest, options)]),
  )

/** Webpack and Turbopack have the same functions, with manifests of the same form. */
const manifests = {
  server: (server, { references, clients }) => ({
    ...server,
    ...withManifest(server, DECODERS, entriesOf(references)),
    ...withManifest(server, RENDERERS, entriesOf(clients)),
  }),
  client: (client, { clients }) => ({
    ...client,
    ...withManifest(client, ['createFromNodeStream'], consumerManifest(clients)),
  }),
}

function consumerManifest(clients) {
  const moduleMap = {}
  for (const [id, entry] of Object.entries(entriesOf(clients))) {
    const [module, name] = split(id)
    moduleMap[module] = { ...moduleMap[module], [name]: entry }
  }
  return { moduleMap, serverModuleMap: null, moduleLoading: null }
}

/** @type {Flavour} */
export const webpack = {
  name: 'react-server-dom-webpack',
  install(exportsOf) {
    globalThis.__webpack_require__ = Object.assign(exportsOf, { u: (chunk) => chunk })
    globalThis.__webpack_chunk_load__ = async () => {}
  },
  ...manifests,
}

/** @type {Flavour} */
export const turbopack = {
  name: 'react-server-dom-turbopack',
  install(exportsOf) {
    globalThis.__turbopack_require__ = exportsOf
    globalThis.__turbopack_load_by_url__ = async () => {}
  },
  ...manifests,
}

/** Parcel's package has one manifest for the whole server, of modules and their bundles. @type {Flavour} */
export const parcel = {
  name: 'react-server-dom-parcel',
  install(exportsOf) {
    const nothing = () => {}
    const runtime = { load: nothing, extendImportMap: nothing, meta: {} }
    globalThis.parcelRequire = Object.assign(exportsOf, runtime)
  },
  server(server, { references }) {
    server.registerServerActions(Object.fromEntries(references.map((id) => [split(id)[0], []])))
    return {
      ...server,
      registerClientReference: (_, module, name) => server.createClientReference(module, name, []),
    }
  },
  client: (client) => ({
    ...client,
    createServerReference: (id) => client.createServerReference(...split(id)),
  }),
}

/**
 * Loads both halves of a flavour, in the builds for a mode; each call gives others. What development builds say about
 * what is sent is not printed, nor sent as console rows: Node.js 20 makes them warn of empty buffers in the middle of
 * writing, and the response in which that warning was to be replayed never ends. Nor do their clients draw the times of
 * the server for developer tools, which they do in a timer if there is a console.timeStamp.
 * @param {Flavour} flavour
 * @param {{server: string, client: string}} entries such as `server.node` and `client.browser`
 * @param {'production'|'development'} mode
 */
export function load(flavour, entries, mode) {
  for (const file of Object.keys(require.cache)) delete require.cache[file]
  process.env.NODE_ENV = mode
  console.timeStamp = undefined
  const halves = {
    server: require(`${flavour.name}/${entries.server}`),
    client: require(`${flavour.name}/${entries.client}`),
    createElement: require('react').createElement,
  }
  console.error = console.warn = () => {}
  return halves
}
