import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { generateErrors } from './generate-errors.ts'
import { generateSchemas } from './generate-schemas.ts'

/** `npm run generate [-- --check]`: writes what is derived from the code, or says what is out of date. */

interface Output {
  readonly path: string
  readonly text: string
}

const generators: readonly (() => readonly Output[] | Promise<readonly Output[]>)[] = [generateErrors, generateSchemas]

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')
let stale = 0

for (const generator of generators) {
  for (const { path, text } of await generator()) {
    const file = join(root, path)
    const present = await readFile(file, 'utf8').catch(() => '')
    if (present === text) continue
    stale += 1
    if (check) console.log(`${path} is out of date: run npm run generate`)
    else {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
      console.log(`wrote ${path}`)
    }
  }
}
process.exitCode = check && stale > 0 ? 1 : 0
