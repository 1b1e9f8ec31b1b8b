/**
 * The client's half of an application. It is evaluated inside the client's realm, so everything that the client program
 * receives, errors and promises included, is made of that realm's intrinsics.
 */

import { unsupportedValue } from './refusals.mjs'

/**
 * @typedef {object} Failure
 * @property {string} phase
 * @property {string} code
 * @property {string} message
 *
 * @param {object} react react-server-dom-webpack/client.browser
 * @param {(id: string, body: string|FormData) => Promise<{stream: ReadableStream}|{failure: Failure}>} request
 * @param {<T>(call: () => Promise<T>) => Promise<T>} [schedule] when a call is made; at once, if nobody says otherwise
 */
export function createClient(react, request, schedule = (call) => call()) {
  /** Where an error that the program was given came from. @type {WeakMap<object, Failure>} */
  const failures = new WeakMap()

  /** Server to client: the value that a response brings. */
  const receive = async (stream) => react.createFromReadableStream(copied(stream), { callServer })

  /** Client to server and back: what a reference does when it is called. */
  const callServer = (id, args) => schedule(() => call(id, args))

  async function call(id, args) {
    const body = await encoded(args)
    const { stream, failure } = await request(id, body)
    if (failure) throw failed(new Error(failure.message), failure)
    return receive(stream)
  }

  async function encoded(args) {
    try {
      return await react.encodeReply(args)
    } catch (error) {
      const code = unsupportedValue(error, args)
      if (!code) throw error
      throw failed(error, { phase: 'encode', code, message: error.message })
    }
  }

  function failed(error, failure) {
    failures.set(error, failure)
    return error
  }

  return {
    receive,
    /** A proxy for the function with an id, as a transform puts it into a client bundle. */
    createServerReference: (id) => react.createServerReference(id, callServer),
    /** The notation of a function, when it is a reference: then, and only then, it can be an argument. */
    async recogniseFunction(value) {
      try {
        await react.encodeReply([value])
        return { $: 'reference' }
      } catch {
        return undefined
      }
    },
    /** The failure behind an error, when the network was its origin. */
    failureOf: (error) => failures.get(Object(error)),
  }
}

/** The bytes of a response in buffers of this realm. */
function copied(stream) {
  const copy = (chunk, controller) => controller.enqueue(new Uint8Array(chunk))
  return stream.pipeThrough(new TransformStream({ transform: copy }))
}
