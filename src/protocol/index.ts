export * from './bus.ts'
export { createBatchPublisher, type PublishOne } from './client/batch-publisher.ts'
export type { Backoff } from './client/backoff.ts'
export {
  type AgentConnection,
  connect,
  type ConnectOptions,
  type Draft,
  type PublishReceipt,
  type RequestDraft,
} from './client/connect.ts'
export type { RequestOutcome } from './client/request.ts'
export type { Handler, SubscribeOptions, Subscription, Work } from './client/subscription.ts'
export * from './codec.ts'
export * from './delivery.ts'
export * from './delivery-token.ts'
export * from './envelope.ts'
export * from './instructions.ts'
export * from './limits.ts'
export * from './message-types.ts'
export { findUnsafeJson } from './json-safety.ts'
export { teamKeys, type TeamKeys } from './redis/keys.ts'
export { createLibrary, type FunctionLibrary } from './redis/library.ts'
export { connectRedisBus, type RedisBus, type RedisBusOptions } from './redis/redis-bus.ts'
export {
  lintRedis,
  readRedisFacts,
  type RedisDurability,
  type RedisFacts,
  type RedisFinding,
  type RedisLint,
} from './redis/lint.ts'
