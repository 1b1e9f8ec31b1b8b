/** Next's own hook for errors: what went wrong on the server, by the digest under which a client hears of it. */

import { remember } from './conformance/registry.js'

export function register() {}

export function onRequestError(error) {
  remember(error)
}
