/**
 * The preset's messages as normative codes. A message that is not listed is `unrecognised`: a new release may have
 * reworded it.
 */

import { Rejected } from '../_shared/protocol.mjs'

const MESSAGES = [
  [/both "use client" and "use server" directives/, 'conflicting-directives'],
  [/functions marked with "use server" must be async/, 'server-function-not-async'],
  [/Namespace exports for server actions|Re-exporting all modules/, 're-export'],
  [
    /must be async|Cannot create server action|Unimplemented|Only async functions can be/,
    'export-not-async',
  ],
]

/** The refusal of a file, with the place that Babel names. */
export function refusal(error, path) {
  const [first] = error.message.replace(/^.*?: /, '').split('\n')
  const line = error.loc?.line ?? lineOfFrame(error.message)
  return new Rejected('compile', recognise(error, first), first, { file: path, line })
}

function recognise(error, message) {
  if (error.code === 'BABEL_PARSE_ERROR') return 'syntax'
  return MESSAGES.find(([text]) => text.test(message))?.[1] ?? 'unrecognised'
}

/** `buildCodeFrameError` marks the line in the drawing of the place. */
function lineOfFrame(message) {
  const [, line] = /^\s*>\s*(\d+) \|/m.exec(message) ?? []
  return line && Number(line)
}

/** React's refusal to register what is no function, met while a module is evaluated. */
export const recogniseLoad = (error) =>
  /Object\.definePropert(?:y|ies) called on non-object|Cannot redefine property: \$\$typeof/.test(
    error?.message,
  )
    ? 'export-not-async'
    : undefined
