import { fault } from '../core/errors.ts'
import type { Config } from './config.ts'
import { formatPath } from './issue.ts'
import type { ConfigIssue, Problem } from './issue.ts'
import { normalise } from './normalise.ts'
import { crossRules } from './rules.ts'
import { schemaProblems } from './schema-issues.ts'
import { configSchema } from './schema.ts'
import { parseYaml } from './yaml-source.ts'
import type { YamlSource } from './yaml-source.ts'

export const maxConfigBytes = 1024 * 1024
/** More than anybody mends in one sitting; the number of all is reported beside them. */
const maxIssues = 200
/** A person mends a few lines at a time. */
const maxShown = 5

/**
 * Turns the text of a `hive.yml` into a frozen `Config`; `path` is only named in messages and kept in the result.
 *
 * Throws `HIVE_CONFIG_TOO_LARGE`, `HIVE_CONFIG_SYNTAX` (with line and column), or `HIVE_CONFIG_INVALID`, whose data
 * holds `issues` (path, line, column, message; in the order of the file) and `total`. Never throws anything else.
 */
export function parseConfig(text: string, path: string): Config {
  if (Buffer.byteLength(text) > maxConfigBytes) {
    throw fault('HIVE_CONFIG_TOO_LARGE', { path, limitBytes: maxConfigBytes })
  }
  const source = parseYaml(text, path)
  const result = configSchema.safeParse(source.value)
  // The rules need whole data; what the schema refuses is mended first.
  const problems = result.success
    ? crossRules(result.data)
    : schemaProblems(configSchema, source.value, result.error.issues)
  if (!result.success || problems.length > 0) {
    const issues = firstIssues(problems, source)
    const shown = issues
      .slice(0, maxShown)
      .map((issue) => `line ${issue.line}: ${issue.path === '' ? '' : `${issue.path}: `}${issue.message}`)
    throw fault('HIVE_CONFIG_INVALID', {
      path,
      shown,
      more: problems.length - shown.length,
      issues,
      total: problems.length,
    })
  }
  return normalise(result.data, path)
}

/** In the order of the file. */
function firstIssues(problems: readonly Problem[], source: YamlSource): readonly ConfigIssue[] {
  return problems
    .map((problem) => ({ problem, place: source.locate(problem.path) }))
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .slice(0, maxIssues)
    .map(({ problem: { path, message }, place: { line, column } }) => ({
      path: formatPath(path),
      line,
      column,
      message: typeof message === 'string' ? message : message(),
    }))
}
