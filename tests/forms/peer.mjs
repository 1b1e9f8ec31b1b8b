/**
 * React's half of a form, as a batch service: one JSON request per line, one JSON reply per line.
 *
 * `{write: {bound, prefix}}` gives the fields that React's client writes for a reference; `{read: {fields}}` gives what
 * React's server calls, with which values, and the state it answers. Values are in the tagged notation.
 */

import { createInterface } from 'node:readline'

import { decode, encode } from '../../conformance/implementations/_shared/notation.mjs'
import { require } from '../../conformance/implementations/_shared/packages.mjs'

const ID = 'm#save'
const exported = { save: async (...values) => values }
globalThis.__webpack_require__ = Object.assign(() => exported, { u: (chunk) => chunk })
globalThis.__webpack_chunk_load__ = async () => {}

const server = require('react-server-dom-webpack/server.node')
const client = require('react-server-dom-webpack/client.node')
server.registerServerReference(exported.save, 'm', 'save')
const manifest = { m: { id: 'm', chunks: [], name: '*' } }

async function write({ bound, prefix }) {
  const reference = client.createServerReference(ID)
  const values = decode(bound, {})
  const called = values.length > 0 ? reference.bind(null, ...values) : reference
  const { name, data } = await written(called, prefix)
  return [[name, ''], ...(data ?? [])]
}

/** As when React renders, a promise that is thrown is waited for. */
async function written(reference, prefix) {
  try {
    return reference.$$FORM_ACTION(prefix)
  } catch (pending) {
    if (!(pending instanceof Promise)) throw pending
    await pending
    return reference.$$FORM_ACTION(prefix)
  }
}

async function read({ fields }) {
  const body = new FormData()
  for (const [name, value] of fields) body.append(name, value)
  const action = await server.decodeAction(body, manifest)
  if (!action) return { values: null }
  const state = await server.decodeFormState('result', body, manifest)
  return { values: await encode(await action(), {}), state }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  const reply = request.write ? await write(request.write) : await read(request.read)
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
