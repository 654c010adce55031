import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { matchCommand, registry } from '../../src/cli/registry.ts'

/** Words that follow `npx agent-hive` in a text, up to two. */
function namedCommands(text: string): string[][] {
  return [...text.matchAll(/npx (?:agent-hive|hive)((?: [a-z][a-z-]*){1,2})/g)].map(([, words = '']) =>
    words.trim().split(' '),
  )
}

async function filesOf(...patterns: string[]): Promise<string[]> {
  const files: string[] = []
  for (const pattern of patterns) for await (const file of glob(pattern)) files.push(file)
  return files.filter((file) => !file.includes('node_modules'))
}

test('hints and documentation name only commands that exist', async () => {
  const files = await filesOf('src/**/*.ts', '*.md', 'docs/*.md', 'examples/**/*.md', 'examples/**/*.yml')
  const unknown = files.flatMap((file) =>
    namedCommands(readFileSync(file, 'utf8'))
      .filter(
        (words) => matchCommand(words) === undefined && !registry.some(({ name }) => name.startsWith(`${words[0]} `)),
      )
      .map((words) => `${file}: ${words.join(' ')}`),
  )
  expect(files.length).toBeGreaterThan(50)
  expect(unknown).toEqual([])
})

test('links between documents lead to files and headings that exist', async () => {
  const broken: string[] = []
  for (const file of await filesOf('*.md', 'docs/*.md', 'examples/**/*.md', 'test/**/*.md')) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : ''
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)\s]+)\)/g)) {
      const [path = '', anchor] = target.split('#')
      const resolved = new URL(path, `file:///${folder}`).pathname.slice(1)
      const text = (() => {
        try {
          return readFileSync(resolved, 'utf8')
        } catch (error) {
          return (error as NodeJS.ErrnoException).code === 'EISDIR' ? '' : undefined
        }
      })()
      const headings = (text ?? '').match(/^#+ .*$/gm)?.map((heading) => slug(heading.replace(/^#+ /, ''))) ?? []
      if (text === undefined || (anchor !== undefined && !headings.includes(anchor))) broken.push(`${file}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

/** GitHub's anchor of a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}
