/**
 * The conformance adapter for Parcel.
 *
 * Every request is a real build; its bundles are evaluated, and react-server-dom-webpack carries what goes between them.
 */

import { isSource } from '../_shared/project.mjs'
import { greeting } from '../_shared/packages.mjs'
import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { build } from './builder.mjs'
import { Program } from './program.mjs'

const CLIENT = 'client.js'

async function compile({ files }) {
  const program = await compiled({ files, mode: 'production' })
  const observed = {}
  for (const path of Object.keys(files).filter(isSource))
    observed[path] = { kind: kindOf(moduleAt(program, path)), functions: [], diagnostics: [] }
  const servers = Object.keys(observed).filter((path) => observed[path].kind === 'server')
  if (servers.length > 0) whenEvaluated(() => program.start())
  for (const path of servers) {
    const names = whenEvaluated(() => functionsOf(program, path))
    observed[path].functions = names.map((name) => ({ where: 'export', name, captures: [] }))
  }
  return observed
}

/** Of several files that it refuses, Parcel tells any, from build to build another one; here the first is told. */
async function compiled(wanted) {
  try {
    return await Program.of({ ...wanted, everything: true })
  } catch (refused) {
    for (const only of Object.keys(wanted.files).filter(isSource)) await build({ ...wanted, only })
    throw refused
  }
}

function whenEvaluated(look) {
  try {
    return look()
  } catch {
    throw new Unsupported('the functions of a module that cannot be evaluated cannot be seen')
  }
}

const moduleAt = ({ modules }, wanted) => modules.find(({ path }) => path === wanted)

function kindOf(module) {
  if (module?.directives.includes('use client')) return 'client'
  return module?.directives.includes('use server') ? 'server' : 'none'
}

/** Parcel calls whatever function a registered module exports. */
function functionsOf(program, path) {
  const { id } = moduleAt(program, path)
  if (!program.isCallable(id)) return []
  return Object.entries(program.exportsOf(id))
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name)
}

async function exposes({ files, mode = 'production' }) {
  const program = await Program.of({ files, mode, everything: true })
  program.start()
  const servers = program.modules.filter((module) => kindOf(module) === 'server')
  return {
    functions: servers
      .flatMap(({ path }) => functionsOf(program, path).map((name) => `${path}#${name}`))
      .sort(),
  }
}

async function run(request) {
  const { application, received, main } = await begun(request)
  const program = await main()
  try {
    const value = await (typeof program === 'function' ? program(...received) : program)
    const { encode } = await application.shared('client', 'notation.mjs')
    return { result: await encode(value, { function: application.client.recogniseFunction }) }
  } catch (error) {
    throw application.classify(error)
  }
}

/** The server has started and sent what the entry gave; the client program is known, and not called yet. */
async function begun(request, options = {}) {
  const { files, mode = 'production', entry, client, client_file: path = CLIENT } = request
  const program = await Program.of({
    ...options,
    files: client ? { ...files, [path]: client } : files,
    mode,
    entry: entry?.slice(0, entry.lastIndexOf('#')),
    client: client && path,
  })
  const { application } = program
  const server = program.start()
  const send = async (model) => {
    try {
      return await application.send(model)
    } catch (error) {
      throw application.classify(error)
    }
  }
  const received = entry ? [await send(await entryValue(application, server.entry, request))] : []
  const main = async () => {
    const { program: exports } = await resolved(await send({ program: server.program }))
    if (!('default' in exports))
      throw new Rejected('load', 'export-not-found', 'the client program has no default export', {
        file: path,
      })
    return exports.default
  }
  return { program, application, received, main }
}

/** A client reference that has not been rendered is still to be loaded. */
async function resolved({ program }) {
  if (program?._payload === undefined) return { program }
  return { program: await program._init(program._payload) }
}

async function entryValue(application, module, { entry, args = [] }) {
  const name = entry.slice(entry.lastIndexOf('#') + 1)
  if (!(name in module))
    throw new Rejected('load', 'export-not-found', `the entry exports no ${name}`)
  const { decode } = await application.shared('server', 'notation.mjs')
  const cannot = () => {
    throw new Unsupported('this adapter cannot pass a server reference to the entry')
  }
  const values = args.map((arg) => decode(arg, { reference: cannot }))
  try {
    return await (typeof module[name] === 'function' ? module[name](...values) : module[name])
  } catch (error) {
    throw new Rejected('call', 'thrown', `the entry threw: ${error?.message ?? error}`)
  }
}

async function withholds(request) {
  const { program, application, received, main } = await begun(request, {
    everything: true,
    optimized: true,
  })
  try {
    if (request.client) await (await main())(...received)
  } catch (error) {
    if (['compile', 'load'].includes(application.classify(error).phase)) throw error
  }
  const bundles = [...program.browserBundles].map(([name, text]) => [`bundle/${name}`, text])
  const responses = application.responses.map((chunks, index) => [
    `response/${index + 1}`,
    { base64: Buffer.concat(chunks).toString('base64') },
  ])
  return { artifacts: Object.fromEntries([...bundles, ...responses]) }
}

/** The first build takes seconds, in which Parcel is loaded. */
async function hello() {
  await build({ files: {}, mode: 'production' })
  return greeting('@parcel/core')
}

export const operations = { hello, compile, run, exposes, withholds }
