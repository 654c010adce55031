import { describe, expect, test } from 'vitest'
import { commandHelp } from '../../src/cli/help.ts'
import { runCommandLine } from '../../src/cli/main.ts'
import { matchCommand, registry } from '../../src/cli/registry.ts'

interface Output {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

async function hive(...words: string[]): Promise<Output> {
  const written = { stdout: '', stderr: '' }
  const exitCode = await runCommandLine(words, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    env: { LANG: 'C.UTF-8' },
    cwd: '/',
    signal: new AbortController().signal,
  })
  return { exitCode, ...written }
}

describe.each(registry.map(({ name }) => [name]))('hive %s', (name) => {
  test('answers --help with usage, an example and the exit codes, within 80 columns', async () => {
    const { exitCode, stdout } = await hive(...name.split(' '), '--help')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(new RegExp(`^usage +npx agent-hive ${name}`, 'm'))
    expect(stdout).toMatch(new RegExp(`^example +npx agent-hive ${name}`, 'm'))
    expect(stdout).toContain('2 fault')
    const long = stdout.split('\n').filter((line) => line.length > 80 && !/^(example|usage|hive)/.test(line))
    expect(long).toEqual([])
  })

  test('refuses an unknown option with exit code 2 and one JSON document', async () => {
    const { exitCode, stdout, stderr } = await hive(...name.split(' '), '--no-such-option', '--json')
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'HIVE_USAGE', exitCode: 2 } })
    expect(stderr).toContain('error HIVE_USAGE')
  })

  test('is registered under the name that it prints', async () => {
    const entry = matchCommand(name.split(' '))?.entry
    const command = await entry?.load()
    expect(command?.name).toBe(name)
    expect(command === undefined ? '' : commandHelp(command)).not.toContain('undefined')
  })
})

test('hive without a command lists all of them and ends with 2; with --help it ends with 0', async () => {
  const bare = await hive()
  expect(bare.exitCode).toBe(2)
  for (const { name } of registry) expect(bare.stdout).toContain(`  ${name} `)
  expect((await hive('--help')).exitCode).toBe(0)
})

test('hive --version prints a version', async () => {
  const { exitCode, stdout } = await hive('--version')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test.each([['frobnicate'], ['db', 'frobnicate'], ['gate2', 'x']])(
  'hive %s %s is refused with exit code 2',
  async (...words) => {
    const { exitCode, stderr } = await hive(...words.filter((word) => word !== undefined))
    expect(exitCode).toBe(2)
    expect(stderr).toContain('error HIVE_USAGE  could not find the command hive')
  },
)
