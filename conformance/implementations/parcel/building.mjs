/**
 * The process that builds: a server entry, the modules of a case and its client program by a real build of Parcel, in a folder
 * that lasts as long as the build. One request, one reply. React and its bindings are left out of the bundles, which read them
 * from one global of their realm.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'

import { require } from '../_shared/packages.mjs'
import { isSource } from '../_shared/project.mjs'
import { GLOBAL } from './builder.mjs'
import { refusal } from './diagnostics.mjs'

const { createWorkerFarm, Parcel } = require('@parcel/core')
const CONFIG = require.resolve('@parcel/config-default')

const ALIAS = Object.fromEntries(
  Object.entries({
    react: 'react',
    'react-dom': 'reactDom',
    'react/jsx-runtime': 'jsx',
    'react/jsx-dev-runtime': 'jsxDev',
    'react-server-dom-parcel/server.edge': 'runtime',
    'react-server-dom-parcel/client': 'runtime',
  }).map(([name, member]) => [name, { global: `${GLOBAL}.${member}` }]),
)
const PROJECT = {
  'package.json': JSON.stringify({
    name: 'project',
    dependencies: { react: '19.3.1' },
    browserslist: 'last 1 chrome version',
    alias: { ...ALIAS, '@/**': './$1' },
  }),
  // By a lock file Parcel knows the root of a project.
  'yarn.lock': '',
}

/** A folder of a project that holds what this adapter adds. */
const ADDED = 'use-server-conformance'
const ENTRY = `${ADDED}/server.js`

// No second thread: builds come one after the other, and are small.
const workerFarm = createWorkerFarm({ maxConcurrentWorkers: 0, useLocalWorker: true })

/** @param {import('./builder.mjs').Wanted} wanted @returns {Promise<import('./builder.mjs').Built>} */
async function build(wanted) {
  const root = mkdtempSync(join(tmpdir(), `${ADDED}-`))
  try {
    write(root, { ...packages(wanted.files), ...wanted.files, ...PROJECT, ...added(wanted) })
    return await bundled(root, wanted)
  } catch (error) {
    throw refusal(error, root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function write(root, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** A folder of node_modules is a package when it says so. */
function packages(files) {
  const names = Object.keys(files).map(
    (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1],
  )
  const known = [...new Set(names)].filter(Boolean)
  return Object.fromEntries(
    known.map((name) => [`node_modules/${name}/package.json`, JSON.stringify({ name })]),
  )
}

/**
 * The server entry; what it gives to the client it imports from a client module, as an application would. Of modules that
 * nobody imports Parcel knows nothing, unless they are asked for; then they are built and not evaluated.
 */
function added({ files, entry, client, everything, only }) {
  const sources = Object.keys(files).filter((path) => isSource(path) && path !== client)
  const others = everything ? sources : sources.filter((path) => path === only)
  const imports = [
    entry && `import * as entry from '../${entry}'; export { entry }`,
    client && `export { program } from './client.js'`,
    others.length > 0 && `export const others = () => [${others.map((path) => `require('../${path}')`)}]`,
  ]
  return {
    [ENTRY]: imports.filter(Boolean).join('\n'),
    ...(client && {
      [`${ADDED}/client.js`]: `'use client'; export * as program from '../${client}'`,
    }),
  }
}

async function bundled(root, { mode, optimized = false }) {
  const options = {
    shouldScopeHoist: mode === 'production',
    shouldOptimize: optimized,
    sourceMaps: false,
  }
  const parcel = new Parcel({
    entries: join(root, ENTRY),
    config: CONFIG,
    mode,
    workerFarm,
    shouldDisableCache: true,
    cacheDir: join(root, '.parcel-cache'),
    logLevel: 'none',
    defaultTargetOptions: options,
    targets: {
      server: {
        distDir: join(root, 'dist'),
        context: 'react-server',
        engines: { node: '20' },
        outputFormat: 'commonjs',
        includeNodeModules: true,
        scopeHoist: options.shouldScopeHoist,
        optimize: optimized,
        sourceMap: false,
      },
    },
  })
  const { bundleGraph } = await parcel.run()
  const bundles = bundleGraph.getBundles()
  const text = ({ filePath }) => readFileSync(filePath, 'utf8')
  const texts = (of) =>
    new Map(bundles.filter(of).map((bundle) => [basename(bundle.filePath), text(bundle)]))
  return {
    server: texts(({ env }) => env.context === 'react-server'),
    client: texts(({ env }) => env.isBrowser()),
    modules: modulesOf(bundleGraph, bundles, root),
  }
}

function modulesOf(bundleGraph, bundles, root) {
  const modules = new Map()
  for (const bundle of bundles)
    bundle.traverseAssets((asset) => {
      const path = relative(root, asset.filePath)
      const { directives = [] } = asset.meta
      if (!path.startsWith('..') && !path.startsWith(ADDED) && !modules.has(path))
        modules.set(path, { path, id: bundleGraph.getAssetPublicId(asset), directives })
    })
  return [...modules.values()]
}

process.on('message', async (wanted) => {
  try {
    process.send({ built: await build(wanted) })
  } catch (error) {
    const { phase, code, message, place } = error
    process.send(
      phase ? { refused: [phase, code, message, place] } : { defect: String(error.stack) },
    )
  }
})
