/** Live values from their notation. */

const unhex = (text) =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))

/**
 * @typedef {object} Make How the implementation makes what JavaScript alone cannot.
 * @property {(name: string|undefined, bound: unknown[]|undefined) => unknown} [reference]
 * @property {(path: string|undefined) => unknown} [temporary]
 * @property {(module: string, name: string) => unknown} [clientReference]
 * @property {(type: unknown, key: string|null, props: object) => unknown} [element]
 */

/** The live value that a notation stands for. @param {unknown} json @param {Make} [make] */
export function decode(json, make = {}) {
  return new Maker(make).make(json)
}

/** Objects are named before they are filled, so that a reference to an enclosing one finds it. */
class Maker {
  #defined = new Map()

  constructor(make) {
    this.hooks = make
  }

  make(json, name = (object) => object) {
    if (json === null || typeof json !== 'object') return json
    if (Array.isArray(json)) return this.#array(json, name(new Array(json.length)))
    if (!('$' in json)) return this.fill(name({}), Object.entries(json))
    const maker = MAKERS[json.$]
    if (!maker) throw new Error(`the value notation has no tag ${JSON.stringify(json.$)}`)
    return maker(this, json, name)
  }

  #array(json, array) {
    json.forEach((item, index) => {
      if (item?.$ !== 'hole') array[index] = this.make(item)
    })
    return array
  }

  fill(object, entries) {
    for (const [key, item] of entries) {
      Object.defineProperty(object, key, {
        value: this.make(item),
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
    return object
  }

  define(id, json) {
    const name = (object) => {
      this.#defined.set(id, object)
      return object
    }
    const value = this.make(json, name)
    this.#defined.set(id, value)
    return value
  }

  refer(id) {
    if (!this.#defined.has(id))
      throw new Error(`the value notation refers to ${id}, which nothing defines`)
    return this.#defined.get(id)
  }
}

const MAKERS = {
  undefined: () => undefined,
  number: (_, { value }) => Number(value),
  bigint: (_, { value }) => BigInt(value),
  date: (_, { value }) => new Date(value ?? NaN),
  symbol: (_, json) =>
    'key' in json ? Symbol.for(json.key) : Symbol(json.description ?? undefined),
  bytes: (_, json) => makeBytes(json),
  map(maker, { entries }, name) {
    const map = name(new Map())
    for (const [key, value] of entries) map.set(maker.make(key), maker.make(value))
    return map
  },
  set(maker, { values }, name) {
    const set = name(new Set())
    for (const value of values) set.add(maker.make(value))
    return set
  },
  object: (maker, { entries }, name) => maker.fill(name({}), entries),
  instance: (maker, json, name) =>
    maker.fill(name(makeInstance(json.class)), entriesOf(json.props)),
  error: (maker, json, name) => makeError(maker, json, name),
  promise: (maker, json, name) => makePromise(maker, json, name),
  file: (_, json) => makeFile(json),
  formdata(maker, { entries }, name) {
    const form = name(new FormData())
    for (const [key, value] of entries) form.append(key, maker.make(value))
    return form
  },
  stream: (maker, json) => makeStream(maker, json),
  iterator: (maker, json) => makeIterator(maker, json),
  element: (maker, json) =>
    maker.hooks.element(maker.make(json.type), json.key, maker.make(json.props)),
  reference: (maker, json) =>
    maker.hooks.reference(
      json.name,
      json.bound?.map((item) => maker.make(item)),
    ),
  temporary: (maker, json) => maker.hooks.temporary(json.path),
  'client-reference': (maker, json) => maker.hooks.clientReference(json.module, json.name),
  function: () => () => undefined,
  def: (maker, { id, value }) => maker.define(id, value),
  ref: (maker, { id }) => maker.refer(id),
}

/** The properties of an object as its notation lists them, escaped or not. */
const entriesOf = (json) => (json.$ === 'object' ? json.entries : Object.entries(json))

function makeBytes({ kind, hex: text }) {
  const buffer = unhex(text).buffer
  return kind === 'ArrayBuffer' ? buffer : new globalThis[kind](buffer)
}

function makeInstance(className) {
  if (className === 'null') return Object.create(null)
  const Class = { [className]: class {} }[className]
  return new Class()
}

function makeError(maker, json, name) {
  const error = name(new Error(json.message))
  if ((json.name ?? 'Error') !== 'Error') error.name = json.name
  if ('digest' in json) error.digest = json.digest
  for (const key of ['cause', 'errors'])
    if (key in json) hide(error, key, maker.make(json[key]))
  return error
}

/** As constructors of errors define their `cause` and `errors`. */
const hide = (error, key, value) =>
  Object.defineProperty(error, key, { value, writable: true, configurable: true })

/** A promise is known before what settles it is made: that may hold the promise. */
function makePromise(maker, json, name) {
  let settle
  const promise = name(
    new Promise((resolve, reject) => {
      settle = 'error' in json ? reject : resolve
    }),
  )
  promise.catch(() => {}) // nobody may ask for it; that is no reason to end the process
  settle(maker.make('error' in json ? json.error : json.value))
  return promise
}

function makeFile({ name, type, hex: text }) {
  const bytes = unhex(text)
  return name === null ? new Blob([bytes], { type }) : new File([bytes], name, { type })
}

function makeStream(maker, json) {
  const chunks = json.chunks.map((chunk) => maker.make(chunk))
  return new ReadableStream({
    ...(json.kind === 'bytes' && { type: 'bytes' }),
    pull(controller) {
      if (chunks.length > 0) controller.enqueue(chunks.shift())
      else if ('error' in json) controller.error(maker.make(json.error))
      else {
        controller.close()
        controller.byobRequest?.respond(0) // a reader with a buffer of its own learns of the end by this alone
      }
    },
  })
}

function makeIterator(maker, { kind, values: items, returned }) {
  const values = items.map((item) => maker.make(item))
  const result = returned === undefined ? undefined : maker.make(returned)
  function* sync() {
    yield* values
    return result
  }
  async function* async() {
    yield* values
    return result
  }
  if (kind === 'sync') return sync()
  return kind === 'async' ? async() : { [Symbol.asyncIterator]: async }
}
