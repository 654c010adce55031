import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderDbCheckHtml, renderHtml } from '../../src/report/index.ts'
import { sampleDbCheck, sampleReport, sampleWaitingReport } from '../../src/report/sample.fixture.ts'
import { startBrowser } from '../support/browser.ts'
import type { TestBrowser } from '../support/browser.ts'

const { migration: _migration, load: _load, ...unmeasured } = sampleReport
const notReady = renderHtml(sampleReport)
const pages = {
  'not ready': notReady,
  waiting: renderHtml(sampleWaitingReport),
  unmeasured: renderHtml({ ...unmeasured, dirty: true }),
  'database check': renderDbCheckHtml(sampleDbCheck),
}

const probe = fileURLToPath(new URL('../support/page-probe.js', import.meta.url))

let browser: TestBrowser
let folder: string
let files = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-report-'))
  browser = await startBrowser()
})

afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
})

interface Opened extends AsyncDisposable {
  readonly page: Page
  /** What the page said to the console, threw, or asked for besides itself. */
  readonly complaints: readonly string[]
  /** Calls a function of the probe inside the page. */
  readonly ask: (question: string) => Promise<unknown>
}

async function open(html: string, scheme: 'light' | 'dark' = 'light', width = 1_200): Promise<Opened> {
  files += 1
  const path = join(folder, `${files}.html`)
  await writeFile(path, html)
  const context = await browser.open({ viewport: { width, height: 800 }, colorScheme: scheme })
  await context.addInitScript({ path: probe })
  const page = await context.newPage()
  const url = pathToFileURL(path).href
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (request.url() !== url && request.url() !== 'data:,') complaints.push(`request: ${request.url()}`)
  })
  await page.goto(url)
  const ask = (question: string): Promise<unknown> => page.evaluate(`probe.${question}()`)
  await ask('unfold')
  return { page, complaints, ask, [Symbol.asyncDispose]: () => context.close() }
}

describe.each(Object.entries(pages))('the report "%s"', (_name, html) => {
  test.each(['light', 'dark'] as const)(
    'is quiet, fits a desktop and a phone, and is readable in %s',
    async (scheme) => {
      await using opened = await open(html, scheme)
      for (const width of [1_200, 768, 360]) {
        await opened.page.setViewportSize({ width, height: 800 })
        expect(await opened.ask('width')).toBeLessThanOrEqual(width)
        expect(await opened.ask('escapingTables')).toEqual([])
        expect(await opened.ask('faintTexts')).toEqual([])
      }
      expect(opened.complaints).toEqual([])
    },
  )

  test('has one h1, leaves no level of headings out, and no link leads nowhere', async () => {
    await using opened = await open(html)
    const levels = (await opened.ask('headingLevels')) as number[]
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels[0]).toBe(1)
    expect(levels.slice(1).filter((level, index) => level > (levels[index] ?? 0) + 1)).toEqual([])
    expect(await opened.ask('deadLinks')).toEqual([])
  })
})

test('the first screen of a phone says whether the commit is ready, and why', async () => {
  await using opened = await open(notReady, 'light', 360)
  const heading = await opened.page.locator('h1').boundingBox()
  const why = await opened.page.locator('.hero .why').boundingBox()
  expect(heading?.y).toBeLessThan(300)
  expect((why?.y ?? 800) + (why?.height ?? 0)).toBeLessThan(640)
})

test('every place that can be acted on is reached and shown by the keyboard', async () => {
  await using opened = await open(notReady, 'light', 360)
  const wanted = Number(await opened.ask('actionable'))
  const reached = new Set<string>()
  for (let press = 0; press < wanted; press += 1) {
    await opened.page.keyboard.press('Tab')
    reached.add(String(await opened.ask('focused')))
  }
  expect(reached.size).toBe(wanted)
  expect([...reached].filter((place) => !place.endsWith(' seen'))).toEqual([])
})

test('one form of each chart is shown at any width, and the page prints', async () => {
  await using opened = await open(notReady)
  expect(await opened.page.locator('.chart:visible').count()).toBe(2)
  await opened.page.setViewportSize({ width: 360, height: 800 })
  expect(await opened.page.locator('.chart:visible').count()).toBe(2)
  await opened.page.setViewportSize({ width: 718, height: 1_000 })
  await opened.page.emulateMedia({ media: 'print' })
  expect(await opened.ask('width')).toBeLessThanOrEqual(718)
  expect(await opened.ask('faintTexts')).toEqual([])
  const pdf = await opened.page.pdf({ format: 'A4' })
  expect(pdf.subarray(0, 4).toString()).toBe('%PDF')
})

test('these measurements see what is wrong with a bad page', async () => {
  await using opened = await open(
    `<!doctype html><title>x</title><body style="margin:0"><img src="http://127.0.0.1:9/x.png">
    <p style="color:#999;background:#fff">faint</p><table style="width:2000px"><tr><td>wide</td></tr></table>
    <a href="#nowhere">link</a><script>console.error('noise'); throw new Error('broken')</script>`,
    'light',
    360,
  )
  expect(await opened.ask('faintTexts')).toEqual(['2.85 faint'])
  expect(await opened.ask('escapingTables')).toEqual(['wide'])
  expect(await opened.ask('deadLinks')).toEqual(['nowhere'])
  expect(Number(await opened.ask('width'))).toBeGreaterThan(360)
  expect(opened.complaints).toEqual(
    expect.arrayContaining(['request: http://127.0.0.1:9/x.png', 'console: noise', 'error: broken']),
  )
})
