/** Waiting that ends without a clock: what has not settled when the event loop has nothing left to do never will. */

/** Nothing is left that could settle what was waited for. */
export class NeverSettles extends Error {}

/** Turns of the event loop without anything to wait for, after which it is idle; reading a Blob takes one or two. */
const TURNS = 20
/** What keeps the loop alive without ever calling back: the channels to whoever asks. */
const AT_REST = new Set(['MessagePort', 'PipeWrap', 'TTYWrap'])

/**
 * What a promise or thenable brings when the event loop is idle; `NeverSettles` when it has brought nothing by then. What
 * it leaves running has ended too, so an exception that comes late still ends the process while this is under way.
 */
export async function settled(promise) {
  let outcome
  Promise.resolve(promise).then(
    (value) => (outcome = { value }),
    (error) => (outcome = { error }),
  )
  await idle()
  if (!outcome) throw new NeverSettles('it never settles')
  if ('error' in outcome) throw outcome.error
  return outcome.value
}

function idle() {
  return new Promise((resolve) => {
    let turns = 0
    const look = () => {
      turns = process.getActiveResourcesInfo().every((kind) => AT_REST.has(kind)) ? turns + 1 : 0
      if (turns === TURNS) resolve()
      else setImmediate(look)
    }
    setImmediate(look)
  })
}
