/**
 * A real `next build` of an application with many cases.
 *
 * Rules of this module:
 * - A case that is refused is taken out, and the rest is built again: one mistake ends a whole build. What is likely to be
 *   refused is therefore built apart first.
 * - Where a failed build does not say whose mistake it is, halves of it are built, until it is one case.
 * - Nothing of a build outlasts it but its folder, which its owner removes.
 */

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { inPackage } from '../_shared/packages.mjs'
import { Rejected } from '../_shared/protocol.mjs'
import { add, begin, remove } from './application.mjs'
import { refusals } from './diagnostics.mjs'
import { suspects } from './suspects.mjs'

const PREFIX = 'use-server-next-'
/** How much is kept of what a build says that nobody understands. */
const KEPT = 2000
export const NEXT = inPackage('next', 'dist/bin/next')
export const ENVIRONMENT = {
  ...process.env,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  CI: '1',
}

/** Folders that killed adapters left behind. */
export function removeAbandoned() {
  for (const name of readdirSync(tmpdir()).filter((folder) => folder.startsWith(PREFIX))) {
    const [owner] = name.slice(PREFIX.length).split('-')
    if (!isAlive(Number(owner))) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function isAlive(owner) {
  try {
    return process.kill(owner, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/**
 * Builds cases together.
 * @param {Map<string, object>} cases requests by name
 * @returns {Promise<{root: string, refused: Map<string, Error>}>}
 */
export async function build(cases) {
  const apart = await settled(await suspects(cases))
  rmSync(apart.root, { recursive: true, force: true })
  const others = new Map([...cases].filter(([name]) => !apart.refused.has(name)))
  const { root, refused } = await settled(others)
  return { root, refused: new Map([...apart.refused, ...refused]) }
}

/** Builds until nobody is refused any more. */
async function settled(cases) {
  const root = application(cases)
  const inside = new Map(cases)
  const refused = new Map()
  while (inside.size > 0) {
    const log = await nextBuild(root)
    if (log === undefined) break
    for (const [name, error] of await mistakes(log, root, inside)) {
      refused.set(name, error)
      inside.delete(name)
      remove(root, name)
    }
  }
  return { root, refused }
}

/** A folder with an application of some cases. */
function application(cases) {
  const root = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  begin(root)
  for (const [name, request] of cases) add(root, name, request)
  return root
}

async function mistakes(log, root, inside) {
  const found = refusals(log, inside)
  if (found.size > 0) return found
  const names = inside.size === 1 ? [...inside.keys()] : await guilty(root, inside)
  if (names.length === 0) throw new Error(`no case alone is the reason: ${log}`)
  return names.map((name) => [name, new Rejected('compile', 'unrecognised', log.slice(-KEPT))])
}

/** The cases without which the others can be built, where no message names them. */
async function guilty(root, inside) {
  const names = [...inside.keys()]
  const half = names.slice(0, Math.ceil(names.length / 2))
  const others = names.slice(half.length)
  const bad = []
  for (const [part, absent] of [
    [half, others],
    [others, half],
  ]) {
    for (const name of absent) remove(root, name)
    const alone = new Map(part.map((name) => [name, inside.get(name)]))
    if ((await nextBuild(root)) !== undefined)
      bad.push(...(part.length === 1 ? part : await guilty(root, alone)))
    for (const name of absent) add(root, name, inside.get(name))
  }
  return bad
}

/** Undefined when it succeeds, what it said otherwise. */
function nextBuild(root) {
  const building = spawn(process.execPath, [NEXT, 'build'], {
    cwd: root,
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let log = ''
  for (const stream of [building.stdout, building.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      log += text
    })
  return new Promise((resolve) => {
    building.on('close', (status) => resolve(status === 0 ? undefined : log))
  })
}
