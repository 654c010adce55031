import { readConfig } from '../config/index.ts'
import { HiveError } from '../core/index.ts'
import { probeEnvironment } from '../environment/index.ts'
import type { EnvironmentOptions, Probe } from '../environment/index.ts'
import { readCheckout } from './gates/checkout.ts'

export interface Diagnosis {
  readonly probes: readonly Probe[]
  /** True where something is missing that a gate of this checkout needs. */
  readonly blocked: boolean
}

/** What only this project's own tests need; its absence blocks no gate. */
const optional = new Set(['Chromium'])

/** Says what is missing or misconfigured here, and the command that mends it. Starts no server. */
export async function diagnose(options: EnvironmentOptions & { cwd: string; signal: AbortSignal }): Promise<Diagnosis> {
  const [environment, config, checkout] = await Promise.all([
    probeEnvironment(options),
    probeConfig(options.cwd),
    probeCheckout(options.cwd, options.signal),
  ])
  const probes = [config, checkout, ...environment]
  return { probes, blocked: probes.some(({ name, status }) => status !== 'ok' && !optional.has(name)) }
}

async function probeConfig(cwd: string): Promise<Probe> {
  const name = 'hive.yml'
  try {
    const config = await readConfig({ cwd })
    return { name, status: 'ok', origin: config.path, detail: `${config.project}, ${config.gates.length} gates` }
  } catch (error) {
    if (!(error instanceof HiveError)) throw error
    const status = error.code === 'HIVE_CONFIG_MISSING' ? 'missing' : 'wrong'
    return { name, status, detail: `${error.code}: ${error.message}`, fix: error.hint }
  }
}

async function probeCheckout(cwd: string, signal: AbortSignal): Promise<Probe> {
  const name = 'checkout'
  try {
    const { commit, testedTree, branch } = await readCheckout(cwd, signal)
    if (commit === undefined) {
      return {
        name,
        status: 'missing',
        detail: 'no commit here: evidence could not be bound to one',
        fix: 'git init && git commit',
      }
    }
    const dirty = testedTree === 'dirty' ? ', with uncommitted changes: its evidence is never published' : ''
    return { name, status: 'ok', version: commit.slice(0, 7), detail: `${branch ?? 'detached HEAD'}${dirty}` }
  } catch (error) {
    if (!(error instanceof HiveError)) throw error
    return { name, status: 'wrong', detail: error.message, fix: error.hint }
  }
}
