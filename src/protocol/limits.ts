/** Bounds of the protocol. They are part of it: docs/protocol.md states them and the conformance kit uses them. */
export const limits = {
  /** One event as JSON, in bytes. */
  eventBytes: 256 * 1024,
  /** Nested arrays and objects in `data`. */
  depth: 32,
  idLength: 128,
  attributeLength: 256,
  /** Messages of one publish call: Lua unpacks a few thousand values at most, and Redis stands still meanwhile. */
  publishBatch: 1_000,
  /** Recipients of one broadcast. */
  fanOut: 1_000,
  receiveBatch: 500,
  /** Where a receive stops early, so that one reply stays small whatever the messages are. */
  receiveBytes: 1024 * 1024,
} as const

export const defaults = {
  /** A delivery that was not settled for so long is given to whoever asks next. */
  claimIdleMs: 15_000,
  /** Deliveries after which a message goes to the dead letters. */
  maxDeliveries: 5,
  /** A repeated id is recognised for one to two windows. */
  dedupeWindowMs: 300_000,
  maxInboxDepth: 100_000,
  /** How long the answer to a request is kept for the one who asked. */
  answerMs: 3_600_000,
} as const
