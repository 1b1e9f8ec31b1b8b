/**
 * Rolldown, in which every build of Vite ends: what it refuses, and what it makes of a module.
 *
 * Modules stay apart here, as if each were a chunk of its own, so that the two graphs can be linked and observed.
 */

import { isModule } from '../_shared/emitted.mjs'
import { importFrom } from '../_shared/packages.mjs'

const { rolldown } = await importFrom('rolldown', 'dist/index.mjs')

/**
 * The module as a build leaves it. Early errors are first found here; when the file was wrong before it was
 * transformed, the place in it is the one that helps.
 */
export async function built(code, before) {
  try {
    return await bundle(code)
  } catch (error) {
    if (code === before) throw error
    await bundle(before)
    throw Object.assign(error, { pos: undefined })
  }
}

/** The module as it is shipped to browsers: without comments, with short names. */
export const minified = (code) => bundle(code, { minify: true })

async function bundle(code, options = {}) {
  const only = {
    name: 'the only module',
    resolveId: (id) => (id === 'module.js' ? id : { id, external: true }),
    load: () => code,
  }
  const build = await rolldown({
    input: 'module.js',
    plugins: [only],
    logLevel: 'silent',
  })
  try {
    const { output } = await build.generate(options)
    // Of a module that throws where it begins, Rolldown (1.2.19) drops what comes after, but for the exports: that is no
    // module. Nobody sees it in the bundle of whoever imports the module.
    return isModule(output[0].code) ? output[0].code : code
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
