/**
 * multipart/form-data as browsers write it (HTML) and as servers are to read it (Fetch).
 *
 * Node.js has both, and loses something in each: its writer leaves out an empty file name, so that the file of a control in
 * which nothing was chosen comes back as a text, and its reader takes a byte order mark off texts. Neither is a fact about the
 * implementation under test.
 */

import { randomUUID } from 'node:crypto'

/** The body of a request that carries the form. @param {FormData} form */
export async function written(form) {
  const boundary = `----conformance-${randomUUID()}`
  const parts = await Promise.all([...form].map((entry) => part(...entry)))
  const bytes = parts.flatMap((piece) => [`--${boundary}\r\n`, ...piece, '\r\n'])
  return {
    boundary,
    bytes: Buffer.concat([...bytes, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece))),
  }
}

async function part(name, value) {
  const isText = typeof value === 'string'
  const head = `Content-Disposition: form-data; name="${escaped(inLines(name))}"`
  if (isText) return [`${head}\r\n\r\n`, inLines(value)]
  const type = value.type || 'application/octet-stream'
  const more = `; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`
  return [head, more, await value.arrayBuffer()]
}

/** The form in a body. @param {{boundary: string, bytes: Buffer}} body */
export function read({ boundary, bytes }) {
  const form = new FormData()
  const delimiter = `--${boundary}\r\n`
  const ends = (from) => bytes.indexOf(`\r\n--${boundary}`, from)
  for (let at = bytes.indexOf(delimiter); at !== -1; at = bytes.indexOf(delimiter, at + 1)) {
    const begin = bytes.indexOf('\r\n\r\n', at) + 4
    const head = bytes.subarray(at + delimiter.length, begin).toString()
    append(form, head, bytes.subarray(begin, ends(begin)))
  }
  return form
}

const HEAD = /; name="([^"]*)"(?:; filename="([^"]*)"\r\nContent-Type: (.*))?\r\n\r\n$/

function append(form, head, content) {
  const [, name, fileName, type] = HEAD.exec(head)
  const value =
    fileName === undefined
      ? content.toString()
      : new File([content], unescaped(fileName), { type })
  form.append(unescaped(name), value)
}

const inLines = (text) => text.replace(/\r\n?|\n/g, '\r\n')
const ESCAPES = { '\n': '%0A', '\r': '%0D', '"': '%22' }
const escaped = (text) => text.replace(/[\n\r"]/g, (character) => ESCAPES[character])
const unescaped = (text) => text.replace(/%0A|%0D|%22/g, (escape) => decodeURIComponent(escape))
