import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GateFile } from './gate.ts'

/** Writes a JSON document into a gate's folder. */
export async function writeDocument(
  document: unknown,
  { folder, name }: { folder: string; name: string },
): Promise<GateFile> {
  await mkdir(folder, { recursive: true })
  const file = `${name}.json`
  await writeFile(join(folder, file), `${JSON.stringify(document, null, 2)}\n`)
  return { name, file, mediaType: 'application/json' }
}
