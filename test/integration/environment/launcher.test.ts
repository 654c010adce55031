import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fault } from '../../../src/core/index.ts'
import { until } from './processes.ts'

const launcher = fileURLToPath(new URL('../../../bin/hive.js', import.meta.url))

// A package of the launcher and a stand-in for the compiled command, in a folder of each test's own.
let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hive-launcher-test-'))
  await mkdir(join(root, 'bin'))
  await copyFile(launcher, join(root, 'bin', 'hive.js'))
  await writeFile(join(root, 'package.json'), '{ "type": "module" }')
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function writeCommand(body: string): Promise<void> {
  await mkdir(join(root, 'dist', 'lib', 'cli'), { recursive: true })
  await writeFile(join(root, 'dist', 'lib', 'cli', 'main.js'), `export async function main(argv) { ${body} }`)
}

interface Run {
  /** What this Node says of itself, in place of its real version. */
  readonly pretend?: string
  readonly path?: string
}

/** A module that makes a Node take itself for another version. */
function pretending(version: string): string {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: ${JSON.stringify(version)} } })`
  return `data:text/javascript,${encodeURIComponent(code).replaceAll("'", '%27')}`
}

function start(args: readonly string[], { pretend, path = '' }: Run = {}): Started {
  const child = spawn(
    process.execPath,
    [...(pretend === undefined ? [] : ['--import', pretending(pretend)]), join(root, 'bin', 'hive.js'), ...args],
    { env: { PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, ...output }))
  })
  return { child, output, ended }
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

interface Started {
  readonly child: ReturnType<typeof spawn>
  readonly output: { readonly stdout: string; readonly stderr: string }
  readonly ended: Promise<Ended>
}

test('runs the command in this process, with its arguments and exit code, and hides SQLite’s warning alone', async () => {
  await writeCommand(`
    const { DatabaseSync } = await import('node:sqlite')
    new DatabaseSync(':memory:').close()
    process.emitWarning('something else', 'SomeWarning')
    console.log(JSON.stringify(argv))
    return 3`)
  const { code, stdout, stderr } = await start(['gate', '--json']).ended
  expect([code, stdout]).toEqual([3, '["gate","--json"]\n'])
  expect(stderr).not.toContain('SQLite')
  expect(stderr).toContain('something else')
})

test('an old Node starts the Node of the package beside it, with arguments and exit code', async () => {
  await writeCommand(
    'console.log(process.versions.node.length > 0, process.env.HIVE_LAUNCHED_BY !== undefined, ...argv); return 1',
  )
  await mkdir(join(root, 'node_modules', 'node', 'bin'), { recursive: true })
  await writeFile(join(root, 'node_modules', 'node', 'package.json'), '{ "name": "node" }')
  await symlink(process.execPath, join(root, 'node_modules', 'node', 'bin', 'node'))
  const { code, stdout } = await start(['db', 'check', 'a b.db'], { pretend: '20.20.2' }).ended
  expect([code, stdout]).toEqual([1, 'true true db check a b.db\n'])
})

test('an old Node without a newer one ends with a code, as text and as JSON', async () => {
  await writeCommand('return 0')
  const text = await start(['gate'], { pretend: '18.19.0' }).ended
  expect(text.code).toBe(2)
  expect(text.stderr).toMatch(
    /^error HIVE_NODE_TOO_OLD {2}could not start Agent Hive: Node 18\.19\.0, Node 24 or newer/,
  )
  expect(text.stderr).toMatch(/\n {2}hint {3}.+\n {2}docs {3}docs\/errors\.md#hive_node_too_old\n$/)
  const json = await start(['gate', '--json'], { pretend: '18.19.0' }).ended
  expect([json.code, json.stderr]).toEqual([2, ''])
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'HIVE_NODE_TOO_OLD', exitCode: 2 } })
  expect(text.stderr).toContain(fault('HIVE_NODE_TOO_OLD', { version: '18.19.0', wanted: '24' }).message)
})

test('launchers do not call each other in turn when every Node on PATH is old', async () => {
  await writeCommand('return 0')
  await mkdir(join(root, 'path'))
  // Each start of this "node" writes a line: more than one would be a loop.
  const script = `#!/bin/sh\necho started >>"${root}/starts"\nexec "${process.execPath}" --import '${pretending('20.0.0')}' "$@"\n`
  await writeFile(join(root, 'path', 'node'), script)
  await chmod(join(root, 'path', 'node'), 0o755)
  const { code, stderr } = await start(['gate'], { pretend: '20.0.0', path: join(root, 'path') }).ended
  expect(code).toBe(2)
  expect(stderr).toContain('HIVE_NODE_TOO_OLD')
  expect(await readFile(join(root, 'starts'), 'utf8')).toBe('started\n')
})

test('a clone that is not built says npm run setup', async () => {
  await mkdir(join(root, 'src', 'cli'), { recursive: true })
  const { code, stderr } = await start([]).ended
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error HIVE_NOT_BUILT .*\n {2}hint {3}run npm run setup/)
})

test('a signal reaches the command behind an old Node, which decides how to end', async () => {
  await writeCommand(`
    return new Promise((resolve) => {
      process.on('SIGTERM', () => { console.log('cleaned up'); clearInterval(timer); resolve(2) })
      const timer = setInterval(() => {}, 1000)
      console.log('ready')
    })`)
  await mkdir(join(root, 'node_modules', 'node', 'bin'), { recursive: true })
  await writeFile(join(root, 'node_modules', 'node', 'package.json'), '{ "name": "node" }')
  await symlink(process.execPath, join(root, 'node_modules', 'node', 'bin', 'node'))
  const { child, output, ended } = start(['gateway'], { pretend: '20.20.2', path: dirname(process.execPath) })
  await until(() => output.stdout.includes('ready'))
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 2, stdout: 'ready\ncleaned up\n' })
})
