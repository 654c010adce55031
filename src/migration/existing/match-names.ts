/** `UserProfile`, `user_profile` and `USERPROFILE` are one name, written by different habits. */
function habitless(name: string): string {
  return name.replaceAll(/[_\s-]/g, '').toLowerCase()
}

/**
 * Pairs names of the source with names of the target: exact ones first, then those that differ by writing habits only
 * (case, underscores), where exactly one is left on each side. Anything else stays unpaired.
 *
 * @returns target names by source name
 */
export function matchNames(source: readonly string[], target: readonly string[]): ReadonlyMap<string, string> {
  const present = new Set(target)
  const pairs = new Map(source.filter((name) => present.has(name)).map((name) => [name, name]))
  const taken = new Set(pairs.values())
  const left = Map.groupBy(
    source.filter((name) => !pairs.has(name)),
    habitless,
  )
  const right = Map.groupBy(
    target.filter((name) => !taken.has(name)),
    habitless,
  )
  for (const [form, names] of left) {
    const candidates = right.get(form) ?? []
    const [from] = names
    const [to] = candidates
    if (names.length === 1 && candidates.length === 1 && from !== undefined && to !== undefined) pairs.set(from, to)
  }
  return pairs
}
