import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { reportStep } from './progress.mjs'
import { SetupFailure, ask, hashFiles, isProgram, onPath, readStamp, run, writeStamp } from './run.mjs'

const wantedMajor = 2

function isWanted(path) {
  const version = /k6(?:\.exe)? v(\d+)/.exec(ask(path, ['version']) ?? '')?.[1]
  return Number(version) === wantedMajor
}

/** The load generator: K6_BIN or PATH, else built from the Go module that pins it. */
export const k6Step = {
  look: ({ root, tools }) => {
    const named = process.env.K6_BIN
    if (named) {
      if (isWanted(named)) return named
      throw new SetupFailure(
        'HIVE_K6_TOO_OLD',
        `could not use k6 at ${named}: it does not say version ${wantedMajor}`,
        'point K6_BIN to k6 2, or unset it',
      )
    }
    const own = join(tools, 'k6')
    // Its version was seen when it was built; asking the 65 MB program again would take a fifth of a second.
    if (isProgram(own) && readStamp(tools, 'k6') === moduleHash(root)) return own
    return onPath('k6').find(isWanted)
  },
  bring: ({ root, tools }) =>
    reportStep('k6', {
      doing: 'build k6 from tools/k6 (about a minute, once)',
      work: async () => {
        const go = onPath('go')[0]
        if (go === undefined) {
          throw new SetupFailure(
            'HIVE_SETUP_TOOL',
            'could not build k6: Go is not on PATH, Go 1.25 or newer is needed',
            'install Go (https://go.dev/dl), or put k6 2 on PATH, or set K6_BIN; then run npm run setup again',
          )
        }
        const draft = join(tools, `k6.${process.pid}`)
        try {
          await run(go, ['build', '-trimpath', '-ldflags=-s -w', '-o', draft, 'go.k6.io/k6/v2'], {
            cwd: join(root, 'tools', 'k6'),
            env: goEnvironment(tools),
            what: 'build k6',
            hint: 'Go 1.25 or newer is needed (go version); else put k6 2 on PATH or set K6_BIN',
          })
          renameSync(draft, join(tools, 'k6'))
        } finally {
          rmSync(draft, { force: true })
        }
        if (!isWanted(join(tools, 'k6'))) {
          throw new SetupFailure(
            'HIVE_SETUP_STEP',
            'could not use the k6 that was built: it does not run',
            'set K6_BIN',
          )
        }
        writeStamp(tools, 'k6', moduleHash(root))
        return 'built into .tools/k6'
      },
    }),
}

function moduleHash(root) {
  return hashFiles([join(root, 'tools', 'k6', 'go.mod'), join(root, 'tools', 'k6', 'go.sum')])
}

/** go.sum rules: nothing is resolved anew. Without a home folder Go has no place for its module cache. */
export function goEnvironment(tools, extra = {}) {
  const home = process.env.HOME ? {} : { GOPATH: join(tools, 'go'), GOCACHE: join(tools, 'go', 'build') }
  return { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off', CGO_ENABLED: '0', ...home, ...extra }
}
