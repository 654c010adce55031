import type { Fault } from './faults.ts'
import type { Reply } from './route.ts'

interface Page {
  readonly body: unknown
  /** The Link header, where there is more than one page. */
  readonly link?: string
}

function idOf(item: unknown): number {
  const id = (item as { id?: unknown } | null)?.id
  return typeof id === 'number' ? id : 0
}

/** A lagging replica does not know the items with the highest ids yet. */
function withoutNewest(items: readonly unknown[], count: number): unknown[] {
  const newest = new Set([...items].sort((a, b) => idOf(b) - idOf(a)).slice(0, count))
  return items.filter((item) => !newest.has(item))
}

/** Cuts a list to the page that was asked for: 30 items, 100 at most whatever is asked. */
export function pageOf(reply: Extract<Reply, { kind: 'list' }>, url: URL, faults: readonly Fault[]): Page {
  const stale = faults.find((fault) => fault.kind === 'stale')
  const short = faults.find((fault) => fault.kind === 'short-page')
  const items = stale === undefined ? reply.items : withoutNewest(reply.items, stale.items)
  const asked = (name: string, usual: number): number => {
    const value = Number(url.searchParams.get(name) ?? usual)
    return Number.isInteger(value) && value > 0 ? value : usual
  }
  const size = Math.min(asked('per_page', 30), 100)
  const number = asked('page', 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const cut = items.slice((number - 1) * size, number * size)
  const shown = short === undefined ? cut : cut.slice(0, Math.max(0, cut.length - short.items))
  const link = (page: number, rel: string): string => {
    const target = new URL(url)
    target.searchParams.set('page', String(page))
    return `<${target.href}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ]
  const body =
    reply.wrapper === undefined ? shown : { total_count: items.length, ...reply.extra, [reply.wrapper]: shown }
  return { body, ...(links.length > 0 && { link: links.join(', ') }) }
}
