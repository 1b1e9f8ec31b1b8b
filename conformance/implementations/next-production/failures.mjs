/**
 * What went wrong, as phases and codes.
 *
 * Rules of this module:
 * - An error that came from the server has a digest, under which the server remembers what it was.
 * - What Next's client makes of an answer, its errors say; it has a class for functions that are not there.
 * - An error on the server whose stack has no frame of the application was met while a message was decoded.
 */

import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { unsupportedValue } from '../_shared/refusals.mjs'

const messageOf = (error) => String(error?.message ?? error)

/** @param {unknown} error as a client program, or this adapter, met it */
export async function failureOf(error, server, window) {
  if (error instanceof Rejected || error instanceof Unsupported) return error
  const { errors } = await server.report()
  const remembered = error?.digest && errors[error.digest]
  if (remembered) return ofServer(remembered)
  if (
    error?.name === 'UnrecognizedActionError' ||
    /^Server Action ".*" was not found/s.test(messageOf(error))
  )
    return new Rejected('dispatch', 'unknown-function', messageOf(error))
  if (
    /^An unexpected response was received|^Internal Server Error$|fetch failed|^Connection closed/.test(
      messageOf(error),
    )
  )
    return new Rejected('call', 'network.unknown', messageOf(error))
  const code = window.models.has(Object(error)) && unsupportedValue(error, window.models.get(error))
  if (code) return new Rejected('encode', code, messageOf(error))
  return new Rejected('call', 'thrown', messageOf(error))
}

/** An error of the server: ours, Next's, React's or the application's. */
export function ofServer({ message, stack, step }) {
  if (step) return new Rejected(step.phase, step.code, message)
  if (/^Body exceeded .* limit/.test(message))
    return new Rejected('dispatch', 'body-too-large', message)
  if (/^Invalid Server Actions request/.test(message))
    return new Rejected('dispatch', 'origin-refused', message)
  // Next met it while it prepared an answer.
  if (/^Invalid URL$|^Cannot consume a ReactServerResult/.test(message))
    return new Rejected('call', 'network.unknown', message)
  const code = unsupportedValue({ message, stack })
  if (code) return new Rejected('encode', code, message)
  if (SEALED.test(message) || isBefore(stack)) return new Rejected('decode', 'malformed', message)
  if (/^\s+at module evaluation /m.test(stack)) return new Rejected('load', 'thrown', message)
  return new Rejected('call', 'thrown', message)
}

/** What Next's decryption of captures ends with; the code of that is in the same files as the application's. */
const SEALED =
  /^The string to be decoded is not correctly encoded|^Invalid character$|^The provided data is too small|^Cipher job failed|^The operation failed for an operation-specific reason|Invalid Server Action payload/

/**
 * Was it thrown by Next.js or React, before anything of the application ran? Values that are no errors have no stack, or that of the renderer,
 * which runs in an AsyncLocalStorage and wraps them.
 */
function isBefore(stack) {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const isRendering = frames.slice(0, 4).some((line) => line.includes('AsyncLocalStorage.run'))
  const [first = ''] = frames.filter((line) => !/\(node:|<anonymous>/.test(line))
  return (
    frames.length > 0 &&
    !isRendering &&
    (NEXT.test(first) || !frames.some((line) => APPLICATION.test(line)))
  )
}

/** The file of Next.js that has React's server in it. */
const NEXT = /[/\\]next-server[/\\]/
/** A file of the server that holds more than Next's own modules. */
const APPLICATION = /[/\\]\.next[/\\]server[/\\](?!.*_next_dist_)/
