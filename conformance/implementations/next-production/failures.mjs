/**
 * What went wrong, as phases and codes.
 *
 * Rules of this module:
 * - An error that came from the server has a digest, under which the server remembers what it was.
 * - What Next's client makes of an answer, the texts of its errors tell.
 * - An error on the server whose stack has no frame of the application was met while a message was decoded.
 */

import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { unsupportedValue } from '../_shared/refusals.mjs'
import { recogniseLoad } from '../_shared/swc-diagnostics.mjs'

const ON_THE_CLIENT = [
  [/^Server Action ".*" was not found on the server/s, 'dispatch', 'unknown-function'],
  [/^An unexpected response was received from the server/, 'call', 'network.unknown'],
  [/^Internal Server Error$|^fetch failed|^Connection closed/, 'call', 'network.unknown'],
]
const ON_THE_SERVER = [
  [/^Body exceeded .* limit/, 'dispatch', 'body-too-large'],
  [/^Invalid Server Actions request/, 'dispatch', 'origin-refused'],
  // Met by Next.js itself while it prepares an answer.
  [/^Invalid URL$|^Cannot consume a ReactServerResult/, 'call', 'network.unknown'],
  // What the decryption of captures ends with, whose code is in the same files as the application's.
  [/^The string to be decoded is not correctly|^Invalid character$/, 'decode', 'malformed'],
  [/^The provided data is too small|^Cipher job failed/, 'decode', 'malformed'],
  [/^The operation failed for an operation-specific|^Invalid Server Action/, 'decode', 'malformed'],
]

const messageOf = (error) => String(error?.message ?? error)

function recognised(messages, message) {
  const [, phase, code] = messages.find(([text]) => text.test(message)) ?? []
  return phase && new Rejected(phase, code, message)
}

/** @param {unknown} error as a client program, or this adapter, met it */
export async function failureOf(error, server, window) {
  if (error instanceof Rejected || error instanceof Unsupported) return error
  const { errors } = await server.report()
  const remembered = error?.digest && errors[error.digest]
  if (remembered) return ofServer(remembered)
  const message = messageOf(error)
  if (window.models.has(Object(error))) {
    const code = unsupportedValue(error, window.models.get(error)) ?? ofBuiltIn(error)
    if (code) return new Rejected('encode', code, message)
  }
  return recognised(ON_THE_CLIENT, message) ?? new Rejected('call', 'thrown', message)
}

/** An error of the server: ours, Next's, React's or the application's. */
export function ofServer({ message, stack, step }) {
  if (step) return new Rejected(step.phase, step.code, message)
  const known = recognised(ON_THE_SERVER, message)
  if (known) return known
  if (/^\s+at module evaluation /m.test(stack))
    return new Rejected('load', recogniseLoad({ message }) ?? 'thrown', message)
  const code =
    unsupportedValue({ message, stack }) ??
    (REFUSES_ITSELF.test(message) ? ofBuiltIn({ stack }) : undefined)
  if (code) return new Rejected('encode', code, message)
  if (isBefore(stack)) return new Rejected('decode', 'malformed', message)
  return new Rejected('call', 'thrown', message)
}

/** Some values refuse themselves when React asks for their contents: a locked stream, a view of a detached buffer. */
const ofBuiltIn = ({ stack }) =>
  /^TypeError: .*\n\s+at [^\n]*\(?(?:<anonymous>|node:[^()\n]+)\)?\n/.test(stack)
    ? 'unsupported-value'
    : undefined

const REFUSES_ITSELF = /detached ArrayBuffer|is locked|incompatible receiver/

const framesOf = (stack) => stack.split('\n').filter((line) => /^\s+at /.test(line))

/** Next's renderer runs in an AsyncLocalStorage. */
const isRendering = (stack) =>
  framesOf(stack).some((line) => line.includes('AsyncLocalStorage.run'))

/**
 * Was it thrown by Next.js or React, before anything of the application ran? Values that are no errors have no stack, or that
 * of the renderer, which wraps them.
 */
function isBefore(stack) {
  const frames = framesOf(stack)
  if (isRendering(stack)) return false
  const [first = ''] = frames.filter((line) => !/\(node:|<anonymous>/.test(line))
  const isOutside = !frames.some((line) => APPLICATION.test(line))
  return frames.length > 0 && (NEXT.test(first) || isOutside)
}

/** The file of Next.js that has React's server in it. */
const NEXT = /[/\\]next-server[/\\]/
/** A file of the server that holds more than Next's own modules. */
const APPLICATION = /[/\\]\.next[/\\]server[/\\](?!.*_next_dist_)/
