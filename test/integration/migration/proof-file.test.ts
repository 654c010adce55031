import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { GateContext, GateOutcome } from '../../../src/app/gates/gate.ts'
import { migrationGate, type MigrationGateOptions } from '../../../src/app/gates/migration.ts'
import { createServices } from '../../../src/app/gates/services.ts'
import { canonicalJson, createRedactor, ignoreProgress, systemClock, systemIds } from '../../../src/core/index.ts'
import {
  parseKeyFile,
  proofKey,
  type MigrationRun,
  type ProofDocument,
  type ProofKey,
} from '../../../src/migration/index.ts'
import { buildDatabase, migrate, openBench, type Bench } from './support.ts'

/** Data and repository lie apart, as they do where CI must not see the data. */
let bench: Bench
let repository: string
let key: ProofKey
let documentedSources: readonly Record<string, string>[] = []
const none = { orphans: [], quarantined: [], notCarried: [] }
const database = 'data/app.db'

beforeAll(async () => {
  bench = await openBench()
  repository = join(bench.folder, 'repository')
  await mkdir(join(bench.folder, 'data'), { recursive: true })
  await mkdir(repository)
  buildDatabase(join(bench.folder, database), (file) => {
    file.exec(`CREATE TABLE agent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, active BOOLEAN DEFAULT 1,
        role TEXT CHECK (role IN ('dev', 'product')));
      CREATE TABLE task (agent_id INTEGER REFERENCES agent (id), at DATETIME, points INTEGER CHECK (points BETWEEN 1 AND 13), note TEXT, raw BLOB, PRIMARY KEY (agent_id, at));
      CREATE INDEX task_points ON task (points DESC) WHERE points > 3; CREATE VIEW busy AS SELECT agent_id FROM task;`)
    const agent = file.prepare('INSERT INTO agent (name, active, role) VALUES (?, ?, ?)')
    for (let index = 0; index < 700; index += 1)
      agent.run(`Agent Nr. ${index}`, index % 2, index % 3 === 0 ? 'dev' : 'product')
    const task = file.prepare('INSERT INTO task VALUES (?, ?, ?, ?, ?)')
    for (let index = 0; index < 1_500; index += 1) {
      const at = new Date(1_700_000_000_000 + index * 1_000).toISOString().slice(0, 19).replace('T', ' ')
      const owner = index < 3 ? 90_000 + index : 1 + (index % 700)
      task.run(
        owner,
        at,
        1 + (index % 13),
        index % 50 === 0 ? null : `Secret of row ${index}`,
        Buffer.from([index % 256, 0, 255]),
      )
    }
  })
  const documented = await readDocumented()
  documentedSources = documented.sources
  let said = ''
  for (const words of documented.commands) said = await hive(...words)
  key = proofKey(parseKeyFile(await readFile(join(bench.folder, 'data/hive-proof.key'), 'utf8')) ?? Buffer.alloc(32))
  expect(said).toContain(`signed by ${key.signer}`)
})
afterAll(() => bench.close())

/** The commands and the configuration of docs/migration.md, with this test's server in them. */
async function readDocumented(): Promise<{
  readonly commands: readonly (readonly string[])[]
  readonly sources: readonly Record<string, string>[]
}> {
  const docs = await readFile(join(import.meta.dirname, '../../../docs/migration.md'), 'utf8')
  const [, section = ''] = docs.split('## Data that CI must not see\n')
  const [, commands = ''] = /```\n([\s\S]*?)```/.exec(section) ?? []
  const [, config = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? []
  const { migration } = parse(config) as { migration: { sources: Record<string, string>[] } }
  return {
    commands: commands
      .trim()
      .split('\n')
      .map((line) => line.replace('postgresql://app@host/app', bench.url).replace('npx agent-hive ', '').split(' ')),
    sources: migration.sources,
  }
}

async function hive(...words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../src/cli/main.ts'), ...words], {
    cwd: repository,
    env: { ...process.env, TMPDIR: bench.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code, output).toBe(0)
  return output
}

async function gate(options: Partial<MigrationGateOptions>): Promise<GateOutcome> {
  const { signal } = new AbortController()
  await using services = createServices({ env: { ...process.env, HIVE_POSTGRES_URL: bench.server.url }, signal })
  const context: GateContext = {
    cwd: repository,
    folder: join(repository, '.hive/migration'),
    env: process.env,
    services,
    signal,
    progress: ignoreProgress,
    clock: systemClock,
    ids: systemIds,
    redact: createRedactor(),
  }
  await mkdir(context.folder, { recursive: true })
  const accepted = {
    ...none,
    orphans: [{ table: 'task', count: 3, reason: 'agents that were deleted' }],
    notCarried: [{ object: 'busy', reason: 'nobody reads it' }],
  }
  const outcome = await migrationGate({ sources: [], decisions: {}, acceptances: accepted, ...options })(context)
  await expect(stat(join(context.folder, 'synthetic'))).rejects.toThrow('ENOENT')
  return outcome
}

const profile = 'migration/app.profile.json'
const codes = ({ judgement }: GateOutcome): readonly string[] => judgement.findings.map(({ code }) => code)

test('key, profile and proof: the key is private, the others hold no stored value', async () => {
  expect((await stat(join(bench.folder, 'data/hive-proof.key'))).mode & 0o777).toBe(0o600)
  for (const name of ['migration/app.profile.json', 'migration/app.proof.json']) {
    const text = await readFile(join(repository, name), 'utf8')
    for (const value of ['Agent Nr', 'Secret', 'row 1', '2023-11', '90000', '90001', 'hive-proof']) {
      expect(text, name).not.toContain(value)
    }
  }
})

test('the gate passes on profile and proof, and says that the proof was made elsewhere', async () => {
  const sources = documentedSources.map(({ profile: path = '', proof = '' }) => ({
    profile: path,
    proof,
    signer: key.signer,
  }))
  const outcome = await gate({ sources })
  expect(outcome.judgement.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'note MIGRATION_PROVED_ELSEWHERE',
  ])
  expect(outcome.judgement).toMatchObject({
    verdict: 'pass',
    summary:
      '1 database, 2,200 rows, every value proved (1 database proved elsewhere); 3 orphans, 1 object accepted in hive.yml',
  })
  expect(outcome.migration?.databases).toMatchObject([
    { path: profile, schema: 'public', rows: 2_200, valuesProved: 10_300 },
  ])
  const evidence = await Promise.all(
    outcome.files.map(({ file }) => readFile(join(repository, '.hive/migration', file), 'utf8')),
  )
  expect(evidence.join('\n')).not.toContain('synthetic')
})

test('without a proof the gate is undecided: rehearsed, but nothing real was proved', async () => {
  const outcome = await gate({ sources: [{ profile }] })
  expect(outcome.judgement).toMatchObject({
    verdict: 'undecided',
    summary: '1 database, 2,200 rows, 2,200 rows not proved (1 database rehearsed without a proof)',
  })
  expect(codes(outcome)).toEqual(['MIGRATION_PROOF_MISSING'])
})

test('acceptances are held against the counts of the profile, not of the made-up rows', async () => {
  const outcome = await gate({ sources: [{ profile, proof: 'migration/app.proof.json' }], acceptances: none })
  expect(outcome.judgement.verdict).toBe('fail')
  expect(outcome.judgement.findings[0]?.message).toContain('3 orphans in public.task (agent_id)')
})

test('a value that changes in the rehearsal fails the gate, although the proof is good', async () => {
  const outcome = await gate({
    sources: [{ profile, proof: 'migration/app.proof.json' }],
    beforeVerify: async (target) => {
      const client = new Client({ connectionString: target })
      await client.connect()
      await client.query("UPDATE public.agent SET role = 'dev' WHERE role = 'product'")
      await client.end()
    },
  })
  expect(outcome.judgement.verdict).toBe('fail')
  expect(codes(outcome)).toContain('MIGRATION_VALUE_DIFFERS')
})

test('a changed proof is refused, whatever was changed', async () => {
  const text = await readFile(join(repository, 'migration/app.proof.json'), 'utf8')
  await writeFile(join(repository, 'changed.json'), text.replace('"rowsQuarantined": 0', '"rowsQuarantined": 1'))
  const outcome = await gate({ sources: [{ profile, proof: 'changed.json' }] })
  expect(outcome.judgement.verdict).toBe('fail')
  expect(codes(outcome)).toEqual(['HIVE_PROOF_SIGNATURE'])
})

test('a proof that found differences fails the gate, signed or not', async () => {
  const { signature: _, ...proof } = JSON.parse(
    await readFile(join(repository, 'migration/app.proof.json'), 'utf8'),
  ) as ProofDocument
  for (const table of proof.sources.flatMap(({ tables }) => tables)) table.differences = 1
  await writeFile(
    join(repository, 'differing.json'),
    JSON.stringify({ ...proof, signature: key.sign(canonicalJson(proof)) }),
  )
  const outcome = await gate({ sources: [{ profile, proof: 'differing.json', signer: key.signer }] })
  expect(outcome.judgement.verdict).toBe('fail')
  expect(codes(outcome)).toContain('MIGRATION_VALUE_DIFFERS')
})

test('a file that went on after its profile was written has another proof', async () => {
  const file = new DatabaseSync(join(bench.folder, database))
  file.exec("UPDATE task SET note = 'changed later' WHERE points = 5")
  file.close()
  await hive('db', 'inspect', `../${database}`, '--profile', 'later.profile.json')
  const outcome = await gate({ sources: [{ profile: 'later.profile.json', proof: 'migration/app.proof.json' }] })
  expect(codes(outcome)).toEqual(['HIVE_PROOF_SOURCE'])
})

test('a proof by another key counts only where hive.yml names none', async () => {
  const other = proofKey(Buffer.alloc(32, 7))
  const outcome = await gate({ sources: [{ profile, proof: 'migration/app.proof.json', signer: other.signer }] })
  expect(outcome.judgement.summary).toContain('1 proof refused')
  expect(codes(outcome)).toEqual(['HIVE_PROOF_SIGNER'])
})

test('a decision in hive.yml that the copy did not know makes the proof stale', async () => {
  const outcome = await gate({
    sources: [{ profile, proof: 'migration/app.proof.json' }],
    decisions: { columns: { 'task.points': 'text' } },
  })
  expect(codes(outcome)).toContain('HIVE_PROOF_PLAN')
})

test.each([
  ['missing', undefined, 'no such file'],
  ['no JSON', '{', 'it is no JSON'],
  ['not a profile', '{"schemaVersion":1}', 'kind'],
])('a profile that is %s is a fault, not a verdict', async (name, text, problem) => {
  const file = `${name.replaceAll(' ', '-')}.profile.json`
  if (text !== undefined) await writeFile(join(repository, file), text)
  await expect(gate({ sources: [{ profile: file }] })).rejects.toMatchObject({
    code: 'HIVE_PROFILE_FILE',
    message: expect.stringContaining(problem) as string,
  })
  await rm(join(repository, file), { force: true })
})

test('SQL that was smuggled into a profile is a fault, and nothing of it runs', async () => {
  const document = JSON.parse(await readFile(join(repository, profile), 'utf8')) as {
    sources: { tables: { indexes: { predicate?: string }[]; columns: { declared: string }[] }[] }[]
  }
  const stolen = join(bench.folder, 'stolen.db')
  for (const { indexes, columns } of document.sources.flatMap(({ tables }) => tables)) {
    for (const index of indexes) index.predicate = `1; ATTACH '${stolen}' AS stolen; CREATE TABLE stolen.x (y)`
    for (const column of columns) column.declared = `TEXT); ATTACH '${stolen}' AS stolen; --`
  }
  await writeFile(join(repository, 'smuggled.json'), JSON.stringify(document))
  await expect(gate({ sources: [{ profile: 'smuggled.json' }] })).rejects.toMatchObject({ code: 'HIVE_PROFILE_ROWS' })
  await expect(stat(stolen)).rejects.toThrow('ENOENT')
})

test('a table has a digest for every 100,000 rows, and a changed value changes that of its own rows', async () => {
  const path = buildDatabase(join(bench.folder, 'long.db'), (file) => {
    file.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200003) INSERT INTO t SELECT i, 'v' || i FROM n`)
  })
  const chunksOf = ({ verify }: MigrationRun) =>
    verify.sources.flatMap(({ tables }) => tables.flatMap(({ chunks = [] }) => chunks))
  const first = chunksOf(await migrate(bench, path, { schema: 'long_1' }))
  const again = chunksOf(await migrate(bench, path, { schema: 'long_2' }))
  const changed = chunksOf(
    await migrate(bench, path, {
      schema: 'long_3',
      beforeVerify: async () => void (await bench.query('UPDATE long_3.t SET a = $1 WHERE id = 100001', ['other'])),
    }),
  )
  expect(first.map(({ rows }) => rows)).toEqual([100_000, 100_000, 3])
  expect(again).toEqual(first)
  expect(changed.map(({ digest }, index) => digest === first[index]?.digest)).toEqual([true, false, true])
})
