/**
 * One file through plugin-rsc, in the order in which Vite's pipeline does it: TypeScript and JSX are stripped,
 * then `use client` is looked for, then `use server`.
 *
 * The transforms are the plugin's public ones (`@vitejs/plugin-rsc/transforms`), called with the options that
 * its Vite plugins `rsc:use-client` and `rsc:use-server` pass in a build. What they report to their callbacks
 * is what this module tells; generated code is never read.
 */

import { SourceMap } from 'node:module'

import { importFrom } from '../_shared/packages.mjs'
import { isSource, resolve } from '../_shared/project.mjs'
import { Rejected } from '../_shared/protocol.mjs'
import { built } from './bundler.mjs'
import { recognise } from './diagnostics.mjs'

const { parseAstAsync, transformWithOxc } = await importFrom('vite', 'dist/node/index.js')
const {
  findDirectives,
  hasDirective,
  transformDirectiveProxyExport,
  transformExpandExportAll,
  transformServerActionServer,
} = await importFrom('@vitejs/plugin-rsc', 'dist/transforms/index.js')

/** What Vite hands to Oxc; other files reach the parser as they are. */
const STRIPPED = /\.(m?ts|[jt]sx)$/

/** Where transformed code finds the runtime. */
export const RUNTIME = {
  server: 'use-server-conformance:react-server',
  client: 'use-server-conformance:react-client',
  encryption: 'use-server-conformance:encryption',
}

/** @typedef {import('../_shared/operations.mjs').Transformed} Transformed */

/** The transforms for the files of one project. */
export class Pipeline {
  #files
  #development
  #keyOf

  /** @param {Record<string, string>} files @param {{development: boolean, keyOf: (path: string) => string}} options */
  constructor(files, { development, keyOf }) {
    this.#files = files
    this.#development = development
    this.#keyOf = keyOf
  }

  /** The file as a module of the server graph. @returns {Promise<Transformed>} */
  server(path, text) {
    return this.#run(path, text, (file) =>
      file.kind === 'client' ? this.#clientReferences(file) : this.#serverFunctions(file),
    )
  }

  /** The file as a module of the client graph. @returns {Promise<Transformed>} */
  client(path, text) {
    return this.#run(path, text, (file) =>
      file.isServerModule ? this.#proxies(file) : unchanged(file),
    )
  }

  async #run(path, text, transform) {
    if (!isSource(path)) {
      const message = 'only JavaScript and TypeScript files can be imported'
      throw new Rejected('compile', 'syntax', message, { file: path })
    }
    const stripped = await this.#strip(path, text)
    try {
      const transformed = await transform(await parsed(path, stripped.code))
      const code = await built(transformed.code, stripped.code)
      return this.#development ? transformed : { ...transformed, code }
    } catch (error) {
      throw refusal(error, path, stripped)
    }
  }

  async #strip(path, text) {
    if (!STRIPPED.test(path)) return { code: text, map: undefined }
    try {
      return await transformWithOxc(text, `/project/${path}`, {
        jsx: { runtime: 'automatic', development: this.#development },
        sourcemap: true,
      })
    } catch (error) {
      const line = error.errors?.[0]?.loc?.line
      throw new Rejected('compile', 'syntax', sentence(error.message), { file: path, line })
    }
  }

  #clientReferences(file) {
    const { ast, path, isServerModule } = file
    const directives = file.code.includes('use server') ? findDirectives(ast, 'use server') : []
    if (directives.length > 0) {
      const message = "'use server' directive is not allowed inside 'use client'"
      throw Object.assign(new Error(message), { pos: directives[0].start, isServerModule })
    }
    return this.#expanded(file, (code, tree) => {
      const { output } = transformDirectiveProxyExport(tree, {
        code,
        directive: 'use client',
        runtime: (name) =>
          `$$ReactServer.registerClientReference(() => { throw new Error('a client function was called on the server') }, ${quote(path)}, ${quote(name)})`,
      })
      return {
        code: imported('$$ReactServer', RUNTIME.server) + output.toString(),
        kind: 'client',
        functions: [],
      }
    })
  }

  #serverFunctions(file) {
    if (!file.code.includes('use server')) return unchanged(file)
    if (file.isServerModule)
      return this.#expanded(file, (code, ast) => this.#registered(file.path, code, ast, 'server'))
    return this.#registered(file.path, file.code, file.ast, 'none')
  }

  #registered(path, code, ast, kind) {
    const key = this.#keyOf(path)
    const functions = []
    const { output } = transformServerActionServer(code, ast, {
      rejectNonAsyncFunction: true,
      runtime: (value, name, about) => {
        functions.push(kind === 'server' ? exportedFunction(key, name) : inlineFunction(key, name, about))
        return `$$ReactServer.registerServerReference(${value}, ${quote(key)}, ${quote(name)})`
      },
      encode: (value, name) => {
        functions.at(-1).captures ??= value.slice(1, -1).split(', ')
        return `$$encryption.encryptActionBoundArgs(${value}, ${quote(`${key}#${name}`)})`
      },
      decode: (value, name) =>
        `await $$encryption.decryptActionBoundArgs(${value}, ${quote(`${key}#${name}`)})`,
    })
    for (const what of functions) what.captures ??= []
    if (!output.hasChanged()) return { code, kind, functions }
    const runtime =
      imported('$$encryption', RUNTIME.encryption) + imported('$$ReactServer', RUNTIME.server)
    return { code: runtime + output.toString(), kind, functions }
  }

  #proxies(file) {
    return this.#expanded(file, (code, ast) => {
      const key = this.#keyOf(file.path)
      const functions = []
      const { output } = transformDirectiveProxyExport(ast, {
        code,
        directive: 'use server',
        rejectNonAsyncFunction: true,
        runtime: (name) => {
          functions.push(exportedFunction(key, name))
          return `$$ReactClient.createServerReference(${quote(`${key}#${name}`)})`
        },
      })
      return {
        code: imported('$$ReactClient', RUNTIME.client) + output.toString(),
        kind: 'server',
        functions,
      }
    })
  }

  /** `export *` becomes a list of names first, read from the modules it names; 0.4 does not know it. */
  async #expanded({ path, code, ast }, transform) {
    if (!transformExpandExportAll) return transform(code, ast)
    const resolveFrom = (specifier, importer) => resolve(this.#files, specifier, importer)
    const load = async (target) =>
      (await parsed(target, (await this.#strip(target, this.#files[target])).code)).ast
    const expanded = await transformExpandExportAll({
      code,
      ast,
      importer: path,
      resolve: resolveFrom,
      load,
    })
    return expanded
      ? transform(expanded.code, await parseAstAsync(expanded.code))
      : transform(code, ast)
  }
}

async function parsed(path, code) {
  const ast = await parseAstAsync(code)
  const isServerModule = hasDirective(ast.body, 'use server')
  const kind = hasDirective(ast.body, 'use client') ? 'client' : isServerModule ? 'server' : 'none'
  return { path, code, ast, kind, isServerModule }
}

const exportedFunction = (key, name) => ({
  id: `${key}#${name}`,
  exported: name,
  where: 'export',
  name,
  captures: [],
})

/**
 * An inline function is exported under a made-up name that ends in its own, or says that it has none. What it captures 0.4
 * tells when the captures are encoded.
 */
function inlineFunction(key, exported, { bindVars }) {
  const own = exported.replace(/^\$\$hoist_\d+_/, '')
  const name = own === 'anonymous_server_function' ? null : own
  return { id: `${key}#${exported}`, exported, where: 'inline', name, captures: bindVars }
}

const unchanged = ({ code, kind }) => ({ code, kind, functions: [] })
const quote = (text) => JSON.stringify(text)
const imported = (name, source) => `import * as ${name} from ${quote(source)};`
/** A message of Rolldown or Oxc without its colours, its headline and its drawing of the place. */
const sentence = (text) =>
  plain(text)
    .split('\n')
    .find((line) => line.trim() && !/failed with \d+ error/.test(line)) ?? text
const plain = (text) => text.replace(/\x1b\[[0-9;]*m/g, '')

/** What the plugin or its parser threw, with the place in the file as its author wrote it. */
function refusal(error, path, { code, map }) {
  if (error instanceof Rejected) return error
  const before = typeof error.pos === 'number' ? code.slice(0, error.pos).split('\n') : undefined
  const line = before && originalLine(map, before.length - 1, before.at(-1).length)
  return new Rejected('compile', recognise(error, code), sentence(String(error.message)), {
    file: path,
    line,
  })
}

function originalLine(map, line, column) {
  const found = map ? new SourceMap(map).findEntry(line, column).originalLine : line
  return found === undefined ? undefined : found + 1
}
