/**
 * The application that cases share: what stands in `application/`, and for every case a folder with its files and a route
 * with its page.
 *
 * Rules of this module:
 * - A file of a case is written as it is, but for `@/`, which Turbopack would take for the root of the application: it becomes
 *   the way to the root of the case.
 * - What a case declares on the server is loaded when its page is asked for, and its client program in the browser, so that
 *   no case is evaluated while another is built.
 */

import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { inPackage } from '../_shared/packages.mjs'
import { isSource } from '../_shared/project.mjs'

const TEMPLATE = new URL('application/', import.meta.url).pathname
const SHARED = new URL('../_shared/', import.meta.url).pathname
/** A specifier that begins with the root of the project. */
const ROOTED = /((?:\bfrom|\bimport)\s*\(?\s*['"])@\//g
const CLIENT = 'client.js'

/** The folder of the files of a case, and of its route. */
export const filesOf = (name) => `cases/${name}`
export const routeOf = (name) => `app/${name}`

/** The application without any case. */
export function begin(root) {
  cpSync(TEMPLATE, root, { recursive: true })
  for (const name of readdirSync(SHARED).filter((file) => /^notation.*\.mjs$/.test(file)))
    cpSync(join(SHARED, name), join(root, 'conformance', name))
  write(root, { 'package.json': JSON.stringify({ name: 'application', private: true }) })
  symlinkSync(inPackage('.', ''), join(root, 'node_modules'))
}

/** @param {string} root @param {string} name @param {object} request */
export function add(root, name, request) {
  write(join(root, filesOf(name)), {
    ...packages(request.files),
    ...rooted(filesWithClient(request)),
  })
  write(join(root, routeOf(name)), {
    'page.js': page(name, request),
    'client.js': client(name, request),
  })
}

export function remove(root, name) {
  for (const folder of [filesOf(name), routeOf(name)])
    rmSync(join(root, folder), { recursive: true, force: true })
}

/** The files of a case, its client program among them. */
export function filesWithClient({ files, client, client_file: path = CLIENT }) {
  return client === undefined ? files : { ...files, [path]: client }
}

function rooted(files) {
  const way = (path) => './' + '../'.repeat(path.split('/').length - 1)
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replace(ROOTED, `$1${way(path)}`)]),
  )
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

function write(root, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** The route: what the client receives, what an export holds when that is asked, and whatever else the case declares. */
function page(name, { op, files, entry, args = [], watch, client_file = CLIENT }) {
  const [entryPath, entryName] = split(entry)
  const [watchPath, watchName] = split(watch)
  const others = ['exposes', 'withholds', 'dispatch'].includes(op)
    ? Object.keys(files).filter((path) => isSource(path) && path !== client_file)
    : []
  return `
import { createElement } from 'react'
import { entryValue, watched } from '../../conformance/page.js'
import { Client } from './client.js'

export const dynamic = 'force-dynamic'

const entry = ${entryPath ? `() => import(${specifier(name, entryPath)})` : 'undefined'}
const watch = ${watchPath ? `() => import(${specifier(name, watchPath)})` : 'undefined'}
/** Part of the application, and loaded by nobody. */
export const unstable_others = () => [${others.map((path) => `import(${specifier(name, path)})`)}]

export default async function Page({ searchParams }) {
  if ('watch' in (await searchParams))
    return createElement('output', { id: 'watched' }, await watched(watch, ${JSON.stringify(watchName)}))
  const received = entry && entryValue(entry, ${JSON.stringify(entryName)}, ${JSON.stringify(args)})
  return createElement(Client, { received })
}
`
}

/** The client's half: the program, loaded in a browser only; or the forms of a page. */
function client(name, { op, client, client_file: path = CLIENT, page, javascript }) {
  if (op === 'forms' && !javascript)
    return `'use client'
import { formsOf } from '../../conformance/forms.js'
export const Client = formsOf(${JSON.stringify(page)})
`
  const program = client === undefined ? 'undefined' : `() => import(${specifier(name, path)})`
  return `'use client'
import { clientOf } from '../../conformance/client.js'
export const Client = clientOf(${program})
`
}

const specifier = (name, path) => JSON.stringify(`../../${filesOf(name)}/${path}`)

export function split(place) {
  const at = place?.lastIndexOf('#')
  return place ? [place.slice(0, at), place.slice(at + 1)] : []
}

/** The case, and the path in it, of a file as Turbopack names it, if it is one of a case. */
export function caseOf(file) {
  const [, name, path] = /(?:^|\/)(?:cases|app)\/(c\d+)\/(.*)$/.exec(file) ?? []
  return name ? { name, path } : undefined
}
