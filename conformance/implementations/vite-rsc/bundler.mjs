/** Rolldown, in which every build of Vite ends: what it refuses, and what it ships. */

import { importFrom } from '../_shared/packages.mjs'

const { rolldown } = await importFrom('rolldown', 'dist/index.mjs')

/**
 * Rolldown's verdict on a module of its own: Vite's builds end there, and early errors are first found by it.
 * When the file was wrong before it was transformed, the place in it is the one that helps.
 */
export async function accepted(code, before) {
  try {
    await bundle(code)
  } catch (error) {
    if (code === before) throw error
    await bundle(before)
    throw Object.assign(error, { pos: undefined })
  }
}

/** A module as a production build ships it: without comments, with short names. */
export const minified = async (code) => (await bundle(code, { minify: true })).output[0].code

async function bundle(code, options = {}) {
  const only = {
    name: 'the only module',
    resolveId: (id) => (id === 'module.js' ? id : { id, external: true }),
    load: () => code,
  }
  const build = await rolldown({
    input: 'module.js',
    plugins: [only],
    treeshake: false,
    logLevel: 'silent',
  })
  try {
    return await build.generate(options)
  } catch ({ errors: [first] }) {
    throw Object.assign(new Error(first.message), {
      code: first.code,
      pos: first.loc && offset(code, first.loc),
    })
  } finally {
    await build.close()
  }
}

const offset = (code, { line, column }) =>
  code
    .split('\n')
    .slice(0, line - 1)
    .join('\n').length +
  (line > 1 ? 1 : 0) +
  column
