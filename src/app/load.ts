import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fault } from '../core/index.ts'
import type { Clock, ReportProgress } from '../core/index.ts'
import { findK6 } from '../environment/index.ts'
import { judgePerformance } from '../gates/performance.ts'
import type { Judgement } from '../gates/judgement.ts'
import { defaultTargets, runLoad } from '../load/index.ts'
import type { LoadRun } from '../load/index.ts'

/** `hive load` as it was typed: text is parsed here. */
export interface LoadRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly url: string
  readonly tokenFile: string
  /** Replaces the script of the package. */
  readonly script: string
  /** The script of the package: given, the machine is measured first. */
  readonly calibrationScript?: string
  readonly agents?: string
  readonly rate?: string
  readonly warmup?: string
  readonly duration?: string
  readonly p95?: string
  readonly delivered?: string
  /** Folder for load.json. */
  readonly out?: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly progress: ReportProgress
}

export interface LoadResult {
  readonly run: LoadRun
  readonly judgement: Judgement
  readonly k6: { readonly version: string; readonly origin: string }
  /** Where load.json was written. */
  readonly file?: string
}

/** Loads a service that runs already and judges it as the performance gate would. */
export async function loadService(request: LoadRequest): Promise<LoadResult> {
  const { cwd, env, signal, clock, progress } = request
  const settings = {
    agents: numberOf('--agents', request.agents ?? '100'),
    ratePerS: numberOf('--rate', request.rate ?? '1100'),
    warmupS: secondsOf('--warmup', request.warmup ?? '5s'),
    durationS: secondsOf('--duration', request.duration ?? '30s'),
  }
  const targets = {
    p95WriteMs: numberOf('--p95', request.p95 ?? String(defaultTargets.p95WriteMs)),
    deliveredPerS: numberOf('--delivered', request.delivered ?? String(defaultTargets.deliveredPerS)),
  }
  const tokens = await readTokens(resolve(cwd, request.tokenFile))
  const k6 = await findK6({ env, signal })
  const workFolder = await mkdtemp(join(tmpdir(), 'hive-load-'))
  try {
    const run = await runLoad({
      ...settings,
      k6: k6.path,
      script: resolve(cwd, request.script),
      ...(request.calibrationScript === undefined ? {} : { calibrationScript: request.calibrationScript }),
      baseUrl: request.url,
      tokens,
      targets,
      workFolder,
      signal,
      progress,
      clock,
    })
    const judgement = judgePerformance(run, targets)
    if (request.out === undefined) return { run, judgement, k6 }
    const folder = resolve(cwd, request.out)
    await mkdir(folder, { recursive: true })
    const file = join(folder, 'load.json')
    await writeFile(file, `${JSON.stringify(run.document, undefined, 2)}\n`)
    return { run, judgement, k6, file }
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}

const maxTokenFileBytes = 64 * 1024

/** `{ "agent-1": "…" }`, or a line `agent-1=…` for each agent. */
async function readTokens(path: string): Promise<Record<string, string>> {
  const text = await readBounded(path)
  const tokens = text.trimStart().startsWith('{') ? parseTokenObject(path, text) : parseTokenLines(text)
  const entries = Object.entries(tokens)
  if (entries.length === 0) throw fault('HIVE_LOAD_TOKENS', { path, problem: 'no agent in it, at least 1 wanted' })
  for (const [agent, token] of entries) {
    // What the header cannot carry. The token itself stays out of the message.
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) && /^[\x21-\x7e]{1,100}$/.test(agent)) continue
    const problem = `the entry of ${JSON.stringify(agent.slice(0, 100))} is no name and token of printable characters`
    throw fault('HIVE_LOAD_TOKENS', { path, problem })
  }
  return tokens
}

async function readBounded(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    if (size > maxTokenFileBytes) {
      throw fault('HIVE_LOAD_TOKENS', { path, problem: `${size} bytes, at most ${maxTokenFileBytes} wanted` })
    }
    return await file.readFile('utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined || code.startsWith('HIVE_')) throw error
    throw fault('HIVE_LOAD_TOKENS', { path, problem: code === 'ENOENT' ? 'no such file' : code }, error)
  }
}

function parseTokenObject(path: string, text: string): Record<string, string> {
  try {
    return JSON.parse(text) as Record<string, string>
  } catch (error) {
    // The parser's message quotes the text, which holds the tokens.
    throw fault('HIVE_LOAD_TOKENS', { path, problem: 'not valid JSON' }, error)
  }
}

function parseTokenLines(text: string): Record<string, string> {
  const lines = text.split('\n').map((line) => line.trim())
  return Object.fromEntries(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const equals = line.indexOf('=')
        return equals < 0 ? [line.slice(0, 4), ''] : [line.slice(0, equals), line.slice(equals + 1)]
      }),
  )
}

function numberOf(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw fault('HIVE_LOAD_OPTION', { option, value: text.slice(0, 40), wanted: 'a number above 0' })
}

/** `500ms`, `30s`, `5m`; a bare number is seconds. */
function secondsOf(option: string, text: string): number {
  const [, amount, unit] = /^([0-9]{1,7}(?:\.[0-9]{1,3})?)(ms|s|m)?$/.exec(text) ?? []
  if (amount === undefined) {
    throw fault('HIVE_LOAD_OPTION', { option, value: text.slice(0, 40), wanted: 'a duration like 30s' })
  }
  return Number(amount) * (unit === 'ms' ? 0.001 : unit === 'm' ? 60 : 1)
}
