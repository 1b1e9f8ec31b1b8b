/** One file through babel-preset-expo, as a module of the React server or of the browser's bundle. */

import { checkSource, emitted } from '../_shared/emitted.mjs'
import { require } from '../_shared/packages.mjs'
import { Unsupported } from '../_shared/protocol.mjs'
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
    const transformed = {
      code: emitted(linked, path, 'babel-preset-expo', text),
      kind: kindOf(metadata),
      functions: serverFunctions(metadata),
    }
    return isProxy && metadata.passesOnEverything ? withoutNames(transformed) : transformed
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
        plugins: [noticesStars],
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

/** In Metro the proxy itself becomes the exports of a client module (`module.exports = proxy`), whatever name is asked for. */
const withoutNames = (transformed) =>
  Object.defineProperty(transformed, 'code', {
    get() {
      throw new Unsupported('ES modules have no place for names that nobody knows, as a proxy has')
    },
  })

/** The preset takes the text of a client module away before anybody else sees it. */
const noticesStars = {
  visitor: {
    Program({ node }, { file }) {
      file.metadata.passesOnEverything = node.body.some(
        ({ type }) => type === 'ExportAllDeclaration',
      )
    },
  },
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
