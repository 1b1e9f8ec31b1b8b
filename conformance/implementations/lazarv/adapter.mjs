/**
 * The conformance adapter for @lazarv/react-server: what its Vite plugins make of a file for the server, and which functions
 * the module registers when it is evaluated.
 */

import { checkSource, emitted } from '../_shared/emitted.mjs'
import { flightOperations } from '../_shared/operations.mjs'
import { greeting, importFrom } from '../_shared/packages.mjs'
import { Rejected } from '../_shared/protocol.mjs'
import { describeRegistered, registering } from '../_shared/registrations.mjs'
import { stripped } from '../_shared/strip.mjs'

process.env.REACT_SERVER_ROOT ??= '/'
const plugin = async (name) =>
  (await importFrom('@lazarv/react-server', `lib/plugins/${name}.mjs`)).default
const PLUGINS = {
  client: (await plugin('use-client'))('server', new Map()),
  server: (await plugin('use-server'))('rsc', new Map()),
  inline: (await plugin('use-server-inline'))(new Map()),
}

/** Inline functions are named after the place where they stand. */
const GENERATED = /^__react_server_action__/
const REGISTER = /\/server\/action-register\.mjs$/

const context = {
  environment: { mode: 'dev', name: 'rsc', moduleGraph: { getModuleById: () => ({}) } },
  emitFile() {},
}

async function server(path, text) {
  checkSource(path)
  const applied = {}
  let code = await stripped(path, text)
  for (const name of Object.keys(PLUGINS)) {
    applied[name] = await transformed(name, path, code)
    code = applied[name]?.code ?? code
  }
  return {
    code: emitted(code, path, '@lazarv/react-server', text),
    kind: applied.client ? 'client' : applied.server ? 'server' : 'none',
    functions: [],
    registers: Boolean(applied.server ?? applied.inline),
  }
}

async function transformed(name, path, code) {
  const { filter, handler } = PLUGINS[name].transform
  if (!filter.id.test(path)) return undefined
  try {
    return (await handler.call(context, code, path, { ssr: true })) ?? undefined
  } catch (error) {
    throw new Rejected('compile', codeOf(error), error.message.split('\n')[0], { file: path })
  }
}

const codeOf = ({ message }) =>
  /Cannot use both/.test(message) ? 'conflicting-directives' : 'unrecognised'

const toolchain = () => ({
  server,
  client: server,
  host(_, specifier, world) {
    if (REGISTER.test(specifier)) return { registerServerReference: registering(world) }
    return specifier === 'react-server-dom-webpack/server.edge'
      ? world.application.server
      : undefined
  },
  describe: describeRegistered(GENERATED),
})

export const operations = flightOperations(greeting('@lazarv/react-server'), toolchain)
