/**
 * The operation `dispatch`: Next's client makes an ordinary call, and its request is changed on the way.
 *
 * The answer goes back to that client, so that an outcome is what the client makes of it.
 */

import { Unsupported } from '../_shared/protocol.mjs'
import { actionsOf } from './actions.mjs'
import { failureOf } from './failures.mjs'
import { watchedNow } from './forms.mjs'
import { changedHeaders, encoded, exchange, ORIGIN, told } from './http.mjs'
import { inWindow } from './programs.mjs'

/** Where the id of a function is, among the headers of a call. */
const ID = 'next-action'
const NOBODY = '40'.padEnd(42, '0')

export const dispatch = (asked) =>
  inWindow(asked, async (window) => {
    const requester = new Requester(asked, window, await window.client)
    await requester.load()
    const answers = []
    for (const wanted of asked.request.requests) answers.push(await requester.answer(wanted))
    return { answers }
  })

class Requester {
  #asked
  #window
  #client
  #tools
  #model
  /** What was sent, for requests that are sent again. */
  #sent = []

  constructor(asked, window, client) {
    this.#asked = asked
    this.#window = window
    this.#client = client
  }

  async load() {
    this.#tools = await this.#client.tools()
    this.#model = await this.#client.received
  }

  async answer(wanted) {
    const { server, name, request } = this.#asked
    const foreign = wanted.captures?.of && (await this.#sealed(wanted.captures.of))
    let seen
    this.#window.send = async (url, init) => {
      const sent = wanted.again
        ? this.#sent[wanted.again - 1]
        : await this.#changed(url, init, wanted, foreign)
      this.#sent.push(sent)
      seen = await exchange(server.port, sent)
      return responseOf(seen)
    }
    const outcome = await this.#outcome(wanted)
    if (!seen)
      throw new Unsupported('the client did not send the request ' + JSON.stringify(outcome))
    const answer = { outcome, ...told(seen) }
    if (request.watch) answer.watched = await watchedNow(server, name)
    return answer
  }

  async #outcome(wanted) {
    const args = this.#tools.decodeAll(JSON.stringify(wanted.args ?? []))
    if (wanted.fill) args.push('x'.repeat(wanted.fill))
    try {
      const value = await this.#reference(wanted)(...args)
      return { ok: JSON.parse(await this.#tools.written(value)) }
    } catch (error) {
      const failure = await failureOf(error, this.#asked.server, this.#window)
      return { rejected: failure.toReply() }
    }
  }

  #reference({ reference, function: wanted }) {
    if (reference) return this.#at(reference)
    if (!wanted) return this.#tools.referenceTo(NOBODY)
    const known = actionsOf(this.#asked.root, this.#asked.name).filter(
      ({ name }) => name === wanted,
    )
    if (known.length !== 1)
      throw new Unsupported(`${known.length} functions have the name ${wanted}`)
    return this.#tools.referenceTo(known[0].id)
  }

  /** The reference at a place of the entry's value, written as `$.a[0]`. */
  #at(place) {
    const steps = [...place.matchAll(/\.([A-Za-z_$][\w$]*)|\[(\d+)\]/g)]
    return steps.reduce((value, [, name, index]) => value[name ?? index], this.#model)
  }

  async #changed(url, init, wanted, foreign) {
    const own = Object.fromEntries(
      Object.entries(init.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    own.origin = ORIGIN
    if (wanted.id !== undefined)
      own[ID] = wanted.id.replaceAll('{id}', () => (own[ID] === NOBODY ? '' : own[ID]))
    const { body, type } = await encoded(withCaptures(init.body, wanted.captures, foreign))
    own['content-type'] = type
    const bytes = wanted.body === undefined ? body : Buffer.from(wanted.body)
    return {
      method: wanted.method ?? 'POST',
      path: url.pathname,
      headers: changedHeaders(own, wanted.headers),
      body: bytes.subarray(0, Math.max(bytes.length - (wanted.drop ?? 0), 0)),
    }
  }

  /** The sealed captures of another reference: those that a call of it would send. */
  async #sealed(place) {
    let body
    this.#window.send = (_, init) => {
      body = init.body
      return Promise.reject(new Error('this call is not made'))
    }
    await this.#at(place)().catch(() => {})
    return sealedIn(body).text
  }
}

const valuesOf = (body) => JSON.parse(typeof body === 'string' ? body : body.get('0'))

/** The sealed captures are the first of the arguments, or what the promise in its place brings. */
function sealedIn(body) {
  const [first] = valuesOf(body)
  const [, part] = /^\$@(\w+)$/.exec(first) ?? []
  return part ? { text: JSON.parse(body.get(part)), part } : { text: first }
}

function withCaptures(body, captures, foreign) {
  if (!captures) return body
  const { text, part } = sealedIn(body)
  const instead = altered(foreign || text, captures)
  if (part && instead.length > 0) {
    body.set(part, JSON.stringify(instead[0]))
    return body
  }
  const [, ...args] = valuesOf(body)
  const all = JSON.stringify([...instead, ...args])
  if (typeof body === 'string') return all
  body.set('0', all)
  return body
}

function altered(sealed, { change, drop = 0, append = '', replace }) {
  if (replace === null) return []
  if (replace !== undefined) return [replace]
  let text = String(sealed)
  if (change !== undefined) {
    const at = change % text.length
    text = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  }
  return [text.slice(0, text.length - drop) + append]
}

/** The answer as fetch gives it. */
function responseOf({ status, headers, body }) {
  const hasBody = ![101, 103, 204, 205, 304].includes(status)
  const { 'content-encoding': _, ...others } = headers
  if (status < 200) return Response.error()
  return new Response(hasBody ? body : null, { status, headers: others })
}
