import { readdir, stat } from 'node:fs/promises'
import { join, matchesGlob } from 'node:path'
import { fault } from '../../core/index.ts'

/** A source as `hive.yml` names it: a path or a glob, with the schema that it is bound to, if any. */
export interface SourcePattern {
  readonly path: string
  readonly schema?: string
}

/**
 * The files that the patterns name, by absolute path. `*` and `**` match names that begin with a dot too: half of a
 * hive's state may lie in such a folder. Links to folders are not followed.
 *
 * @throws HIVE_GATE_NO_SOURCES where a pattern matches nothing, because that would prove nothing
 */
export async function findSourceFiles(patterns: readonly SourcePattern[], cwd: string): Promise<SourcePattern[]> {
  const found = new Map<string, SourcePattern>()
  for (const { path, schema } of patterns) {
    const matches = await matchesOf(path, cwd)
    if (matches.length === 0) throw fault('HIVE_GATE_NO_SOURCES', { patterns: [path] })
    for (const match of matches.sort()) {
      found.set(match, { path: join(cwd, match), ...(schema === undefined ? {} : { schema }) })
    }
  }
  if (found.size === 0) throw fault('HIVE_GATE_NO_SOURCES', { patterns: [] })
  return [...found.values()]
}

async function matchesOf(pattern: string, cwd: string): Promise<string[]> {
  const segments = pattern.replace(/^\.\//, '').split('/')
  const first = segments.findIndex((segment) => /[*?[{(]/.test(segment))
  if (first < 0) {
    const entry = await stat(join(cwd, pattern)).catch(() => undefined)
    return entry === undefined ? [] : [join(pattern)]
  }
  const base = segments.slice(0, first).join('/')
  const wanted = withoutDots(segments.slice(first).join('/'))
  const files = await filesUnder(join(cwd, base))
  return files.filter((file) => matchesGlob(withoutDots(file), wanted)).map((file) => join(base, file))
}

/** A character before each leading dot hides it from the matcher, which otherwise leaves such names out. */
function withoutDots(path: string): string {
  return path.replaceAll(/(^|[/{,])\.(?!\.?(?:\/|$))/g, '$1\uE000.')
}

/** Every file below a folder, with `/` between names. */
async function filesUnder(root: string): Promise<string[]> {
  const files: string[] = []
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
      throw error
    })
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else files.push(path)
    }
  }
  return files
}
