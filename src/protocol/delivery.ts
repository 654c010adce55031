/**
 * The life of one message in one inbox.
 *
 *     waiting ──deliver──▶ delivered ──settle──▶ settled
 *                          │  ▲   └────reject──▶ dead
 *                          └──┘ reclaim after claimIdle (deliveries + 1), or dead after the last try
 *
 * A message that is delayed, or whose try failed and that waits for another, stands outside of the inbox until it is due;
 * it then waits here as a new entry that carries its number of tries.
 *
 * A fence is (consumer, deliveries): a consumer name is unique to one start of one process, and every reclaim counts
 * up, so that a fence is never valid twice, not even when the same process takes a message, loses it and takes it
 * again. Reading one's own pending entries after a reconnect changes nothing.
 */
export interface Fence {
  readonly consumer: string
  readonly deliveries: number
}

export type DeliveryState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'delivered'; readonly fence: Fence; readonly sinceMs: number }
  | { readonly kind: 'settled' }
  | { readonly kind: 'dead'; readonly reason: 'rejected' | 'exhausted'; readonly deliveries: number }

export type DeliveryEvent =
  | { readonly kind: 'deliver'; readonly consumer: string; readonly atMs: number }
  | { readonly kind: 'settle' | 'reject'; readonly fence: Fence }
  | { readonly kind: 'reclaim'; readonly consumer: string; readonly atMs: number }

export interface DeliveryPolicy {
  readonly claimIdleMs: number
  readonly maxDeliveries: number
}

/** The state after an event. What a stale or early event wants is refused: the same state comes back. */
export function nextDelivery(state: DeliveryState, event: DeliveryEvent, policy: DeliveryPolicy): DeliveryState {
  if (state.kind === 'waiting') {
    return event.kind === 'deliver'
      ? { kind: 'delivered', fence: { consumer: event.consumer, deliveries: 1 }, sinceMs: event.atMs }
      : state
  }
  if (state.kind !== 'delivered') return state
  switch (event.kind) {
    case 'deliver':
      return state
    case 'settle':
      return holds(state.fence, event.fence) ? { kind: 'settled' } : state
    case 'reject':
      return holds(state.fence, event.fence)
        ? { kind: 'dead', reason: 'rejected', deliveries: state.fence.deliveries }
        : state
    case 'reclaim':
      return reclaim(state, event, policy)
  }
}

function reclaim(
  state: DeliveryState & { kind: 'delivered' },
  event: DeliveryEvent & { kind: 'reclaim' },
  policy: DeliveryPolicy,
): DeliveryState {
  if (event.atMs - state.sinceMs < policy.claimIdleMs) return state
  const { deliveries } = state.fence
  if (deliveries >= policy.maxDeliveries) return { kind: 'dead', reason: 'exhausted', deliveries }
  return { kind: 'delivered', fence: { consumer: event.consumer, deliveries: deliveries + 1 }, sinceMs: event.atMs }
}

function holds(current: Fence, given: Fence): boolean {
  return current.consumer === given.consumer && current.deliveries === given.deliveries
}
