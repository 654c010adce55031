import * as z from 'zod/mini'
import { limits } from './limits.ts'
import { messageTypes } from './message-types.ts'

/**
 * The envelope: a CloudEvents 1.0 event in structured JSON with the extensions of the hive.
 * `source` and `id` together name a message for ever. Unknown extension attributes are carried as they are.
 */

const line = z.string().check(z.minLength(1), z.maxLength(limits.attributeLength))

/** Also the last part of the inbox key, so no colon, space or brace. */
export const agentId = z.string().check(z.regex(/^[a-z][a-z0-9_-]{0,49}$/))

/** Every agent of the team but the sender. */
export const everyone = '*'

const scalar = z.union([z.string().check(z.maxLength(limits.attributeLength)), z.boolean(), z.int()])

export const eventSchema = z.catchall(
  z.object({
    specversion: z.literal('1.0'),
    /** Chosen by the sender; printable, without spaces. */
    id: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/)),
    /** The agent that speaks. */
    source: agentId,
    type: z.enum(messageTypes),
    /** An agent, or `*`. */
    recipient: z.union([z.literal(everyone), agentId]),
    time: z.optional(z.iso.datetime({ offset: true })),
    subject: z.optional(line),
    datacontenttype: z.optional(z.literal('application/json')),
    dataschema: z.optional(line),
    /** What conversation this belongs to, and which message it answers. */
    correlationid: z.optional(line),
    causationid: z.optional(line),
    expirytime: z.optional(z.iso.datetime({ offset: true })),
    /** Not delivered before. */
    notbefore: z.optional(z.iso.datetime({ offset: true })),
    /** Replaces what waits of the same source under the same key. */
    supersedekey: z.optional(line),
    priority: z.optional(z.int().check(z.gte(0), z.lte(9))),
    traceparent: z.optional(z.string().check(z.regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/))),
    tracestate: z.optional(line),
    /** Any JSON; `findUnsafeJson` has walked it before. */
    data: z.optional(z.unknown()),
  }),
  scalar,
)

export type HiveEvent = z.infer<typeof eventSchema>
