/**
 * The conformance adapter for RedwoodSDK: what its transforms make of a file for the worker, and which functions the module
 * registers when it is evaluated.
 */

import { checkSource, emitted } from '../_shared/emitted.mjs'
import { flightOperations } from '../_shared/operations.mjs'
import { greeting, importFrom } from '../_shared/packages.mjs'
import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { describeRegistered, registering } from '../_shared/registrations.mjs'
import { stripped } from '../_shared/strip.mjs'

const transforms = (name) => importFrom('rwsdk', `dist/vite/${name}.mjs`)
const { transformServerFunctions } = await transforms('transformServerFunctions')
const { transformClientComponents } = await transforms('transformClientComponents')

const NO_FILES = new Set()
/** RedwoodSDK hoists no functions. */
const GENERATED = /(?!)/

async function server(path, text) {
  checkSource(path)
  const { code, kind } = await transformed(path, text)
  return {
    code: emitted(await stripped(path, code), path, 'RedwoodSDK', text),
    kind,
    functions: [],
    registers: kind === 'server',
    text,
  }
}

async function transformed(path, text) {
  try {
    const client = await transformClientComponents(text, path, {
      environmentName: 'worker',
      clientFiles: NO_FILES,
    })
    if (client) return { code: client.code, kind: 'client' }
    const functions = transformServerFunctions(text, path, 'worker', NO_FILES)
    return functions ? { code: functions.code, kind: 'server' } : { code: text, kind: 'none' }
  } catch (error) {
    throw new Rejected('compile', 'unrecognised', error.message.split('\n')[0], { file: path })
  }
}

const toolchain = () => ({
  server,
  client: server,
  host(_, specifier, world) {
    if (specifier !== 'rwsdk/worker') return undefined
    const registerClientReference = (module, id, name) =>
      world.application.server.registerClientReference(() => {}, id, name)
    return { registerServerReference: registeringFunctions(world), registerClientReference }
  },
  describe,
})

const registered = describeRegistered(GENERATED)

/** One form of export is registered after the other, so the order tells the source's only where the names stand so too. */
async function describe(path, module, makeWorld) {
  const functions = await registered(path, module, makeWorld)
  const places = functions.map(({ name }) => module.text.indexOf(name))
  if (places.some((place, index) => place < places[index - 1]))
    throw new Unsupported('the order in which functions are registered is not that of the source')
  return functions
}

/** As in rwsdk/worker: what is no function is passed over. */
function registeringFunctions(world) {
  const register = registering(world)
  return (action, id, name) => (typeof action === 'function' ? register(action, id, name) : action)
}

export const operations = flightOperations(greeting('rwsdk'), toolchain)
