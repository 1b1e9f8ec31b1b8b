/** Waiting that ends without a clock: what has not settled when the event loop has nothing left to do never will. */

/** Nothing is left that could settle what was waited for. */
export class NeverSettles extends Error {}

/**
 * Turns of the event loop without anything to wait for, after which it is idle. Work on other threads is not always told
 * of, and takes some; where an answer is there already, what it leaves running has less to do.
 */
const TURNS = 1000
const TURNS_AFTERWARDS = 20
/** What keeps the loop alive without ever calling back: the channels to whoever asks. */
const AT_REST = new Set(['MessagePort', 'PipeWrap', 'TTYWrap'])
/** Timers matter to what has not settled; else they are for developer tools. */
const AFTERWARDS = new Set([...AT_REST, 'Timeout'])

/**
 * What a promise or thenable brings; `NeverSettles` when the event loop is idle before. What it leaves running has ended
 * too, timers aside, so that an exception that comes late still ends the process while this is under way.
 */
export function settled(promise) {
  let outcome
  Promise.resolve(promise).then(
    (value) => (outcome = { value }),
    (error) => (outcome = { error }),
  )
  return new Promise((resolve, reject) => {
    let turns = 0
    const look = () => {
      const [ignored, enough] = outcome ? [AFTERWARDS, TURNS_AFTERWARDS] : [AT_REST, TURNS]
      turns = process.getActiveResourcesInfo().every((kind) => ignored.has(kind)) ? turns + 1 : 0
      if (turns < enough) setImmediate(look)
      else if (!outcome) reject(new NeverSettles('it never settles'))
      else if ('error' in outcome) reject(outcome.error)
      else resolve(outcome.value)
    }
    setImmediate(look)
  })
}
