/**
 * Which cases a build is likely to refuse: those with a file that Next's SWC transform refuses for the server, or of which it
 * makes something that is no module; and those that seem to import what is not there.
 *
 * This decides only what is built with what. Whether a case is refused, a build says.
 */

import { SourceTextModule } from 'node:vm'

import { require } from '../_shared/packages.mjs'
import { isSource, resolve } from '../_shared/project.mjs'
import { filesWithClient } from './application.mjs'

const swc = require('next/dist/build/swc')
const { getLoaderSWCOptions } = require('next/dist/build/swc/options')

const IMPORT =
  /\b(?:import|export)\b([^'"`;()]*?)\bfrom\s*(['"])(\.[^'"]*)\2|\bimport\s*\(?\s*(['"])(\.[^'"]*)\4/g

/** @param {Map<string, object>} cases requests by name @returns {Promise<Map<string, object>>} */
export async function suspects(cases) {
  await swc.loadBindings(false)
  const found = new Map()
  for (const [name, request] of cases) {
    const files = filesWithClient(request)
    const sources = Object.entries(files).filter(([path]) => isSource(path))
    const links = sources.every(([path, text]) => hasAllImports(files, path, text))
    if (!links || !(await allPass(request.files))) found.set(name, request)
  }
  return found
}

/** Is there a file for every import, and do the names that are imported occur in it? */
function hasAllImports(files, path, text) {
  return [...text.matchAll(IMPORT)].every(([, names = '', , from, , alone]) => {
    const target = resolve(files, from ?? alone, path)
    if (target === undefined) return false
    const [, listed = ''] = /\{([^}]*)\}/.exec(names) ?? []
    const wanted = listed.split(',').map((one) => one.trim().split(/\s/)[0])
    const isDefault = /^\s*[\w$]+\s*(?:,|$)/.test(names)
    const all = [
      ...wanted.filter((one) => /^\w+$/.test(one) && one !== 'type'),
      ...(isDefault ? ['default'] : []),
    ]
    return files[target].includes('export *') || all.every((one) => exportsName(files[target], one))
  })
}

/** Does it look as if the module had an export of this name? */
function exportsName(text, name) {
  if (name === 'default') return /\bexport\s+default\b|\bas\s+default\b/.test(text)
  const listed = [...text.matchAll(/\bexport\s*(?:type\s*)?\{([^}]*)\}/g)].flatMap(([, list]) =>
    list.split(',').map((one) => one.trim().split(/\s+/).at(-1)),
  )
  const declared = new RegExp(
    `\\bexport\\s+(?:(?:const|let|var)\\b[^;]*?|(?!default)[\\w*\\s]*?)\\b${name}\\b`,
  )
  return listed.includes(name) || declared.test(text)
}

async function allPass(files) {
  for (const [path, text] of Object.entries(files))
    if (isSource(path) && !(await passes(path, text))) return false
  return true
}

async function passes(path, text) {
  const options = getLoaderSWCOptions({
    filename: `/${path}`,
    development: false,
    isServer: true,
    appDir: '/app',
    isPageFile: false,
    compilerOptions: {},
    serverComponents: true,
    serverReferenceHashSalt: '',
    bundleLayer: 'rsc',
    esm: true,
    relativeFilePathFromRoot: path,
    swcPlugins: [],
    pageExtensions: ['tsx', 'ts', 'jsx', 'js'],
    useCacheEnabled: false,
    isCacheComponents: false,
    taintEnabled: false,
    trackDynamicImports: false,
  })
  try {
    const { code } = await swc.transform(text, { ...options, filename: `/${path}` })
    return Boolean(new SourceTextModule(code))
  } catch {
    return false
  }
}
