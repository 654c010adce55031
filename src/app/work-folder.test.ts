import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { withWorkFolder } from './work-folder.ts'

const module = new URL('work-folder.ts', import.meta.url).href

test('withWorkFolder() removes what a killed process left, and never the folder of a living one', async () => {
  const program = `import { withWorkFolder } from ${JSON.stringify(module)}
await withWorkFolder(async (folder) => { console.log(folder); await new Promise(() => setInterval(() => {}, 1000)) })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const left = line.toString().trim()
  await withWorkFolder(async () => expect((await stat(left)).mode & 0o777).toBe(0o700))
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect((await stat(left)).isDirectory()).toBe(true)
  await withWorkFolder(async () => expect(stat(left)).rejects.toThrow('ENOENT'))
})

test('withWorkFolder() gives twenty at once a folder each, and leaves none', async () => {
  const folders = await Promise.all(
    Array.from({ length: 20 }, () =>
      withWorkFolder(async (folder) => {
        expect((await stat(folder)).isDirectory()).toBe(true)
        return folder
      }),
    ),
  )
  expect(new Set(folders).size).toBe(20)
  const names = await readdir(tmpdir())
  expect(
    folders.filter((folder) => dirname(folder) === tmpdir() && names.includes(folder.slice(tmpdir().length + 1))),
  ).toEqual([])
})
