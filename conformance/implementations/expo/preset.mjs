/** One file through babel-preset-expo, as a module of the React server or of the browser's bundle. */

import { checkSource, emitted } from '../_shared/emitted.mjs'
import { require } from '../_shared/packages.mjs'
import { refusal } from './diagnostics.mjs'

const babel = require('@babel/core')
/** Made once, as Metro reads its configuration once: Babel keeps what a preset comes to as long as it is the same item. */
const PRESET = babel.createConfigItem(
  [require.resolve('babel-preset-expo'), { enableBabelRuntime: false }],
  { type: 'preset' },
)

const ROOT = '/project'
/** Proxies of client modules are written for Metro's modules, which have these two names. */
export const COMMONJS = 'use-server-conformance:commonjs'

/** The names that the preset gives to functions that it hoists. */
export const HOISTED = /^_\$\$INLINE_ACTION\d*$/

/** @typedef {import('../_shared/operations.mjs').Transformed} Transformed */

/** The preset in one mode. */
export class Preset {
  #isDev

  /** @param {{isDev: boolean}} options */
  constructor({ isDev }) {
    this.#isDev = isDev
  }

  /** @param {'server'|'client'} side @returns {Promise<Transformed>} */
  async transform(side, path, text) {
    checkSource(path)
    const { code, metadata } = await this.#compiled(side === 'server', path, text)
    const isProxy = side === 'server' && Boolean(metadata.reactClientReference)
    const linked = isProxy ? `import { require, module } from '${COMMONJS}';${code}` : code
    return {
      code: emitted(linked, path, 'babel-preset-expo', text),
      kind: kindOf(metadata),
      functions: serverFunctions(metadata),
    }
  }

  async #compiled(isReactServer, path, text) {
    try {
      return await babel.transformAsync(text, {
        filename: `${ROOT}/${path}`,
        cwd: ROOT,
        root: ROOT,
        configFile: false,
        babelrc: false,
        sourceType: 'module',
        compact: false,
        presets: [PRESET],
        caller: {
          name: 'metro',
          bundler: 'metro',
          platform: 'web',
          isDev: this.#isDev,
          isServer: false,
          isReactServer,
          supportsStaticESM: true,
          projectRoot: ROOT,
        },
      })
    } catch (error) {
      throw refusal(error, path)
    }
  }
}

function kindOf({ isModuleMarkedWithUseServerDirective, reactClientReference, proxyExports }) {
  if (reactClientReference) return 'client'
  return isModuleMarkedWithUseServerDirective || proxyExports ? 'server' : 'none'
}

/** On the server the preset lists functions as it meets them, some twice, the hoisted ones under names it made up. */
function serverFunctions({ reactServerActions: { id, names } = { names: [] } }) {
  return [...new Set(names)].map((name) => ({
    id: `${id}#${name}`,
    exported: name,
    where: HOISTED.test(name) ? 'inline' : 'export',
    name,
  }))
}
