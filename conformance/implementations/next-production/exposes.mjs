/** The operation `exposes`: every function of the case is called, as a client would that knows its id. */

import { actionsOf } from './actions.mjs'
import { failureOf } from './failures.mjs'
import { ended, inWindow } from './programs.mjs'

export const exposes = (asked) =>
  inWindow(asked, async (window) => {
    const { received, tools } = await window.client
    await received
    if (asked.request.client) await ended(asked, window)
    const { referenceTo } = await tools()
    const functions = []
    for (const { id, name } of actionsOf(asked.root, asked.name))
      if (await isCallable(referenceTo(id), asked.server, window)) functions.push(name)
    return { functions: functions.sort() }
  })

/** Whatever a call without arguments ends with: it is callable unless the server says that there is no such function. */
async function isCallable(reference, server, window) {
  try {
    await reference()
    return true
  } catch (error) {
    const { code, message } = await failureOf(error, server, window)
    return code !== 'unknown-function' && !NO_FUNCTION.test(message)
  }
}

/** What Next's server meets when it calls an export that is no function. */
const NO_FUNCTION = /reading 'apply'|\.apply is not a function/
