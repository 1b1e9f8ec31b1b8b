/** One file through the directives of Solid Start, for the server or for the client; types are taken out afterwards. */

import { checkSource, emitted } from '../_shared/emitted.mjs'
import { importFrom } from '../_shared/packages.mjs'
import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { stripped } from '../_shared/strip.mjs'

const { compile } = await importFrom('@solidjs/start', 'dist/directives/compile.js')

/** Where compiled code finds the runtime. */
export const RUNTIME = {
  server: 'use-server-conformance:server',
  client: 'use-server-conformance:client',
}
const MARK = 'useServerConformanceMark'

/** @typedef {import('../_shared/operations.mjs').Transformed} Transformed */

/** @param {'server'|'client'} mode @returns {Promise<Transformed>} */
export async function transformed(mode, path, text) {
  checkSource(path)
  const { valid, code } = await compiled(mode, path, text)
  return {
    code: emitted(await stripped(path, code), path, 'Solid Start', text),
    kind: valid && (await isServerModule(path, text)) ? 'server' : 'none',
    functions: [],
    registers: valid,
  }
}

/** For the client nothing remains of a server module but its functions: a statement that is added is gone. */
async function isServerModule(path, text) {
  const { code } = await compiled('client', path, `${text}\n;globalThis.${MARK}()`)
  return !code.includes(MARK)
}

async function compiled(mode, path, text) {
  if (/<[A-Za-z>]/.test(text) && /\.[jt]sx$/.test(path))
    throw new Unsupported('the JSX of Solid is another one than that of React')
  const named = (name) => ({ kind: 'named', name, source: RUNTIME[mode] })
  try {
    return await compile(`/${path}`, text, {
      directive: 'use server',
      mode,
      env: 'production',
      definitions: {
        register: named('createServerReference'),
        clone: named('cloneServerReference'),
      },
    })
  } catch (error) {
    const code = error.code === 'BABEL_PARSE_ERROR' ? 'syntax' : 'unrecognised'
    // Babel begins with the path of the file below the current folder.
    const message = error.message.split('\n')[0].replace(/^\/\S*: /, '')
    throw new Rejected('compile', code, message, { file: path, line: error.loc?.line })
  }
}
