/**
 * The conformance adapter for TanStack's directive plugin: which functions its compiler takes out of a file, and under which
 * names the evaluated module exports them.
 */

import { withoutClientModules } from '../_shared/client-modules.mjs'
import { checkSource, emitted } from '../_shared/emitted.mjs'
import { flightOperations } from '../_shared/operations.mjs'
import { greeting, importFrom } from '../_shared/packages.mjs'
import { Rejected } from '../_shared/protocol.mjs'
import { evaluated, registrationsIn } from '../_shared/registrations.mjs'
import { stripped } from '../_shared/strip.mjs'

const { compileDirectives } = await importFrom(
  '@tanstack/directive-functions-plugin',
  'dist/esm/compilers.js',
)

/** The plugin looks at files only that contain one of these texts. */
const CANDIDATE = /"use server"|'use server'/
const PROBE = 'useServerConformanceProbe'
const RUNTIME = 'use-server-conformance:runtime'

async function server(path, text) {
  checkSource(path)
  const isCandidate = CANDIDATE.test(text)
  const { code, names } = isCandidate ? compiled(path, text) : { code: text, names: [] }
  const kind = isCandidate && isServerModule(path, text) ? 'server' : 'none'
  const where = kind === 'server' ? 'export' : 'inline'
  return {
    code: emitted(await stripped(path, code), path, 'the directive plugin', text),
    kind,
    functions: names.map((id) => ({ id, exported: id, where, name: ownName(id) })),
  }
}

/** In a server module, one more exported function is one more server function. */
const isServerModule = (path, text) =>
  compiled(path, `${text}\nexport async function ${PROBE}() {}`).names.some((name) =>
    name.startsWith(PROBE),
  )

/** The compiler numbers the names of functions that it takes out. */
const ownName = (id) => (id === 'anonymous' ? null : id.replace(/_\d+$/, ''))

/** Under which names the functions are exported, the evaluated module tells. */
async function describe(path, { kind, functions }, makeWorld) {
  if (kind !== 'server') return functions
  const world = await makeWorld()
  const known = [...(await evaluated(path, world)).values()]
  const exports = Object.entries((await world.server.load(path)).namespace)
  const named = exports.filter(([, value]) => known.includes(value))
  named.sort(([, one], [, other]) => known.indexOf(one) - known.indexOf(other))
  return named.map(([name]) => ({ where: 'export', name }))
}

function compiled(path, text) {
  try {
    const { directiveFnsById, compiledResult } = compileDirectives({
      directive: 'use server',
      code: text,
      root: '/',
      filename: `/${path}`,
      getRuntimeCode: () => `import { createServerRpc } from '${RUNTIME}'`,
      generateFunctionId: ({ functionName }) => functionName,
      replacer: ({ functionId, fn }) => `createServerRpc(${JSON.stringify(functionId)}, ${fn})`,
      directiveSplitParam: 'tsr-directive-use-server',
      isDirectiveSplitParam: false,
      isClientEnvironment: false,
    })
    const names = Object.values(directiveFnsById).map(({ functionName }) => functionName)
    return { code: compiledResult.code, names }
  } catch (error) {
    throw refusal(error, path, text)
  }
}

const NESTED = /cannot be nested in other blocks or functions/
const METHOD = /in (class|object method) not supported|in ClassMethod or ObjectMethod/

/** The message stands at the end of a drawing of the place. */
function refusal(error, path, text) {
  const said = error.message.replace(/\x1b\[\d+m/g, '')
  const [sentence] = /"use server" .*/.exec(said) ?? said.split('\n')
  const [, marked] = /^>\s*(\d+) \|/m.exec(said) ?? []
  const line = error.loc?.line ?? (marked && Number(marked))
  return new Rejected('compile', codeOf(error, said, text, line), sentence, { file: path, line })
}

function codeOf({ code }, said, text, line) {
  if (code === 'BABEL_PARSER_SYNTAX_ERROR' || /Duplicate declaration "/.test(said)) return 'syntax'
  if (NESTED.test(said)) return 'nested'
  const [isMethod, place] = METHOD.exec(said) ?? []
  if (!isMethod) return 'unrecognised'
  return `server-function-kind${methodKind(place, text.split('\n').slice(line - 1).join('\n'))}`
}

/** One message covers all methods; which of them it is, the text tells from its line on. */
function methodKind(place, rest) {
  const [, accessor] = /\b(get|set)\s+[^\s(]+\s*\([^)]*\)\s*\{\s*(['"])use server\2/.exec(rest) ?? []
  if (accessor) return `.${accessor}ter`
  if (place !== 'class') return ''
  if (/\bconstructor\s*\(/.test(rest)) return '.constructor'
  return /\bstatic\b/.test(rest) ? '' : '.instance-method'
}

const toolchain = () => ({
  server,
  client: server,
  host: (_, specifier, world) =>
    specifier === RUNTIME ? { createServerRpc: recorded(world) } : undefined,
  describe,
})

const recorded = (world) => (id, reference) => {
  registrationsIn(world).set(id, reference)
  return reference
}

const flight = flightOperations(greeting('@tanstack/directive-functions-plugin'), toolchain)

export const operations = { ...flight, compile: withoutClientModules(flight.compile) }
