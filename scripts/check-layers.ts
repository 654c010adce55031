import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/**
 * The dependency rules: none broken in `src`, and every one broken in the fixture that breaks them on purpose.
 * With a TypeScript that the tool does not know it reads no module and reports success, hence the counts.
 */

interface Cruise {
  readonly modules: readonly unknown[]
  readonly summary: {
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }[]
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string; readonly comment: string }[] }
  }
}

const root = join(import.meta.dirname, '..')

function cruise(folder: string): Cruise {
  const words = [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    folder,
  ]
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (!stdout.startsWith('{')) throw new Error(`could not cruise ${folder}: ${stderr}`)
  return JSON.parse(stdout) as Cruise
}

/** Lines that say what is wrong; none where all is well. */
export function checkLayers(): string[] {
  const source = cruise('src')
  const { violations, ruleSetUsed } = source.summary
  const fixture = cruise('test/fixtures/layers/src')
  const caught = new Set(fixture.summary.violations.map(({ rule }) => rule.name))
  return [
    ...(source.modules.length < 60 ? [`only ${source.modules.length} modules were read: the tool sees nothing`] : []),
    ...violations.map(({ from, to, rule }) => {
      const comment = ruleSetUsed.forbidden.find(({ name }) => name === rule.name)?.comment ?? ''
      return `${from} → ${to}: ${rule.name}. ${comment}`
    }),
    ...ruleSetUsed.forbidden
      .filter(({ name }) => !caught.has(name))
      .map(({ name }) => `the rule ${name} catches nothing in test/fixtures/layers`),
  ]
}
