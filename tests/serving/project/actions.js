'use server'

const wait = (ms) => new Promise((done) => setTimeout(done, ms))
const after = (ms, value) => wait(ms).then(() => value)

export async function echo(...values) {
  return values
}
export async function menu() {
  return { save: echo, bound: echo.bind(null, 'bound', new Date(5)) }
}
export async function adder(n) {
  return async function add(x) {
    'use server'
    return [n, x, n + x]
  }
}
export async function late() {
  return { now: 'root', slow: after(60, 'slow'), fast: after(20, { inner: after(20, 'inner') }) }
}
export async function chunks() {
  return new ReadableStream({
    async start(controller) {
      for (const chunk of ['one', { two: 2 }, [3n]]) {
        await wait(5)
        controller.enqueue(chunk)
      }
      controller.close()
    },
  })
}
export async function bytes() {
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      controller.enqueue(new Uint8Array([1, 2]))
      controller.enqueue(new Uint8Array([3]))
      controller.close()
    },
  })
}
export async function numbers() {
  return (async function* () {
    yield 1
    await wait(5)
    yield { two: 2 }
    return 'end'
  })()
}
export async function form(data) {
  return Promise.all(
    [...data].map(async ([name, value]) =>
      typeof value === 'string' ? [name, value] : [name, value.name, value.type, await value.text()],
    ),
  )
}
export async function file(value) {
  return [value instanceof File, value.name, value.type, value.size, await value.text()]
}
export async function read(stream) {
  const seen = []
  for await (const chunk of stream) seen.push(chunk)
  return seen
}
export async function fail() {
  throw new TypeError('told in development only')
}
export async function failLater() {
  return { good: after(5, 'good'), bad: wait(10).then(() => Promise.reject(new Error('late failure'))) }
}
export async function unsupported() {
  return { plain: 1, odd: () => {} }
}
export async function give() {
  return [new Map([['k', new Set([1n])]]), new Uint8Array([1, 2]), -0, undefined, 'ü'.repeat(1200)]
}
