/**
 * What a failed build of Turbopack says, as refusals of the cases whose files it names. A message that is not listed is
 * `unrecognised`: a new release may have reworded it.
 *
 * Mistakes in the links between modules end the build; their phase is the one that the specification gives them.
 */

import { Rejected } from '../_shared/protocol.mjs'
import { codeOf } from '../_shared/swc-diagnostics.mjs'
import { caseOf } from './application.mjs'

const LINKS = [
  [/^Module not found/, 'module-not-found'],
  [/^Export .* doesn't exist in target module/, 'export-not-found'],
]
const BEGIN = /^\.\/(.+?)(?::(\d+):\d+)?$/
const COLOURS = /\x1b\[\d+m/g

/**
 * The refusals by case, the first of each.
 * @param {string} log @param {Map<string, {files: Record<string, string>}>} cases
 */
export function refusals(log, cases) {
  if (log.includes('TurbopackInternalError')) return broken(log, cases)
  const found = new Map()
  for (const { place, line, said } of messages(log.replace(COLOURS, ''))) {
    const about = caseOf(place) ?? tracedTo(said)
    if (!about || !cases.has(about.name) || found.has(about.name)) continue
    found.set(about.name, refusal(about.path, line, said, cases.get(about.name).files))
  }
  return found
}

/**
 * Turbopack has written something that it cannot read itself, and shows it: the actions in it name their file. If that is not
 * one case, nobody is refused.
 */
function broken(log, cases) {
  const named = new Set([...log.matchAll(/\/cases\/(c\d+)\//g)].map(([, name]) => name))
  const [name] = named
  if (named.size !== 1 || !cases.has(name)) return new Map()
  const [, message] = /TurbopackInternalError\]?:\s*(.*)/.exec(log)
  return new Map([[name, new Rejected('compile', 'syntax', message)]])
}

/** The messages behind the headline, each with the place it begins with. */
function messages(log) {
  const [, ...lines] = log.slice(log.indexOf('build failed with')).split('\n')
  const parts = []
  for (const [number, line] of lines.entries()) {
    const begin = BEGIN.exec(line)
    if (begin && number > 0 && lines[number - 1].trim() !== '') continue
    if (begin) parts.push({ place: begin[1], line: begin[2] && Number(begin[2]), said: '' })
    else if (parts.length > 0) parts.at(-1).said += `${line}\n`
  }
  return parts
}

/** The case of a message about a file that is no case's own. */
const tracedTo = (said) => caseOf(/^ +\.\/(\S*\/(?:cases|app)\/c\d+\/\S*)/m.exec(said)?.[1] ?? '')

function refusal(path, line, said, files) {
  const sentence = /^Error: (.*)/m.exec(said)?.[1] ?? said.trim().split('\n')[0]
  const [, link] = LINKS.find(([text]) => text.test(sentence)) ?? []
  const place = { file: path, line }
  if (link) return new Rejected('load', link, sentence, place)
  const code = codeOf(sentence, line, files[path] ?? '')
  const isSyntax = /Parsing (?:ecmascript|css) source code failed/.test(said)
  return new Rejected(
    'compile',
    code ?? (isSyntax ? 'syntax' : 'unrecognised'),
    code ? sentence : said.trim(),
    place,
  )
}
