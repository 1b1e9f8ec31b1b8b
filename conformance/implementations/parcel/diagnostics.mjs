/**
 * What a build of Parcel ends with, as normative codes. A message that is not listed is `unrecognised`: a new release may have
 * reworded it.
 *
 * Mistakes in the links between modules are found by the build; their phase is the one that the specification gives them.
 */

import { relative } from 'node:path'

import { Rejected } from '../_shared/protocol.mjs'

const MESSAGES = [
  [/^Failed to resolve|^Cannot load file/, 'load', 'module-not-found'],
  [/does not export/, 'load', 'export-not-found'],
]

export function refusal(error, root) {
  const [first] = error.diagnostics ?? []
  if (!first) return error
  const frame = first.codeFrames?.[0]
  const named = frame?.filePath && relative(root, frame.filePath)
  const file = named?.startsWith('..') ? undefined : named
  const line = frame?.codeHighlights?.[0]?.start.line
  const message = String(first.message)
  const [, phase, code] = MESSAGES.find(([text]) => text.test(message)) ?? [
    ,
    'compile',
    codeOf(first),
  ]
  return new Rejected(phase, code, message, { file, line })
}

const codeOf = ({ origin }) => (origin === '@parcel/transformer-js' ? 'syntax' : 'unrecognised')
