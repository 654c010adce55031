import type { Evidence, Finding } from '../evidence/index.ts'
import { describeLocation, isRepositoryPath } from './location.ts'
import { findingsOf } from './model.ts'
import { visible } from './neutralise.ts'

const levels = { error: 'error', warning: 'warning', note: 'note' } as const satisfies Record<
  Finding['severity'],
  string
>

/** Code scanning takes 25,000 results a run and shows 5,000; the rest would be refused with all of them. */
const resultsLimit = 5_000

/** Findings as SARIF 2.1.0, for code scanning and editors. `version` is that of Agent Hive. */
export function renderSarif(results: readonly Evidence[], version: string): string {
  const all = findingsOf(results)
  const shown = all.slice(0, resultsLimit)
  const ruleIds = [...new Set(shown.map((finding) => finding.code))].toSorted()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Agent Hive',
            semanticVersion: version,
            informationUri: 'https://github.com/agent-hive/agent-hive',
            rules: ruleIds.map((id) => ({
              id,
              helpUri: `https://github.com/agent-hive/agent-hive/blob/main/docs/errors.md#${id.toLowerCase()}`,
            })),
          },
        },
        results: shown.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: ruleIds.indexOf(finding.code),
          level: levels[finding.severity],
          message: {
            text: visible(finding.hint === undefined ? finding.message : `${finding.message}\n${finding.hint}`),
          },
          ...locationsOf(finding),
          properties: { gate: finding.gate },
        })),
        properties: { findings: all.length, leftOut: all.length - shown.length },
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

/** Only places inside the repository: an absolute path would name the machine. */
function locationsOf(finding: Finding): { readonly locations?: readonly unknown[] } {
  const { location } = finding
  if (location === undefined || !isRepositoryPath(location.path)) return {}
  const uri = location.path
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/')
  const { startLine, endLine } = location
  const region =
    startLine === undefined
      ? {}
      : { region: { startLine, ...(endLine === undefined ? {} : { endLine: Math.max(startLine, endLine) }) } }
  return {
    locations: [
      {
        physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, ...region },
        message: { text: visible(describeLocation(finding) ?? '') },
      },
    ],
  }
}
