/** HTTP as a socket speaks it, for requests that no client makes. */

import { once } from 'node:events'
import { connect } from 'node:net'

/** Where the application is served, as a proxy in front of it tells. */
export const ORIGIN = 'https://app.example'
const PROXIED = { host: 'app.example', 'x-forwarded-proto': 'https' }

/**
 * @param {number} port
 * @param {{method: string, path: string, headers: Record<string, string|string[]>, body: Buffer}} request
 * @returns {Promise<{status: number, headers: Record<string, string>, body: Buffer}>}
 */
export async function exchange(port, { method, path, headers, body }) {
  const all = { ...PROXIED, ...headers, 'content-length': String(body.length), connection: 'close' }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${one}`),
  )
  const socket = connect(port, '127.0.0.1')
  socket.write(
    Buffer.concat([
      Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
      body,
    ]),
  )
  const chunks = []
  socket.on('data', (chunk) => chunks.push(chunk))
  // A server that refuses a body while it is being sent resets the connection behind its answer.
  socket.on('error', () => {})
  await once(socket, 'close')
  return parsed(Buffer.concat(chunks))
}

function parsed(bytes) {
  const end = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes
    .subarray(0, Math.max(end, 0))
    .toString('latin1')
    .split('\r\n')
  const headers = {}
  for (const line of lines) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const key = name.toLowerCase()
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value
  }
  const rest = bytes.subarray(end + 4)
  const body = headers['transfer-encoding'] === 'chunked' ? dechunked(rest) : rest
  return { status: Number(first.split(' ')[1] ?? 0), headers, body }
}

function dechunked(bytes) {
  const parts = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16)
    if (!size) break
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  return Buffer.concat(parts)
}

/** The bytes of a body that fetch would send, and the type that it would name. */
export async function encoded(body) {
  const sent = new Response(body)
  return { body: Buffer.from(await sent.arrayBuffer()), type: sent.headers.get('content-type') }
}

/** The headers of a request, as a case changes them. */
export function changedHeaders(own, changes = {}) {
  const headers = { ...own }
  for (const [name, value] of Object.entries(changes)) {
    const filled = (text) => text.replaceAll('{own}', () => own[name] ?? '')
    delete headers[name]
    if (value !== null) headers[name] = Array.isArray(value) ? value.map(filled) : filled(value)
  }
  return headers
}

/** An answer as the protocol has it, without what changes from one moment to the next. */
export function told({ status, headers: { date, connection, ...headers }, body }, ...shown) {
  return { status, headers, body: body.toString('latin1') + shown.join('') }
}
