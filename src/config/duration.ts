const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of `500ms`, `30s`, `90m`, `6h` or `2d`; the schema has already refused everything else. */
export function durationMs(text: string): number {
  const [, amount, unit] = /^([0-9]+)(ms|s|m|h|d)$/.exec(text) ?? []
  return Number(amount) * unitMs[unit as keyof typeof unitMs]
}

/**
 * Milliseconds of work. A day of work has `hoursPerDay` hours, so that `2d` of a plan means two working days
 * and not 48 hours.
 */
export function workMs(text: string, hoursPerDay: number): number {
  return text.endsWith('d') ? Number(text.slice(0, -1)) * hoursPerDay * unitMs.h : durationMs(text)
}
