/** What can go wrong between a client and GitHub. */
export type FaultEffect =
  /** An answer of GitHub's: 401, 403, 404, 409, 422, 5xx … */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** `secondary`: 429 with retry-after; `primary`: 403 with no requests remaining until the reset. */
  | { readonly kind: 'rate-limit'; readonly limit: 'primary' | 'secondary'; readonly retryAfterS: number }
  /** No answer until the stand-in is closed. */
  | { readonly kind: 'hang' }
  /** The connection is reset. */
  | { readonly kind: 'reset' }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'truncate' }
  /** The answer comes late. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A list from before its newest items: a replica that lags. */
  | { readonly kind: 'stale'; readonly items: number }
  /** A page without its last items, though the Link header and the total count are right. */
  | { readonly kind: 'short-page'; readonly items: number }
  /** Test code that runs before the request is handled: the other side of a race. */
  | { readonly kind: 'meanwhile'; readonly run: () => void | Promise<void> }

export type Fault = FaultEffect & {
  /** The key of an operation (`PATCH /repos/{owner}/{repo}/issues/{issue_number}`, `POST /graphql`), or a pattern of `METHOD /path?query`. */
  readonly on: string | RegExp
  /** The first matching request that is hit, counted from 1 from the injection on. */
  readonly nth?: number
  /** How many requests in a row are hit; 1 where it is not said, `Infinity` for all. */
  readonly times?: number
  /** The request is carried out first, and only its answer is lost. */
  readonly applied?: boolean
}

export interface InjectedFault {
  /** How many requests it has hit so far. */
  readonly hits: () => number
  readonly remove: () => void
}

interface Armed {
  readonly fault: Fault
  seen: number
  hits: number
}

export interface Faults {
  readonly inject: (fault: Fault) => InjectedFault
  /** The faults that hit this request, in the order of injection. */
  readonly hitting: (operation: string, line: string) => Fault[]
}

export function createFaults(): Faults {
  const armed = new Set<Armed>()
  return {
    inject: (fault) => {
      const entry: Armed = { fault, seen: 0, hits: 0 }
      armed.add(entry)
      return { hits: () => entry.hits, remove: () => void armed.delete(entry) }
    },
    hitting: (operation, line) => {
      const found: Fault[] = []
      for (const entry of armed) {
        const { on, nth = 1, times = 1 } = entry.fault
        if (typeof on === 'string' ? on !== operation : !on.test(line)) continue
        entry.seen += 1
        if (entry.seen < nth || entry.hits >= times) continue
        entry.hits += 1
        found.push(entry.fault)
      }
      return found
    },
  }
}
