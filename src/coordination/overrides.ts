/** An admin takes the place of a gate, for one commit and with a reason that stays visible. */
export interface Override {
  readonly commentId: number
  readonly gate: string
  readonly login: string
  readonly reason: string
  readonly at: string
  /** The admin is behind the change. */
  readonly self: boolean
}

/** A role holder asked for another attempt; without a gate, of all. */
export interface Retest {
  readonly gate?: string
  readonly at: string
}

/** One published attempt of a gate on a commit. */
export interface Attempt {
  readonly run: number
  readonly attempt: number
  readonly verdict: string
  /** When GitHub started it; absent in records of before. */
  readonly at?: string | undefined
  readonly baseRef?: string | undefined
}

/**
 * The last attempt that did not pass and that nobody with a role asked to repeat before the one that passed: it holds
 * the later green back, because whoever tries often enough gets one.
 *
 * @param attempts oldest first, the last one being that which passed
 */
export function unforgivenAttempt(
  gate: string,
  attempts: readonly Attempt[],
  retests: readonly Retest[],
): Attempt | undefined {
  const last = attempts.at(-1)
  const counted = attempts.slice(0, -1).filter(({ baseRef, verdict }) => {
    const sameBase = baseRef === undefined || last?.baseRef === undefined || baseRef === last.baseRef
    return sameBase && verdict !== 'pass' && verdict !== 'cancelled'
  })
  const red = counted.at(-1)
  if (red === undefined || last === undefined) return undefined
  const asked = retests.some((retest) => {
    if (retest.gate !== undefined && retest.gate !== gate) return false
    const at = Date.parse(retest.at)
    return !(at < Date.parse(red.at ?? '')) && !(at > Date.parse(last.at ?? ''))
  })
  return asked ? undefined : red
}
