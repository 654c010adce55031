import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { npmEnvironment } from './packages.mjs'
import { reportStep } from './progress.mjs'
import { hashFiles, onPath, readStamp, run, writeStamp } from './run.mjs'

/** What the build reads: a change in any of it makes the build stale. Tests are not built. */
function sourcesOf(root) {
  const listed = ['src', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  )
  const single = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'action.yml']
  return [...listed, ...single.map((name) => join(root, name))].sort((a, b) => (a < b ? -1 : 1))
}

export const buildStep = {
  look: ({ root, tools }) =>
    existsSync(join(root, 'dist', 'lib', 'cli', 'main.js')) && readStamp(tools, 'build') === hashFiles(sourcesOf(root))
      ? 'up to date'
      : undefined,
  bring: ({ root, tools }) =>
    reportStep('build', {
      doing: 'build the library and the Action',
      work: async () => {
        const before = hashFiles(sourcesOf(root))
        const npm = onPath('npm').find((path) => !path.includes('node_modules')) ?? 'npm'
        await run(npm, ['run', '--silent', 'build'], {
          cwd: root,
          env: npmEnvironment(dirname(join(tools, 'node', 'bin', 'node'))),
          what: 'build',
          hint: 'read the lines above; npm run build shows all of them',
        })
        writeStamp(tools, 'build', before)
        return 'built'
      },
    }),
}
