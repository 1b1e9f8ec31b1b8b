/** The conformance adapter for React's codecs at the edge: decodeReplyFromAsyncIterable. */

import { codecOperations, readers, results } from '../_shared/flight-codecs.mjs'
import { webpack } from '../_shared/flight-packages.mjs'
import { greeting } from '../_shared/packages.mjs'

export const operations = codecOperations(greeting(webpack.name), webpack, {
  entries: { server: 'server.edge', client: 'client.browser' },
  reader: readers.asyncIterable,
  result: results.web,
})
