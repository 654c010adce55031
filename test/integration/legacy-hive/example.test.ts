import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../../src/config/index.ts'

const example = join(import.meta.dirname, '../../../examples/legacy-hive')
let folder: string

function generate(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['generate.ts', ...words], {
    cwd: example,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'legacy-hive-example-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('generate.ts writes twelve databases, and a line of progress for each', () => {
  const { status, stdout, stderr } = generate('--seed', '3', '--rows', '1_000', '--out', join(folder, 'data'))
  expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 0, lines: 12 })
  expect(stdout).toMatch(/^wrote 12 databases with [0-9,]+ rows to /)
  expect(stderr).toMatch(/^12\/12 {2}workflow\.db +[0-9,]+ rows$/m)
})

test('generate.ts --help says what it takes', () => {
  expect(generate('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--rows N') as string })
})

test.each([
  [['--rows', '12'], 'wanted a whole number from 1000 to 20000000'],
  [['--seed', '-1'], '--seed'],
  [['--colour'], "Unknown option '--colour'"],
  [['--out', 'FILE'], 'ENOTDIR'],
])('generate.ts %j ends with 2 and one line', (words, problem) => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { status, stdout, stderr } = generate(...words.map((word) => (word === 'FILE' ? file : word)))
  expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 })
  expect(stderr).toContain(problem)
})

test('the commands of hive.yml pass on any generated hive', async () => {
  const { gates } = await readConfig({ cwd: example })
  const commands = gates.flatMap((gate) => (gate.kind === 'commands' ? gate.commands : []))
  expect(commands).toHaveLength(2)
  for (const { run, name } of commands) {
    // The reports go beside the data, so that a run of the gates at the same time is not disturbed.
    const { status, stdout, stderr } = spawnSync('sh', ['-c', run.replaceAll('reports', join(folder, 'reports'))], {
      cwd: example,
      encoding: 'utf8',
      env: { PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`, HIVE_DATA: join(folder, 'data') },
    })
    expect(status, `${name}\n${stdout}${stderr}`).toBe(0)
  }
})
