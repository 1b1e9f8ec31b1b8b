/** The conformance adapter for React's codecs: the buffered decoder of arguments (decodeReply), results through web streams. */

import { codecOperations, readers, results } from '../_shared/flight-codecs.mjs'
import { webpack } from '../_shared/flight-packages.mjs'
import { greeting } from '../_shared/packages.mjs'

export const operations = codecOperations(greeting(webpack.name), webpack, {
  entries: { server: 'server.node', client: 'client.browser' },
  reader: readers.buffered,
  result: results.web,
})
