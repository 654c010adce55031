import type { CataloguePart } from './entry.ts'

export const configErrors = {
  HIVE_CONFIG_MISSING: {
    exitCode: 2,
    message: (data: { folder: string }) =>
      `could not find hive.yml: not in ${data.folder} or the folders of its repository above`,
    hint: 'run the command in the repository, or start from the smallest file in docs/configuration.md; npx agent-hive db check needs none',
    explanation:
      'Gates and coordination are configured by `hive.yml` at the root of a repository. It is looked for in the current folder and, inside a Git repository, in the folders above it up to the root of that repository. The `db` commands do without it.',
  },
  HIVE_CONFIG_UNREADABLE: {
    exitCode: 2,
    message: (data: { path: string; problem: string }) => `could not read ${data.path}: ${data.problem}`,
    hint: 'make hive.yml an ordinary file that this user may read',
    explanation: '`hive.yml` is there but the operating system refused to read it, or it is a folder or a device.',
  },
  HIVE_CONFIG_TOO_LARGE: {
    exitCode: 2,
    message: (data: { path: string; limitBytes: number }) =>
      `could not read ${data.path}: larger than ${data.limitBytes} bytes, wanted at most that many`,
    hint: 'keep data out of hive.yml; it holds the plan and the rules only',
    explanation: '`hive.yml` is bounded to 1 MiB, because it also comes from branches that nobody has reviewed.',
  },
  HIVE_CONFIG_SYNTAX: {
    exitCode: 2,
    message: (data: { path: string; line: number; column: number; problem: string }) =>
      `could not read ${data.path} as YAML: line ${data.line}, column ${data.column}: ${data.problem}`,
    hint: 'mend the line; docs/configuration.md shows the layout, and editors check it with the schema named in the first line of the examples',
    explanation:
      'The file is not YAML 1.2 of the core schema. Refused besides plain mistakes: a key that stands twice in one mapping, custom tags such as `!secret`, several documents in one file, more than 100 aliases and anything that they blow up, text that is not UTF-8.',
  },
  HIVE_CONFIG_INVALID: {
    exitCode: 2,
    message: (data: {
      path: string
      /** The first problems in words; `issues` has more of them, `total` is the number of all. */
      shown: readonly string[]
      /** How many are not shown. */
      more: number
      issues: readonly { path: string; line: number; column: number; message: string }[]
      total: number
    }) => {
      const head = `could not use ${data.path}: ${data.total} ${data.total === 1 ? 'problem' : 'problems'}`
      return [head, ...data.shown, ...(data.more > 0 ? [`and ${data.more} more`] : [])].join('\n  ')
    },
    hint: 'mend the lines named; docs/configuration.md describes every key',
    explanation:
      'The file is YAML, but not a valid configuration: an unknown key, a value of another kind, or parts that do not fit together, such as a task that needs a task that does not exist. The first five are printed with path, line and column; the `data` of the error holds up to 200 `issues` and their `total`.',
  },
} as const satisfies CataloguePart
