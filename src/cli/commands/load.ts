import { loadService } from '../../app/load.ts'
import type { LoadResult } from '../../app/load.ts'
import { exitCodeOf, fault } from '../../core/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { packageFile } from '../../app/package.ts'

const texts = ['agents', 'rate', 'warmup', 'duration', 'p95', 'delivered', 'out'] as const

/** Loads a message service that runs already, and judges it. */
export const load: Command = {
  name: 'load',
  summary: 'loads a message service with concurrent agents and judges latency and delivery',
  usage:
    '--url URL --token-file FILE [--agents 100] [--rate 1100] [--duration 30s] [--script FILE] [--out DIR] [--calibrate]',
  description:
    'Agents write at a fixed rate, whatever the service answers, while consumers receive; k6 drives both. The verdict is pass only where p95 and delivered rate are proved by their whole intervals and nothing was dropped or refused. A script of your own takes part if it keeps the contract of docs/performance.md.',
  examples: [
    'npx agent-hive load --url http://127.0.0.1:8080 --token-file tokens.json',
    'npx agent-hive load --url http://127.0.0.1:8080 --token-file tokens.json --rate 2200 --duration 60s --json',
  ],
  options: {
    url: { type: 'string', value: 'URL', description: 'address of the service' },
    'token-file': {
      type: 'string',
      value: 'FILE',
      description: 'bearer tokens: JSON object agent → token, or lines agent=token',
    },
    agents: { type: 'string', value: 'N', description: 'writers at the same time, at most (default 100)' },
    rate: { type: 'string', value: 'N', description: 'writes offered a second (default 1100)' },
    warmup: { type: 'string', value: 'TIME', description: 'run before and not judged (default 5s)' },
    duration: { type: 'string', value: 'TIME', description: 'measured time (default 30s)' },
    p95: { type: 'string', value: 'MS', description: 'target: p95 of a write under this (default 50)' },
    delivered: {
      type: 'string',
      value: 'N',
      description: 'target: messages delivered a second above this (default 1000)',
    },
    script: { type: 'string', value: 'FILE', description: 'k6 script in place of the one of the package' },
    out: { type: 'string', value: 'DIR', description: 'folder for load.json' },
    calibrate: {
      type: 'boolean',
      description: 'load a server that does nothing first: is this machine fit to measure?',
    },
  },
  positionals: [0, 0],
  run: async (context, args) => {
    const url = args.text('url')
    const tokenFile = args.text('token-file')
    if (url === undefined || tokenFile === undefined) {
      const missing = url === undefined ? '--url' : '--token-file'
      throw fault('HIVE_USAGE', { problem: `could not run hive load: ${missing} is missing`, command: 'load' })
    }
    const { cwd, env, signal, clock, progress } = context
    const ownScript = packageFile('loadtests/agent-messages.ts')
    const given = texts.flatMap((name) => {
      const value = args.text(name)
      return value === undefined ? [] : [[name, value]]
    })
    const result = await loadService({
      ...(Object.fromEntries(given) as Partial<Record<(typeof texts)[number], string>>),
      cwd,
      env,
      url,
      tokenFile,
      script: args.text('script') ?? ownScript,
      ...(args.flag('calibrate') ? { calibrationScript: ownScript } : {}),
      signal,
      clock,
      progress,
    })
    printResult(context, result)
    const { judgement, run } = result
    context.emit({ schemaVersion: 1, ...judgement, machine: run.machine, k6: result.k6, load: run.document })
    return exitCodeOf(judgement.verdict)
  },
}

function printResult({ print, terminal }: CommandContext, { run, judgement, k6, file }: LoadResult): void {
  const { document, machine, calibration } = run
  const count = (value: number): string => Math.round(value).toLocaleString('en-US')
  const ms = (value: number): string => `${Number(value.toPrecision(3))} ms`
  const share = (value: number): string => `${Number((value * 100).toPrecision(2))} %`
  const glyphs = terminal.unicode
    ? { pass: '✓', fail: '✗', undecided: '?', error: '✗' }
    : { pass: 'ok', fail: 'FAIL', undecided: 'wait', error: 'FAIL' }
  print(
    `load       ${count(document.offeredRate)} writes/s by ${count(document.agents)} agents for ${document.measuredS} s`,
  )
  const { p50, p90, p95, p99, max } = document.percentiles
  print(`latency    p50 ${ms(p50)}   p90 ${ms(p90)}   p95 ${ms(p95)}   p99 ${ms(p99)}   max ${ms(max)}`)
  print(
    `messages   ${count(document.writes)} written, ${count(document.delivered)} delivered, ${count(document.failedRequests)} failed, ${count(document.droppedIterations)} dropped`,
  )
  const noise = machine.observed ? `, ${share(machine.busyShare)} busy, ${share(machine.stealShare)} stolen` : ''
  print(`machine    ${machine.cores} cores${noise}, k6 ${k6.version} used ${share(machine.k6CpuShare)}`)
  if (calibration !== undefined) print(`idle       p95 ${ms(calibration.p95Ms)} of a server that does nothing`)
  // What follows the two numbers in the summary is the first finding, which is printed below in full.
  const [latency = '', delivery = ''] = judgement.summary.split(' · ')
  const verdict = `${glyphs[judgement.verdict]} ${judgement.verdict}  `.padEnd(11)
  print(verdict + latency)
  print(' '.repeat(verdict.length) + delivery)
  for (const { code, message, hint } of judgement.findings) {
    print(`  ${code}  ${message}`)
    if (hint !== undefined) print(`    hint   ${hint}`)
  }
  if (file !== undefined) print(`wrote      ${file}`)
}
