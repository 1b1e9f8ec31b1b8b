/** The notation of live values: a first pass counts how often each object is met, a second one writes. */

const TypedArray = Object.getPrototypeOf(Uint8Array)
const ELEMENTS = new Set([Symbol.for('react.transitional.element'), Symbol.for('react.element')])
const LAZY = Symbol.for('react.lazy')
const AWKWARD_KEYS = ['$', '__proto__']

const tagged = (tag, fields) => ({ $: tag, ...fields })
const hex = (view) =>
  Array.from(bytesOf(view), (byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/**
 * @typedef {object} Recognise What only the implementation's runtime can tell.
 * @property {(value: Function) => Promise<object|undefined>|object|undefined} [function]
 *   the notation of a function that is a server or client reference
 * @property {(value: object) => object|undefined} [object] the same for an object (a client reference, a lazy node)
 */

/** The notation of a live value. @param {unknown} value @param {Recognise} [recognise] */
export async function encode(value, recognise = {}) {
  const root = await new Reader(recognise).read(value)
  return new Writer().write(root)
}

/** First pass: walks the live graph once and counts how often each object is met. */
class Reader {
  #recognise
  /** @type {Map<object, {visits: number, write: Function}>} */
  #met = new Map()

  constructor(recognise) {
    this.#recognise = recognise
  }

  async read(value) {
    if (!isObject(value)) return leaf(primitive(value))
    const known = this.#met.get(value)
    if (known) {
      known.visits += 1
      return known
    }
    const node = { visits: 1, write: undefined }
    this.#met.set(value, node)
    node.write = await this.#describe(value)
    return node
  }

  /** Several values in order, one after the other: streams are read in the order in which they are met. */
  async readAll(values) {
    const nodes = []
    for (const value of values) nodes.push(await this.read(value))
    return nodes
  }

  async #describe(value) {
    if (typeof value === 'function')
      return constant((await this.#recognise.function?.(value)) ?? tagged('function'))
    const recognised = this.#recognise.object?.(value)
    if (recognised) return constant(recognised)
    if (Array.isArray(value)) return this.#array(value)
    for (const [is, describe] of KINDS) if (is(value)) return describe(this, value)
    return this.#object(value)
  }

  async #array(array) {
    const hole = leaf(tagged('hole'))
    const nodes = []
    for (let index = 0; index < array.length; index += 1)
      nodes.push(index in array ? await this.read(array[index]) : hole)
    return (write) => nodes.map(write)
  }

  async #object(object) {
    const entries = await this.properties(object)
    const prototype = Object.getPrototypeOf(object)
    if (prototype !== Object.prototype) {
      const name = prototype === null ? 'null' : String(prototype.constructor?.name ?? 'Object')
      return (write) => tagged('instance', { class: name, props: record(entries, write) })
    }
    return (write) => record(entries, write)
  }

  /** Own enumerable string-keyed properties. */
  async properties(object) {
    const entries = []
    for (const key of Object.keys(object)) entries.push([key, await this.read(object[key])])
    return entries
  }
}

/** Second pass: writes the graph; an object met more than once is given the next number. */
class Writer {
  #numbers = new Map()

  write = (node) => {
    if (node.visits === 1) return node.write(this.write)
    const number = this.#numbers.get(node)
    if (number !== undefined) return tagged('ref', { id: number })
    const id = this.#numbers.size + 1
    this.#numbers.set(node, id)
    return tagged('def', { id, value: node.write(this.write) })
  }
}

const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'
const constant = (json) => () => json
const leaf = (json) => ({ visits: 1, write: constant(json) })

function record(entries, write) {
  if (entries.some(([key]) => AWKWARD_KEYS.includes(key))) {
    return tagged('object', { entries: entries.map(([key, node]) => [key, write(node)]) })
  }
  return Object.fromEntries(entries.map(([key, node]) => [key, write(node)]))
}

function primitive(value) {
  switch (typeof value) {
    case 'undefined':
      return tagged('undefined')
    case 'bigint':
      return tagged('bigint', { value: String(value) })
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value
      return tagged('number', { value: Object.is(value, -0) ? '-0' : String(value) })
    case 'symbol': {
      const key = Symbol.keyFor(value)
      return tagged(
        'symbol',
        key === undefined ? { description: value.description ?? null } : { key },
      )
    }
    default:
      return value
  }
}

/** Objects with a notation of their own: `[is it one?, (reader, value) => a function that writes it]`. */
const KINDS = [
  [
    (v) => v instanceof Date,
    (_, v) =>
      constant(tagged('date', { value: Number.isNaN(v.getTime()) ? null : v.toISOString() })),
  ],
  [(v) => v instanceof Map, describeMap],
  [(v) => v instanceof Set, describeSet],
  [
    (v) => v instanceof TypedArray || v instanceof DataView,
    (_, v) => constant(tagged('bytes', { kind: v[Symbol.toStringTag], hex: hex(v) })),
  ],
  [
    (v) => v instanceof ArrayBuffer,
    (_, v) => constant(tagged('bytes', { kind: 'ArrayBuffer', hex: hex(new Uint8Array(v)) })),
  ],
  [(v) => v instanceof Error, describeError],
  [(v) => v instanceof Promise, describePromise],
  [(v) => v instanceof Blob, describeFile],
  [(v) => v instanceof FormData, describeFormData],
  [(v) => v instanceof ReadableStream, describeStream],
  [(v) => ELEMENTS.has(v.$$typeof), describeElement],
  [(v) => v.$$typeof === LAZY, describeLazy],
  [(v) => typeof v[Symbol.asyncIterator] === 'function', describeAsyncIterator],
  [
    (v) => typeof v[Symbol.iterator] === 'function' && typeof v.next === 'function',
    describeIterator,
  ],
]

async function describeMap(reader, map) {
  const entries = []
  for (const entry of [...map]) entries.push(await reader.readAll(entry))
  return (write) => tagged('map', { entries: entries.map((entry) => entry.map(write)) })
}

async function describeSet(reader, set) {
  const values = await reader.readAll([...set])
  return (write) => tagged('set', { values: values.map(write) })
}

async function describeError(reader, error) {
  const texts = { name: String(error.name), message: String(error.message) }
  if (typeof error.digest === 'string') texts.digest = error.digest
  const nodes = []
  for (const key of ['cause', 'errors'])
    if (Object.hasOwn(error, key)) nodes.push([key, await reader.read(error[key])])
  return (write) => tagged('error', { ...texts, ...record(nodes, write) })
}

async function describePromise(reader, promise) {
  try {
    const value = await reader.read(await promise)
    return (write) => tagged('promise', { value: write(value) })
  } catch (reason) {
    const error = await reader.read(reason)
    return (write) => tagged('promise', { error: write(error) })
  }
}

async function describeFile(_, blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  return constant(tagged('file', { name: blob.name ?? null, type: blob.type, hex: hex(bytes) }))
}

async function describeFormData(reader, form) {
  const entries = []
  for (const [name, value] of form) entries.push([name, await reader.read(value)])
  return (write) =>
    tagged('formdata', { entries: entries.map(([name, value]) => [name, write(value)]) })
}

async function describeStream(reader, stream) {
  const { kind, source } = openStream(stream)
  const chunks = []
  let error
  try {
    for (let step = await source.read(); !step.done; step = await source.read())
      chunks.push(await reader.read(kind === 'bytes' ? ofThisRealm(step.value) : step.value))
  } catch (reason) {
    error = await reader.read(reason)
  }
  return (write) =>
    tagged('stream', { kind, chunks: chunks.map(write), ...(error && { error: write(error) }) })
}

/** Node.js makes the views that a byte stream gives out itself, in a realm that is no program's. */
const ofThisRealm = (chunk) => (ArrayBuffer.isView(chunk) ? bytesOf(chunk) : chunk)

/** Only a byte stream has a reader that fills the caller's buffer: asking for one tells the kinds apart. */
function openStream(stream) {
  try {
    stream.getReader({ mode: 'byob' }).releaseLock()
    return { kind: 'bytes', source: stream.getReader() }
  } catch {
    return { kind: 'default', source: stream.getReader() }
  }
}

async function describeElement(reader, element) {
  const type = await reader.read(element.type)
  const props = await reader.properties(element.props)
  return (write) =>
    tagged('element', { type: write(type), key: element.key, props: record(props, write) })
}

/** A lazy node stands for what it loads, so it is written as that. */
async function describeLazy(reader, lazy) {
  for (;;) {
    try {
      const node = await reader.read(lazy._init(lazy._payload))
      return (write) => write(node)
    } catch (suspended) {
      if (typeof suspended?.then !== 'function') throw suspended
      await suspended
    }
  }
}

async function describeIterator(reader, iterator) {
  return drained(reader, 'sync', iterator)
}

async function describeAsyncIterator(reader, iterable) {
  const oneShot = typeof iterable.next === 'function'
  return drained(reader, oneShot ? 'async' : 'async-iterable', iterable[Symbol.asyncIterator]())
}

async function drained(reader, kind, iterator) {
  const values = []
  let step = await iterator.next()
  for (; !step.done; step = await iterator.next()) values.push(await reader.read(step.value))
  const returned = step.value === undefined ? undefined : await reader.read(step.value)
  return (write) =>
    tagged('iterator', {
      kind,
      values: values.map(write),
      ...(returned && { returned: write(returned) }),
    })
}
