/**
 * The files of one project as CommonJS modules, under React's hook of `Module.prototype._compile`.
 *
 * The hook is made for CommonJS, so modules are turned into that by Babel first, as React's own fixtures do it. In the server's
 * module graph there is a facade for each of them, which has it evaluated.
 */

import { fileURLToPath } from 'node:url'

import { require } from '../_shared/packages.mjs'
import { resolve } from '../_shared/project.mjs'
import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { checkPlain } from '../_shared/registering-loaders.mjs'
import { checkScript, CommonJS, filenameOf, kindOf } from './commonjs.mjs'

const babel = require('@babel/core')

const PLUGINS = [
  require.resolve('@babel/plugin-transform-dynamic-import'),
  require.resolve('@babel/plugin-transform-export-namespace-from'),
  require.resolve('@babel/plugin-transform-modules-commonjs'),
].map((plugin) => babel.createConfigItem(plugin, { type: 'plugin' }))
const GRAPH = 'use-server-conformance:commonjs'

/** What a module can say and CommonJS cannot. */
const BEYOND = {
  AwaitExpression: topLevelAwait,
  ForOfStatement: (at) => void (at.node.await && topLevelAwait(at)),
  MetaProperty: ({ node }) => void (node.meta.name === 'import' && beyond('import.meta')),
}

function topLevelAwait(at) {
  if (!at.getFunctionParent()) beyond('top-level await')
}

function beyond(what) {
  throw new Unsupported(`CommonJS has no ${what}`)
}

/** The modules of each world that has loaded one. @type {WeakMap<object, CommonJS>} */
const graphs = new WeakMap()

/** One project. */
export class Loader {
  #files
  /** What Babel makes of the files, by path. @type {Map<string, string>} */
  #compiled = new Map()

  /** @param {Record<string, string>} files */
  constructor(files) {
    this.#files = files
  }

  /** The file as a module of the server graph; its functions are known when it has been loaded. */
  async server(path) {
    const kind = kindOf(path, this.compiled(path))
    return { code: facade(path), kind, functions: [] }
  }

  /** The file as CommonJS. */
  compiled(path) {
    if (!this.#compiled.has(path)) this.#compiled.set(path, commonJS(path, this.#files[path]))
    return this.#compiled.get(path)
  }

  /** The path of the file that a specifier means, or undefined. */
  resolve(specifier, importer) {
    return resolve(this.#files, specifier, importer)
  }

  host(specifier, world, runtime) {
    if (specifier !== GRAPH) return undefined
    if (!graphs.has(world)) graphs.set(world, new CommonJS(this, world.application, runtime))
    const graph = graphs.get(world)
    return { load: (path) => graph.load(path) }
  }

  exportsOf(path, world) {
    return graphs.get(world).load(path)
  }

  pathOf(url) {
    return fileURLToPath(url).slice(filenameOf('').length)
  }

  /** Babel assigns what is hoisted first, and the hook goes through the keys. */
  inSourceOrder(path, functions) {
    const names = exportedNames(babel.parseSync(this.#files[path], optionsFor(path)).program)
    const place = ({ name }) => (names.includes(name) ? names.indexOf(name) : names.length)
    return functions.toSorted((one, other) => place(one) - place(other))
  }
}

function commonJS(path, text) {
  checkPlain(path)
  try {
    const options = { ...optionsFor(path), plugins: PLUGINS }
    const { ast, code } = babel.transformSync(text, { ...options, ast: true })
    babel.traverse(ast, BEYOND)
    checkScript(path, code)
    return code
  } catch (error) {
    if (error instanceof Unsupported) throw error
    throw new Rejected('compile', 'syntax', error.message, { file: path, line: error.loc?.line })
  }
}

const optionsFor = (path) => ({
  filename: filenameOf(path),
  configFile: false,
  babelrc: false,
  compact: false,
  sourceType: 'module',
})

/** The names under which a module says it exports something, in their order. */
function exportedNames({ body }) {
  return body.flatMap(({ type, declaration, specifiers = [] }) => {
    if (type === 'ExportDefaultDeclaration') return ['default']
    if (type !== 'ExportNamedDeclaration') return []
    if (declaration) return Object.keys(babel.types.getOuterBindingIdentifiers(declaration))
    return specifiers.map(({ exported }) => exported.name ?? exported.value)
  })
}

/** Evaluates a file when its turn comes. */
const facade = (path) =>
  `import { load } from ${JSON.stringify(GRAPH)}; load(${JSON.stringify(path)})`
