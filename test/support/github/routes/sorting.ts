/** Sorts by time and then by id, as GitHub's lists do; `desc` puts the newest first. */
export function byDirection<T>(
  items: readonly T[],
  time: (item: T) => string,
  { id, direction }: { id: (item: T) => number; direction: string },
): T[] {
  const sign = direction === 'asc' ? 1 : -1
  return [...items].sort((a, b) => sign * (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : id(a) - id(b)))
}
