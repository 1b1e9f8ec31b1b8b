/** The server's half of a case: the value of its entry, and what an export holds. */

import { decode, encode } from './notation.mjs'
import { StepFailed } from './registry.js'

/**
 * The value of an entry, as the result of a call would be.
 * @param {() => Promise<object>} load its module @param {string} name @param {unknown[]} args in the notation
 */
export async function entryValue(load, name, args) {
  const module = await loaded(load)
  if (!(name in module))
    throw new StepFailed('load', 'export-not-found', `the entry exports no ${name}`)
  const values = args.map((arg) => decode(arg, {}))
  try {
    return await (typeof module[name] === 'function' ? module[name](...values) : module[name])
  } catch (error) {
    throw new StepFailed('call', 'thrown', `the entry threw: ${error?.message ?? error}`)
  }
}

async function loaded(load) {
  try {
    return await load()
  } catch (error) {
    throw new StepFailed('load', codeOf(error), String(error?.message ?? error))
  }
}

/** Next's check of the exports of a server module. */
const codeOf = (error) =>
  /"use server" file can only export async functions|Cannot redefine property: \$\$typeof/.test(
    error?.message,
  )
    ? 'export-not-async'
    : 'thrown'

/** What an export holds now, in the notation. */
export async function watched(load, name) {
  const module = await load()
  return JSON.stringify(
    await encode(module[name], { function: (value) => value.$$id && { $: 'reference' } }),
  )
}
