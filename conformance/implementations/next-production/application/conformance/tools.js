/** What the adapter needs inside a client's realm. */

import { callServer } from 'next/dist/client/app-call-server'
import {
  createServerReference,
  encodeReply,
} from 'next/dist/compiled/react-server-dom-turbopack/client.browser'

import { decode, encode } from './notation.mjs'

/** Values, of JSON that holds a list in the notation. */
export const decodeAll = (json) => JSON.parse(json).map((value) => decode(value, {}))

/** The notation of a value, as JSON. */
export const written = async (value) =>
  JSON.stringify(await encode(value, { function: recogniseFunction }))

/** A reference, and nothing else, can be an argument. */
async function recogniseFunction(value) {
  try {
    await encodeReply([value])
    return { $: 'reference' }
  } catch {
    return undefined
  }
}

/** A proxy for the function with an id, as Next's transform puts it into a client bundle. */
export const referenceTo = (id) => createServerReference(id, callServer)
