/**
 * The operation `forms`: a page with forms, and what their submissions set off.
 *
 * Rules of this module:
 * - Without JavaScript the page is the HTML that the server sends, and a submission the request that a browser makes of its
 *   form: which fields React wrote, where the form leads and which state it shows is read off the HTML.
 * - With JavaScript a submission is the call that React's client makes: the form's data behind its state, through Next's
 *   client.
 */

import { asReceived, entryList, everyControl } from '../_shared/browser.mjs'
import { changed, idOf, isField, prepared, readForms, unescaped } from '../_shared/forms.mjs'
import * as notation from '../_shared/notation.mjs'
import { Rejected } from '../_shared/protocol.mjs'
import { failureOf, ofServer } from './failures.mjs'
import { changedHeaders, encoded, exchange, ORIGIN, told } from './http.mjs'
import { inWindow } from './programs.mjs'

export async function forms(asked) {
  const { page, javascript } = structuredClone(asked.request)
  const described = prepared(page, notation)
  return { answers: await (javascript ? scripted(asked, described) : bare(asked, described)) }
}

/** The value of the export that a case watches. */
export async function watchedNow(server, name) {
  const page = await fetch(`${server.origin}/${name}?watch`)
  const [told] = outputsOf(await page.text())
  return told
}

/** What the `output` elements of a page hold, as data. */
const outputsOf = (html) =>
  [...html.matchAll(/<output\b[^>]*>([^]*?)<\/output>/g)].map(([, text]) =>
    JSON.parse(unescaped(text.replaceAll('<!-- -->', ''))),
  )

function submitterOf(form, { by, at = [0, 0] }) {
  const controls = everyControl([...(form.before ?? []), ...(form.controls ?? [])])
  const control = by && [...controls].find(({ id }) => id === by)
  return control ? { control, at } : undefined
}

async function answers(asked, submit) {
  const { server, name, request } = asked
  const found = []
  for (const wanted of request.submissions) {
    const answer = await submit(wanted)
    if (request.watch) answer.watched = await watchedNow(server, name)
    found.push(answer)
  }
  return found
}

const scripted = (asked, described) =>
  inWindow(asked, async (window) => {
    const { tools, received } = await window.client
    const page = new Scripted(asked, window, described, await tools(), await received)
    return answers(asked, (wanted) => page.submit(wanted))
  })

/** A page whose program runs: its submissions are calls. */
class Scripted {
  constructor(asked, window, forms, tools, model) {
    Object.assign(this, { asked, window, forms, tools, model })
    this.states = forms.map(
      ({ state }) => state && tools.decodeAll(JSON.stringify([state.initial]))[0],
    )
  }

  async submit(wanted) {
    const form = this.forms[wanted.form ?? 0]
    const given = this.window.given.length
    const outcome = await this.#called(form, submitterOf(form, wanted)).catch(async (error) => {
      const failure = await failureOf(error, this.asked.server, this.window)
      return { rejected: failure.toReply() }
    })
    const body = Buffer.concat(
      this.window.given.slice(given).flatMap(({ chunks }) => chunks),
    ).toString('latin1')
    return { outcome, body, states: await this.#shown() }
  }

  async #called(form, submitter) {
    const own = submitter?.control.action
    const number = this.forms.indexOf(form)
    const data = new FormData()
    const controls = [...(form.before ?? []), ...(form.controls ?? [])]
    for (const [name, content] of entryList(controls, submitter)) data.append(name, content)
    const isStateful = form.state && !own
    const result = await this.#at(own ?? form.action)(
      ...(isStateful ? [this.states[number], data] : [data]),
    )
    if (isStateful) this.states[number] = result
    return { ok: null }
  }

  #at(place) {
    const steps = [...place.matchAll(/\.([A-Za-z_$][\w$]*)|\[(\d+)\]/g)]
    return steps.reduce((value, [, name, index]) => value[name ?? index], this.model)
  }

  async #shown() {
    const shown = this.states.filter((_, number) => this.forms[number].state)
    return Promise.all(shown.map(async (value) => JSON.parse(await this.tools.written(value))))
  }
}

async function bare(asked, described) {
  const page = new Bare(asked, described)
  await page.load()
  return answers(asked, (wanted) => page.submit(wanted))
}

/** A page without a program, as the server writes it. */
class Bare {
  constructor({ server, name }, forms) {
    Object.assign(this, { server, forms, path: `/${name}` })
  }

  async load() {
    const answer = await exchange(this.server.port, {
      method: 'GET',
      path: this.path,
      headers: {},
      body: Buffer.alloc(0),
    })
    if (answer.status !== 200) throw await this.#failure(answer)
    this.#read(answer)
  }

  #read({ body }) {
    const html = body.toString()
    // An answer that is no page, as to HEAD, leaves the page as it was.
    if (html.split('</form>').length <= this.forms.length) return
    this.written = readForms(html, this.forms)
    this.states = outputsOf(html)
  }

  async submit(wanted) {
    const form = this.forms[wanted.form ?? 0]
    const written = this.written[this.forms.indexOf(form)]
    if (written.url.startsWith('javascript:')) return this.#unwritten()
    const submitter = submitterOf(form, wanted)
    const entries = [
      ...entryList(form.before, submitter, written.buttons),
      ...written.fields,
      ...entryList(form.controls, submitter, written.buttons),
    ]
    const sent = changed(entries, wanted, notation, idOf(entries))
    const answer = await exchange(this.server.port, await this.#request(sent, wanted))
    const shown = JSON.stringify(entries.filter(isField))
    const outcome = await this.#outcome(answer)
    return {
      outcome,
      ...told(answer, shown),
      url: this.#asWritten(written.url),
      states: this.states,
    }
  }

  /** React leads a form whose function it cannot write to a script that throws: nothing is sent. */
  #unwritten() {
    const refused = new Rejected(
      'encode',
      'unsupported-value',
      'React wrote no function into the form',
    )
    return { outcome: { rejected: refused.toReply() }, body: '', url: '/', states: this.states }
  }

  async #request(entries, { encoding, method = 'POST', headers, body: text, drop = 0 }) {
    const { body, type } = await bodyOf(entries, encoding)
    const bytes = text === undefined ? body : Buffer.from(text)
    return {
      method,
      // Wherever a form leads, its page is there.
      path: this.path,
      headers: changedHeaders(
        { origin: ORIGIN, 'content-type': type, accept: 'text/html' },
        headers,
      ),
      body: bytes.subarray(0, Math.max(bytes.length - drop, 0)),
    }
  }

  #asWritten(url) {
    return url === this.path ? '/' : url
  }

  /** What the browser shows behind the submission: a page like the one before, or that something went wrong. */
  async #outcome(answer) {
    if (answer.status < 400) {
      if (answer.status === 200) this.#read(answer)
      return { ok: null }
    }
    const failure = await this.#failure(answer)
    return { rejected: failure.toReply() }
  }

  async #failure({ status, headers, body }) {
    const { errors } = await this.server.report()
    const remembered = Object.values(errors).at(-1)
    if (remembered) return ofServer(remembered)
    const message = `status ${status}: ${body.toString('latin1').slice(0, 200)}`
    if (headers['x-nextjs-action-not-found'] === '1')
      return new Rejected('dispatch', 'unknown-function', message)
    if (status === 405) return new Rejected('dispatch', 'method-not-allowed', message)
    if (status === 413) return new Rejected('dispatch', 'body-too-large', message)
    return new Rejected('call', 'network.unknown', message)
  }
}

async function bodyOf(entries, encoding) {
  const received = asReceived(entries)
  if (!encoding || encoding === 'multipart/form-data') return encoded(received)
  const texts = [...received].map(([name, content]) => [
    name,
    typeof content === 'string' ? content : content.name,
  ])
  if (encoding === 'text/plain') {
    const lines = texts.map(([name, content]) => `${name}=${content}\r\n`)
    return { body: Buffer.from(lines.join('')), type: encoding }
  }
  return { body: Buffer.from(new URLSearchParams(texts).toString()), type: encoding }
}
