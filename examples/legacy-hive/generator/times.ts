import type { Random } from './random.ts'

/**
 * The legacy hive wrote time in every way that Python and SQLite offer. The author sat at UTC+3, so that naive local
 * times lie three hours ahead of the `CURRENT_TIMESTAMP` of the same row.
 */

const firstMs = Date.UTC(2025, 5, 16)
const spanMs = 33 * 86_400_000
const localOffsetMs = 3 * 3_600_000

/** A moment in milliseconds; later rows tend to lie later. */
export function momentMs(random: Random, index: number, count: number): number {
  const progress = (index + random.fraction()) / Math.max(count, 1)
  return firstMs + Math.floor(progress * spanMs)
}

/** `datetime.now().isoformat()`: local, naive, microseconds that are left out where they are zero. */
export function pythonLocal(ms: number, random: Random): string {
  return isoPython(ms + localOffsetMs, random)
}

/** `datetime.utcnow().isoformat()` */
export function pythonUtc(ms: number, random: Random): string {
  return isoPython(ms, random)
}

/** `str(datetime.now())`: the same with a space. */
export function pythonLocalSpaced(ms: number, random: Random): string {
  return isoPython(ms + localOffsetMs, random).replace('T', ' ')
}

/** `CURRENT_TIMESTAMP` of SQLite: UTC, whole seconds. */
export function sqliteUtc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

/** `time.time()`: seconds as a float. */
export function epochSeconds(ms: number, random: Random): number {
  return ms / 1_000 + random.int(0, 999) / 1_000_000
}

export function dateOnly(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function isoPython(ms: number, random: Random): string {
  const seconds = new Date(ms).toISOString().slice(0, 19)
  const microseconds = random.chance(0.01) ? 0 : random.int(1, 999_999)
  return microseconds === 0 ? seconds : `${seconds}.${String(microseconds).padStart(6, '0')}`
}
