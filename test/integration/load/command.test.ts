import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { runCommandLine } from '../../../src/cli/main.ts'
import { loadDocumentSchema } from '../../../src/evidence/index.ts'
import { startMessageServer } from './message-server.ts'
import { createWorkspace, k6, tokens } from './run-for-test.ts'

interface Outcome {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

async function hive(words: readonly string[], cwd: string): Promise<Outcome> {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    write: (text: string) => {
      written[name] += text
      return true
    },
  })
  const exitCode = await runCommandLine(words, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { ...process.env, K6_BIN: k6 },
    cwd,
    signal: new AbortController().signal,
  })
  return { exitCode, ...written }
}

const loadWords = [
  'load',
  '--token-file',
  'tokens.json',
  '--rate',
  '300',
  '--warmup',
  '0',
  '--duration',
  '4s',
  '--delivered',
  '250',
]

describe.concurrent('hive load', () => {
  test('prints the measures, leaves load.json, and exits with its verdict', async ({ expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer({ delayMs: 60 })
    await workspace.file('tokens.json', JSON.stringify(tokens))
    const cwd = join(workspace.folder, '..')
    const { exitCode, stdout, stderr } = await hive([...loadWords, '--url', server.url, '--out', 'out'], cwd)
    // 3 where the hypervisor stole CPU time: measured, and not decided.
    expect([1, 3]).toContain(exitCode)
    expect(stdout).toMatch(/^load {7}300 writes\/s by 100 agents for 4 s$/m)
    expect(stdout).toMatch(/^latency {4}p50 [0-9.]+ ms .* max [0-9.]+ ms$/m)
    expect(stdout).toMatch(/^(✗|FAIL|\?|wait) (fail|undecided) .*p95 write [0-9.,]+ ms \[.*\], target < 50 ms/m)
    expect(stdout).toMatch(/^wrote {6}.*out\/load\.json$/m)
    const document = loadDocumentSchema.parse(JSON.parse(await readFile(join(cwd, 'out/load.json'), 'utf8')))
    expect(document.percentiles.p95).toBeGreaterThan(60)
    for (const token of Object.values(tokens)) expect(stdout + stderr).not.toContain(token)
  })

  test('with --json prints one document, and a dead service exits 2', async ({ expect }) => {
    await using workspace = await createWorkspace()
    await using server = await startMessageServer()
    await workspace.file(
      'tokens.json',
      Object.entries(tokens)
        .map((pair) => pair.join('='))
        .join('\n'),
    )
    const cwd = join(workspace.folder, '..')
    const { exitCode, stdout } = await hive([...loadWords, '--url', server.url, '--json'], cwd)
    const document = JSON.parse(stdout) as { verdict: string; load: unknown; measures: unknown[] }
    expect(document).toMatchObject({ schemaVersion: 1, verdict: expect.stringMatching(/^(pass|undecided|fail)$/) })
    expect(exitCode).toBe({ pass: 0, fail: 1, undecided: 3 }[document.verdict])
    expect(loadDocumentSchema.safeParse(document.load).success).toBe(true)
    await server[Symbol.asyncDispose]()
    const dead = await hive([...loadWords, '--duration', '1s', '--url', server.url, '--json'], cwd)
    expect(dead.exitCode).toBe(2)
    expect(JSON.parse(dead.stdout)).toMatchObject({ error: { code: 'HIVE_LOAD_UNREACHABLE' } })
  })

  test.for([
    ['no address', ['--token-file', 'tokens.json'], '', /HIVE_USAGE .*--url is missing/],
    ['no token file', ['--url', 'http://x'], '', /HIVE_USAGE .*--token-file is missing/],
    [
      'a token file that is not there',
      ['--url', 'http://x', '--token-file', 'none.json'],
      '',
      /HIVE_LOAD_TOKENS .*none\.json: no such file/,
    ],
    [
      'tokens that are no JSON',
      ['--url', 'http://x', '--token-file', 'tokens.json'],
      '{"a": secret-thing',
      /tokens\.json: not valid JSON\n/,
    ],
    [
      'tokens that no header can carry',
      ['--url', 'http://x', '--token-file', 'tokens.json'],
      '{"a": "secret-\\n-thing"}',
      /the entry of "a" is no name and token/,
    ],
    [
      'a token that is no text',
      ['--url', 'http://x', '--token-file', 'tokens.json'],
      '{"a": 17}',
      /the entry of "a" is no name and token/,
    ],
    [
      'lines without names',
      ['--url', 'http://x', '--token-file', 'tokens.json'],
      'secret-thing\n',
      /is no name and token/,
    ],
    ['an empty token file', ['--url', 'http://x', '--token-file', 'tokens.json'], '', /no agent in it/],
    [
      'a huge token file',
      ['--url', 'http://x', '--token-file', 'tokens.json'],
      'x'.repeat(70_000),
      /70000 bytes, at most 65536 wanted/,
    ],
    [
      'a duration in words',
      ['--url', 'http://x', '--token-file', 'tokens.json', '--duration', 'long'],
      'a=b',
      /could not use --duration: long, wanted a duration like 30s/,
    ],
    [
      'a rate of nothing',
      ['--url', 'http://x', '--token-file', 'tokens.json', '--rate', '0'],
      'a=b',
      /could not use --rate: 0, wanted a number above 0/,
    ],
    [
      'an address that is none',
      ['--url', 'x', '--token-file', 'tokens.json'],
      'a=b',
      /could not use url: x, wanted http/,
    ],
  ] as const)('%s exits 2 with its reason', async ([, words, text, message], { expect }) => {
    await using workspace = await createWorkspace()
    await workspace.file('tokens.json', text)
    const { exitCode, stderr, stdout } = await hive(['load', ...words], join(workspace.folder, '..'))
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr + stdout).not.toContain('secret-')
  })
})
