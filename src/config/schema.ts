import * as z from 'zod/mini'

/**
 * `hive.yml` as people write it. No `refine`: everything here must be expressible in the generated JSON Schema,
 * which editors use. What concerns more than one field is checked in `rules.ts`.
 */

// The message of a check says what is wanted; `schema-issues.ts` puts it after what was found.
const id = z
  .string()
  .check(
    z.regex(/^[a-z][a-z0-9_-]{0,49}$/, 'an id of at most 50 characters of a-z, 0-9, _ and -, beginning with a letter'),
  )
/** Text on one line with something in it: a reason of blanks is no reason. */
const line = z.string().check(z.regex(/^[^\r\n]*\S[^\r\n]*$/, 'one line of text'), z.maxLength(500))
/** `login#id`: GitHub logins change hands, numeric ids do not. */
const account = z
  .string()
  .check(
    z.regex(/^[A-Za-z0-9-]{1,39}(\[bot\])?#[1-9][0-9]{0,11}$/, 'a GitHub account as login#id, such as octocat#583231'),
  )
/** `90m`, `6h`, `2d`, `30s`. */
const duration = z.string().check(z.regex(/^[0-9]{1,4}(ms|s|m|h|d)$/, 'a duration such as 500ms, 30s, 90m, 6h or 2d'))
const time = z.string().check(z.regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time of day such as 09:00'))
const date = z.iso.date('a date such as 2026-12-01')
const positive = z.number().check(z.positive())

const agentSchema = z.strictObject({
  role: line,
  focus: z.exactOptional(line),
  /** The GitHub accounts that act for this agent. */
  accounts: z.exactOptional(z.array(account)),
  /** The person who runs this agent: may not approve what it wrote. */
  operator: z.exactOptional(account),
  /** Tasks that it can work on at the same time. */
  capacity: z.exactOptional(z.int().check(z.positive())),
})

const taskSchema = z.strictObject({
  id,
  name: line,
  agent: id,
  needs: z.exactOptional(z.array(id)),
  estimate: duration,
  deliverables: z.exactOptional(z.array(line)),
  /** Gates that must have passed before the task counts as done. */
  gates: z.exactOptional(z.array(id)),
})

const phaseSchema = z.strictObject({ id, name: line, goal: z.exactOptional(line), tasks: z.array(taskSchema) })

const planSchema = z.strictObject({
  start: z.exactOptional(date),
  /** Working hours a day, for dates and the critical path. */
  hoursPerDay: z.exactOptional(positive),
  phases: z.array(phaseSchema),
})

/** A command of the shell; may have several lines. */
const script = z.string().check(z.regex(/\S/, 'a command'), z.maxLength(4_000))

const commandSchema = z.strictObject({
  name: z.exactOptional(line),
  /** Run by `sh -c` in the folder of `hive.yml`. */
  run: script,
  /** Glob of the JUnit XML files that the command writes. */
  junit: z.exactOptional(line),
  timeout: z.exactOptional(duration),
})

const gateSchema = z.strictObject({
  required: z.exactOptional(z.boolean()),
  /** Turns the gate off, with the reason that is shown in its place. */
  skip: z.exactOptional(z.strictObject({ reason: line })),
  when: z.exactOptional(z.enum(['push', 'ready', 'merge-queue', 'nightly'])),
  /** Only changes under these globs make the gate necessary. */
  paths: z.exactOptional(z.array(line)),
  /** code-quality, integration and gates of your own: what to run. */
  commands: z.exactOptional(z.array(commandSchema)),
  /** Reads an existing Check of this name instead of running things twice. */
  check: z.exactOptional(line),
  /** performance: what must be proved. */
  targets: z.exactOptional(
    z.strictObject({ p95WriteMs: z.exactOptional(positive), deliveredPerS: z.exactOptional(positive) }),
  ),
  /** performance: how the load looks. */
  load: z.exactOptional(
    z.strictObject({
      /** A k6 script of your own; without it the gateway of Agent Hive is driven. */
      script: z.exactOptional(line),
      /** Drive a service that already runs; without it the gate starts the gateway. */
      url: z.exactOptional(line),
      agents: z.exactOptional(z.int().check(z.positive())),
      ratePerS: z.exactOptional(positive),
      warmup: z.exactOptional(duration),
      duration: z.exactOptional(duration),
    }),
  ),
  /** acceptance: who decides and how. */
  acceptance: z.exactOptional(
    z.strictObject({
      role: z.exactOptional(z.enum(['product', 'strategic', 'admin'])),
      quorum: z.exactOptional(z.int().check(z.positive())),
      expires: z.exactOptional(duration),
      /** `/approve` must quote the commit. */
      requireSha: z.exactOptional(z.boolean()),
      /** A repository of one person: its author may approve, and the Check says "self-approved". */
      allowSelfApproval: z.exactOptional(z.boolean()),
      checklist: z.exactOptional(z.array(line)),
    }),
  ),
})

const sourceSchema = z.union([
  line,
  // Either `path` or `profile`; proof and signer belong to a profile. `rules-migration.ts` sees to it.
  z.strictObject({
    path: z.exactOptional(line),
    /** A profile in place of data that must not be here, written by `hive db inspect --profile`. */
    profile: z.exactOptional(line),
    /** What `hive db verify --proof` left beside the data. */
    proof: z.exactOptional(line),
    /** The key whose proofs count. */
    signer: z.exactOptional(
      z.string().check(z.regex(/^ed25519:[A-Za-z0-9_-]{43}$/, 'a key such as ed25519:… with 43 characters')),
    ),
    schema: z.exactOptional(
      z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,62}$/, 'a PostgreSQL name of a-z, 0-9 and _')),
    ),
  }),
])

/** `table` is `database-stem.table`, or `table` where there is one source only. */
const acceptedTable = { table: line, reason: line }
const acceptanceSchema = z.strictObject({
  orphans: z.exactOptional(
    z.array(
      z.strictObject({
        ...acceptedTable,
        /** The child columns, where a table has several foreign keys: `agent_id`. */
        columns: z.exactOptional(z.array(line)),
        /** Exactly so many; one more and the gate fails. */
        count: z.exactOptional(z.int().check(z.nonnegative())),
        atMost: z.exactOptional(z.int().check(z.nonnegative())),
      }),
    ),
  ),
  quarantined: z.exactOptional(
    z.array(
      z.strictObject({
        ...acceptedTable,
        count: z.exactOptional(z.int().check(z.nonnegative())),
        atMost: z.exactOptional(z.int().check(z.nonnegative())),
      }),
    ),
  ),
  notCarried: z.exactOptional(z.array(z.strictObject({ object: line, reason: line }))),
})

const columnDecision = z.union([
  z.enum(['null', 'quarantine', 'text']),
  z.strictObject({ type: line, conversion: z.exactOptional(line) }),
])

const migrationSchema = z.strictObject({
  /** Globs, `{path, schema}` or `{profile, proof, signer, schema}`; relative to `hive.yml`. */
  sources: z.array(sourceSchema),
  decisions: z.exactOptional(
    z.strictObject({
      /** `table.column` or `stem.table.column` → what to do with values that the column's type does not hold. */
      columns: z.exactOptional(z.record(z.string(), columnDecision)),
      /** `table.column` of the child → what to do with orphans. */
      foreignKeys: z.exactOptional(z.record(z.string(), z.enum(['keep', 'null', 'quarantine']))),
      tables: z.exactOptional(z.record(z.string(), z.enum(['copy', 'skip', 'schema-only']))),
      /** Time zone of naive timestamps: an IANA name. */
      timeZone: z.exactOptional(line),
      names: z.exactOptional(z.enum(['exact', 'fold'])),
    }),
  ),
  accept: z.exactOptional(acceptanceSchema),
})

const riskSchema = z.strictObject({
  id,
  title: line,
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  owner: z.exactOptional(id),
  mitigation: z.exactOptional(line),
})

const roleMembers = z.exactOptional(z.array(account))

export const configSchema = z.strictObject({
  version: z.literal(1),
  project: line,
  roles: z.exactOptional(z.strictObject({ product: roleMembers, strategic: roleMembers, admin: roleMembers })),
  agents: z.exactOptional(z.record(id, agentSchema)),
  plan: z.exactOptional(planSchema),
  gates: z.record(id, gateSchema),
  publish: z.exactOptional(
    z.strictObject({
      checks: z.exactOptional(z.enum(['each', 'one'])),
      comment: z.exactOptional(z.enum(['always', 'failure', 'never'])),
    }),
  ),
  migration: z.exactOptional(migrationSchema),
  sync: z.exactOptional(z.strictObject({ times: z.exactOptional(z.array(time)), zone: z.exactOptional(line) })),
  risks: z.exactOptional(z.array(riskSchema)),
  success: z.exactOptional(z.array(z.strictObject({ id, text: line, gate: z.exactOptional(id) }))),
  environments: z.exactOptional(
    z.record(id, z.strictObject({ url: z.exactOptional(line), branch: z.exactOptional(line) })),
  ),
  flags: z.exactOptional(z.strictObject({ file: line })),
})

export type ConfigInput = z.infer<typeof configSchema>
