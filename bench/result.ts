import { spawnSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** One thing that is measured: ours, a peer, or the physical limit. `run` gives one figure in `unit`. */
export interface Subject {
  readonly name: string
  readonly unit: string
  readonly run: () => Promise<number>
}

export interface Ratio {
  readonly of: string
  readonly to: string
  /** Ratio pair by pair, in the order of the rounds. */
  readonly runs: readonly number[]
  readonly median: number
  readonly bar?: number
  readonly met?: boolean
}

export interface BenchResult {
  readonly name: string
  readonly commit: string
  readonly environment: Readonly<Record<string, string>>
  readonly subjects: readonly {
    readonly name: string
    readonly unit: string
    readonly runs: readonly number[]
    readonly median: number
  }[]
  readonly ratios: readonly Ratio[]
}

interface Plan {
  readonly name: string
  readonly rounds: number
  readonly subjects: readonly Subject[]
  /** `bar`: the median must be at least this, or at most this where `lower` is set. */
  readonly ratios: readonly {
    readonly of: string
    readonly to: string
    readonly bar?: number
    readonly lower?: boolean
  }[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs the subjects interleaved, A B C A B C …, so that a machine that drifts drifts for all of them. */
export async function measureInterleaved(plan: Plan): Promise<BenchResult> {
  const figures = new Map<string, number[]>(plan.subjects.map(({ name }) => [name, []]))
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { name, unit, run } of plan.subjects) {
      const figure = await run()
      figures.get(name)?.push(figure)
      process.stderr.write(`round ${round} of ${plan.rounds}  ${name.padEnd(32)} ${figure.toFixed(2)} ${unit}\n`)
    }
  }
  return {
    name: plan.name,
    commit: commitOf(),
    environment: { ...machine(), ...plan.environment },
    subjects: plan.subjects.map(({ name, unit }) => {
      const runs = figures.get(name) ?? []
      return { name, unit, runs, median: medianOf(runs) }
    }),
    ratios: plan.ratios.map(({ of, to, bar, lower = false }) => {
      const base = figures.get(to) ?? []
      const runs = (figures.get(of) ?? []).map((value, index) => value / (base[index] ?? Number.NaN))
      const median = medianOf(runs)
      return { of, to, runs, median, ...(bar === undefined ? {} : { bar, met: lower ? median <= bar : median >= bar }) }
    }),
  }
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function machine(): Record<string, string> {
  return {
    node: process.version,
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  }
}

function commitOf(): string {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], { encoding: 'utf8' })
  return stdout.trim() || 'unversioned'
}
