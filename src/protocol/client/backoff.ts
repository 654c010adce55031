/** How long a failed message waits before its next try. */
export interface Backoff {
  /** After the first failure; doubles with every further one. */
  readonly firstMs: number
  readonly mostMs: number
}

export const defaultBackoff: Backoff = { firstMs: 1_000, mostMs: 60_000 }

/** The pause after failed try number `attempt`, which begins at 1. */
export function pauseAfter(attempt: number, { firstMs, mostMs }: Backoff): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(30, attempt - 1))
}
