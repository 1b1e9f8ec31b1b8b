/** Where the adapter asks the server what went wrong since it asked last. */

import { report } from '../../conformance/registry.js'

export const dynamic = 'force-dynamic'

export const GET = () => Response.json(report())
