import * as z from 'zod/mini'

/**
 * `hive.yml` as people write it. No `refine`: everything here must be expressible in the generated JSON Schema,
 * which editors use. What concerns more than one field is checked in `rules.ts`.
 */

const id = z.string().check(z.regex(/^[a-z][a-z0-9_-]{0,49}$/))
const line = z.string().check(z.minLength(1), z.maxLength(500))
/** `login#id`: GitHub logins change hands, numeric ids do not. */
const account = z.string().check(z.regex(/^[A-Za-z0-9-]{1,39}(\[bot\])?#[0-9]{1,12}$/))
/** `90m`, `6h`, `2d`, `30s`. */
const duration = z.string().check(z.regex(/^[0-9]{1,4}(ms|s|m|h|d)$/))
const time = z.string().check(z.regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/))
const date = z.iso.date()
const positive = z.number().check(z.positive())

const agentSchema = z.strictObject({
  role: line,
  focus: z.optional(line),
  /** The GitHub accounts that act for this agent. */
  accounts: z.optional(z.array(account)),
  /** The person who runs this agent: may not approve what it wrote. */
  operator: z.optional(account),
  /** Tasks that it can work on at the same time. */
  capacity: z.optional(z.int().check(z.positive())),
})

const taskSchema = z.strictObject({
  id,
  name: line,
  agent: id,
  needs: z.optional(z.array(id)),
  estimate: duration,
  deliverables: z.optional(z.array(line)),
  /** Gates that must have passed before the task counts as done. */
  gates: z.optional(z.array(id)),
})

const phaseSchema = z.strictObject({ id, name: line, goal: z.optional(line), tasks: z.array(taskSchema) })

const planSchema = z.strictObject({
  start: z.optional(date),
  /** Working hours a day, for dates and the critical path. */
  hoursPerDay: z.optional(positive),
  phases: z.array(phaseSchema),
})

const commandSchema = z.strictObject({
  name: z.optional(line),
  /** Run by `sh -c` in the folder of `hive.yml`. */
  run: line,
  /** Glob of the JUnit XML files that the command writes. */
  junit: z.optional(line),
  timeout: z.optional(duration),
})

const gateSchema = z.strictObject({
  required: z.optional(z.boolean()),
  /** Turns the gate off, with the reason that is shown in its place. */
  skip: z.optional(z.strictObject({ reason: line })),
  when: z.optional(z.enum(['push', 'ready', 'merge-queue', 'nightly'])),
  /** Only changes under these globs make the gate necessary. */
  paths: z.optional(z.array(line)),
  /** code-quality, integration and gates of your own: what to run. */
  commands: z.optional(z.array(commandSchema)),
  /** Reads an existing Check of this name instead of running things twice. */
  check: z.optional(line),
  /** performance: what must be proved. */
  targets: z.optional(z.strictObject({ p95WriteMs: z.optional(positive), deliveredPerS: z.optional(positive) })),
  /** performance: how the load looks. */
  load: z.optional(
    z.strictObject({
      /** A k6 script of your own; without it the gateway of Agent Hive is driven. */
      script: z.optional(line),
      /** Drive a service that already runs; without it the gate starts the gateway. */
      url: z.optional(line),
      agents: z.optional(z.int().check(z.positive())),
      ratePerS: z.optional(positive),
      warmup: z.optional(duration),
      duration: z.optional(duration),
    }),
  ),
  /** acceptance: who decides and how. */
  acceptance: z.optional(
    z.strictObject({
      role: z.optional(z.enum(['product', 'strategic', 'admin'])),
      quorum: z.optional(z.int().check(z.positive())),
      expires: z.optional(duration),
      /** `/approve` must quote the commit. */
      requireSha: z.optional(z.boolean()),
      /** A repository of one person: its author may approve, and the Check says "self-approved". */
      allowSelfApproval: z.optional(z.boolean()),
      checklist: z.optional(z.array(line)),
    }),
  ),
})

const sourceSchema = z.union([
  line,
  z.strictObject({ path: line, schema: z.optional(z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,62}$/))) }),
])

/** `table` is `database-stem.table`, or `table` where there is one source only. */
const acceptedTable = { table: line, reason: line }
const acceptanceSchema = z.strictObject({
  orphans: z.optional(
    z.array(
      z.strictObject({
        ...acceptedTable,
        /** The child columns, where a table has several foreign keys: `agent_id`. */
        columns: z.optional(z.array(line)),
        /** Exactly so many; one more and the gate fails. */
        count: z.optional(z.int().check(z.nonnegative())),
        atMost: z.optional(z.int().check(z.nonnegative())),
      }),
    ),
  ),
  quarantined: z.optional(
    z.array(
      z.strictObject({
        ...acceptedTable,
        count: z.optional(z.int().check(z.nonnegative())),
        atMost: z.optional(z.int().check(z.nonnegative())),
      }),
    ),
  ),
  notCarried: z.optional(z.array(z.strictObject({ object: line, reason: line }))),
})

const columnDecision = z.union([
  z.enum(['null', 'quarantine', 'text']),
  z.strictObject({ type: line, conversion: z.optional(line) }),
])

const migrationSchema = z.strictObject({
  /** Globs or `{path, schema}`; relative to `hive.yml`. */
  sources: z.array(sourceSchema),
  decisions: z.optional(
    z.strictObject({
      /** `table.column` or `stem.table.column` → what to do with values that the column's type does not hold. */
      columns: z.optional(z.record(z.string(), columnDecision)),
      /** `table.column` of the child → what to do with orphans. */
      foreignKeys: z.optional(z.record(z.string(), z.enum(['keep', 'null', 'quarantine']))),
      tables: z.optional(z.record(z.string(), z.enum(['copy', 'skip', 'schema-only']))),
      /** Time zone of naive timestamps: an IANA name. */
      timeZone: z.optional(line),
      names: z.optional(z.enum(['exact', 'fold'])),
    }),
  ),
  accept: z.optional(acceptanceSchema),
})

const riskSchema = z.strictObject({
  id,
  title: line,
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  owner: z.optional(id),
  mitigation: z.optional(line),
})

const roleMembers = z.optional(z.array(account))

export const configSchema = z.strictObject({
  version: z.literal(1),
  project: line,
  roles: z.optional(z.strictObject({ product: roleMembers, strategic: roleMembers, admin: roleMembers })),
  agents: z.optional(z.record(id, agentSchema)),
  plan: z.optional(planSchema),
  gates: z.record(id, gateSchema),
  publish: z.optional(
    z.strictObject({
      checks: z.optional(z.enum(['each', 'one'])),
      comment: z.optional(z.enum(['always', 'failure', 'never'])),
    }),
  ),
  migration: z.optional(migrationSchema),
  sync: z.optional(z.strictObject({ times: z.optional(z.array(time)), zone: z.optional(line) })),
  risks: z.optional(z.array(riskSchema)),
  success: z.optional(z.array(z.strictObject({ id, text: line, gate: z.optional(id) }))),
  environments: z.optional(z.record(id, z.strictObject({ url: z.optional(line), branch: z.optional(line) }))),
  flags: z.optional(z.strictObject({ file: line })),
})

export type ConfigInput = z.infer<typeof configSchema>
