import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { BrowserContext, BrowserContextOptions } from 'playwright-core'

/** Everything that Chromium would do of its own accord is off: a request in a test is then a request of the page. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `CHROME_BIN`, else Chromium or Chrome on `PATH`. */
export function findBrowser(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const given = env['CHROME_BIN']
  if (given !== undefined && given !== '') return given
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'chrome']) {
      const path = join(folder, name)
      if (folder !== '' && existsSync(path)) return path
    }
  }
  throw new Error('could not find a browser: neither CHROME_BIN nor chromium on PATH, wanted one of them')
}

export interface TestBrowser {
  /** A fresh window with its own storage; closed with the browser. */
  readonly open: (options?: BrowserContextOptions) => Promise<BrowserContext>
  readonly close: () => Promise<void>
}

/** Starts the machine's browser on a user folder of its own, which is removed with it. */
export async function startBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-browser-'))
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: flags,
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder },
  })
  return {
    open: (options) => browser.newContext(options),
    close: async () => {
      await browser.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
