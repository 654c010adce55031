import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { checkLayers } from './check-layers.ts'

/** `npm run check [NAME…]`: every static check, the same that CI runs. Prints what fails; exits 1 if anything does. */

const root = join(import.meta.dirname, '..')
const path = [join(root, '.tools/bin'), join(root, '.tools/zizmor/bin'), process.env['PATH'] ?? ''].join(delimiter)
const code = ['src', 'test', 'scripts', 'bench', 'loadtests', 'examples', 'bin'].filter((folder) =>
  existsSync(join(root, folder)),
)

/** Runs a program of node_modules/.bin or PATH; its output if it fails. */
function run(program: string, words: readonly string[]): string[] {
  const result = spawnSync(program, words, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  })
  if (result.error !== undefined)
    return [`${program} could not be started: ${result.error.message}`, 'run: npm run setup -- --all']
  return result.status === 0 ? [] : [`${result.stdout}${result.stderr}`.trim() || `exit ${result.status}`]
}

/** Lock files must install everywhere: no address of a registry may be in them. */
function checkLockFile(): string[] {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const addresses = [...lock.matchAll(/"resolved": "(https?:\/\/[^/"]+)/g)].map(([, host]) => host)
  return [...new Set(addresses)].map(
    (host) => `package-lock.json names ${host}: install with omit-lockfile-registry-resolved`,
  )
}

/** Everything that is generated must be what its generator writes now. */
function checkGenerated(): string[] {
  return run('node', ['scripts/generate.ts', '--check'])
}

const checks: Readonly<Record<string, () => string[]>> = {
  format: () => run('oxfmt', ['--check', ...code]),
  lint: () => run('oxlint', ['--type-aware', '--deny-warnings', ...code]),
  types: () => [...run('tsc', ['-p', '.']), ...run('tsc', ['-p', 'loadtests'])],
  layers: checkLayers,
  unused: () => run('knip', ['--no-progress']),
  generated: checkGenerated,
  lock: checkLockFile,
  package: () => [
    ...run('publint', ['--strict']),
    ...run('attw', ['--pack', '.', '--profile', 'esm-only', '--no-emoji']),
  ],
  workflows: () => run('actionlint', ['-color=false']),
  security: () => run('zizmor', ['--offline', '--persona', 'auditor', '--quiet', '.github', 'action.yml']),
}

const named = process.argv.slice(2)
const selected = Object.entries(checks).filter(([name]) => named.length === 0 || named.includes(name))
let failed = 0
for (const [name, check] of selected) {
  const started = performance.now()
  const problems = check()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${seconds.padStart(5)} s`)
  for (const problem of problems) console.log(problem.replaceAll(/^/gm, '     '))
  if (problems.length > 0) failed += 1
}
console.log(`${selected.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 && selected.length > 0 ? 0 : 1
