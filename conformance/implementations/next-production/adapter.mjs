/**
 * The conformance adapter for Next.js in production: a real `next build`, a real `next start`, and a browser that runs what
 * they ship.
 *
 * A build takes its time, so all that has been asked ahead is built together; questions are then answered one at a time.
 */

import { greeting } from '../_shared/packages.mjs'
import { Builds } from './builds.mjs'
import { dispatch } from './dispatch.mjs'
import { exposes } from './exposes.mjs'
import { forms } from './forms.mjs'
import { run, withholds } from './programs.mjs'

const builds = new Builds()
const QUESTIONS = { run, exposes, withholds, dispatch, forms }

export const operations = {
  hello: () => greeting('next'),
  ...Object.fromEntries(
    Object.entries(QUESTIONS).map(([op, answer]) => [op, (request) => builds.ask(request, answer)]),
  ),
}

/** The operations that need a build. */
export const BUILT = new Set(Object.keys(QUESTIONS))

export const prepare = (request, gather) => builds.prepare(request, gather)
export const stop = () => builds.stop()
