/**
 * The conformance protocol over standard input and output, for an adapter whose builds are shared: what has arrived by the
 * time a build begins is built together.
 *
 * Rules this module obeys:
 * - Requests are answered one at a time, in order, with their own `seq`; a build only looks at them earlier.
 * - What the adapter started ends with it, however it ends.
 * - A defect of the adapter ends the process.
 */

import { setTimeout as pause } from 'node:timers/promises'

import { answer } from '../_shared/protocol.mjs'
import { BUILT, operations, prepare, stop } from './adapter.mjs'

const DEFECT = 70 // EX_SOFTWARE of sysexits.h
/** So many milliseconds after the last request nothing more was sent ahead. */
const QUIET = 200

/** Whole lines of standard input that nobody has taken yet. */
const waiting = []
let rest = ''
let ended = false
/** Called when there is something to look at. */
let wake = () => {}

process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop()
  waiting.push(...lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line)))
  wake()
})
process.stdin.on('end', () => {
  ended = true
  wake()
})

async function serve() {
  for (let request = await next(); request; request = await next()) {
    const { seq, ...asked } = request
    if (asked.op === 'stop') return reply({ seq, ok: {} })
    if (BUILT.has(asked.op)) await prepare(asked, gather)
    await reply({ seq, ...(await answer(operations, asked)) })
  }
}

async function next() {
  while (waiting.length === 0 && !ended)
    await new Promise((done) => {
      wake = done
    })
  return waiting.shift()
}

/** What has been sent ahead, once no more comes. */
async function gather() {
  for (let count = -1; count !== waiting.length; await pause(QUIET)) count = waiting.length
  return waiting.filter(({ op }) => BUILT.has(op))
}

const reply = (message) =>
  new Promise((done) => {
    process.stdout.write(`${JSON.stringify(message)}\n`, done)
  })

async function end(status) {
  await stop()
  process.exit(status)
}

process.on('unhandledRejection', (reason) =>
  console.error('unhandled rejection in the tested program:', reason),
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(DEFECT))

await serve().then(
  () => end(0),
  (defect) => {
    console.error(defect)
    return end(DEFECT)
  },
)
