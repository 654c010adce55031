import type { Finding } from '../evidence/index.ts'
import type { Judgement } from './judgement.ts'

/** The outcome of one requirement of the message protocol against a real Redis. */
export interface RequirementFacts {
  readonly id: string
  readonly level: 'MUST' | 'SHOULD'
  readonly title: string
  readonly status: 'pass' | 'fail' | 'error'
  readonly detail: string
}

/** The protocol gate: every MUST holds. A requirement that could not be tried is an error, not a pass. */
export function judgeProtocol(results: readonly RequirementFacts[]): Judgement {
  const passed = results.filter(({ status }) => status === 'pass').length
  const broken = results.filter(({ status, level }) => status === 'fail' && level === 'MUST')
  const untried = results.filter(({ status }) => status === 'error')
  const worst = broken[0] ?? untried[0]
  return {
    verdict: results.length === 0 || untried.length > 0 ? 'error' : broken.length > 0 ? 'fail' : 'pass',
    summary: `${passed} of ${results.length} requirements${worst === undefined ? '' : `; ${worst.id} ${worst.title}`}`,
    measures: [
      { name: 'requirements passed', unit: 'requirements', value: passed, target: { op: '==', value: results.length } },
    ],
    findings: results.filter(({ status }) => status !== 'pass').map(toFinding),
  }
}

function toFinding({ id, level, title, status, detail }: RequirementFacts): Finding {
  return {
    code: status === 'error' ? 'PROTOCOL_NOT_TRIED' : 'PROTOCOL_REQUIREMENT',
    severity: level === 'MUST' || status === 'error' ? 'error' : 'warning',
    message: `${id} (${level}) ${title}: ${detail}`,
    hint: `see ${id} in docs/protocol.md`,
  }
}
