import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { documentedKeys, generateSchemas, root, visitKeys } from '../../scripts/generate-schemas.ts'
import type { JsonSchema } from '../../scripts/generate-schemas.ts'
import { builtInGates, parseConfig } from '../../src/config/index.ts'
import { evidenceSchema } from '../../src/evidence/index.ts'

const text = (path: string): Promise<string> => readFile(join(root, path), 'utf8')
const generated = generateSchemas()

async function compile(path: string) {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true })
  addFormats.default(ajv)
  return ajv.compile(JSON.parse(await text(path)) as object)
}

test.each(generated.map(({ path }) => path))('%s is what its generator writes', async (path) => {
  const expected = generated.find((schema) => schema.path === path)?.text
  expect(await text(path)).toBe(expected)
  await expect(compile(path)).resolves.toBeTypeOf('function')
})

test('schemas/ holds generated schemas only', async () => {
  const found = await readdir(join(root, 'schemas'))
  expect(found.map((name) => `schemas/${name}`).sort()).toEqual(generated.map(({ path }) => path).sort())
})

describe('docs/configuration.md', () => {
  test('describes every key of the schema, and no other', async () => {
    const keys = new Set<string>()
    visitKeys(JSON.parse(await text('schemas/hive.schema.json')) as JsonSchema, (path) => keys.add(path))
    // Groups of one heading need no row of their own; their keys do.
    const documented = [...documentedKeys(await text('docs/configuration.md')).keys()]
    expect(documented.sort()).toEqual([...keys].sort())
  })

  test('has examples that parse, and that the JSON Schema accepts', async () => {
    const examples = [...(await text('docs/configuration.md')).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
      ([, yaml]) => yaml ?? '',
    )
    const validate = await compile('schemas/hive.schema.json')
    expect(examples.length).toBeGreaterThanOrEqual(9)
    for (const [index, example] of examples.entries()) {
      expect(parseConfig(example, `example ${index + 1}`).project).toBe('my-project')
      expect(validate(parse(example)), JSON.stringify(validate.errors)).toBe(true)
    }
  })

  test('says the defaults that the code fills in', async () => {
    const markdown = await text('docs/configuration.md')
    const config = parseConfig(
      'version: 1\nproject: x\ngates: { performance: {}, code-quality: { commands: [{ run: a }] } }',
      'x',
    )
    const [performanceGate, codeQuality] = config.gates
    const rows = new Map(
      [...markdown.matchAll(/^\| `([^`]+)` \| ([^|]*) \|/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
    )
    expect(performanceGate).toMatchObject({
      targets: {
        p95WriteMs: Number(rows.get('gates.<name>.targets.p95WriteMs')),
        deliveredPerS: Number(rows.get('gates.<name>.targets.deliveredPerS')),
      },
      load: {
        agents: Number(rows.get('gates.<name>.load.agents')),
        ratePerS: Number(rows.get('gates.<name>.load.ratePerS')),
      },
    })
    expect(performanceGate).toMatchObject({ load: { warmupMs: 5_000, durationMs: 30_000 } })
    expect([rows.get('gates.<name>.load.warmup'), rows.get('gates.<name>.load.duration')]).toEqual(['5s', '30s'])
    expect(codeQuality).toMatchObject({ commands: [{ timeoutMs: 600_000 }] })
    expect(rows.get('gates.<name>.commands[].timeout')).toBe('10m')
    expect(rows.get('sync.times')).toBe(config.sync.times.join(', '))
    expect(rows.get('sync.zone')).toBe(config.sync.zone)
    expect([rows.get('publish.checks'), rows.get('publish.comment')]).toEqual([
      config.publish.checks,
      config.publish.comment,
    ])
  })

  test('names every gate that is built in', async () => {
    const markdown = await text('docs/configuration.md')
    for (const gate of builtInGates) expect(markdown).toContain(`\`${gate}\``)
  })
})

describe.each(['examples/legacy-hive/hive.yml', 'examples/minimal/hive.yml'])('%s', (path) => {
  test('parses, names its schema in the first line, and is accepted by it', async () => {
    const yaml = await text(path)
    const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(yaml) ?? []
    const validate = await compile(join(path, '..', schema ?? ''))
    expect(parseConfig(yaml, path).version).toBe(1)
    expect(validate(parse(yaml)), JSON.stringify(validate.errors)).toBe(true)
  })
})

test('the smallest file of the documentation is examples/minimal', async () => {
  const [, ...lines] = (await text('examples/minimal/hive.yml')).split('\n')
  expect(await text('docs/configuration.md')).toContain(`\`\`\`yaml\n${lines.join('\n')}\`\`\``)
})

test('the plan of the legacy hive has three phases, six agents, and fits into ten days', async () => {
  const { plan, agents, gates } = parseConfig(await text('examples/legacy-hive/hive.yml'), 'hive.yml')
  const tasks = new Map(plan?.phases.flatMap((phase) => phase.tasks).map((task) => [task.id, task]))
  const endMs = (id: string): number => {
    const task = tasks.get(id)
    return task === undefined ? 0 : Math.max(0, ...task.needs.map(endMs)) + task.estimateMs
  }
  expect([plan?.phases.length, agents.length, gates.map(({ id }) => id)]).toEqual([3, 6, [...builtInGates]])
  expect(Math.max(...[...tasks.keys()].map(endMs)) / 3_600_000 / 8).toBeLessThanOrEqual(10)
})

test('the JSON Schema of evidence refuses what the zod schema refuses', async () => {
  const validate = await compile('schemas/evidence.schema.json')
  const evidence = {
    schemaVersion: 1,
    gate: 'migration',
    verdict: 'pass',
    summary: '12 databases',
    testedTree: 'dirty',
    event: 'local',
    configHash: 'a'.repeat(64),
    startedAt: '2026-11-30T09:00:00Z',
    durationMs: 1,
    environment: {},
    measures: [{ name: 'rows', unit: 'rows', value: 1, interval: [0, 2] }],
    findings: [],
    artifacts: [],
  }
  for (const changed of [{}, { verdict: 'good' }, { commit: 'abc' }, { extra: 1 }, { findings: [{}] }]) {
    const document = { ...evidence, ...changed }
    expect(validate(document), JSON.stringify(changed)).toBe(evidenceSchema.safeParse(document).success)
  }
})
