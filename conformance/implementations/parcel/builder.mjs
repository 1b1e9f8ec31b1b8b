/** Builds of Parcel, made by a process of their own: Parcel's addons do not survive the threads of an adapter. */

import { fork } from 'node:child_process'
import { once } from 'node:events'

import { Rejected, Unsupported } from '../_shared/protocol.mjs'

/** Where bundles find what is not built with them. */
export const GLOBAL = 'useServerConformance'

/**
 * @typedef {object} Wanted
 * @property {Record<string, string>} files
 * @property {'production'|'development'} mode
 * @property {string} [entry] the path of a module whose exports the server is asked for
 * @property {string} [client] the path of the client program
 * @property {boolean} [everything] are modules that nobody imports part of the application?
 * @property {string} [only] the path of the one module that is built, with what it imports
 * @property {boolean} [optimized]
 *
 * @typedef {object} Built
 * @property {Map<string, string>} server the texts of the server's bundles, that of the entry first
 * @property {Map<string, string>} client the texts of the browser's bundles
 * @property {{path: string, id: string, directives: string[]}[]} modules of the case
 */

let builder

/** It ends when nobody listens to it any more. */
function start() {
  const path = new URL('building.mjs', import.meta.url).pathname
  const started = fork(path, {
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: ['--experimental-vm-modules', '--no-warnings'],
  })
  started.on('exit', (code, signal) => {
    builder = undefined
    started.emit('message', { defect: `the builder ended with ${signal ?? `status ${code}`}` })
  })
  return started
}

/** @param {Wanted} wanted @returns {Promise<Built>} */
export async function build(wanted) {
  builder ??= start()
  builder.send(wanted)
  const [{ built, refused, defect }] = await once(builder, 'message')
  if (defect) throw new Error(`no build: ${defect}`)
  if (!refused) return built
  const [, , message] = refused
  // The default configuration takes no .mts files, for instance.
  if (message.startsWith('No transformers found')) throw new Unsupported(message)
  throw new Rejected(...refused)
}
