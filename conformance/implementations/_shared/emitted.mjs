/** What a transform emits, before anybody loads it. */

import { SourceTextModule } from 'node:vm'

import { isSource } from './project.mjs'
import { Rejected } from './protocol.mjs'

/** Only JavaScript and TypeScript are for transforms. */
export function checkSource(path) {
  if (isSource(path)) return
  const message = 'only JavaScript and TypeScript files can be imported'
  throw new Rejected('compile', 'syntax', message, { file: path })
}

/** The code, refused when it is no module; regular expressions are for the engine that runs them. */
export function emitted(code, path, writer) {
  try {
    return new SourceTextModule(code) && code
  } catch (error) {
    if (error.message.startsWith('Invalid regular expression')) return code
    const message = `what ${writer} makes of ${path} does not parse: ${error.message}`
    throw new Rejected('compile', 'syntax', message, { file: path })
  }
}
