/** The thread in which an adapter answers; see main.mjs. */

import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

import { answer } from './protocol.mjs'

const STANDARD_ERROR = 2
// Written at once: a thread that ends takes with it what it has only queued for its parent to print.
const print = (chunk) => writeSync(STANDARD_ERROR, chunk) > 0
process.stdout.write = print
process.stderr.write = print

process.on('unhandledRejection', (reason) =>
  console.error('unhandled rejection in the tested program:', reason),
)

const { operations } = await import(workerData)

parentPort.on('message', async (request) => {
  try {
    parentPort.postMessage(await answer(operations, request))
  } catch (defect) {
    // Thrown outside the promise, so that it ends the thread instead of being an unhandled rejection.
    setImmediate(() => {
      throw defect
    })
  }
})
