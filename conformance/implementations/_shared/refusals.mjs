/** React's refusals to serialise a value, as normative codes. */

/** By a part of their text, or by their number in minified builds. */
const REFUSALS = [
  [/Only plain objects, and a few built-ins|Minified React error #499/, unsupportedObject],
  [
    /Functions cannot be passed directly|Event handlers cannot be passed|Client Functions cannot|Minified React error #469/,
    () => '.function',
  ],
  [/Only global symbols|Symbols cannot be passed|Minified React error #517/, () => '.symbol'],
  [/React Element cannot be passed|Minified React error #510/, () => '.element'],
]

/** The normative code of a refusal to serialise `model`, or undefined when the error is something else. */
export function unsupportedValue(error, model) {
  const message = String(error?.message ?? error)
  const refusal = REFUSALS.find(([text]) => text.test(message))
  if (refusal) return `unsupported-value${refusal[1](model)}`
  return thrownByBuiltIn(error, REACT) ? 'unsupported-value' : undefined
}

/**
 * Some values refuse themselves when they are asked for their contents: a locked stream, a view of a detached buffer.
 * @param {RegExp} library which frame has to be the one that asked
 */
export function thrownByBuiltIn(error, library) {
  if (error?.name !== 'TypeError') return false
  const frames = String(error.stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
  const caller = frames.findIndex((frame) => !BUILT_IN.test(frame))
  return caller > 0 && library.test(frames[caller])
}

const BUILT_IN = /(?:<anonymous>|node:[^()]+)\)?$/
const REACT = /react-server-dom-/

/** React has one text for all objects it refuses; the first such object in the model tells which kind it was. */
function unsupportedObject(model, seen = new Set()) {
  if (typeof model !== 'object' || model === null || seen.has(model) || isOpaque(model)) return ''
  seen.add(model)
  if (model instanceof RegExp) return '.regexp'
  if (model instanceof Error) return '.error'
  const prototype = Object.getPrototypeOf(model)
  if (prototype === null) return '.null-prototype'
  if (!CONTAINERS.some((Class) => prototype === Class.prototype)) return '.class-instance'
  const parts = prototype === Object.prototype ? Object.values(model) : [...model.entries()].flat()
  return parts.map((part) => unsupportedObject(part, seen)).find(Boolean) ?? ''
}

const CONTAINERS = [Object, Array, Map, Set]
const OPAQUE = [Date, Promise, Blob, FormData, ReadableStream, ArrayBuffer]
const isOpaque = (object) =>
  ArrayBuffer.isView(object) || OPAQUE.some((Class) => object instanceof Class)
