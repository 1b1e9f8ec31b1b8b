/** Waiting that ends without a clock: what has not settled when the event loop has nothing left to do never will. */

/** Nothing is left that could settle what was waited for. */
export class NeverSettles extends Error {}

/** Turns of the event loop without anything to wait for, after which it is idle; reading a Blob takes one or two. */
const TURNS = 50
/** What keeps the loop alive without ever calling back: the channels to whoever asks. */
const AT_REST = new Set(['MessagePort', 'PipeWrap', 'TTYWrap'])

/** What a promise or thenable brings; `NeverSettles` when the event loop is idle before. */
export function settled(promise) {
  return new Promise((resolve, reject) => {
    let waiting = true
    let idle = 0
    const end = (finish) => (outcome) => {
      waiting = false
      finish(outcome)
    }
    const look = () => {
      if (!waiting) return
      idle = process.getActiveResourcesInfo().every((kind) => AT_REST.has(kind)) ? idle + 1 : 0
      if (idle === TURNS) reject(new NeverSettles('it never settles'))
      else setImmediate(look)
    }
    Promise.resolve(promise).then(end(resolve), end(reject))
    setImmediate(look)
  })
}
