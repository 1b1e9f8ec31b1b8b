/** The conformance adapter for React's codecs in Node.js: decodeReplyFromBusboy, results through Node's own streams. */

import { codecOperations, readers, results } from '../_shared/flight-codecs.mjs'
import { webpack } from '../_shared/flight-packages.mjs'
import { greeting } from '../_shared/packages.mjs'

export const operations = codecOperations(greeting(webpack.name), webpack, {
  entries: { server: 'server.node', client: 'client.node' },
  reader: readers.busboy,
  result: results.node,
})
