#!/usr/bin/env node
// The command's launcher: plain JavaScript that any Node from 18 on can read. It finds a Node with the built-in SQLite module
// (24 or newer) and runs the compiled command on it. It holds no decisions of the product.
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const wantedMajor = 24
/** Set for the process that is started again, so that two launchers never call each other in turn. */
const marker = 'HIVE_LAUNCHED_BY'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const command = join(root, 'dist', 'lib', 'cli', 'main.js')

async function launch() {
  if (!existsSync(command)) {
    const isClone = existsSync(join(root, 'src', 'cli'))
    return refuse({
      code: 'HIVE_NOT_BUILT',
      message: isClone
        ? 'could not start Agent Hive: this clone is not built yet'
        : 'could not start Agent Hive: the package has no dist/lib',
      hint: isClone ? `run npm run setup in ${root}` : 'install the package again: npm install agent-hive',
    })
  }
  if (canRun()) return runHere()
  const node = process.env[marker] === undefined ? findNode() : undefined
  if (node !== undefined) return runOn(node)
  return refuse({
    code: 'HIVE_NODE_TOO_OLD',
    message: `could not start Agent Hive: Node ${process.versions.node}, Node ${wantedMajor} or newer is needed`,
    hint: existsSync(join(root, 'src', 'cli'))
      ? `run npm run setup in ${root}, which brings Node ${wantedMajor}`
      : `run npm install --allow-scripts=node agent-hive, which brings Node ${wantedMajor}, or install Node ${wantedMajor}`,
  })
}

function canRun() {
  return Number.parseInt(process.versions.node, 10) >= wantedMajor
}

/** node:sqlite calls itself experimental on first use; of all warnings only that one is kept from the user. */
async function runHere() {
  const shown = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning' && /SQLite/i.test(warning.message)) return
    for (const show of shown) show.call(process, warning)
  })
  const { main } = await import(pathToFileURL(command).href)
  process.exitCode = await main(process.argv.slice(2))
}

/** The `node` package beside Agent Hive, else a new enough Node on PATH. */
function findNode() {
  const candidates = []
  try {
    candidates.push(join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node'))
  } catch {
    // Installed without it.
  }
  candidates.push(join(root, '.tools', 'node', 'bin', 'node'))
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (isAbsolute(folder)) candidates.push(join(folder, 'node'))
  }
  return candidates.find((path) => path !== process.execPath && isProgram(path))
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function runOn(node) {
  return new Promise((resolve) => {
    const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, [marker]: process.execPath },
    })
    // A terminal sends Ctrl-C to both of us; the child decides how to end, we only wait. What a program sends to
    // us alone is passed on.
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']
    const forward = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of signals) process.on(signal, forward)
    child.once('error', (error) => {
      refuse({
        code: 'HIVE_NODE_TOO_OLD',
        message: `could not start Agent Hive: ${node} does not run (${error.message})`,
        hint: `install Node ${wantedMajor}`,
      })
      resolve()
    })
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      // Ending by the same signal tells a shell the truth about why.
      if (signal !== null) process.kill(process.pid, signal)
      else process.exitCode = code ?? 2
      resolve()
    })
  })
}

/** The shape of every error of the command, also as JSON. */
function refuse({ code, message, hint }) {
  const docs = `docs/errors.md#${code.toLowerCase()}`
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, error: { code, message, hint, docs, exitCode: 2 } })}\n`)
  } else {
    process.stderr.write(`error ${code}  ${message}\n  hint   ${hint}\n  docs   ${docs}\n`)
  }
  process.exitCode = 2
}

await launch()
