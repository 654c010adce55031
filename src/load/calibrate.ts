import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fault } from '../core/index.ts'
import { measureService } from './measure.ts'
import type { Calibration, LoadOptions } from './types.ts'

/** Long enough for a p95 of a machine, short enough to be run every time. */
const lengths = { warmupS: 0.5, durationS: 2 }

/**
 * A gateway that does nothing: takes every message at once and hands none out. A process of its own, so that our
 * reading of the points does not slow it down; given as text, because a bundle has no second file.
 */
const idleServer = `
const { createServer } = require('node:http')
const server = createServer((request, response) => {
  request.resume()
  const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  request.on('end', () =>
    request.url.endsWith('/receive') ? setTimeout(answer, 1000, 200, '{"messages":[]}') : answer(202, '{}'))
})
server.listen(0, '127.0.0.1', () => process.stdout.write(server.address().port + '\\n'))
process.stdin.on('end', () => process.exit()).resume()
`

/** What the machine itself takes: the same load on a server that does nothing. */
export async function calibrate(options: LoadOptions, script: string): Promise<Calibration> {
  const { server, port } = await startIdleServer(options.signal)
  try {
    options.progress({ step: 'calibrate' })
    const { document } = await measureService({
      ...options,
      ...lengths,
      script,
      baseUrl: `http://127.0.0.1:${port}`,
      progress: () => undefined,
    })
    return { p95Ms: document.percentiles.p95, droppedIterations: document.droppedIterations }
  } finally {
    server.kill('SIGKILL')
  }
}

function startIdleServer(signal: AbortSignal): Promise<{ server: ChildProcess; port: number }> {
  // It ends with its standard input, so also when this process is killed.
  const server = spawn(process.execPath, ['-e', idleServer], { stdio: ['pipe', 'pipe', 'ignore'], env: {} })
  return new Promise((resolve, reject) => {
    const give = (error: Error): void => {
      server.kill('SIGKILL')
      reject(error)
    }
    server.stdout.setEncoding('utf8').once('data', (text: string) => resolve({ server, port: Number(text) }))
    server.once('error', give)
    server.once('exit', () => give(new Error('the calibration server ended')))
    signal.addEventListener('abort', () => give(fault('HIVE_INTERRUPTED', { during: 'the load test' })), { once: true })
  })
}
