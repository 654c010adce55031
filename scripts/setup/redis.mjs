import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reportStep } from './progress.mjs'
import { SetupFailure, ask, capture, isProgram, onPath, run } from './run.mjs'

const installHint =
  process.platform === 'darwin'
    ? 'brew install redis'
    : 'install redis-server 7.0 or newer with the package manager of this system (apt-get install redis-server)'

function isWanted(path) {
  const major = /\bv=(\d+)\./.exec(ask(path, ['--version']) ?? '')?.[1]
  return Number(major) >= 7
}

/**
 * redis-server 7.0 or newer: PATH, else Debian's packages unpacked into `.tools/redis`. Installing the package would start
 * a service on port 6379 and needs root; unpacking does neither.
 */
export const redisStep = {
  look: ({ tools }) =>
    [...onPath('redis-server'), join(tools, 'redis', 'bin', 'redis-server')].find(
      (path) => isProgram(path) && isWanted(path),
    ),
  bring: ({ tools }) =>
    reportStep('Redis', {
      doing: "unpack Debian's redis-server into .tools/redis",
      work: async () => {
        if (!['apt-get', 'dpkg-deb', 'dpkg-query'].every((name) => onPath(name).length > 0)) {
          throw new SetupFailure(
            'HIVE_SETUP_TOOL',
            'could not bring redis-server: this is no Debian or Ubuntu',
            `${installHint}, then run npm run setup again`,
          )
        }
        const draft = join(tools, `redis.${process.pid}`)
        rmSync(draft, { recursive: true, force: true })
        try {
          mkdirSync(join(draft, 'bin'), { recursive: true })
          await unpackWithLibraries(draft, tools)
          writeWrapper(draft)
          if (!isWanted(join(draft, 'bin', 'redis-server'))) {
            throw new SetupFailure(
              'HIVE_SETUP_STEP',
              'could not use the redis-server of this distribution: it does not run or is older than 7.0',
              installHint,
            )
          }
          rmSync(join(tools, 'redis'), { recursive: true, force: true })
          renameSync(draft, join(tools, 'redis'))
        } finally {
          rmSync(draft, { recursive: true, force: true })
        }
        return 'unpacked, no service started'
      },
    }),
}

/** Downloads the packages and those libraries of theirs that the machine has not, and unpacks them. */
async function unpackWithLibraries(draft, tools) {
  const archives = join(draft, 'archives')
  mkdirSync(archives)
  const done = new Set()
  let wanted = ['redis-server', 'redis-tools']
  while (wanted.length > 0) {
    await download(wanted, { archives, tools })
    for (const name of wanted) done.add(name)
    const next = new Set()
    for (const file of readdirSync(archives)) {
      const path = join(archives, file)
      const depends = ask('dpkg-deb', ['--field', path, 'Pre-Depends', 'Depends']) ?? ''
      for (const name of librariesOf(depends)) {
        if (!done.has(name) && !isInstalled(name)) next.add(name)
      }
      await run('dpkg-deb', ['--extract', path, join(draft, 'root')], {
        what: `unpack ${file}`,
        hint: 'free some space, then run npm run setup again',
      })
      rmSync(path)
    }
    wanted = [...next]
  }
  rmSync(archives, { recursive: true, force: true })
}

/** Of "libc6 (>= 2.34), lua5.1 | luajit, adduser" the libraries; what a service needs is not needed here. */
function librariesOf(depends) {
  return depends
    .split(/[,\n]/)
    .map((entry) => /^(?:[A-Z][A-Za-z-]+:)?\s*([a-z0-9][a-z0-9+.-]*)/.exec(entry)?.[1])
    .filter((name) => name !== undefined && /^(?:lib|lua)/.test(name))
}

function isInstalled(name) {
  return ask('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name])?.startsWith('installed') === true
}

/**
 * With the machine's package lists first; where there are none, or old ones, with lists of our own, which need no root.
 * apt checks signatures and checksums in both cases.
 */
async function download(names, { archives, tools }) {
  const first = await capture('apt-get', ['download', ...names], { cwd: archives })
  if (first.code === 0) return
  const apt = join(tools, 'apt')
  for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(apt, folder), { recursive: true })
  const options = [
    `-oDir::State::Lists=${join(apt, 'lists')}`,
    `-oDir::Cache=${join(apt, 'cache')}`,
    '-oDebug::NoLocking=1',
    ...(process.getuid() === 0 ? ['-oAPT::Sandbox::User=root'] : []),
  ]
  const reasons = { what: 'download redis-server', hint: installHint }
  try {
    await run('apt-get', [...options, 'update'], reasons)
    await run('apt-get', [...options, 'download', ...names], { cwd: archives, ...reasons })
  } finally {
    rmSync(apt, { recursive: true, force: true })
  }
}

/** exec keeps the process id, so that whoever started the wrapper has started the server. */
function writeWrapper(draft) {
  const libraries = ['usr/lib', 'lib'].flatMap((folder) => {
    const path = join(draft, 'root', folder)
    if (!existsSync(path)) return []
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
      .map((entry) => `$root/${folder}/${entry.name}`)
  })
  for (const name of ['redis-server', 'redis-cli']) {
    const path = join(draft, 'bin', name)
    const text = [
      '#!/bin/sh',
      'root=$(CDPATH= cd -- "$(dirname -- "$0")/../root" && pwd) || exit 127',
      `LD_LIBRARY_PATH="${libraries.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$root/usr/bin/${name}" "$@"`,
      '',
    ]
    writeFileSync(path, text.join('\n'))
    chmodSync(path, 0o755)
  }
}
