/** The server functions of a case, as the build has named them. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { caseOf } from './application.mjs'

const HOISTED = /^\$\$RSC_SERVER_ACTION_\d+$/

/** @returns {{id: string, name: string}[]} `name` as the protocol has it */
export function actionsOf(root, wanted) {
  const { node } = JSON.parse(
    readFileSync(join(root, '.next/server/server-reference-manifest.json'), 'utf8'),
  )
  return Object.entries(node).flatMap(([id, { filename, exportedName }]) => {
    const { name, path } = caseOf(filename) ?? {}
    if (name !== wanted) return []
    return [{ id, name: `${path}#${HOISTED.test(exportedName) ? '(inline)' : exportedName}` }]
  })
}
