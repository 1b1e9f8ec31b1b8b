/**
 * `node --experimental-vm-modules main.mjs ADAPTER`: the conformance protocol over standard input and output, one JSON
 * object per line, for an adapter module that exports its `operations`.
 *
 * Rules this module obeys:
 * - Requests may arrive ahead of their turn; they are answered one at a time, in order, with their own `seq`.
 * - Standard output belongs to the protocol. What the tested program or a tool prints goes to standard error.
 * - The adapter lives in a worker thread that is replaced now and then where memory has grown, because modules made by
 *   node:vm are never freed. A new thread costs as much as 300 messages of a codec.
 * - When the thread ends by itself, so does this process: a program that exits, and a defect of the adapter, are crashes.
 * - When the runner ends, so does this process, also while the thread is in a loop that does not.
 */

import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Milliseconds between two looks at whether the runner is still there. */
const WATCH = 1000
/** So many requests between two looks at the memory of this process, and how many bytes it may then have. */
const LOOK = 200
const ROOM = 256 * 1024 * 1024
const DEFECT = 70 // EX_SOFTWARE of sysexits.h

/** A thread with the adapter in it. */
class Adapter {
  #worker
  answered = 0

  constructor(url) {
    this.#worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: url })
    this.#worker.on('error', fail).on('exit', (code) => process.exit(code))
  }

  async answer(request) {
    this.answered += 1
    this.#worker.postMessage(request)
    const [reply] = await once(this.#worker, 'message')
    return reply
  }

  get isFull() {
    const isDue = this.answered > 0 && this.answered % LOOK === 0
    return isDue && process.memoryUsage.rss() > ROOM
  }

  retire() {
    this.#worker.removeAllListeners('exit')
    return this.#worker.terminate()
  }
}

async function serve(url) {
  let adapter = new Adapter(url)
  for await (const line of lines(process.stdin)) {
    if (line.trim() === '') continue
    const { seq, ...request } = JSON.parse(line)
    if (adapter.isFull) {
      await adapter.retire()
      adapter = new Adapter(url)
    }
    const reply = request.op === 'stop' ? { ok: {} } : await adapter.answer(request)
    await send({ seq, ...reply })
    if (request.op === 'stop') break
  }
  await adapter.retire()
}

/** Lines end at a line feed and nowhere else; node:readline would also end them at U+2028. */
async function* lines(input) {
  let rest = ''
  for await (const chunk of input.setEncoding('utf8')) {
    const [first, ...more] = chunk.split('\n')
    rest += first
    for (const next of more) {
      yield rest
      rest = next
    }
  }
  yield rest
}

const send = (reply) =>
  new Promise((done) => {
    process.stdout.write(`${JSON.stringify(reply)}\n`, done)
  })

function fail(defect) {
  console.error(defect)
  process.exit(DEFECT)
}

const runner = process.ppid
setInterval(() => process.ppid === runner || process.exit(), WATCH).unref()

await serve(pathToFileURL(resolve(process.argv[2])).href).then(() => process.exit(0), fail)
