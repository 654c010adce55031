import { describe, test } from 'vitest'
import { loadDocumentSchema } from '../../../src/evidence/index.ts'
import { startMessageServer } from './message-server.ts'
import type { LoadOptions } from '../../../src/load/index.ts'
import type { Behaviour } from './message-server.ts'
import { createWorkspace, judged, judgeQuietly, load, packageScript, tokens } from './run-for-test.ts'

// Real k6 against a real HTTP server; at the same time, because each of them mostly waits.
describe.concurrent('a message service under load', () => {
  test('is measured from raw points: every write, every delivery, the tokens of all agents', async ({ expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer()
    const run = await load({ ...judged, ownService: true, baseUrl: server.url, workFolder: workspace.folder })
    const { document, problems, machine } = run
    expect(loadDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
    expect(problems).toMatchObject({ failedWrites: 0, failedReads: 0, repeated: 0, malformed: 0, reasons: {} })
    const offered = document.writes + document.droppedIterations
    expect(offered).toBeGreaterThan(1_150)
    expect(offered).toBeLessThan(1_250)
    expect(Math.abs(document.delivered - document.writes)).toBeLessThan(200)
    expect(document.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(document.writes)
    expect(document.series).toHaveLength(5)
    expect(server.authorizations).toEqual(new Set(Object.values(tokens).map((token) => `Bearer ${token}`)))
    expect(judgeQuietly(run).verdict).not.toBe('error')
    expect(machine.observed).toBe(process.platform === 'linux')
    expect(machine.othersCpuShare ?? 0).toBeLessThanOrEqual(machine.busyShare)
    expect(await workspace.leftovers()).toEqual([])
  })

  const faults: [string, Behaviour, Partial<LoadOptions>, RegExp, string][] = [
    [
      'made 60 ms slower fails with the measured figure',
      { delayMs: 60 },
      judged,
      /^p95 write ([6-9][0-9.]+|[1-9][0-9,]{2,}) ms \[.*\], target < 50 ms/,
      'PERFORMANCE_LATENCY',
    ],
    [
      'that has too few places for its agents drops writes and fails',
      { delayMs: 100 },
      { agents: 5 },
      /writes could not be offered: all 5 agents were still waiting for an answer$/,
      'PERFORMANCE_WRITES_DROPPED',
    ],
    [
      'that refuses or redirects every tenth write fails',
      { statusOf: (write) => (write % 10 === 0 ? (write % 20 === 0 ? 500 : 302) : 202) },
      {},
      /requests failed under load \((?=.*HTTP 500).*HTTP 302/,
      'PERFORMANCE_REQUESTS_FAILED',
    ],
    [
      'that dies half way fails, and is not a dead one',
      { after: { writes: 60, do: 'die' } },
      { durationS: 3 },
      /requests failed under load \(.*k6 error 1[0-9]{3}.*\); no write was answered after/,
      'PERFORMANCE_REQUESTS_FAILED',
    ],
    [
      'that hangs half way fails',
      { after: { writes: 60, do: 'hang' } },
      { agents: 20 },
      /could not be offered|failed under load/,
      'PERFORMANCE_WRITES_DROPPED',
    ],
    [
      'that hands out nothing delivers 0 messages a second',
      { deliver: () => [] },
      {},
      /· 0 messages\/s delivered, target > 80/,
      'PERFORMANCE_DELIVERY',
    ],
  ]
  test.for(faults)('%s', async ([, behaviour, changes, summary, code], { expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer(behaviour)
    const run = await load({ baseUrl: server.url, workFolder: workspace.folder, ...changes })
    const judgement = judgeQuietly(run)
    expect(judgement.summary).toMatch(summary)
    expect(judgement.verdict).toBe('fail')
    expect(judgement.findings.map((finding) => finding.code)).toContain(code)
    expect(await workspace.leftovers()).toEqual([])
  })

  test('that repeats and alters messages gets no credit for them', async ({ expect }) => {
    await using workspace = await createWorkspace()
    const deliver = (event: unknown) => [event, event, { ...(event as object), data: { sequence: -1 } }]
    await using server = await startMessageServer({ deliver })
    const run = await load({ baseUrl: server.url, workFolder: workspace.folder })
    expect(run.document.delivered).toBeLessThanOrEqual(run.document.writes + 50)
    expect(run.problems.repeated).toBeGreaterThan(100)
    expect(judgeQuietly(run)).toMatchObject({
      verdict: 'fail',
      summary: expect.stringMatching(/delivered messages differed from what had been written$/),
    })
  })

  test('is calibrated on a server that does nothing, which leaves nothing behind', async ({ expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer({ delayMs: 20 })
    const options = { baseUrl: server.url, workFolder: workspace.folder, calibrationScript: packageScript }
    const { calibration, document } = await load({ ...options, warmupS: 0, durationS: 1 })
    expect(calibration?.p95Ms).toBeGreaterThan(0)
    expect(document.percentiles.p50).toBeGreaterThan(20)
    expect(calibration?.p95Ms).not.toBe(document.percentiles.p95)
    expect(await workspace.leftovers()).toEqual([])
  })

  test('that hangs from the start is no measurement', async ({ expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer({ after: { writes: 0, do: 'hang' } })
    await expect(load({ agents: 20, baseUrl: server.url, workFolder: workspace.folder })).rejects.toMatchObject({
      code: 'HIVE_LOAD_UNREACHABLE',
      exitCode: 2,
    })
    expect(await workspace.leftovers()).toEqual([])
  })

  test('that is not there is no measurement', async ({ expect }) => {
    await using workspace = await createWorkspace()
    const { url } = await stoppedServer()
    await expect(load({ baseUrl: url, workFolder: workspace.folder })).rejects.toMatchObject({
      code: 'HIVE_LOAD_UNREACHABLE',
      message: expect.stringMatching(/0 of [0-9]+ writes were answered \(k6 error 1212\)/),
    })
  })
})

async function stoppedServer(): Promise<{ url: string }> {
  await using server = await startMessageServer()
  return { url: server.url }
}
