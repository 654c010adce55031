import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * `npm run demo`: generates the legacy hive, runs every gate on it and says where the report is. Ends with 0
 * where every gate passed, or where only performance is undecided because the machine is too noisy to tell.
 */

const root = join(import.meta.dirname, '..')
const example = join(root, 'examples/legacy-hive')

interface Outcome {
  readonly gate: string
  readonly verdict: 'pass' | 'fail' | 'undecided' | 'error' | 'skipped'
}

const exitCodes = { pass: 0, skipped: 0, fail: 1, error: 2, undecided: 3 } as const

function run(title: string, words: readonly string[]): number {
  console.log(`\n$ ${title}`)
  const started = performance.now()
  const { status, error } = spawnSync(process.execPath, words, { cwd: example, stdio: 'inherit' })
  if (error !== undefined) throw error
  console.log(`-- ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return status ?? 2
}

// A folder of its own, so that a run that wrote nothing is never mistaken for an older one.
const folder = join(example, '.hive/runs', `demo-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`)

async function readOutcomes(): Promise<Outcome[]> {
  const bundle = JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')) as { results: Outcome[] }
  return bundle.results
}

if (run('node generate.ts', ['generate.ts']) !== 0) process.exit(2)
const exitCode = run('npx agent-hive gate', [join(root, 'bin/hive.js'), 'gate', '--out', folder])
const outcomes = await readOutcomes()
const acceptable = outcomes.every(
  ({ gate, verdict }) => exitCodes[verdict] === 0 || (gate === 'performance' && verdict === 'undecided'),
)
console.log(`
hive gate ended with ${exitCode} (0 passed, 1 a gate failed, 2 a gate could not be measured, 3 undecided)
${outcomes.map(({ gate, verdict }) => `  alone, ${gate.padEnd(14)}would have ended with ${exitCodes[verdict]}  (${verdict})`).join('\n')}

report   ${join(folder, 'report.html')}
next     npx agent-hive db check examples/legacy-hive/data/backlog.db
         npx agent-hive db check on a SQLite file of your own`)
process.exitCode = acceptable ? 0 : exitCode === 0 ? 2 : exitCode
