/** What a bundler would compile for the client: the client modules, and all that they import. */

import { SourceTextModule } from 'node:vm'

import { isSource, resolve } from './project.mjs'

/** The files of one project that its client graph is known to reach. */
export class Reach {
  #files
  #compile
  #reached = new Set()

  /** @param {Record<string, string>} files @param {(path: string) => Promise<string>} compile the file for the client */
  constructor(files, compile) {
    this.#files = files
    this.#compile = compile
  }

  /** Compiles the file and everything that it imports; whatever the compiler refuses is refused. */
  async from(path) {
    if (this.#reached.has(path)) return
    this.#reached.add(path)
    const code = await this.#compile(path)
    const dynamic = [...code.matchAll(/\bimport\(\s*(['"])(.*?)\1/g)].map(
      ([, , specifier]) => specifier,
    )
    for (const specifier of [...new SourceTextModule(code).dependencySpecifiers, ...dynamic]) {
      const target = resolve(this.#files, specifier, path)
      if (target !== undefined && isSource(target)) await this.from(target)
    }
  }
}
