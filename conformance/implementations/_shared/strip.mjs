/** TypeScript and JSX taken out by esbuild, for implementations that leave it to Vite. */

import { require } from './packages.mjs'
import { Rejected } from './protocol.mjs'

const esbuild = require('esbuild')
/** What Vite hands to esbuild; other files reach the parser as they are. */
const STRIPPED = /\.(m?ts|[jt]sx)$/

/** The file as JavaScript. */
export async function stripped(path, text) {
  const [, extension] = STRIPPED.exec(path) ?? []
  if (!extension) return text
  const options = {
    loader: extension.replace('mts', 'ts'),
    jsx: 'automatic',
    target: 'esnext',
    sourcefile: path,
  }
  try {
    return (await esbuild.transform(text, options)).code
  } catch ({ errors: [first] }) {
    throw new Rejected('compile', 'syntax', first.text, { file: path, line: first.location?.line })
  }
}
