import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { fault } from '../../core/index.ts'
import { sourceFault } from './open.ts'

/**
 * Asks SQLite in a thread of its own: integrity_check is the slowest part of a snapshot (1.6 of 2.4 s at 276 MB) and
 * would hold Ctrl-C up. The thread's few lines stand here as text, because the address of a file beside this one is
 * not the same in the sources, the library and the Action's bundle.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { DatabaseSync } = require('node:sqlite')
try {
  const database = new DatabaseSync(new URL(workerData), {
    readOnly: true,
    returnArrays: true,
    enableDoubleQuotedStringLiterals: true,
  })
  const lines = database.prepare('PRAGMA integrity_check(1000)').all().map(([line]) => String(line))
  database.close()
  parentPort.postMessage({ lines })
} catch (error) {
  parentPort.postMessage({ message: error.message, errcode: error.errcode })
}`

type Answer = { readonly lines: readonly string[] } | { readonly message: string; readonly errcode?: number }

/** Rows that break a rule of the schema are no damage: they are migrated, and reported where the rule is. */
const brokenRules = /^(CHECK constraint failed|NULL value in|(TEXT|NUMERIC|non-[A-Z]+) value (missing from|in) )/

interface CheckOptions {
  /** The source, as the user named it. */
  readonly source: string
  readonly signal: AbortSignal
}

/**
 * Resolves when SQLite finds the private snapshot sound.
 *
 * @throws HIVE_SOURCE_CORRUPT, and the code of whatever kept SQLite from reading the file
 */
export async function checkIntegrity(path: string, { source, signal }: CheckOptions): Promise<void> {
  const answer = await askWorker(path, signal)
  if (!('lines' in answer))
    throw sourceFault(Object.assign(new Error(answer.message), { errcode: answer.errcode }), source)
  const damage = answer.lines.find((line) => line !== 'ok' && !brokenRules.test(line))
  if (damage !== undefined) {
    throw fault('HIVE_SOURCE_CORRUPT', { path: source, problem: damage.replaceAll(/\s+/g, ' ').slice(0, 200) })
  }
}

function askWorker(path: string, signal: AbortSignal): Promise<Answer> {
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, {
      eval: true,
      workerData: url.href,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    const stop = (): void => {
      reject(signal.reason as Error)
      void worker.terminate()
    }
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      // After an answer this changes nothing.
      reject(new Error(`SQLite's integrity_check ended with ${code} and no answer`))
    })
    if (signal.aborted) stop()
  })
}
