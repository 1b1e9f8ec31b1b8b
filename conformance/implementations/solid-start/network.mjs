/** The network between the two halves of Solid Start: what its client fetches, its handler answers. */

import { Rejected } from '../_shared/protocol.mjs'

export class Network {
  /** The chunks of every response. @type {Uint8Array[][]} */
  responses = []
  #handler
  #ready

  /**
   * @param {() => Promise<{handleServerFunction: (event: object) => Promise<unknown>}>} handler
   * @param {() => Promise<void>} ready loads what has server functions
   */
  constructor(handler, ready) {
    this.#handler = handler
    this.#ready = ready
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
    const record = (chunk, controller) => {
      chunks.push(Uint8Array.from(chunk))
      controller.enqueue(chunk)
    }
    return new Response(body?.pipeThrough(new TransformStream({ transform: record })), {
      status,
      headers,
    })
  }

  /** Where an error that ended the client program came from. */
  classify(error) {
    if (error instanceof Rejected) return error
    if (UNSUPPORTED.test(`${error?.name} ${error?.message}`))
      return new Rejected(
        'encode',
        `unsupported-value${kindOf(error.value)}`,
        String(error.message),
      )
    return new Rejected('call', 'thrown', String(error?.message ?? error))
  }
}

/** Seroval says which value it was. */
function kindOf(value) {
  if (['function', 'symbol'].includes(typeof value)) return `.${typeof value}`
  return Object.prototype.toString.call(value) === '[object RegExp]' ? '.regexp' : ''
}

const UNSUPPORTED = /SerovalUnsupported|cannot be parsed\/serialized|Seroval Error/
