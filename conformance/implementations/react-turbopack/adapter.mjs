/** The conformance adapter for React's codecs in their Turbopack flavour. */

import { codecOperations, readers, results } from '../_shared/flight-codecs.mjs'
import { turbopack } from '../_shared/flight-packages.mjs'
import { greeting } from '../_shared/packages.mjs'

export const operations = codecOperations(greeting(turbopack.name), turbopack, {
  entries: { server: 'server.node', client: 'client.browser' },
  reader: readers.buffered,
  result: results.web,
})
