/** The operations `run` and `withholds`: a page in a browser window, and the client program in it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Rejected } from '../_shared/protocol.mjs'
import { failureOf } from './failures.mjs'
import { Window } from './browser.mjs'

export const run = (asked) =>
  inWindow(asked, async (window) => {
    const { tools } = await window.client
    const value = await ended(asked, window)
    const { written } = await tools()
    return { result: JSON.parse(await written(value)) }
  })

/** Opens the page of a case, and closes it; whatever goes wrong is told as the machinery's failure. */
export async function inWindow(asked, use) {
  const { server, name } = asked
  const window = await Window.open(server.origin, `/${name}`)
  try {
    if (window.status !== 200) window.fail(new PageFailed(window.status))
    return await use(window)
  } catch (error) {
    throw await failureOf(error, server, window)
  } finally {
    window.close()
  }
}

export class PageFailed extends Error {
  constructor(status) {
    super(`the page was answered with status ${status}`)
  }
}

/** What the client program ends with. */
export async function ended({ request }, window) {
  const { program, received } = await window.client
  const args = request.entry ? [await received] : []
  const main = await programOf(program)
  return typeof main === 'function' ? main(...args) : main
}

async function programOf(load) {
  const module = await load().catch((error) => {
    throw new Rejected('load', 'thrown', String(error?.message ?? error))
  })
  if (!('default' in module))
    throw new Rejected('load', 'export-not-found', 'the client program has no default export')
  return module.default
}

/** Everything that a browser is given: the page, its scripts, those of its client modules, and the answers to calls. */
export async function withholds(asked) {
  const { root, name, request } = asked
  const given = await inWindow(asked, async (window) => {
    try {
      const { received } = await window.client
      await received
      if (request.client) await ended(asked, window)
    } catch (error) {
      const { phase } = await failureOf(error, asked.server, window)
      if (phase === 'compile' || phase === 'load') throw error
    }
    return window.given
  })
  const responses = given.map(({ name: path, chunks }, number) => [
    `${number + 1} ${path}`,
    { base64: Buffer.concat(chunks).toString('base64') },
  ])
  return { artifacts: { ...Object.fromEntries(responses), ...chunksOf(root, name) } }
}

/** The scripts of all client modules that the page knows, loaded or not. */
function chunksOf(root, name) {
  const text = readFileSync(
    join(root, '.next/server/app', name, 'page_client-reference-manifest.js'),
    'utf8',
  )
  const paths = new Set(text.match(/static\/chunks\/[^"\\]+\.js/g))
  return Object.fromEntries(
    [...paths].map((path) => [
      path,
      readFileSync(join(root, '.next', decodeURIComponent(path)), 'utf8'),
    ]),
  )
}
