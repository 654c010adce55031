import { describe, test } from 'vitest'
import { startMessageServer } from './message-server.ts'
import { createWorkspace, load } from './run-for-test.ts'

/** A script of a user: other scenario, other tags, one request in ten not a write. */
const script = (changes: { tag?: string; counter?: string; options?: string; body?: string }): string => `
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
const counter = new Counter('${changes.counter ?? 'messages_delivered'}')
export const options = {
  ${changes.options ?? ''}
  scenarios: { mine: { executor: 'constant-arrival-rate', rate: Number(__ENV.RATE), timeUnit: '1s',
    duration: (Number(__ENV.WARMUP_S) + Number(__ENV.DURATION_S)) + 's', preAllocatedVUs: 50, maxVUs: 50 } } }
export default function (): void {
  const body: string = JSON.stringify({ recipient: 'agent-1' })
  const response = http.post(__ENV.BASE_URL + '/v1/messages', body, { tags: { ${changes.tag ?? "op: 'write'"} } })
  if (response.status === 202) counter.add(1)
  ${changes.body ?? ''}
}
`
const quick = { warmupS: 0, durationS: 2, ratePerS: 100 }

describe.concurrent('a script of the user', () => {
  test('takes part where it keeps the contract, even if a threshold of its own is crossed', async ({ expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer()
    const text = script({ options: "thresholds: { http_req_duration: ['p(95)<0.0001'] }," })
    const path = await workspace.file('mine.ts', text)
    const run = await load({ ...quick, script: path, baseUrl: server.url, workFolder: workspace.folder })
    expect(run.document.writes).toBeGreaterThan(50)
    expect(run.document.delivered).toBeGreaterThan(50)
    expect(run.problems).toMatchObject({ thresholdCrossed: true, failedWrites: 0 })
  })

  test.for([
    ['without a write', { tag: "op: 'read'" }, 'HIVE_LOAD_NO_WRITES', /made no write request/],
    [
      'without the counter of deliveries',
      { counter: 'mine' },
      'HIVE_LOAD_NO_DELIVERIES',
      /no counter messages_delivered/,
    ],
    [
      'that ends early',
      { body: "if (exec.scenario.iterationInTest > 20) exec.test.abort('enough')" },
      'HIVE_LOAD_K6_EXIT',
      /code 108 \(the script aborted the test\)/,
    ],
    [
      'that does not compile',
      { options: '}' },
      'HIVE_LOAD_K6_EXIT',
      /code 107 \(the script threw an exception\).*; it said: .+/,
    ],
    ['with options that k6 refuses', { options: "vus: 'many'," }, 'HIVE_LOAD_K6_EXIT', /code 10[0-9]/],
  ] as const)('%s is no measurement', async ([, changes, code, message], { expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer()
    const path = await workspace.file('mine.ts', script(changes))
    await expect(
      load({ ...quick, script: path, baseUrl: server.url, workFolder: workspace.folder }),
    ).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(await workspace.leftovers()).toEqual([])
  })
})
