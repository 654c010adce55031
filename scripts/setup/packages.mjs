import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join, sep } from 'node:path'
import { reportStep } from './progress.mjs'
import { SetupFailure, ask, hashFiles, onPath, readStamp, run, writeStamp } from './run.mjs'

const wantedMajor = 24

function wantedVersion(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node
}

/** Where the packages' own Node lies once they are installed. */
function installedNode(root) {
  return join(root, 'node_modules', 'node', 'bin', 'node')
}

function keptNode(tools) {
  return join(tools, 'node', 'bin', 'node')
}

/**
 * A Node 24 outside node_modules, to run `npm ci` with: npm empties node_modules, and under Node 20 it prints a page of
 * EBADENGINE warnings. Kept as a hard link to the packages' Node afterwards, so that it costs no space.
 */
export const nodeStep = {
  look: ({ root, tools }) => (packagesInSync({ root, tools }) ? 'not needed' : newEnough(keptNode(tools))),
  bring: async ({ root, tools }) => {
    const kept = keptNode(tools)
    mkdirSync(dirname(kept), { recursive: true })
    const found = [installedNode(root), process.execPath].find((path) => newEnough(path) !== undefined)
    if (found !== undefined) {
      keep(found, kept)
      return
    }
    const version = wantedVersion(root)
    await reportStep('Node', {
      doing: `install Node ${version}`,
      work: async () => {
        const folder = join(tools, 'node', 'package')
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder, { recursive: true })
        const description = { private: true, dependencies: { node: version }, allowScripts: { node: true } }
        writeFileSync(join(folder, 'package.json'), JSON.stringify(description))
        await run(findNpm(), ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], {
          cwd: folder,
          env: npmEnvironment(),
          what: `install Node ${version}`,
          hint: `install Node ${wantedMajor} and run npm run setup again`,
        })
        keep(join(folder, 'node_modules', 'node', 'bin', 'node'), kept)
        rmSync(folder, { recursive: true, force: true })
        return `${newEnough(kept) ?? version}, for this clone only`
      },
    })
    if (newEnough(kept) === undefined) {
      throw new SetupFailure(
        'HIVE_SETUP_STEP',
        `could not use Node ${version}: the package was installed but its program does not run`,
        `install Node ${wantedMajor} and run npm run setup again`,
      )
    }
  },
}

export const packagesStep = {
  look: ({ root, tools }) => (packagesInSync({ root, tools }) ? 'in step with package-lock.json' : undefined),
  bring: ({ root, tools }) =>
    reportStep('packages', {
      doing: 'install the npm packages of package-lock.json',
      work: async () => {
        await run(findNpm(), ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
          cwd: root,
          env: withMachineSettings(npmEnvironment(dirname(keptNode(tools)))),
          what: 'install the npm packages',
          hint: 'read the lines above; npm ci in the clone shows all of them',
        })
        const node = newEnough(installedNode(root))
        if (node === undefined) {
          throw new SetupFailure(
            'HIVE_SETUP_STEP',
            'could not install Node 24 with the packages: node_modules/node has no program that runs',
            'allow the install script of the package node (npm config get ignore-scripts), then run npm run setup again',
          )
        }
        keep(installedNode(root), keptNode(tools))
        writeStamp(tools, 'packages', hashFiles([join(root, 'package-lock.json')]))
        return `installed, with Node ${node}`
      },
    }),
}

/**
 * True when node_modules holds what the lock file says. The stamp answers at once; without it npm's own record of
 * what it installed is compared, so that a hand-run `npm ci` is not done again.
 */
function packagesInSync({ root, tools }) {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record) || !existsSync(installedNode(root))) return false
  const hash = hashFiles([join(root, 'package-lock.json')])
  if (readStamp(tools, 'packages') === hash) return true
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  const same =
    Object.keys(installed).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, entry]) =>
      path === ''
        ? true
        : installed[path] === undefined
          ? entry.optional === true || entry.devOptional === true
          : installed[path].integrity === entry.integrity,
    )
  if (same) writeStamp(tools, 'packages', hash)
  return same
}

function newEnough(path) {
  if (!existsSync(path)) return undefined
  const version = path === process.execPath ? process.version : ask(path, ['--version'])
  return version !== undefined && Number.parseInt(version.slice(1), 10) >= wantedMajor
    ? version.trim().slice(1)
    : undefined
}

/**
 * The packages' Node is about to be deleted: a hard link keeps it at no cost (a copy where the file system has none).
 * Any other is only pointed to, because a program that loads libraries from beside itself would not run elsewhere.
 */
function keep(from, to) {
  const real = realpathSync(from)
  if (existsSync(to) && realpathSync(to) === real) return
  rmSync(to, { force: true })
  if (!real.includes(`${sep}node_modules${sep}`)) {
    symlinkSync(real, to)
    return
  }
  try {
    linkSync(real, to)
  } catch {
    copyFileSync(real, to)
  }
}

function findNpm() {
  const outside = onPath('npm').find((path) => !path.includes(`${sep}node_modules${sep}`))
  if (outside !== undefined) return outside
  throw new SetupFailure(
    'HIVE_SETUP_TOOL',
    'could not find npm: it is not on PATH',
    'install npm (apt-get install npm)',
  )
}

/**
 * The environment of a fresh npm. Run by `npm run`, this process has npm's own variables, which would point the inner npm
 * to the outer package, and node_modules/.bin at the front of PATH, which the inner npm is about to delete.
 */
export function npmEnvironment(nodeFolder) {
  const kept = Object.entries(process.env).filter(([name]) => !outerNpm.test(name))
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join('node_modules', '.bin')) && !folder.includes('node-gyp-bin'))
  return {
    ...Object.fromEntries(kept),
    PATH: [...(nodeFolder === undefined ? [] : [nodeFolder]), ...path].join(delimiter),
  }
}

const outerNpm =
  /^npm_(?:lifecycle|package|command|node_execpath|execpath|config_(?:local_prefix|global_prefix|prefix|node_gyp))/

/**
 * npm looks for the machine's settings (registry, proxy, certificates) beside the Node that it runs on, and under another
 * Node it would not see them: it is told where they are.
 */
function withMachineSettings(env) {
  if (env.npm_config_globalconfig) return env
  const path = ask(findNpm(), ['config', 'get', 'globalconfig'], npmEnvironment())?.trim()
  return path ? { ...env, npm_config_globalconfig: path } : env
}
