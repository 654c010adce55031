import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { goEnvironment } from './k6.mjs'
import { reportStep } from './progress.mjs'
import { SetupFailure, ask, capture, isProgram, onPath, run } from './run.mjs'

const actionlintVersion = '1.7.12'
const zizmorVersion = '1.32.0'

function hasVersion(path, version, args) {
  return isProgram(path) && ask(path, args)?.includes(version) === true
}

/** The linter of workflows, built by Go into `.tools/bin`. */
export const actionlintStep = {
  look: ({ tools }) =>
    [join(tools, 'bin', 'actionlint'), ...onPath('actionlint')].find((path) =>
      hasVersion(path, actionlintVersion, ['-version']),
    ),
  bring: ({ tools }) =>
    reportStep('actionlint', {
      doing: `build actionlint ${actionlintVersion}`,
      work: async () => {
        const go = onPath('go')[0]
        const hint = `install Go 1.25 or newer, or put actionlint ${actionlintVersion} on PATH`
        if (go === undefined)
          throw new SetupFailure('HIVE_SETUP_TOOL', 'could not build actionlint: Go is not on PATH', hint)
        await run(go, ['install', `github.com/rhysd/actionlint/cmd/actionlint@v${actionlintVersion}`], {
          cwd: tools,
          env: goEnvironment(tools, { GOBIN: join(tools, 'bin'), GOFLAGS: '-mod=mod' }),
          what: 'build actionlint',
          hint,
        })
        return 'built into .tools/bin'
      },
    }),
}

/** The security linter of workflows, from its Python package, whose wheel holds a native program. */
export const zizmorStep = {
  look: ({ tools }) =>
    [join(tools, 'bin', 'zizmor'), ...onPath('zizmor')].find((path) => hasVersion(path, zizmorVersion, ['--version'])),
  bring: ({ tools }) =>
    reportStep('zizmor', {
      doing: `install zizmor ${zizmorVersion}`,
      work: async () => {
        const folder = join(tools, 'zizmor')
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(join(tools, 'bin'), { recursive: true })
        await installWheel(folder)
        const link = join(tools, 'bin', 'zizmor')
        rmSync(link, { force: true })
        symlinkSync(join('..', 'zizmor', 'bin', 'zizmor'), link)
        return 'installed into .tools/zizmor'
      },
    }),
}

/** A virtual environment where Python can make one (Debian splits that off), else pip alone into the folder. */
async function installWheel(folder) {
  const hint = `run pipx install zizmor==${zizmorVersion}, or apt-get install python3-venv and npm run setup -- --all again`
  const python = onPath('python3')[0]
  if (python === undefined)
    throw new SetupFailure('HIVE_SETUP_TOOL', 'could not install zizmor: python3 is not on PATH', hint)
  const requirement = `zizmor==${zizmorVersion}`
  const quiet = ['--quiet', '--disable-pip-version-check']
  const reasons = { what: 'install zizmor', hint }
  if ((await capture(python, ['-m', 'venv', folder])).code === 0) {
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, requirement], reasons)
    return
  }
  rmSync(folder, { recursive: true, force: true })
  await run(python, ['-m', 'pip', 'install', ...quiet, '--target', folder, requirement], reasons)
}
