/** How an operation of an adapter ends: with a value, turned down, or not possible. */

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

/**
 * The reply to one request, without its sequence number. What an operation throws that is neither `Rejected` nor
 * `Unsupported` is a defect of the adapter, and not caught.
 * @param {Record<string, (request: object) => Promise<object>|object>} operations by name; `hello` gives the greeting
 * @param {{op: string}} request
 */
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
