/**
 * The conformance adapter for Next.js in production: a real `next build`, a real `next start`, and a browser that runs what
 * they ship.
 *
 * A build takes its time, so all that has been asked ahead is built together; questions are then answered one at a time.
 */

import { greeting } from '../_shared/packages.mjs'
import { Unsupported } from '../_shared/protocol.mjs'
import { Builds } from './builds.mjs'
import { dispatch } from './dispatch.mjs'
import { exposes } from './exposes.mjs'
import { forms } from './forms.mjs'
import { run, withholds } from './programs.mjs'

const builds = new Builds()

const inBuild = (ask) => (request) => builds.ask(request, ask)

export const operations = {
  hello: () => greeting('next'),
  run: inBuild(run),
  exposes: inBuild(exposes),
  withholds: inBuild(withholds),
  dispatch: inBuild(dispatch),
  forms: inBuild(forms),
}

export const prepare = (request, gather) => builds.prepare(request, gather)
export const stop = () => builds.stop()
