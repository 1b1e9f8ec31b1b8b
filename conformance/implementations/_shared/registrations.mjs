/**
 * What the modules of a program register when they are evaluated.
 *
 * Compilers emit calls of `registerServerReference(function, module id, name)`. Many tell nothing else about the functions
 * of a module, or not their order and names: then the evaluated module does.
 */

import { Unsupported } from './protocol.mjs'

/** What was registered in each world: functions by id, in order. @type {WeakMap<object, Map<string, Function>>} */
const registered = new WeakMap()

export function registrationsIn(world) {
  if (!registered.has(world)) registered.set(world, new Map())
  return registered.get(world)
}

/** React's `registerServerReference`, keeping count. */
export const registering = (world) =>
  function registerServerReference(reference, id, name) {
    const known = registrationsIn(world)
    const key = name === null || name === undefined ? id : `${id}#${name}`
    if (!known.has(key)) known.set(key, reference)
    return world.application.server.registerServerReference(reference, id, name)
  }

/** The registrations of a world in which the module at `path` has been evaluated. */
export async function evaluated(path, world) {
  await world.build()
  try {
    await world.server.load(path)
  } catch {
    throw new Unsupported('the functions of a module that cannot be evaluated cannot be seen')
  }
  return registrationsIn(world)
}

/**
 * A `describe` for compilers that know their functions in source order but not the names of the inline ones: the function
 * objects tell them.
 * @param {RegExp} generated the names that the compiler makes up
 */
export const describeByName = (generated) =>
  async function describe(path, { functions }, makeWorld) {
    if (!functions.some(isInline)) return functions
    return named(functions, await evaluated(path, await makeWorld()), generated)
  }

/**
 * A `describe` for compilers that number inline functions and sort exports by id, so that only the registrations show their
 * order. Inline functions are registered before exports, wherever they stand: the order of the two kinds cannot be seen.
 * @param {RegExp} generated the names that the compiler makes up
 */
export const describeInOrder = (generated) =>
  async function describe(path, { functions }, makeWorld) {
    const inline = functions.filter(isInline)
    if (inline.length > 0 && inline.length < functions.length)
      throw new Unsupported('the order of inline functions and exports cannot be seen')
    if (functions.length < 2 && inline.length === 0) return functions
    const known = await evaluated(path, await makeWorld())
    const ordered = [...known.keys()]
    const inOrder = functions.toSorted(
      (one, other) => ordered.indexOf(one.id) - ordered.indexOf(other.id),
    )
    return named(inOrder, known, generated)
  }

/**
 * A `describe` for compilers that tell nothing: the functions are those that the evaluated module has registered under its
 * own id.
 * @param {RegExp} generated the names that the compiler makes up for inline functions
 * @param {(path: string) => string} [idOf] the id of the module at a path
 */
export const describeRegistered = (generated, idOf = (path) => path) =>
  async function describe(path, { registers }, makeWorld) {
    if (!registers) return []
    const prefix = `${idOf(path)}#`
    const known = [...(await evaluated(path, await makeWorld()))].filter(([id]) =>
      id.startsWith(prefix),
    )
    return known.map(([id, { name: ownName }]) => {
      const exported = id.slice(prefix.length)
      if (!generated.test(exported)) return { id, exported, where: 'export', name: exported }
      return {
        id,
        exported,
        where: 'inline',
        name: ownName === '' || generated.test(ownName) ? null : ownName,
      }
    })
  }

const isInline = ({ where }) => where === 'inline'

function named(functions, known, generated) {
  const nameOf = ({ id }) => {
    const { name = '' } = known.get(id) ?? {}
    return name === '' || generated.test(name) ? null : name
  }
  return functions.map((what) => (isInline(what) ? { ...what, name: nameOf(what) } : what))
}
