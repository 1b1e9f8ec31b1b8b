/** The files of one project as Rspack leaves them: compiled all at once, and looked at when they are asked for. */

import { checkSource, emitted, withDirective } from '../_shared/emitted.mjs'
import { isSource } from '../_shared/project.mjs'
import { Reach } from '../_shared/reach.mjs'
import { refusal } from '../_shared/swc-diagnostics.mjs'
import { compile } from './compiler.mjs'

/** The names that inline functions get. */
export const HOISTED = /^\$\$RSC_SERVER_ACTION_\d+$/

/** Copies of the files in which one more directive stands in front. */
const PROBES = {
  client: 'use-server-conformance/client/',
  server: 'use-server-conformance/server/',
}

/** @typedef {import('../_shared/operations.mjs').Transformed} Transformed */

export class Pipeline {
  #mode
  #project
  #reach

  /** @param {Record<string, string>} files @param {'production'|'development'} mode */
  constructor(files, mode) {
    const sources = Object.entries(files).filter(([path]) => isSource(path))
    this.#mode = mode
    this.#project = project(mode, Object.fromEntries(sources))
    this.#reach = new Reach(files, async (path) => (await this.client(path, files[path])).code)
  }

  /** The file as a module of the server graph. @returns {Promise<Transformed>} */
  async server(path, text) {
    checkSource(path)
    const { module, actions } = await this.#project
    const code = accepted(module('server', path), path, text)
    const kind = kindOf(module, path)
    if (kind === 'client') await this.#reach.from(path)
    return { code, kind, functions: (actions.get(path) ?? []).map(serverFunction) }
  }

  /** The file as a module of the client graph. @returns {Promise<Transformed>} */
  async client(path, text) {
    checkSource(path)
    const known = await this.#project
    const { module } = known.module('client', path).code
      ? known
      : await compile(this.#mode, { [path]: text }, ['client'])
    return { code: accepted(module('client', path), path, text), kind: 'none', functions: [] }
  }
}

/** The last projects, because a case asks about the same files more than once. @type {Map<string, Promise<object>>} */
const projects = new Map()
const KEPT = 8

function project(mode, files) {
  const key = JSON.stringify([mode, files])
  if (!projects.has(key))
    projects.set(key, compile(mode, { ...files, ...probes(files) }, ['server', 'client']))
  if (projects.size > KEPT) projects.delete(projects.keys().next().value)
  return projects.get(key)
}

function probes(files) {
  const copies = Object.entries(files)
    .filter(([, text]) => text.includes('use'))
    .flatMap(([path, text]) =>
      Object.entries(PROBES).map(([kind, folder]) => [
        folder + path,
        withDirective(text, `use ${kind}`),
      ]),
    )
  return Object.fromEntries(copies)
}

/** Which kind of module it is, Rspack tells by refusing a second directive. */
function kindOf(module, path) {
  const refuses = (kind) => {
    const { error } = module('server', PROBES[kind] + path)
    return error !== undefined && /both .use client. and .use server./.test(error.message)
  }
  if (refuses('client')) return 'server'
  return refuses('server') ? 'client' : 'none'
}

function accepted({ code, error }, path, text) {
  if (error) throw refusal(error, path, text)
  return emitted(code, path, 'Rspack', text)
}

const serverFunction = ([id, exported]) => ({
  id,
  exported,
  where: HOISTED.test(exported) ? 'inline' : 'export',
  name: exported,
})
