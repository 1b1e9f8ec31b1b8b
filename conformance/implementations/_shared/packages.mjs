/**
 * The packages of the implementation under test, as installed from its lock file.
 *
 * The catalogue tells the adapter where they are in `USE_SERVER_PACKAGES`.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = process.env.USE_SERVER_PACKAGES
if (!folder) {
  console.error(
    'USE_SERVER_PACKAGES is not set: start adapters through `--impl=<name>`, or set it to a folder with node_modules',
  )
  process.exit(64) // EX_USAGE of sysexits.h
}

/** `require` as the installed packages see it. */
export const require = createRequire(join(folder, 'package.json'))

/** A file inside an installed package, whatever the package's `exports` say. */
export const inPackage = (name, file) => join(folder, 'node_modules', name, file)

/** Imports a file inside an installed package. */
export const importFrom = (name, file) => import(pathToFileURL(inPackage(name, file)).href)

/**
 * The reply to `hello`. What the manifest declares comes through the environment, so that it is written once;
 * the version is the one that is really installed.
 */
export function greeting(packageName) {
  const { name, capabilities, choices } = JSON.parse(process.env.USE_SERVER_DECLARED ?? '{}')
  const { version } = JSON.parse(readFileSync(inPackage(packageName, 'package.json'), 'utf8'))
  return {
    name: name ?? packageName,
    version,
    capabilities: capabilities ?? [],
    choices: choices ?? {},
  }
}
