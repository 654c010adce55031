/** Longer words are no typing slips of a key, and would only cost time. */
const longest = 60

/**
 * The known word that was probably meant, or undefined where none is close: at most two slips, or a third of the
 * word's length, or a beginning of at least three letters. Case, `-` and `_` count for nothing.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > longest) return undefined
  const wanted = plain(word)
  let best: { readonly candidate: string; readonly distance: number } | undefined
  for (const candidate of known) {
    if (wanted.length >= 3 && plain(candidate).startsWith(wanted)) return candidate
    const distance = editDistance(wanted, plain(candidate))
    if (distance <= allowance(wanted) && (best === undefined || distance < best.distance))
      best = { candidate, distance }
  }
  return best?.candidate
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '')
}

function allowance(word: string): number {
  return word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3))
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_unused, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
