/** What a transform emits, before anybody loads it. */

import { SourceTextModule } from 'node:vm'

import { require } from './packages.mjs'
import { isSource } from './project.mjs'
import { Rejected } from './protocol.mjs'

const PLAIN = /\.[cm]?js$/

/** Only JavaScript and TypeScript are for transforms. */
export function checkSource(path) {
  if (isSource(path)) return
  const message = 'only JavaScript and TypeScript files can be imported'
  throw new Rejected('compile', 'syntax', message, { file: path })
}

/** What Node.js 20 says of patterns that are newer than it is: of modifiers, and of one name in two alternatives. */
const NEWER = /^Invalid regular expression: .*: (?:Invalid group|Duplicate capture group name)$/s

/** Whether it is about a pattern that is newer than Node.js, which nobody can blame on what wrote it. */
export const isNewerPattern = ({ message }) => NEWER.test(message)

/**
 * The code, refused when it is no module.
 * @param {string} [original] what the file was before; when it was no module either, the place in it is told
 */
export function emitted(code, path, writer, original) {
  const error = syntaxError(code)
  if (!error) return code
  const line = PLAIN.test(path) && original !== undefined ? lineOf(original) : undefined
  const message = `what ${writer} makes of ${path} does not parse: ${error.message}`
  throw new Rejected('compile', 'syntax', message, { file: path, line })
}

/** Whether the code is a module. */
export const isModule = (code) => syntaxError(code) === undefined

function syntaxError(code) {
  try {
    return void new SourceTextModule(code)
  } catch (error) {
    return isNewerPattern(error) ? undefined : error
  }
}

/** node:vm does not tell where a mistake is; acorn does, which comes with react-server-dom-webpack. */
function lineOf(text) {
  const acorn = require('acorn')
  try {
    acorn.parse(text, { ecmaVersion: 'latest', sourceType: 'module' })
    return undefined
  } catch ({ loc }) {
    return loc?.line
  }
}

/** The file with one more directive, behind the hashbang if it has one. */
export const withDirective = (text, directive) =>
  text.replace(/^(?:#!.*(?:\r\n|[\n\r\u2028\u2029]))?/, `$&'${directive}';`)
