import * as z from 'zod/mini'

/**
 * The status for programs (`schemaVersion: 1`): a superset of the plan's `coordination_status.json`, so that its
 * readers go on working. Folded from GitHub every time; a copy that somebody edited is never read.
 */

const gateStatus = z.enum(['passed', 'failed', 'error', 'undecided', 'skipped', 'waiting', 'not_run'])
const taskStatus = z.enum(['done', 'ready', 'waiting'])

export const statusSchema = z.strictObject({
  schemaVersion: z.literal(1),
  project: z.string(),
  /** Id of the first phase that is not done; `done` where all are. */
  phase: z.string(),
  /** Of the newest fact, so that equal facts give equal documents. */
  timestamp: z.string(),
  agents: z.record(
    z.string(),
    z.strictObject({
      status: z.enum(['done', 'ready', 'blocked', 'idle']),
      current_task: z.optional(z.string()),
      /** Per cent of the estimated work. */
      completion: z.number(),
      blockers: z.array(z.string()),
      next_milestone: z.optional(z.string()),
    }),
  ),
  quality_gates: z.record(
    z.string(),
    z.strictObject({ status: gateStatus, required: z.boolean(), summary: z.string() }),
  ),
  critical_issues: z.array(
    z.strictObject({
      id: z.string(),
      severity: z.enum(['low', 'medium', 'high', 'critical']),
      assignee: z.optional(z.string()),
      created: z.optional(z.string()),
      resolved: z.boolean(),
    }),
  ),
  tasks: z.record(z.string(), z.strictObject({ status: taskStatus, agent: z.string(), slack_h: z.number() })),
  critical_path: z.array(z.string()),
  ready: z.array(z.string()),
  pull_requests: z.array(z.strictObject({ number: z.int(), head: z.string(), readiness: z.string() })),
  risks: z.array(
    z.strictObject({ id: z.string(), severity: z.string(), title: z.string(), owner: z.optional(z.string()) }),
  ),
  /** Commit of the default branch that the gates are of. */
  cursor: z.strictObject({ default_branch_head: z.optional(z.string()) }),
})

export type StatusJson = z.infer<typeof statusSchema>
export type GateStatusJson = z.infer<typeof gateStatus>
