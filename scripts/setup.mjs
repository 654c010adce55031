// Sets up a clone: Node 24, npm packages, k6, redis-server and the build. Plain JavaScript without dependencies, because it
// runs before anything is installed, on Node 20 or newer. What is there already is left alone: a second run takes
// well under two seconds.
//
//   npm run setup              what `hive` and the demo need
//   npm run setup -- --test    and Chromium, for the browser tests
//   npm run setup -- --all     and actionlint and zizmor, for `npm run check`
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildStep } from './setup/build.mjs'
import { actionlintStep, zizmorStep } from './setup/checkers.mjs'
import { chromiumStep } from './setup/chromium.mjs'
import { k6Step } from './setup/k6.mjs'
import { withLock } from './setup/lock.mjs'
import { nodeStep, packagesStep } from './setup/packages.mjs'
import { say, sayFailure } from './setup/progress.mjs'
import { redisStep } from './setup/redis.mjs'
import { SetupFailure } from './setup/run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const tools = join(root, '.tools')
const known = new Set(['--test', '--all', '--help'])

async function main(args) {
  const unknown = args.find((arg) => !known.has(arg))
  if (args.includes('--help') || unknown !== undefined) {
    say('usage: npm run setup [-- --test | --all]')
    return unknown === undefined ? 0 : 2
  }
  if (process.platform === 'win32') {
    sayFailure(
      new SetupFailure('HIVE_SETUP_STEP', 'could not set up on Windows: Linux or macOS is needed', 'use WSL 2'),
    )
    return 2
  }
  mkdirSync(tools, { recursive: true })
  // Steps of one chain need each other; the chains wait for different things (network, compiler) and run side by side.
  const chains = [[nodeStep, packagesStep, buildStep], [k6Step], [redisStep]]
  if (args.includes('--test') || args.includes('--all')) chains.push([chromiumStep])
  if (args.includes('--all')) chains.push([actionlintStep, zizmorStep])

  const place = { root, tools }
  if (await isComplete(chains, place)) return 0
  return withLock(join(tools, 'setup.lock'), async () => {
    const started = performance.now()
    removeDrafts()
    const outcomes = await Promise.allSettled(chains.map((steps) => runChain(steps, place)))
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    for (const failure of failures) sayFailure(failure)
    if (failures.length > 0) return 2
    say(`setup   ready in ${((performance.now() - started) / 1000).toFixed(1)} s`)
    return 0
  })
}

/** A look that fails (K6_BIN names no k6) leaves the work to its chain, which reports it. */
async function isComplete(chains, place) {
  try {
    const present = await Promise.all(chains.flat().map(async (step) => (await step.look(place)) !== undefined))
    return present.every(Boolean)
  } catch {
    return false
  }
}

/** What an interrupted setup left half done carries its process id; under the lock nobody works on it any more. */
function removeDrafts() {
  for (const name of readdirSync(tools)) {
    if (/^(?:k6|redis|\w+\.stamp)\.\d+$/.test(name)) rmSync(join(tools, name), { recursive: true, force: true })
  }
}

async function runChain(steps, place) {
  for (const step of steps) {
    if ((await step.look(place)) === undefined) await step.bring(place)
  }
}

process.exitCode = await main(process.argv.slice(2))
