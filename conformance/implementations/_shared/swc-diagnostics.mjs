/**
 * The messages of the SWC transform of Next.js, which Rspack has too, as normative codes.
 *
 * One message often covers several of our codes; then the text around the place it names decides which one. A message
 * that is not listed is `unrecognised`: a new release may have reworded it.
 */

import { Rejected } from './protocol.mjs'

/** `[message, the code, given the message's match and the text from the line it names]`, most specific first. */
const MESSAGES = [
  [/directive cannot be wrapped in parentheses/, () => 'misplaced-directive.parenthesized'],
  [/directive must be at the top of/, () => 'misplaced-directive.after-statement'],
  [/"([^"]*)" is not a supported directive name/, misspelling],
  [
    /both .use client. and .use server. directives|Conflicting directives/,
    () => 'conflicting-directives',
  ],
  [
    /inline "use server" annotated Server Actions in Client Components/,
    () => 'inline-in-client-module',
  ],
  [/inline "use server" annotated class instance methods/, methodKind],
  [/Server Actions must be async functions/, syncFunction],
  [
    /Server Actions cannot use .(this|arguments|super)./,
    ([, what]) => `server-function-context.${what}`,
  ],
  [/Only async functions are allowed to be exported/, exported],
  [/unsupported to use "export \*" in a client boundary/, () => 're-export'],
  [/Module not found|Cannot find module/, () => 'module-not-found'],
]

/** The refusal of a file, with the first place that is named. */
export function refusal(error, path, text) {
  const said = String(error.message).replace(/\x1b\[[0-9;]*m|\\(?=")/g, '')
  const [, sentence = said] =
    /^[ │├╰─▶]*[x×] (?!Module (?:build|parse) failed)(.*)/m.exec(said) ?? []
  const line = lineOf(said)
  const code = codeOf(sentence, line, text) ?? otherCode(said)
  return new Rejected('compile', code, sentence, { file: path, line })
}

/** The code of a message about a line of a file, or undefined when it is none of those above. */
export function codeOf(sentence, line, text) {
  const rest = text
    .split(/\r?\n/)
    .slice(line ? line - 1 : 0)
    .join('\n')
  for (const [message, code] of MESSAGES) {
    const match = message.exec(sentence)
    if (match) return code(match, rest, text)
  }
  return undefined
}

/**
 * The drawing of the place begins with line and column; where a file has one line only, without. What spans several lines is
 * marked where it begins; what the drawing begins with is then the line before.
 */
function lineOf(said) {
  const [, marked] = /(\d+) [│|] *(?:╭─▶|,->)/.exec(said) ?? []
  if (marked) return Number(marked)
  const [, line] = /[,╭][-─]+\[(?:[^\n]*?:)?(\d+):\d+\]/.exec(said) ?? []
  if (line) return Number(line)
  return /╭─+\n[ │]*1 │/.test(said) ? 1 : undefined
}

const otherCode = (said) =>
  /Syntax Error|JavaScript parse error/.test(said) ? 'syntax' : 'unrecognised'

function misspelling([, found]) {
  if (/^use\s+server$/i.test(found.trim()) && !/^use server$/i.test(found))
    return 'misspelt-directive.space'
  return /^use server$/i.test(found) ? 'misspelt-directive.case' : 'misspelt-directive.similar'
}

/** A server directive, behind white space, comments and other directives. */
const DIRECTIVE = String.raw`(?:\s|//.*|/\*[^]*?\*/|'[^'\n]*';?|"[^"\n]*";?)*?(?:'use server'|"use server")`
const ACCESSOR = new RegExp(String.raw`\b(get|set)\s+[^\s(]+\s*\([^)]*\)\s*\{${DIRECTIVE}`)
const SERVER_MODULE = new RegExp(`^${DIRECTIVE}`)
const SERVER_FUNCTION = new RegExp(String.raw`^[^{;]*\{${DIRECTIVE}`)

function methodKind(_, rest) {
  const [, accessor] = ACCESSOR.exec(rest) ?? []
  if (accessor) return `server-function-kind.${accessor}ter`
  if (/^\s*(?:async\s+)?#/.test(rest)) return 'server-function-kind.private-method'
  return 'server-function-kind.instance-method'
}

/** A getter is a function that is not async, too. */
function syncFunction(_, rest, text) {
  const [, accessor] = ACCESSOR.exec(rest) ?? []
  if (accessor) return `server-function-kind.${accessor}ter`
  return SERVER_MODULE.test(text) && !SERVER_FUNCTION.test(rest)
    ? 'export-not-async'
    : 'server-function-not-async'
}

function exported(_, rest) {
  return /^\s*export\s*(?:\*|\{[^}]*\}\s*from)/.test(rest) ? 're-export' : 'export-not-async'
}

/** Next's check of the exports of a server module, or React's, met while the module is evaluated. */
export const recogniseLoad = (error) =>
  /"use server" file can only export async functions|Cannot redefine property: \$\$typeof/.test(
    error?.message,
  )
    ? 'export-not-async'
    : undefined
