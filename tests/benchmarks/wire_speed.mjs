/**
 * React's side of wire_speed.py: the median milliseconds of each shape, as JSON.
 *
 *   node --conditions react-server wire_speed.mjs SHAPES ROUNDS      with USE_SERVER_PACKAGES and NODE_ENV=production set
 *
 * SHAPES is JSON: name -> [expression, n]. A round encodes and decodes once, in both directions.
 */

import { require } from '../../conformance/implementations/_shared/packages.mjs'

globalThis.__webpack_require__ = Object.assign(() => ({}), { u: (chunk) => chunk })
globalThis.__webpack_chunk_load__ = async () => {}
const server = require('react-server-dom-webpack/server.node')
const client = require('react-server-dom-webpack/client.browser')

const shapes = JSON.parse(process.argv[2])
const rounds = Number(process.argv[3])

/** Small ones are done many times within one measurement, so that the clock is fine enough. */
async function milliseconds(times, action) {
  const started = process.hrtime.bigint()
  let made
  for (let i = 0; i < times; i++) made = await action()
  return [Number(process.hrtime.bigint() - started) / 1e6 / times, made]
}

async function bytesOf(stream) {
  const pieces = []
  for await (const piece of stream) pieces.push(piece)
  return pieces
}

/** Everything that can be done before reading: a body of text is a string, one of parts is a FormData. */
const streamOf = (pieces) =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]

const table = {}
for (const [name, [expression, n]] of Object.entries(shapes)) {
  const value = new Function('n', `return ${expression}`)(n)
  const times = n === 1 ? 200 : 1
  const found = [[], [], [], []]
  for (let round = 0; round < rounds; round++) {
    const [first, body] = await milliseconds(times, () => client.encodeReply(value))
    const [second] = await milliseconds(times, () => server.decodeReply(body, {}))
    const [third, pieces] = await milliseconds(times, async () =>
      bytesOf(await server.renderToReadableStream(value, {})),
    )
    const [fourth] = await milliseconds(times, () => client.createFromReadableStream(streamOf(pieces)))
    for (const [i, time] of [first, second, third, fourth].entries()) found[i].push(time)
  }
  table[name] = found.map(median)
}
console.log(JSON.stringify(table))
