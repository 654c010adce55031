import type { Finding } from '../evidence/index.ts'
import { countOf } from './judgement.ts'

/** What stands for a database whose values the gate must not see. */
export interface Rehearsal {
  /** Made-up rows that were copied and compared. */
  readonly rows: number
  /** Whether they lead to the plan that the profile leads to. */
  readonly samePlan: boolean
  readonly proof:
    | { readonly kind: 'missing' }
    | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly hint: string }
    | {
        readonly kind: 'accepted'
        readonly finishedAt: string
        readonly server: string
        readonly signer: string
        /** Whether hive.yml names the signer. */
        readonly isNamed: boolean
      }
}

interface RehearsedDatabase {
  readonly path: string
  readonly schema: string
  readonly rehearsal?: Rehearsal
}

/** Nothing was measured either way: neither a pass nor a failure. */
export function isProofMissing({ rehearsal }: RehearsedDatabase): boolean {
  return rehearsal?.proof.kind === 'missing'
}

/** What the summary adds where values were proved elsewhere, or not at all. */
export function rehearsalWords(databases: readonly RehearsedDatabase[]): string {
  const count = (kind: Rehearsal['proof']['kind']): number =>
    databases.filter(({ rehearsal }) => rehearsal?.proof.kind === kind).length
  const words = [
    ...(count('accepted') > 0 ? [`${countOf(count('accepted'), 'database')} proved elsewhere`] : []),
    ...(count('refused') > 0 ? [`${countOf(count('refused'), 'proof')} refused`] : []),
    ...(count('missing') > 0 ? [`${countOf(count('missing'), 'database')} rehearsed without a proof`] : []),
  ]
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

export function rehearsalFindings({ path, schema, rehearsal }: RehearsedDatabase): Finding[] {
  if (rehearsal === undefined) return []
  const { proof, samePlan } = rehearsal
  const location = { path }
  const rows = countOf(rehearsal.rows, 'made-up row')
  const findings: Finding[] = []
  if (!samePlan) {
    findings.push({
      code: 'MIGRATION_REHEARSAL_DIFFERS',
      severity: 'warning',
      message: `${schema}: the ${rows} lead to another plan than the profile, so its DDL was rehearsed in part only`,
      hint: 'report it as a defect of Agent Hive with the profile, which holds no value',
      location,
    })
  }
  switch (proof.kind) {
    case 'missing':
      findings.push({
        code: 'MIGRATION_PROOF_MISSING',
        severity: 'warning',
        message: `${schema}: plan and DDL were rehearsed on ${rows}; no real value was proved`,
        hint: 'beside the data, run npx agent-hive db verify SQLITE --to URL --proof FILE, commit the file and name it as proof under migration.sources',
        location,
      })
      break
    case 'refused':
      findings.push({ code: proof.code, severity: 'error', message: proof.message, hint: proof.hint, location })
      break
    case 'accepted':
      findings.push({
        code: 'MIGRATION_PROVED_ELSEWHERE',
        severity: 'note',
        message: `${schema}: proved elsewhere on ${proof.server}, ${proof.finishedAt}, signed by ${proof.signer}; without the data nobody can check more than that it belongs to this profile and plan and was not changed`,
        ...(proof.isNamed
          ? {}
          : { hint: `name signer: ${proof.signer} under migration.sources, so that no other key counts` }),
        location,
      })
      break
  }
  return findings
}
