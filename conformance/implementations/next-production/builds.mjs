/** Which cases are built, and the server that has them. */

import { rmSync } from 'node:fs'

import { Rejected, Unsupported } from '../_shared/protocol.mjs'
import { build, removeAbandoned } from './building.mjs'
import { Server } from './server.mjs'

/** How many milliseconds a case may take once it is built. */
const PATIENCE = 30_000

export class Builds {
  /** The build at hand: its folder, who was refused, and by what is asked the names of cases that nobody has asked about. */
  #current
  #server

  /** Makes sure that a request has been built, and with it all that was sent ahead. */
  async prepare(request, gather) {
    if (this.#current?.names.get(keyOf(request))?.length || unsupported(request)) return
    await this.stop()
    removeAbandoned()
    const cases = new Map()
    const names = new Map()
    for (const wanted of [request, ...(await gather())]) {
      const { seq, ...asked } = wanted
      if (unsupported(asked)) continue
      const name = `c${cases.size}`
      names.set(keyOf(asked), [...(names.get(keyOf(asked)) ?? []), name])
      cases.set(name, asked)
    }
    this.#current = { names, ...(await build(cases)) }
  }

  /** Answers a request by a case that is built. */
  async ask(request, answer) {
    const why = unsupported(request)
    if (why) throw new Unsupported(why)
    const name = this.#current.names.get(keyOf(request)).shift()
    const refused = this.#current.refused.get(name)
    if (refused) throw refused
    const server = await this.#serverFor(request)
    const asked = { name, root: this.#current.root, server, request }
    return inTime(answer(asked)).finally(() => this.#examine())
  }

  async #serverFor({ allow = [] }) {
    const allowed = allow.map(hostOf).join()
    if (this.#server?.ended || this.#server?.allowed !== allowed) await this.#stopServer()
    this.#server ??= await Server.start(this.#current.root, allowed)
    return this.#server
  }

  /** A server whose intrinsics a case has changed answers no other case. */
  async #examine() {
    const { intact } = await this.#server.report().catch(() => ({ intact: false }))
    if (!intact) await this.#stopServer()
  }

  async #stopServer() {
    await this.#server?.stop()
    this.#server = undefined
  }

  async stop() {
    await this.#stopServer()
    if (this.#current) rmSync(this.#current.root, { recursive: true, force: true })
    this.#current = undefined
  }
}

/** Nobody can tell a program that never settles from a slow one. */
function inTime(answer) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Rejected('call', 'never-settles', `nothing within ${PATIENCE} ms`)),
      PATIENCE,
    )
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

/** Why the question cannot be put to a production build at all. */
const unsupported = ({ mode = 'production' }) =>
  mode === 'production' ? undefined : 'only production builds are made'

/** Next.js is configured with hosts, not with origins. */
const hostOf = (origin) => new URL(origin).host

const keyOf = (request) => JSON.stringify(request)
