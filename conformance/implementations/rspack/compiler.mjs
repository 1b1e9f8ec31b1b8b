/**
 * The files of a project through Rspack: builtin:swc-loader with reactServerComponents in the layer of the server and in that
 * of the client, and the pair of RSC plugins, which know the actions of every module.
 *
 * All files are entries and all imports are external, so modules stay apart, and what a file becomes is the source of its
 * module in the statistics of the build.
 */

import { importFrom } from '../_shared/packages.mjs'

const { rspack } = await importFrom('@rspack/core', 'dist/index.js')
const { createPlugins, Layers } = rspack.experiments.rsc

/** The module as it is shipped to browsers. */
export const minified = async (code) =>
  (await rspack.experiments.swc.minify(code, { compress: true, mangle: true, module: true })).code

const LAYERS = { server: Layers.rsc, client: Layers.ssr }
const FILE = /!\/(.*)\|(.*)$/
const ACTIONS = /\|builtin:rsc-action-entry-loader\?([^!]*)/

/**
 * @typedef {object} Module
 * @property {string} code
 * @property {Error} [error] the first that Rspack reports for it
 */

/**
 * @param {'production'|'development'} mode
 * @param {Record<string, string>} files
 * @param {('server'|'client')[]} sides
 * @returns {Promise<{module: (side: string, path: string) => Module, actions: Map<string, [id: string, exported: string][]>}>}
 */
export async function compile(mode, files, sides) {
  const { modules, errors } = await built(configurations(mode, files, sides))
  const sources = new Map()
  const actions = new Map()
  for (const { identifier = '', source } of modules) {
    const [, path, layer] = FILE.exec(plain(identifier)) ?? []
    if (path) sources.set(`${layer}:${path}`, source)
    for (const [file, known] of actionsIn(identifier)) actions.set(file.slice(1), known)
  }
  const module = (side, path) => ({
    code: sources.get(`${LAYERS[side]}:${path}`),
    error: errors.find(({ moduleIdentifier }) =>
      plain(moduleIdentifier ?? '').endsWith(`!/${path}|${LAYERS[side]}`),
    ),
  })
  return { module, actions }
}

function actionsIn(identifier) {
  const [, query] = ACTIONS.exec(identifier) ?? []
  return query ? Object.entries(JSON.parse(new URLSearchParams(query).get('actions'))) : []
}

/** A number sign and a question mark have a meaning in requests, and in identifiers a mark before them. */
const request = (path) => `/${path}`.replace(/[#?]/g, '\0$&')
const plain = (identifier) => identifier.replace(/\u200b(?=[#?])/g, '')

function configurations(mode, files, sides) {
  const { ServerPlugin, ClientPlugin } = createPlugins()
  const onDisk = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/${path}`, text]))
  const entries = sides.flatMap((side) =>
    Object.keys(files).map((path) => [
      `${side}/${path}`,
      { import: request(path), layer: LAYERS[side] },
    ]),
  )
  const common = {
    context: '/',
    mode,
    devtool: false,
    externalsType: 'commonjs',
    externals: [
      ({ request, contextInfo }, callback) =>
        callback(null, contextInfo.issuer ? request : undefined),
    ],
    module: { rules: [{ test: /\.[cm]?[jt]sx?$/, type: 'javascript/auto', use: LOADER }] },
    optimization: { minimize: false, concatenateModules: false },
    output: { path: '/dev/null' },
  }
  return [
    {
      ...common,
      name: 'server',
      target: 'node',
      entry: Object.fromEntries(entries),
      plugins: [
        new rspack.experiments.VirtualModulesPlugin(onDisk),
        new ServerPlugin(),
        withoutOutput,
      ],
    },
    {
      ...common,
      name: 'client',
      target: 'web',
      entry: {},
      plugins: [new ClientPlugin(), withoutOutput],
    },
  ]
}

const LOADER = {
  loader: 'builtin:swc-loader',
  options: {
    detectSyntax: 'auto',
    jsc: { target: 'esnext', transform: { react: { runtime: 'automatic' } } },
    rspackExperiments: { reactServerComponents: true },
  },
}

const withoutOutput = {
  apply: ({ hooks }) => hooks.shouldEmit.tap('use-server-conformance', () => false),
}

const STATISTICS = {
  all: false,
  modules: true,
  nestedModules: true,
  source: true,
  errors: true,
  moduleTrace: false,
}

function built(options) {
  const compiler = rspack(options)
  return new Promise((resolve, reject) => {
    compiler.run((defect, statistics) => {
      const [server] = defect ? [] : statistics.toJson(STATISTICS).children
      compiler.close(() => (defect ? reject(defect) : resolve(server)))
    })
  })
}
