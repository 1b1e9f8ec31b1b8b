/** For implementations that do not know `use client`: what is said of client modules cannot be asked of them. */

import { require } from './packages.mjs'
import { Unsupported } from './protocol.mjs'

const { parse } = require('@babel/parser')

/** The operation, for requests without client modules. */
export const withoutClientModules = (operation) => (request) => {
  if (Object.values(request.files).some(isClientModule))
    throw new Unsupported('it knows no client modules')
  return operation(request)
}

function isClientModule(text) {
  const options = { plugins: ['jsx', 'typescript'], sourceType: 'module', errorRecovery: true }
  try {
    const { directives } = parse(text, options).program
    return directives.some(({ value }) => /^.use client.$/.test(value.extra.raw))
  } catch {
    return false
  }
}
