/** A real `next start` on 127.0.0.1, on a port that was free, while its cases are asked about. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { ENVIRONMENT, NEXT } from './building.mjs'

const HOST = '127.0.0.1'

export class Server {
  #process
  origin
  /** Hosts that it is configured to allow besides its own. */
  allowed

  /** @param {string} root @param {string} allowed hosts, with commas between them */
  static async start(root, allowed) {
    const server = new Server()
    const port = await freePort()
    server.origin = `http://${HOST}:${port}`
    server.port = port
    server.allowed = allowed
    server.#process = spawn(
      process.execPath,
      [NEXT, 'start', '--hostname', HOST, '--port', String(port)],
      {
        cwd: root,
        env: { ...ENVIRONMENT, USE_SERVER_ALLOWED: allowed },
        stdio: ['ignore', 'pipe', 2, 'ipc'],
      },
    )
    server.#process.on('exit', () => {
      server.ended = true
    })
    await server.#ready()
    await server.report()
    return server
  }

  async #ready() {
    let said = ''
    const output = this.#process.stdout.setEncoding('utf8')
    for await (const text of output.iterator({ destroyOnReturn: false })) {
      said += text
      if (said.includes('Ready in')) break
    }
    if (this.ended || !said.includes('Ready in')) throw new Error(`next start ended: ${said}`)
    output.on('data', (text) => process.stderr.write(text))
  }

  /** What went wrong since the last time, and whether its intrinsics are still what they were. */
  async report() {
    const answer = await fetch(`${this.origin}/conformance`)
    return answer.json()
  }

  async stop() {
    if (this.ended) return
    const exit = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exit
  }
}

async function freePort() {
  const probe = createServer().listen(0, HOST)
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}
