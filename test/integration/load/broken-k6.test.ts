import { readFile } from 'node:fs/promises'
import { describe, test } from 'vitest'
import { ignoreProgress, systemClock } from '../../../src/core/index.ts'
import { createWorkspace, judged, load as loadWith, runsProcessWith, tokens } from './run-for-test.ts'

const load: typeof loadWith = (options) => loadWith({ ...judged, ...options })

const header = 'metric_name,timestamp,metric_value,error_code,expected_response,scenario,status,extra_tags,metadata'
const write = (micros: number): string => `http_req_duration,${micros},1.5,,true,agents,202,op=write,`
const delivered = (micros: number): string => `messages_delivered,${micros},1,,,,,,`
const baseUrl = 'http://127.0.0.1:9'
/** Five seconds of one write and one delivery each 10 ms: a run that is complete. */
const complete = Array.from({ length: 500 }, (_, index) => [
  write(1_795_640_672_000_000 + index * 10_000),
  delivered(1_795_640_672_000_000 + index * 10_000),
]).flat()
const points = (lines: readonly string[]): string => `cat <<'POINTS'\n${[header, ...lines].join('\n')}\nPOINTS\n`
const fake = (body: string): string => `#!/bin/sh\n${body}`

describe.concurrent('a k6 that measured nothing is an error', () => {
  test('a complete run of the same stand-in is none', async ({ expect }) => {
    await using workspace = await createWorkspace()
    const path = await workspace.file('k6', fake(points(complete)))
    const { document } = await load({ k6: path, baseUrl, workFolder: workspace.folder })
    expect([document.writes, document.delivered]).toEqual([400, 400])
  })

  test.for([
    ['a cut record', `${points(complete)}printf 'http_req_dur'`, 'HIVE_LOAD_STREAM', /line 1002: it is cut off/],
    [
      'a cut record and exit code 109',
      `${points(complete)}printf 'http_req_dur'; exit 109`,
      'HIVE_LOAD_K6_EXIT',
      /code 109/,
    ],
    ['a record that is no point', points(['http_req_duration,now,1,,,,,,']), 'HIVE_LOAD_STREAM', /timestamp is "now"/],
    ['no point at all', '', 'HIVE_LOAD_NO_WRITES', /made no write request/],
    ['a header and nothing else', points([]), 'HIVE_LOAD_NO_WRITES', /made no write request/],
    ['text that is no CSV, without end', 'exec yes k6', 'HIVE_LOAD_STREAM', /no column metric_name/],
    ['a line without end', 'exec tr "\\0" x </dev/zero', 'HIVE_LOAD_STREAM', /longer than/],
    ['half of the time', points(complete.slice(0, 500)), 'HIVE_LOAD_SHORT', /after 2.5 s, wanted 4.5 s/],
    [
      'no counter of deliveries',
      points(complete.filter((line) => line.startsWith('h'))),
      'HIVE_LOAD_NO_DELIVERIES',
      /no counter/,
    ],
    ['exit code 107', `${points(complete)}exit 107`, 'HIVE_LOAD_K6_EXIT', /code 107 \(the script threw an exception\)/],
    ['an end by a signal', `${points(complete)}kill -SEGV $$`, 'HIVE_LOAD_K6_EXIT', /signal SIGSEGV/],
  ] as const)('%s', async ([, body, code, message], { expect }) => {
    await using workspace = await createWorkspace()
    const path = await workspace.file('k6', fake(body))
    await expect(load({ k6: path, baseUrl, workFolder: workspace.folder })).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(message),
    })
    expect(await workspace.leftovers()).toEqual([])
    expect(await runsProcessWith(path)).toBe(false)
  })

  test('a token in what k6 says is masked', async ({ expect }) => {
    await using workspace = await createWorkspace()
    const body = `echo 'time="x" level=error msg="could not send token-of-agent-7 in \\"a\\" header"' >&2; exit 107`
    const path = await workspace.file('k6', fake(body))
    await expect(load({ k6: path, baseUrl, workFolder: workspace.folder })).rejects.toMatchObject({
      message: expect.stringMatching(/it said: could not send \*\*\* in "a" header$/),
    })
  })

  test('no k6, or one that cannot be run', async ({ expect }) => {
    await using workspace = await createWorkspace()
    const options = { baseUrl, workFolder: workspace.folder }
    await expect(load({ ...options, k6: '/nowhere/k6' })).rejects.toMatchObject({
      code: 'HIVE_LOAD_K6',
      message: 'could not start k6: /nowhere/k6: no such program',
    })
    await expect(load({ ...options, k6: workspace.folder })).rejects.toMatchObject({ code: 'HIVE_LOAD_K6' })
    expect(await workspace.leftovers()).toEqual([])
  })

  test('a k6 that hangs is killed with what it started, and its tokens stood in no command line', async ({
    expect,
  }) => {
    await using workspace = await createWorkspace()
    const path = await workspace.file('k6', fake('sleep 300 & sleep 300'))
    // Everything but the half seconds of sampling is over at once.
    const clock = {
      ...systemClock,
      sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms > 10_000 ? 300 : ms, signal),
    }
    const running = load({ k6: path, baseUrl, workFolder: workspace.folder, clock })
    await expect(running).rejects.toMatchObject({ code: 'HIVE_LOAD_TIMEOUT', message: /after 49.5 s/ })
    expect(await runsProcessWith(path)).toBe(false)
    expect(await workspace.leftovers()).toEqual([])
  })

  test('aborted, it leaves no process and no folder', async ({ expect }) => {
    await using workspace = await createWorkspace()
    const seen = await workspace.file('seen', '')
    const path = await workspace.file(
      'k6',
      fake(`tr '\\0' ' ' </proc/$$/cmdline >${seen}\nsleep 300 & echo $! >${seen}.child; wait`),
    )
    const controller = new AbortController()
    const progress = (): void => undefined
    const running = load({ k6: path, baseUrl, workFolder: workspace.folder, signal: controller.signal, progress })
    const outcome = running.catch((error: unknown) => error)
    let child = ''
    while (child === '') {
      await systemClock.sleep(20)
      child = (await readFile(`${seen}.child`, 'utf8').catch(() => '')).trim()
    }
    controller.abort(new Error('stop'))
    expect(await outcome).toMatchObject({ code: 'HIVE_INTERRUPTED' })
    expect(await workspace.leftovers()).toEqual([])
    const words = await readFile(seen, 'utf8')
    expect(words).toContain('--out csv=-')
    for (const token of Object.values(tokens)) expect(words).not.toContain(token)
    await expect
      .poll(() =>
        readFile(`/proc/${child}/stat`, 'utf8').then(
          (text) => / Z /.test(text),
          () => true,
        ),
      )
      .toBe(true)
  })

  test('aborted before it begins, it starts nothing', async ({ expect }) => {
    await using workspace = await createWorkspace()
    const signal = AbortSignal.abort()
    const running = load({ k6: '/nowhere/k6', baseUrl, workFolder: workspace.folder, signal, progress: ignoreProgress })
    await expect(running).rejects.toMatchObject({ code: 'HIVE_INTERRUPTED' })
  })
})

describe.concurrent('settings that cannot be run are refused before anything starts', () => {
  test.for([
    [{ agents: 0 }, /could not use agents: 0, wanted a whole number from 1/],
    [{ agents: 2.5 }, /could not use agents: 2.5/],
    [{ ratePerS: Number.NaN }, /could not use rate: NaN/],
    [{ durationS: 0.2 }, /could not use duration: 0.2, wanted seconds from 1/],
    [{ warmupS: -1 }, /could not use warmup: -1/],
    [{ baseUrl: 'localhost:80' }, /could not use url: localhost:80, wanted http:\/\/HOST:PORT/],
    [{ tokens: {} }, /could not use tokens: none/],
    [{ tokens: { a: 'x'.repeat(130_000) } }, /could not use tokens: 1 agents, wanted at most 120000 bytes/],
    [{ script: '/nowhere/script.ts' }, /could not use script: \/nowhere\/script.ts, wanted a k6 script/],
  ] as const)('%j', async ([changes, message], { expect }) => {
    await using workspace = await createWorkspace()
    const running = load({ k6: '/nowhere/k6', baseUrl, workFolder: workspace.folder, ...changes })
    await expect(running).rejects.toMatchObject({ code: 'HIVE_LOAD_OPTION', message: expect.stringMatching(message) })
  })
})
