/**
 * Which cases a build is likely to refuse: those with a file that Next's SWC transform refuses for the server, or of which it
 * makes something that is no module.
 *
 * This decides only what is built with what. Whether a case is refused, a build says.
 */

import { SourceTextModule } from 'node:vm'

import { require } from '../_shared/packages.mjs'
import { isSource } from '../_shared/project.mjs'

const swc = require('next/dist/build/swc')
const { getLoaderSWCOptions } = require('next/dist/build/swc/options')

/** @param {Map<string, {files: Record<string, string>}>} cases @returns {Promise<Map<string, object>>} */
export async function suspects(cases) {
  await swc.loadBindings(false)
  const found = new Map()
  for (const [name, request] of cases)
    for (const [path, text] of Object.entries(request.files))
      if (isSource(path) && !(await passes(path, text))) found.set(name, request)
  return found
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
