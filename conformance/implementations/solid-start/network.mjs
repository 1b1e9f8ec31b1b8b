/** The network between the two halves of Solid Start: what its client fetches, its handler answers. */

import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { thrownByBuiltIn } from '../_shared/refusals.mjs'

export class Network {
  /** The chunks of every response. @type {Uint8Array[][]} */
  responses = []
  #handler
  #ready
  #networkError
  /** Why responses ended in the middle, by the error that their client sees. @type {Map<Error, Error>} */
  #reasons = new Map()

  /**
   * @param {() => Promise<{handleServerFunction: (event: object) => Promise<unknown>}>} handler
   * @param {() => Promise<void>} ready loads what has server functions
   * @param {() => Error} networkError what the client sees of a response that ends in the middle
   */
  constructor(handler, ready, networkError) {
    this.#handler = handler
    this.#ready = ready
    this.#networkError = networkError
  }

  /** `fetch`, as the client's realm has it. */
  fetch = async (request) => {
    const sent = new Request(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body && (await request.arrayBuffer()),
    })
    await this.#ready()
    const event = { request: sent, res: { headers: new Headers(), status: 200 }, locals: {} }
    const answer = await this.#answered(event)
    return this.#recorded(answer instanceof Response ? answer : new Response(answer, event.res))
  }

  async #answered(event) {
    try {
      return await (await this.#handler()).handleServerFunction(event)
    } catch (error) {
      const code = /invalid server function/.test(error?.message)
        ? ['dispatch', 'unknown-function']
        : ['decode', 'malformed']
      throw new Rejected(...code, String(error?.message ?? error))
    }
  }

  #recorded({ body, status, headers }) {
    const chunks = []
    this.responses.push(chunks)
    return new Response(body && this.#carried(body.getReader(), chunks), { status, headers })
  }

  /** The bytes of a response on their way. Of what stops them a client hears nothing but that they stop. */
  #carried(reader, chunks) {
    const pull = async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        chunks.push(Uint8Array.from(value))
        controller.enqueue(value)
      } catch (error) {
        const seen = this.#networkError()
        this.#reasons.set(seen, error)
        controller.error(seen)
      }
    }
    return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) })
  }

  /** Where an error that ended the client program came from. */
  classify(seen) {
    const error = this.#reasons.get(seen) ?? seen
    if (error instanceof Rejected) return error
    if (thrownByBuiltIn(error, SOLID_START))
      return new Rejected('encode', 'unsupported-value', String(error.message))
    if (!UNSUPPORTED.test(`${error?.name} ${error?.message}`))
      return new Rejected('call', 'thrown', String(error?.message ?? error))
    if (error.value instanceof ArrayBuffer)
      return new Unsupported('seroval does not know bytes that the platform made for another realm')
    return new Rejected('encode', `unsupported-value${kindOf(error.value)}`, String(error.message))
  }
}

/** Seroval says which value it was. */
function kindOf(value) {
  if (['function', 'symbol'].includes(typeof value)) return `.${typeof value}`
  return Object.prototype.toString.call(value) === '[object RegExp]' ? '.regexp' : ''
}

const UNSUPPORTED = /SerovalUnsupported|cannot be parsed\/serialized|Seroval Error/
/** What serialises, or asks the platform for a request (which is `Addressed` here). */
const SOLID_START = /[(/ ](?:fns|seroval(?:-plugins)?)\/|new Addressed/
