/**
 * Draws the pictures of the README: `node scripts/draw-images.ts [RUN_FOLDER [PROJECT]]`.
 *
 * From the evidence of a finished run (`.hive/runs/<id>`), or from the sample that the tests use. Needs Chromium
 * (`CHROME_BIN` or on PATH).
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { renderComment, renderHtml, renderTerminal } from '../src/report/index.ts'
import { sampleWaitingReport } from '../src/report/sample.fixture.ts'
import { startBrowser } from '../test/support/browser.ts'
import { commentPage } from './draw/comment-page.ts'
import { readRun } from './draw/run-folder.ts'
import { terminalSvg } from './draw/terminal-svg.ts'

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url))
const [runFolder, project = 'example-hive'] = process.argv.slice(2)
const report = runFolder === undefined ? sampleWaitingReport : await readRun(runFolder, project)

await mkdir(folder, { recursive: true })

const columns = 80
const terminal = renderTerminal(report, { columns, colour: true, unicode: true })
await writeFile(
  `${folder}terminal.svg`,
  terminalSvg(`$ npx agent-hive gate\n${terminal}`, { columns, title: 'npx agent-hive gate' }),
)

const browser = await startBrowser()
try {
  // The machine's own fonts differ; the metrics of Arial are near to what most readers see.
  const context = await browser.open({ viewport: { width: 1_120, height: 1_000 }, bypassCSP: true })
  const page = await context.newPage()
  await page.setContent(renderHtml(report))
  await page.addStyleTag({
    content: 'body { font-family: "Liberation Sans", sans-serif } html { scroll-behavior: auto }',
  })
  await page.screenshot({ path: `${folder}report.png`, clip: { x: 0, y: 0, width: 1_120, height: 722 } })
  const section = page.locator('#gate-performance')
  if ((await section.locator('figure').count()) > 0) {
    await page.setViewportSize({ width: 940, height: 1_000 })
    const box = await section.boundingBox()
    if (box !== null) {
      const clip = { x: 0, y: box.y + 8, width: 940, height: box.height }
      await page.screenshot({ path: `${folder}report-performance.png`, clip, fullPage: true })
    }
  }
  await page.setViewportSize({ width: 900, height: 200 })
  await page.setContent(commentPage(renderComment(report, { marker: '<!-- agent-hive -->' })))
  await page.screenshot({ path: `${folder}comment.png`, fullPage: true })
} finally {
  await browser.close()
}
console.log(`wrote the pictures of the README to ${folder}`)
