/**
 * The plugin's messages as normative codes.
 *
 * One message often covers several of our codes; then the text at the place it names decides which one.
 * A message that is not listed is `unrecognised`: a new release may have reworded it.
 */

/** `[message, the code, given the text at the reported place and the error]`, most specific first. */
const MESSAGES = [
  [
    /is not allowed inside 'use client'/,
    (_, { isServerModule }) =>
      isServerModule ? 'conflicting-directives' : 'inline-in-client-module',
  ],
  [
    /class instance methods|private class methods|getters or setters/,
    (place) => `server-function-kind${methodKind(place)}`,
  ],
  [/doesn't allow non async function/, () => 'server-function-not-async'],
  [/unsupported non async function/, () => 'export-not-async'],
  [/unsupported ExportAllDeclaration/, () => 're-export'],
  [/failed to resolve export-all source/, () => 'module-not-found'],
]

/** The normative code of an error that the plugin or Vite's parser threw. */
export function recognise(error, code) {
  if (error.code === 'PARSE_ERROR') return 'syntax'
  const known = MESSAGES.find(([message]) => message.test(error.message))
  return known ? known[1](code.slice(error.pos), error) : 'unrecognised'
}

/** React's refusal to register what is no function, met while a module is evaluated. */
export const recogniseLoad = (error) =>
  /Object\.definePropert(?:y|ies) called on non-object|Cannot redefine property: \$\$typeof/.test(
    error?.message,
  )
    ? 'export-not-async'
    : undefined

const METHOD =
  /^(?<static>static\s+)?(?:async\s+)?(?:\*\s*)?(?:(?<accessor>get|set)\s+(?=[\w$#"'[]))?(?<name>#|constructor\b)?/

function methodKind(place) {
  const { static: isStatic, accessor, name } = METHOD.exec(place).groups
  if (accessor) return accessor === 'get' ? '.getter' : '.setter'
  if (name === '#') return '.private-method'
  if (name === 'constructor' && !isStatic) return '.constructor'
  return '.instance-method'
}
