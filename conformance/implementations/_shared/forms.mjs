/**
 * The operation `forms`: a page with forms in React, and what their submissions set off.
 *
 * Rules of this module:
 * - Without JavaScript the page is what react-dom's server writes: which fields a form has, where it leads and which state
 *   it shows is read off the HTML. The server's half is React's `decodeAction` and `decodeFormState`.
 * - With JavaScript a submission is the call that React's client makes: the form's data behind its state. There is no
 *   document here, so that `new FormData(form, submitter)` is the entry list; as in React's client a button with a function
 *   of its own is no submitter of an entry.
 * - React has no endpoint. What a case says of a request besides its entries cannot be asked.
 */

import { asReceived, entryList, everyControl, tampered } from './browser.mjs'
import { Rejected, Unsupported } from './protocol.mjs'

/** What can be said of a submission to an implementation without an endpoint. */
const KNOWN = new Set(['form', 'by', 'at', 'fields', 'ahead', 'behind', 'tamper'])
export const isField = ([name]) => name.startsWith('$ACTION_')

/** The answers to the submissions of a request. */
export async function submitForms(world, { javascript, submissions, watch, ...request }) {
  for (const wanted of submissions) {
    const strange = Object.keys(wanted).find((name) => !KNOWN.has(name))
    if (strange) throw new Unsupported(`React leaves requests to the framework: no ${strange}`)
  }
  const notation = await world.application.shared('server', 'notation.mjs')
  const page = new (javascript ? Scripted : Bare)(world, prepared(request.page, notation))
  const value = await world.entryValue(request.entry, request.args ?? [])
  await page.load(value).catch((error) => {
    throw world.application.classify(error)
  })
  const answers = []
  for (const wanted of submissions) {
    const answer = await answered(page, wanted, notation)
    if (watch) answer.watched = await watched(world, watch, notation)
    answers.push(answer)
  }
  return answers
}

/** The forms with their states and files as values. */
export function prepared(forms, { decode }) {
  for (const { before, controls } of forms)
    for (const control of everyControl([...(before ?? []), ...(controls ?? [])]))
      control.files = control.files?.map((file) => decode(file, {}))
  return forms
}

async function answered(page, wanted, notation) {
  const form = page.forms[wanted.form ?? 0]
  const pressed = everyControl([...(form.before ?? []), ...(form.controls ?? [])])
  const control = wanted.by && [...pressed].find(({ id }) => id === wanted.by)
  const submitter = control ? { control, at: wanted.at ?? [0, 0] } : undefined
  const answer = await page.submit(form, submitter, wanted, notation).catch((error) => {
    const { phase, code, message } = page.application.classify(error)
    return { outcome: { rejected: { phase, code, message: String(message) } } }
  })
  return { body: '', ...answer, states: await page.shownStates() }
}

async function watched(world, name, { encode }) {
  const at = name.lastIndexOf('#')
  const { namespace } = await world.serverModule(name.slice(0, at))
  return encode(namespace[name.slice(at + 1)], {
    function: (value) => value.$$id && { $: 'reference' },
  })
}

/** What both kinds of page have. */
class Page {
  /** The value of the entry, as this page got it. */
  model

  constructor(world, forms) {
    this.application = world.application
    this.forms = forms
  }

  /** The reference at a place of the entry's value, written as `$.a[0]`. */
  at(place) {
    const steps = [...place.matchAll(/\.([A-Za-z_$][\w$]*)|\[(\d+)\]/g)]
    return steps.reduce((value, [, name, index]) => value[name ?? index], this.model)
  }
}

/** A page whose program runs: its submissions are calls. */
class Scripted extends Page {
  async load(value) {
    this.model = await this.application.send(value)
    this.notation = await this.application.shared('client', 'notation.mjs')
    this.states = this.forms.map(({ state }) => state && this.notation.decode(state.initial, {}))
  }

  async submit(form, submitter) {
    const own = submitter?.control.action
    const number = this.forms.indexOf(form)
    const data = new FormData()
    const controls = [...(form.before ?? []), ...(form.controls ?? [])]
    for (const [name, content] of entryList(controls, submitter)) data.append(name, content)
    const isStateful = form.state && !own
    const result = await this.at(own ?? form.action)(
      ...(isStateful ? [this.states[number], data] : [data]),
    )
    if (isStateful) this.states[number] = result
    return { outcome: { ok: null } }
  }

  shownStates() {
    const { encode } = this.notation
    const { recogniseFunction } = this.application.client
    const shown = this.states.filter((_, number) => this.forms[number].state)
    return Promise.all(shown.map((value) => encode(value, { function: recogniseFunction })))
  }
}

/** A page without a program, as react-dom's server writes it. */
class Bare extends Page {
  async load(value) {
    const realm = this.application.page()
    this.react = realm.require('react')
    this.dom = realm.require('react-dom/server.edge')
    this.model = await this.application.receiveOnPage(value)
    this.notation = await this.application.shared('page', 'notation.mjs')
    for (const { state } of this.forms)
      if (state) state.value = this.notation.decode(state.initial, {})
    await this.write(null)
  }

  /** Write the page with what a submission answered; read its forms and their states off it. */
  async write(formState) {
    const { createElement } = this.react
    this.states = []
    const forms = this.forms.map((form, number) =>
      createElement((props) => this.form(props), { form, number, key: number }),
    )
    const stream = await this.dom.renderToReadableStream(createElement('div', null, forms), {
      formState,
    })
    await stream.allReady
    this.written = readForms(await new Response(stream).text(), this.forms)
  }

  form({ form, number }) {
    const { createElement, useActionState } = this.react
    let action = this.at(form.action)
    if (form.state) {
      const { value, permalink } = form.state
      ;[this.states[number], action] = useActionState(action, value, permalink)
    }
    return [
      ...this.placeholders(form.before),
      createElement('form', { action, key: 'form' }, this.placeholders(form.controls)),
    ]
  }

  /** Something in the place of every button with a function of its own. */
  placeholders(controls) {
    return [...everyControl(controls)]
      .filter(({ action }) => action)
      .map(({ id, action }) =>
        this.react.createElement('button', { formAction: this.at(action), id, key: id }),
      )
  }

  async submit(form, submitter, wanted, notation) {
    const written = this.written[this.forms.indexOf(form)]
    const entries = [
      ...entryList(form.before, submitter, written.buttons),
      ...written.fields,
      ...entryList(form.controls, submitter, written.buttons),
    ]
    const body = JSON.stringify(entries.filter(isField))
    const sent = changed(entries, wanted, notation, this.at(form.action).$$id ?? idOf(entries))
    const state = await this.application.submit(asReceived(sent))
    if (state) state[0] = await this.application.receiveOnPage(state[0])
    await this.write(state)
    return { outcome: { ok: null }, url: written.url, body }
  }

  shownStates() {
    const shown = this.states.filter((_, number) => this.forms[number].state)
    const reference = (value) => value.$$FORM_ACTION && { $: 'reference' }
    return Promise.all(shown.map((value) => this.notation.encode(value, { function: reference })))
  }
}

/** The entries of a request that differs from what a browser would send. */
export function changed(
  entries,
  { fields, ahead = [], behind = [], tamper, repeat, fill },
  { decode },
  id,
) {
  const filled = (text) => text.replaceAll('{id}', () => id)
  const spelled = ([name, content]) => {
    const value = decode(content, {})
    return [filled(name), typeof value === 'string' ? filled(value) : value]
  }
  const own = fields ? fields.map(spelled) : entries
  const between = tamper === undefined ? own : tampered(own, tamper, isField)
  const repeated = repeat
    ? [
        ...between.filter(isField),
        ...times(
          between.filter((it) => !isField(it)),
          repeat,
        ),
      ]
    : between
  const filling = fill ? [['fill', 'x'.repeat(fill)]] : []
  return [...ahead.map(spelled), ...repeated, ...filling, ...behind.map(spelled)]
}

const times = (list, count) => Array.from({ length: count }, () => list).flat()

/** The id that a form's own fields name. */
export function idOf(entries) {
  for (const [name, value] of entries) {
    if (name.startsWith('$ACTION_ID_')) return name.slice('$ACTION_ID_'.length)
    if (/^\$ACTION_.*:0$/s.test(name)) return JSON.parse(value).id
  }
  throw new Rejected('encode', 'unsupported-value', 'React wrote no field that names the function')
}

const TAG = /<(\/?form|input|button)\b([^>]*)>/g
const ATTRIBUTE = /([\w-]+)(?:="([^"]*)")?/g
const ENTITIES = { quot: '"', amp: '&', lt: '<', gt: '>', '#x27': "'" }

/** The forms of a page that React wrote: the fields it added, and where each leads. */
export function readForms(html, forms) {
  const tags = [...html.matchAll(TAG)].map(([, tag, text]) => ({ tag, ...attributes(text) }))
  return forms.map(({ before = [], controls = [] }) => {
    const byId = new Map([...everyControl([...before, ...controls])].map((it) => [it.id, it]))
    const written = { fields: [], buttons: new Map(), url: '/' }
    let fields
    for (let tag = tags.shift(); tag.tag !== '/form'; tag = tags.shift()) {
      if (tag.tag === 'form') [written.url, fields] = [tag.action || '/', written.fields]
      else if (tag.tag === 'input') fields.push([tag.name, tag.value ?? ''])
      else {
        fields = []
        written.buttons.set(byId.get(tag.id), { name: tag.name, value: tag.value ?? '', fields })
      }
    }
    return written
  })
}

function attributes(text) {
  const found = [...text.matchAll(ATTRIBUTE)].map(([, name, value = '']) => [
    name,
    unescaped(value),
  ])
  return Object.fromEntries(found)
}

export const unescaped = (text) =>
  text.replace(/&(quot|amp|lt|gt|#x27);/g, (_, name) => ENTITIES[name])
