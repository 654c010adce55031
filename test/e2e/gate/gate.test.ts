import { DatabaseSync } from 'node:sqlite'
import { readdirSync, readFileSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evidenceBundleSchema } from '../../../src/evidence/index.ts'
import { createStage } from './stage.ts'

const commands = (run: string): string => `version: 1
project: example
gates:
  code-quality: { commands: [{ name: lint, run: "${run}" }] }
  acceptance: {}
roles: { product: ["ada#1001"] }
`

const migration = `version: 1
project: example
gates: { migration: {} }
migration: { sources: ["*.db"] }
`

function createDatabase(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`CREATE TABLE agents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE tasks (id INTEGER PRIMARY KEY, agent_id INTEGER REFERENCES agents(id), title TEXT);
    INSERT INTO agents VALUES (1, 'ada'), (2, 'grace');
    INSERT INTO tasks VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 2, NULL)`)
  database.close()
}

/** Servers, k6 and folders of runs that ended: none may be left. */
function leftProcesses(marker: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(marker)
    } catch {
      return false
    }
  })
}

test('hive gate passes with evidence, reports and exit code 0', async () => {
  await using stage = await createStage({ 'hive.yml': commands('true') })
  stage.git('init', '-b', 'main')
  stage.git('add', '.')
  stage.git('commit', '-m', 'first')
  const { exitCode, stdout } = await stage.hive(['gate', '--out', 'out'])
  expect(stdout).toContain('code quality  pass')
  expect(stdout).toContain('/approve by the Product Agent')
  expect(exitCode).toBe(0)
  const bundle = evidenceBundleSchema.parse(await stage.json('out/evidence.json'))
  expect(bundle).toMatchObject({ headSha: stage.git('rev-parse', 'HEAD'), runId: 'local' })
  expect(bundle.results).toMatchObject([
    { gate: 'code-quality', verdict: 'pass', testedTree: stage.git('rev-parse', 'HEAD^{tree}') },
  ])
  expect(await stage.read('out/report.html')).toContain('<!doctype html>')
  expect(await stage.read('out/summary.md')).toContain('Code quality')
  expect(JSON.parse(await stage.read('out/results.sarif'))).toMatchObject({ version: '2.1.0' })
  expect(await stage.read('out/junit.xml')).toContain('<testsuite')
})

test('hive gate fails with exit code 1 and the end of the output', async () => {
  await using stage = await createStage({ 'hive.yml': commands('echo no such rule; exit 4') })
  const { exitCode, stdout } = await stage.hive(['gate', '--json'])
  expect(exitCode).toBe(1)
  const document = JSON.parse(stdout) as { results: { findings: { message: string }[] }[] }
  expect(document).toMatchObject({ verdict: 'fail', exitCode: 1, listed: [{ gate: 'acceptance' }] })
  expect(document.results[0]?.findings[0]?.message).toBe('lint exited with 4\nno such rule')
})

test('hive gate calls a gate skipped by hive.yml passed, and shows the reason', async () => {
  await using stage = await createStage({
    'hive.yml': 'version: 1\nproject: x\ngates: { protocol: { skip: { reason: "no messages yet" } } }\n',
  })
  const { exitCode, stdout } = await stage.hive(['gate'])
  expect(stdout).toMatch(/protocol +skipped +no messages yet/)
  expect(exitCode).toBe(0)
})

test.each([
  ['no hive.yml', {}, 'HIVE_CONFIG_MISSING'],
  ['invalid YAML', { 'hive.yml': 'version: [1' }, 'HIVE_CONFIG_SYNTAX'],
  [
    'an unknown key',
    { 'hive.yml': 'version: 1\nproject: x\ngates: { unit: { comands: [] } }\n' },
    'HIVE_CONFIG_INVALID',
  ],
] as const)('hive gate ends with 2 and a code for %s', async (_what, files, code) => {
  await using stage = await createStage(files)
  const { exitCode, stdout, stderr } = await stage.hive(['gate', '--json'])
  expect(exitCode).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code } })
  expect(stderr).toMatch(
    new RegExp(`^error ${code}  could not (.+\n)+?  hint   .+\n  docs   docs/errors.md#${code.toLowerCase()}$`, 'm'),
  )
})

test('hive gate refuses a gate that hive.yml does not have', async () => {
  await using stage = await createStage({ 'hive.yml': commands('true') })
  const { exitCode, stderr } = await stage.hive(['gate', 'perfomance'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(
    'error HIVE_GATE_UNKNOWN  could not run the gate perfomance: hive.yml has code-quality, acceptance',
  )
})

test.each([
  ['k6', 'performance: {}', { K6_BIN: '/nonexistent/k6' }, /HIVE_K6|HIVE_TOOL/],
  ['Redis', 'protocol: {}', { HIVE_REDIS_URL: 'redis://:hunter2hunter2@127.0.0.1:1' }, /HIVE_REDIS_UNREACHABLE/],
  ['SQLite files', 'migration: {}', {}, /HIVE_GATE_NO_SOURCES/],
] as const)('hive gate says error and ends with 2 without %s', async (_what, gate, env, code) => {
  await using stage = await createStage({
    'hive.yml': `version: 1\nproject: x\ngates: { ${gate} }\nmigration: { sources: ["*.db"] }\n`,
  })
  const { exitCode, stdout } = await stage.hive(['gate', '--json'], { env })
  expect(exitCode).toBe(2)
  const document = JSON.parse(stdout) as { results: { findings: { code: string }[] }[] }
  expect(document).toMatchObject({ verdict: 'error', results: [{ verdict: 'error' }] })
  expect(document.results[0]?.findings[0]?.code).toMatch(code)
  expect(stdout).not.toContain('hunter2')
})

test('hive gate proves every value of a database', async () => {
  await using stage = await createStage({ 'hive.yml': migration })
  createDatabase(join(stage.folder, 'agents.db'))
  const { exitCode, stdout } = await stage.hive(['gate'])
  expect(stdout).toContain('1 database, 5 rows, every value proved')
  expect(exitCode).toBe(0)
})

test('hive gate ends with 2 on a full disk, and says which file could not be written', async () => {
  await using stage = await createStage({ 'hive.yml': commands('true'), 'out/.keep': '' })
  await symlink('/dev/full', join(stage.folder, 'out/report.html'))
  const { exitCode, stderr } = await stage.hive(['gate', '--out', 'out'])
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/error HIVE_DISK {2}could not write .*: ENOSPC/)
})

test('hive gate stops at Ctrl-C with 2, and leaves no process behind', async () => {
  const marker = `HIVE_TEST_MARKER=${process.pid}-${Date.now()}`
  await using stage = await createStage({ 'hive.yml': 'version: 1\nproject: x\ngates: { performance: {} }\n' })
  const [name = '', value = ''] = marker.split('=')
  const { exitCode, stderr } = await stage.hive(['gate'], { env: { [name]: value }, interruptAt: /performance +\w/ })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('error HIVE_INTERRUPTED')
  await expect.poll(() => leftProcesses(marker), { timeout: 10_000 }).toEqual([])
})
