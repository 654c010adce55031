import { existsSync } from 'node:fs'
import { reportStep } from './progress.mjs'
import { SetupFailure, capture, isProgram, onPath, run } from './run.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** A browser for the tests of the HTML report: CHROME_BIN, PATH, else Debian's package where we may install it. */
export const chromiumStep = {
  look: () => {
    const named = process.env.CHROME_BIN
    if (!named) return names.flatMap(onPath)[0]
    if (isProgram(named)) return named
    throw new SetupFailure(
      'HIVE_SETUP_TOOL',
      `could not use CHROME_BIN: ${named} is not a program`,
      'point it to Chromium, or unset it',
    )
  },
  bring: async () => {
    const mayInstall = process.getuid() === 0 && existsSync('/etc/debian_version') && onPath('apt-get').length > 0
    if (!mayInstall) {
      throw new SetupFailure(
        'HIVE_SETUP_TOOL',
        'could not find Chromium for the browser tests: CHROME_BIN is not set and none is on PATH',
        'run sudo apt-get install chromium (or brew install chromium), or set CHROME_BIN; then run npm test again',
      )
    }
    await reportStep('Chromium', {
      doing: "install Debian's package",
      work: async () => {
        const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
        const install = ['install', '-y', '--no-install-recommends', '-oDPkg::Lock::Timeout=120', 'chromium']
        if ((await capture('apt-get', install, { env })).code !== 0) {
          const reasons = { env, what: 'install Chromium', hint: 'run apt-get install chromium, or set CHROME_BIN' }
          await run('apt-get', ['update'], reasons)
          await run('apt-get', install, reasons)
        }
        return 'installed'
      },
    })
  },
}
