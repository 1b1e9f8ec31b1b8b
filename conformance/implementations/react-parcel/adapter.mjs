/** The conformance adapter for React's codecs in their Parcel flavour. */

import { codecOperations, readers, results } from '../_shared/flight-codecs.mjs'
import { parcel } from '../_shared/flight-packages.mjs'
import { greeting } from '../_shared/packages.mjs'

export const operations = codecOperations(greeting(parcel.name), parcel, {
  entries: { server: 'server.node', client: 'client.browser' },
  reader: readers.buffered,
  result: results.web,
})
