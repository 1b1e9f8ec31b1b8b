/**
 * The parts of Next.js that run: its copy of React, its encryption of captured values, its check of exports and its queue
 * of actions. All are Next's own files, evaluated in the realm of their side; what they require of the rest of the
 * framework (the request that is being answered, its manifests, the router's state) has a stand-in here.
 */

import { runInContext } from 'node:vm'

import { inPackage } from '../_shared/packages.mjs'

/** Which key seals the captures does not matter here; that it is the same in every run does. */
const KEY = Buffer.alloc(32, 'use server').toString('base64')

const COMPILED = 'next/dist/compiled'
/** How Next.js aliases React, for the graph in which there is a server condition and for the other one. */
const ALIASES = {
  server: {
    react: `${COMPILED}/react/react.react-server`,
    'react/jsx-runtime': `${COMPILED}/react/jsx-runtime.react-server`,
    'react/jsx-dev-runtime': `${COMPILED}/react/jsx-dev-runtime.react-server`,
    'react-dom': `${COMPILED}/react-dom/react-dom.react-server`,
  },
  client: { react: `${COMPILED}/react/index`, 'react-dom': `${COMPILED}/react-dom/index` },
  page: {
    react: `${COMPILED}/react/index`,
    'react-dom': `${COMPILED}/react-dom/index`,
    'react-dom/server.edge': `${COMPILED}/react-dom/server.edge`,
  },
}

/** @type {import('../_shared/realm.mjs').Packages} */
export const packages = {
  alias(side, specifier) {
    const name = specifier.replace(`${COMPILED}/`, '')
    return ALIASES[side][name] ?? name.replace(/^(?=react(?:\/|-server-dom-))/, `${COMPILED}/`)
  },
  globals: (requireModule) => ({ __next_require__: requireModule }),
}

const nextFile = (path) => inPackage('next', `dist/${path}.js`)

/** Next's check that the exports of a server module are functions. */
export const validation = (realm) =>
  realm.evaluate(nextFile('build/webpack/loaders/next-flight-loader/action-validate'), {})

/** Next's encryption of captured values, outside of any request. */
export function encryption({ application: { realms, server } }) {
  const realm = realms.server
  const manifests = {
    clientModules: EVERY_CLIENT_MODULE,
    rscModuleMapping: {},
    edgeRscModuleMapping: {},
  }
  // 15.x keeps its manifests here.
  realm.context[Symbol.for('next.server.action-manifests')] = {
    clientReferenceManifestsPerPage: {},
    serverActionsManifest: { encryptionKey: KEY },
    serverModuleMap: EVERY_ACTION,
  }
  const singleton = {
    getClientReferenceManifest: () => manifests,
    getServerActionsManifest: () => ({ encryptionKey: KEY }),
    getServerModuleMap: () => EVERY_ACTION,
  }
  const utilities = realm.evaluate(nextFile('server/app-render/encryption-utils'), {
    '../../shared/lib/invariant-error': { InvariantError: Error },
    '../../shared/lib/router/utils/app-paths': {},
    './work-async-storage.external': { workAsyncStorage: NO_STORE },
    './manifests-singleton': singleton,
  })
  return realm.evaluate(nextFile('server/app-render/encryption'), {
    'server-only': {},
    'react-server-dom-webpack/server': server,
    'react-server-dom-webpack/client': realm.require('react-server-dom-webpack/client.edge'),
    '../stream-utils/node-web-streams-helper': { streamToString },
    '../lib/source-maps': {},
    './encryption-utils': utilities,
    './manifests-singleton': singleton,
    './work-unit-async-storage.external': { workUnitAsyncStorage: NO_STORE },
    './dynamic-rendering': {},
  })
}

const NO_STORE = { getStore: () => undefined, exit: (callback) => callback() }

const everyEntry = (entry) =>
  new Proxy({}, { get: (_, key) => (typeof key === 'string' ? entry(key) : undefined) })
/** As in flight.mjs: who asks for a module is told by the shape of its id. */
const EVERY_ACTION = everyEntry((id) => ({ id: `action:${id}`, name: 'action', chunks: [], async: true }))
const EVERY_CLIENT_MODULE = everyEntry((reference) => {
  const at = reference.lastIndexOf('#')
  const [id, name] = [reference.slice(0, at), reference.slice(at + 1)]
  return { id: `client:${id}`, name, chunks: [], async: true }
})

async function streamToString(stream) {
  let text = ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of stream) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}

/** Next's queue of router actions, in which a call waits for the ones before it. */
export function actionQueue(realm) {
  const TYPES = realm.evaluate(
    nextFile('client/components/router-reducer/router-reducer-types'),
    {},
  )
  /** As Next's reducer of server actions does: the caller hears of an error, the router's state does not change. */
  async function reducer(state, { call, resolve, reject }) {
    try {
      resolve(await call())
    } catch (error) {
      reject(error)
    }
    return state
  }
  const { createMutableActionQueue } = realm.evaluate(
    nextFile('client/components/app-router-instance'),
    anything({
      react: realm.require('react'),
      './router-reducer/router-reducer-types': TYPES,
      './router-reducer/router-reducer': { reducer },
      '../../shared/lib/is-thenable': realm.evaluate(nextFile('shared/lib/is-thenable'), {}),
    }),
  )
  const queue = createMutableActionQueue({}, null)
  const type = TYPES.ACTION_SERVER_ACTION
  const Promise = runInContext('Promise', realm.context)
  return (call) =>
    new Promise((resolve, reject) => {
      queue.dispatch({ type, call, resolve, reject }, () => {})
    })
}

/** What a file requires besides, for paths that are not taken. */
const anything = (standIns) =>
  new Proxy(standIns, {
    getOwnPropertyDescriptor: (target, key) => ({
      configurable: true,
      enumerable: true,
      value: target[key] ?? {},
    }),
    get: (target, key) => target[key] ?? {},
  })

/** The helpers that code for older browsers imports. */
export function helpers(specifier, realm) {
  return specifier.startsWith('@swc/helpers/') ? realm.require(specifier) : undefined
}
