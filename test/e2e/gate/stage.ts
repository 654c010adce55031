import { execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

export interface HiveResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A temporary folder with files, in which `hive` is run as a process of its own. */
export interface Stage extends AsyncDisposable {
  readonly folder: string
  readonly write: (path: string, text: string) => Promise<void>
  readonly read: (path: string) => Promise<string>
  readonly json: (path: string) => Promise<unknown>
  readonly git: (...words: string[]) => string
  readonly hive: (words: readonly string[], options?: HiveOptions) => Promise<HiveResult>
}

interface HiveOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Ctrl-C as soon as stderr matches. */
  readonly interruptAt?: RegExp
}

export async function createStage(files: Readonly<Record<string, string>>): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-gate-'))
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8')
  return {
    folder,
    write,
    read,
    json: async (path) => JSON.parse(await read(path)) as unknown,
    git: (...words) => {
      const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false']
      return execFileSync('git', [...identity, ...words], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    },
    hive: (words, options = {}) => runHive(words, { ...options, cwd: folder }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function runHive(
  words: readonly string[],
  { cwd, env, interruptAt }: HiveOptions & { cwd: string },
): Promise<HiveResult> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', LANG: 'C.UTF-8', CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  let interrupted = false
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (text: string) => {
      output[name] += text
      if (!interrupted && interruptAt?.test(output.stderr) === true) {
        interrupted = true
        child.kill('SIGINT')
      }
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, ...output }))
  })
}
