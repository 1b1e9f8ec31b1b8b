/**
 * What the server keeps for the adapter: the errors that clients hear of by their digests, and whether the intrinsics are
 * still those with which it started.
 */

const KEY = Symbol.for('use-server-conformance')
const registry = (globalThis[KEY] ??= { errors: {}, intrinsics: undefined })

/** Our own error: a step of the protocol failed in a phase that only the server knows. */
export class StepFailed extends Error {
  constructor(phase, code, message) {
    super(message)
    this.step = { phase, code }
  }
}

export function remember(error) {
  const { message, stack, digest, step } = Object(error)
  registry.errors[digest] = { message: String(message ?? error), stack: String(stack ?? ''), step }
}

/** What was remembered since the last time. */
export function report() {
  const { errors } = registry
  registry.errors = {}
  const now = snapshot()
  registry.intrinsics ??= now
  return { errors, intact: isSame(now, registry.intrinsics) }
}

const isSame = (one, other) =>
  one.size === other.size &&
  [...one].every(([place, value]) => other.has(place) && Object.is(value, other.get(place)))

/** The values of all properties of the constructors and prototypes of ECMAScript, and the names of the global variables. */
function snapshot() {
  const found = new Map()
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!OWN.test(name)) found.set(name, true)
    if (!STANDARD.includes(name)) continue
    look(found, name, globalThis[name])
    if (typeof globalThis[name] === 'function')
      look(found, `${name}.prototype`, globalThis[name].prototype)
  }
  return found
}

function look(found, place, object) {
  for (const key of Reflect.ownKeys(Object(object))) {
    const { value, get } = Object.getOwnPropertyDescriptor(object, key)
    found.set(`${place}.${String(key)}`, value ?? get)
  }
}

/** Globals that Next.js and Node.js themselves add while they run. */
const OWN = /^(?:_|next|NEXT|TURBOPACK|AsyncLocalStorage)/
// prettier-ignore
const STANDARD = [
  'Array', 'ArrayBuffer', 'BigInt', 'Blob', 'Boolean', 'DataView', 'Date', 'Error', 'File', 'FormData',
  'Function', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError',
  'ReadableStream', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'TypeError', 'Uint8Array',
  'WeakMap', 'WeakSet',
]
