import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** A step that could not be done: code, sentence, next action, and the last lines of the program that failed. */
export class SetupFailure extends Error {
  constructor(code, message, hint, output = []) {
    super(message)
    this.code = code
    this.hint = hint
    this.output = output
  }
}

const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|dial tcp|Could not resolve|Temporary failure|Could not connect|Failed to fetch|i\/o timeout|Network is unreachable|CERT_|certificate|\bE?(?:403|407|502|503)\b.*(?:GET|http)/i

/**
 * Runs a program to its end and returns its output. The output is only shown when it fails.
 * @throws SetupFailure HIVE_SETUP_NETWORK when a registry could not be reached, else HIVE_SETUP_STEP
 */
export async function run(command, args, { cwd, env, what, hint }) {
  const { code, output } = await capture(command, args, { cwd, env })
  if (code === 0) return output
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const tail = lines.slice(-8).map((line) => line.slice(0, 200))
  const network = unreachable.test(output)
  throw new SetupFailure(
    network ? 'HIVE_SETUP_NETWORK' : 'HIVE_SETUP_STEP',
    network
      ? `could not ${what}: the package registry or mirror did not answer`
      : `could not ${what}: ${command.split('/').at(-1)} ended with ${code}`,
    network ? 'check the network, the proxy and the registry that is configured, then run npm run setup again' : hint,
    tail,
  )
}

/** Like {@link run}, but leaves the judgement to the caller. Keeps the last 200 kB of the output. */
export function capture(command, args, { cwd, env } = {}) {
  return new Promise((resolve) => {
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000)
    }
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = (signal) => child.kill(signal)
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const finish = (code) => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve({ code, output })
    }
    child.once('error', (error) => {
      keep(error.message)
      finish('an error')
    })
    child.once('close', (code, signal) => {
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(2)
      finish(code ?? signal)
    })
  })
}

/** What a program prints for a version question, or undefined when it does not run. */
export function ask(command, args, env) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000, env: env ?? process.env })
  return result.status === 0 ? `${result.stdout}${result.stderr}` : undefined
}

export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** All programs of that name on PATH. */
export function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .filter(isProgram)
}

/** SHA-256 over the contents of files; a missing one counts as empty. */
export function hashFiles(paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    hash.update(path).update('\0')
    try {
      hash.update(readFileSync(path))
    } catch {
      hash.update('missing')
    }
  }
  return hash.digest('hex')
}

export function readStamp(tools, name) {
  try {
    return readFileSync(join(tools, `${name}.stamp`), 'utf8')
  } catch {
    return undefined
  }
}

/** A stamp appears whole or not at all. */
export function writeStamp(tools, name, text) {
  const draft = join(tools, `${name}.stamp.${process.pid}`)
  writeFileSync(draft, text)
  renameSync(draft, join(tools, `${name}.stamp`))
}
