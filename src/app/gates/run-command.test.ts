import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRedactor } from '../../core/index.ts'
import { runProjectCommand } from './run-command.ts'

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hive-command-'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

function run(command: Parameters<typeof runProjectCommand>[0], signal = new AbortController().signal) {
  const env = { PATH: process.env['PATH'] }
  return runProjectCommand(command, { cwd, env, signal, redact: createRedactor(), onLine: () => {} })
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return status !== '' && !/^State:\s+[ZX]/m.test(status)
}

test('runProjectCommand() reports exit code and the end of the output, without secrets', async () => {
  const facts = await run({ run: 'echo postgresql://u:secret@h/db; echo late >&2; exit 3' })
  expect(facts.end).toEqual({ kind: 'exited', code: 3 })
  expect(facts.tail).toContain('postgresql://***@h/db')
  expect(facts.tail).toContain('late')
  expect(facts.tail).not.toContain('secret')
})

test('runProjectCommand() reads the JUnit files that the command wrote, and no older ones', async () => {
  await writeFile(join(cwd, 'old.xml'), '<testsuite><testcase name="old"/></testsuite>')
  await utimes(join(cwd, 'old.xml'), 1_000, 1_000)
  const facts = await run({ run: `echo '<testsuite><testcase name="new"/></testsuite>' > new.xml`, junit: '*.xml' })
  expect(facts.junit).toEqual([
    { path: 'new.xml', reading: { kind: 'read', cases: [{ name: 'new', status: 'passed' }] } },
  ])
})

test('runProjectCommand() ends the command and its children at the time-out', async () => {
  const facts = await run({ run: 'sleep 300 & echo $! > pid; wait', timeoutMs: 300 })
  expect(facts.end).toEqual({ kind: 'timed-out', afterMs: 300 })
  const pid = Number(await readFile(join(cwd, 'pid'), 'utf8'))
  await expect.poll(() => isRunning(pid)).toBe(false)
})

test('runProjectCommand() rejects with the reason of an abort and leaves no child', async () => {
  const controller = new AbortController()
  const running = run({ run: 'sleep 300 & echo $! > pid; wait' }, controller.signal)
  await expect.poll(() => readFile(join(cwd, 'pid'), 'utf8').catch(() => '')).toMatch(/\d+\n/)
  controller.abort(new Error('stop'))
  await expect(running).rejects.toThrow('stop')
  const pid = Number(await readFile(join(cwd, 'pid'), 'utf8'))
  await expect.poll(() => isRunning(pid)).toBe(false)
})

test('runProjectCommand() says how a killed command ended', async () => {
  expect((await run({ run: 'kill -SEGV $$' })).end).toEqual({ kind: 'killed', signal: 'SIGSEGV' })
})

test('runProjectCommand() keeps the output of a loud command bounded', async () => {
  const facts = await run({ run: 'yes | head -c 3000000; echo last' })
  expect(facts.tail.length).toBeLessThanOrEqual(16_384)
  expect(facts.tail.endsWith('last')).toBe(true)
})
