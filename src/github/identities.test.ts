import { expect, test } from 'vitest'
import { changeFactsOf } from './identities.ts'

const commit = (part: { author?: number | null; committer?: number | null; mail?: string; message?: string }) => ({
  sha: 'a'.repeat(40),
  author: part.author === null || part.author === undefined ? null : { id: part.author },
  committer: part.committer === null || part.committer === undefined ? null : { id: part.committer },
  commit: {
    message: part.message ?? 'Change',
    author: { name: 'Eve', email: part.mail ?? 'eve@example.com' },
    committer: { name: 'GitHub', email: 'noreply@github.com' },
  },
})

const facts = (commits: ReturnType<typeof commit>[], total = commits.length) =>
  changeFactsOf({ total_commits: total, commits, files: [{ filename: 'a', previous_filename: 'b' }] })

test('changeFactsOf() lists authors, committers and co-authors by id, and GitHub itself not', () => {
  const trailer =
    'Change\n\nCo-authored-by: Pat <101+pat@users.noreply.github.com>\nco-authored-by:  Eve <EVE@example.com>'
  expect(facts([commit({ author: 4, committer: 19_864_447, message: trailer })])).toEqual({
    commits: 1,
    contributors: [4, 101],
    unknown: [],
    files: ['a', 'b'],
    complete: true,
    filesComplete: true,
  })
})

test('changeFactsOf() names identities that belong to no account', () => {
  const trailer = 'Change\n\nCo-authored-by: Robot <noreply@robots.example>'
  expect(facts([commit({ author: null, committer: 4, message: trailer })]).unknown).toEqual(['Eve', 'Robot'])
})

test('changeFactsOf() says where GitHub’s lists end', () => {
  expect(facts([commit({ author: 4, committer: 4 })], 2).complete).toBe(false)
  expect(facts(Array.from({ length: 251 }, () => commit({ author: 4, committer: 4 }))).complete).toBe(false)
  const files = Array.from({ length: 300 }, (_, n) => ({ filename: `${n}` }))
  const many = changeFactsOf({ total_commits: 1, commits: [commit({ author: 4, committer: 4 })], files })
  expect(many).toMatchObject({ complete: true, filesComplete: false })
})
