import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureInterleaved } from './result.ts'
import type { BenchResult } from './result.ts'

/** What a comment costs before any request: CPU of the bundle over that of a bare Node. Bar: 100 ms. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'hive-bench-'))
  try {
    const empty = join(folder, 'empty.js')
    writeFileSync(empty, '')
    const payload = join(folder, 'event.json')
    writeFileSync(payload, event('looks good'))
    // The command's code is loaded, and its first request finds nobody: what a command costs before any answer.
    const command = join(folder, 'command.json')
    writeFileSync(command, event('/approve'))
    for (const name of ['output', 'summary', 'state', 'env', 'path']) writeFileSync(join(folder, name), '')
    const env = {
      PATH: process.env['PATH'] ?? '',
      GITHUB_EVENT_NAME: 'issue_comment',
      GITHUB_EVENT_PATH: payload,
      GITHUB_REPOSITORY: 'example/hive',
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_STATE: join(folder, 'state'),
      GITHUB_ENV: join(folder, 'env'),
      GITHUB_PATH: join(folder, 'path'),
      INPUT_TOKEN: 'none',
      INPUT_RETRIES: '0',
      RUNNER_TEMP: folder,
    }
    const bundle = join(import.meta.dirname, '../dist/action/index.js')
    const bare = (): Promise<number> => Promise.resolve(cpuOf(empty, env))
    return await measureInterleaved({
      name: 'action',
      rounds: 15,
      subjects: [
        { name: 'bare node', unit: 'ms CPU', run: bare },
        { name: 'comment over bare node', unit: 'ms CPU', run: async () => cpuOf(bundle, env) - (await bare()) },
        {
          name: 'command over bare node',
          unit: 'ms CPU',
          run: async () => cpuOf(bundle, { ...env, GITHUB_EVENT_PATH: command }) - (await bare()),
        },
        { name: 'bar: 100 ms', unit: 'ms CPU', run: () => Promise.resolve(100) },
      ],
      ratios: [{ of: 'command over bare node', to: 'bar: 100 ms', bar: 1, lower: true }],
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function event(body: string): string {
  const user = { login: 'ada', id: 1001, type: 'User' }
  const comment = { id: 1, body, user, created_at: '2026-11-22T09:15:00Z', updated_at: '2026-11-22T09:15:00Z' }
  const repository = { full_name: 'example/hive', default_branch: 'main', name: 'hive', owner: { login: 'example' } }
  return JSON.stringify({ action: 'created', comment, issue: { number: 1, pull_request: {} }, repository })
}

/** User and system time of one process, in milliseconds, as the kernel counts it. */
function cpuOf(script: string, env: Readonly<Record<string, string>>): number {
  // resourceUsage of children is not in Node: a wrapper reports its own after the script has run in it.
  const wrapper = `await import(${JSON.stringify(script)}).catch((error) => { console.error(error); process.exit(2) })
process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('\\ncpu ' + (user + system)) })`
  const { stderr, error } = spawnSync(process.execPath, ['--input-type=module', '-e', wrapper], {
    env,
    encoding: 'utf8',
  })
  const match = /\ncpu (\d+)$/.exec(stderr)
  if (error !== undefined || match === null) throw new Error(`could not measure ${script}: ${error?.message ?? stderr}`)
  return Number(match[1]) / 1000
}
