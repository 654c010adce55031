import type * as z from 'zod/mini'
import type { ChangeFacts } from '../coordination/facts.ts'
import type { compareAnswer } from './answers.ts'

type Comparison = z.infer<typeof compareAnswer>

/** GitHub's own account: committer of merges and edits made in the browser. It stands for no person. */
const webFlowId = 19_864_447
const listedCommits = 250
const listedFiles = 300

/**
 * Who is behind the commits of a comparison: authors and committers by account, co-authors by the mail address of
 * their trailer. An address counts as known where GitHub made it from an id, or where another commit of the
 * comparison ties it to an account.
 */
export function changeFactsOf(comparison: Comparison): ChangeFacts {
  const known = new Map<string, number>()
  const people = comparison.commits.flatMap(({ author, committer, commit }): Person[] => [
    { id: author?.id, mail: commit.author?.email, name: commit.author?.name },
    { id: committer?.id, mail: commit.committer?.email, name: commit.committer?.name },
    ...coAuthors(commit.message),
  ])
  for (const { id, mail } of people) if (id !== undefined && mail !== undefined) known.set(mail.toLowerCase(), id)
  const contributors = new Set<number>()
  const unknown = new Set<string>()
  for (const { id, mail = '', name } of people) {
    const found = id ?? idOfNoReply(mail) ?? known.get(mail.toLowerCase())
    if (found === undefined) unknown.add(name ?? mail)
    else if (found !== webFlowId) contributors.add(found)
  }
  const files = comparison.files ?? []
  return {
    commits: comparison.total_commits,
    contributors: [...contributors].sort((a, b) => a - b),
    unknown: [...unknown].sort(),
    files: files.flatMap((file) =>
      file.previous_filename === undefined ? [file.filename] : [file.filename, file.previous_filename],
    ),
    complete: comparison.total_commits <= listedCommits && comparison.commits.length >= comparison.total_commits,
    filesComplete: files.length < listedFiles,
  }
}

interface Person {
  readonly id?: number | undefined
  readonly mail?: string | undefined
  readonly name?: string | undefined
}

function coAuthors(message: string): Person[] {
  return Array.from(message.matchAll(/^co-authored-by:[ \t]*([^<\r\n]{0,200})<([^>\r\n]{1,320})>/gim), (match) => ({
    name: match[1]?.trim() ?? '',
    mail: match[2]?.trim() ?? '',
  }))
}

/** `583231+octocat@users.noreply.github.com` */
function idOfNoReply(mail: string): number | undefined {
  const [, id] = /^([1-9][0-9]{0,11})\+[^@]+@users\.noreply\.github\.com$/i.exec(mail) ?? []
  return id === undefined ? undefined : Number(id)
}
