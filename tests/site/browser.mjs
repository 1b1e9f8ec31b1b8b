/**
 * A browser that takes orders: one JSON object per line on standard input, `{do, …}`, and one reply per line,
 * `{ok}` or `{error}`. Used by conftest.py; what a page says to its console and what it asks of the network is kept.
 */

import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const packages = process.env.USE_SERVER_PACKAGES
const require = createRequire(join(packages, 'package.json'))
const { chromium } = require('playwright-core')
const axe = require.resolve('axe-core/axe.min.js')

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS })
let page
let complaints = []
let requests = []

const orders = {
  async open({ address, width = 1280, height = 800, dark = false, script = true }) {
    await page?.context().close()
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      javaScriptEnabled: script,
    })
    page = await context.newPage()
    complaints = []
    requests = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(address, { waitUntil: 'load' })
  },
  evaluate: ({ code }) => page.evaluate(code),
  press: ({ key }) => page.keyboard.press(key),
  type: ({ text }) => page.keyboard.type(text),
  click: ({ selector }) => page.click(selector),
  choose: async ({ selector, value }) => void (await page.selectOption(selector, value)),
  wait: async ({ code }) => void (await page.waitForFunction(code, undefined, { timeout: 10000 })),
  screenshot: async ({ path }) => void (await page.screenshot({ path })),
  complaints: () => complaints,
  requests: () => requests,
  async axe({ without = [] }) {
    await page.addScriptTag({ path: axe })
    return page.evaluate(async (without) => {
      const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]))
      const { violations } = await globalThis.axe.run(document, { preload: false, rules })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' | ')}`)
    }, without)
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...order } = JSON.parse(line)
  let reply
  try {
    reply = { ok: (await orders[name](order)) ?? null }
  } catch (error) {
    reply = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
await browser.close()
