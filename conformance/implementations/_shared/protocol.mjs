/**
 * The conformance protocol over standard input and output: one JSON object per line, one reply per request.
 *
 * Rules this module obeys:
 * - Requests may arrive ahead of their turn; they are answered one at a time, in order, with their own `seq`.
 * - Standard output belongs to the protocol. What the tested program or a tool prints goes to standard error.
 * - An operation ends in `ok`, or throws `Rejected` or `Unsupported`. Anything else it throws is a defect of
 *   the adapter: the process ends with the error on standard error, and the runner counts a crash.
 */

import { Console } from 'node:console'

/** The program under test was turned down, in a phase and with a code that the specification names. */
export class Rejected extends Error {
  /** @param {string} phase @param {string} code @param {string} message @param {{file?: string, line?: number}} [place] */
  constructor(phase, code, message, place = {}) {
    super(message)
    this.phase = phase
    this.code = code
    this.place = place
  }

  toReply() {
    const { file, line } = this.place
    return {
      phase: this.phase,
      code: this.code,
      message: this.message,
      ...(file && { file }),
      ...(line && { line }),
    }
  }
}

/** The implementation cannot be asked this. */
export class Unsupported extends Error {}

const DEFECT = 70 // EX_SOFTWARE of sysexits.h

/**
 * Answers requests until `stop` or the end of input.
 * @param {Record<string, (request: object) => Promise<object>|object>} operations by name; `hello` gives the greeting
 */
export async function serve(operations) {
  const send = takeStandardOutput()
  process.on('unhandledRejection', (reason) =>
    console.error('unhandled rejection in the tested program:', reason),
  )
  try {
    for await (const line of lines(process.stdin)) {
      if (line.trim() === '') continue
      const { seq, ...request } = JSON.parse(line)
      const reply = request.op === 'stop' ? { ok: {} } : await answer(operations, request)
      await send(JSON.stringify({ seq, ...reply }) + '\n')
      if (request.op === 'stop') break
    }
  } catch (defect) {
    console.error(defect)
    process.exit(DEFECT)
  }
  process.exit(0)
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

/** The reply to one request, without its sequence number. */
export async function answer(operations, request) {
  const operation = Object.hasOwn(operations, request.op) ? operations[request.op] : undefined
  if (!operation)
    return { unsupported: { why: `this adapter has no operation ${JSON.stringify(request.op)}` } }
  try {
    return { ok: await operation(request) }
  } catch (error) {
    if (error instanceof Rejected) return { rejected: error.toReply() }
    if (error instanceof Unsupported) return { unsupported: { why: error.message } }
    throw error
  }
}

/** Keeps the real standard output for replies and sends everybody else's to standard error. */
function takeStandardOutput() {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  globalThis.console = new Console(process.stderr, process.stderr)
  return (text) =>
    new Promise((resolve, reject) => write(text, (error) => (error ? reject(error) : resolve())))
}
