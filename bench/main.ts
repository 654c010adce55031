import type { BenchResult } from './result.ts'

/** `npm run bench -- NAME [--json]`: exit 1 when a bar is not met, 2 when a subject could not be run. */

const benchmarks: Readonly<Record<string, () => Promise<{ readonly run: () => Promise<BenchResult> }>>> = {
  action: () => import('./action.ts'),
  copy: () => import('./copy.ts'),
  gateway: () => import('./gateway.ts'),
  inspect: () => import('./inspect.ts'),
  messages: () => import('./messages.ts'),
  proof: () => import('./proof.ts'),
}

const name = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? ''
const load = benchmarks[name]
if (load === undefined) {
  console.error(`usage: npm run bench -- NAME [--json]\nnames: ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}
try {
  const result = await (await load()).run()
  if (process.argv.includes('--json')) console.log(JSON.stringify(result))
  else print(result)
  process.exitCode = result.ratios.some(({ met }) => met === false) ? 1 : 0
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error)
  process.exitCode = 2
}

function print({ name: title, commit, environment, subjects, ratios }: BenchResult): void {
  console.log(
    `${title}  ${commit}  ${Object.entries(environment)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}\n`,
  )
  for (const { name: subject, unit, runs, median } of subjects) {
    const range = `[${Math.min(...runs).toFixed(1)}–${Math.max(...runs).toFixed(1)}]`
    console.log(`  ${subject.padEnd(34)} ${median.toFixed(1).padStart(12)} ${unit.padEnd(12)} ${range}`)
  }
  console.log()
  for (const { of, to, median, bar, met } of ratios) {
    const verdict = bar === undefined ? '' : `bar ${bar}  ${met === true ? 'met' : 'NOT MET'}`
    console.log(`  ${`${of} / ${to}`.padEnd(47)} ${median.toFixed(2)}×   ${verdict}`)
  }
}
