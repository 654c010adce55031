import { DatabaseSync } from 'node:sqlite'
import { tokenize } from '../create-statement.ts'
import type { Random } from '../profile/random.ts'
import type { ProfileTable } from '../profile/schema.ts'
import type { RepairRows } from '../profile/synthetic-rows.ts'
import { uniqueKeys, type SyntheticTable } from '../profile/synthetic-table.ts'
import { InvalidText, type StoredValue } from '../values.ts'
import { sqliteName } from './open.ts'

type Check = ProfileTable['checks'][number]

/** Tries that a CHECK is worth; where they do not help, its rows stay as they are, and the rehearsal says so. */
const triesAtMost = 20_000

/**
 * Makes rows keep the CHECKs that real rows keep (and one row break those that real rows break), by values that the
 * CHECKs themselves name. SQLite judges, in a table with one row in memory.
 */
export function checkRepairer(): RepairRows {
  return (table, random) => {
    const checks = table.profile.checks.filter(({ violations }) => violations !== undefined)
    if (checks.length === 0 || table.columns.length === 0) return
    const probe = new Probe(table)
    try {
      for (const check of [...checks, ...checks]) repair(table, { check, probe, random })
    } finally {
      probe.close()
    }
  }
}

function repair(
  table: SyntheticTable,
  work: { readonly check: Check; readonly probe: Probe; readonly random: Random },
): void {
  const { check, probe, random } = work
  const breaks = probe.of(check)
  if (breaks === undefined) return
  const isBroken = (check.violations ?? 0) > 0
  const used = new Set(tokenize(check.expression).map(({ text }) => text.toLowerCase()))
  const keys = new Set(uniqueKeys(table).flatMap((key) => (key.length === 1 ? key : [])))
  // A key is changed last, and never into the key of another row.
  const columns = table.columns
    .flatMap((name, index) => (used.has(name.toLowerCase()) ? [index] : []))
    .toSorted((one, other) => Number(keys.has(one)) - Number(keys.has(other)))
  const pool = valuesOf(check)
  let tries = 0
  const change = (row: StoredValue[], wanted: boolean): boolean => {
    for (const column of columns) {
      const old = row[column] ?? null
      const present = table.rows.map((other) => other[column] ?? null)
      const taken = keys.has(column) ? new Set(present) : undefined
      const others = taken === undefined ? present : besides(pool, table.rows.length)
      for (const value of random.shuffle([...pool, ...others])) {
        if (typeof value !== typeof old || (value === null) !== (old === null) || taken?.has(value) === true) continue
        if ((tries += 1) > triesAtMost) return false
        row[column] = value
        if (breaks(row) === wanted) return true
      }
      row[column] = old
    }
    return false
  }
  if (isBroken) {
    if (!table.rows.some(breaks)) table.rows.some((row) => change(row, true))
    return
  }
  const nullable = columns.filter((column) =>
    table.profile.columns.some(({ name, evidence }) => name === table.columns[column] && evidence.nulls > 0),
  )
  for (const row of table.rows) {
    if (!breaks(row) || change(row, false)) continue
    // What is compared with NULL breaks nothing; where real rows hold NULL, one more changes no plan.
    for (const column of nullable) if (breaks(row)) row[column] = null
  }
}

/** For keys: as many numbers beside those of a CHECK as there are rows. */
function besides(pool: readonly StoredValue[], rows: number): readonly StoredValue[] {
  return pool.flatMap((value) =>
    typeof value === 'bigint'
      ? Array.from({ length: rows }, (_, index) => [value + BigInt(index), value - BigInt(index)]).flat()
      : [],
  )
}

/** What a CHECK compares with, and what lies beside it. */
function valuesOf({ expression }: Check): readonly StoredValue[] {
  return tokenize(expression).flatMap((token): readonly StoredValue[] => {
    if (token.kind === 'string') return [token.text, token.text.replaceAll(/[*%?_[\]]/g, ''), '{}']
    if (token.kind !== 'number') return []
    const number = Number(token.text)
    if (!Number.isFinite(number)) return []
    const whole = BigInt(Math.trunc(Math.min(Math.abs(number), 2 ** 53)))
    const sides = [whole, whole + 1n, whole - 1n, whole / 2n, -whole]
    const word = 'g'.repeat(Math.min(Number(whole), 2_000))
    return [...sides, number, number + 0.5, number - 0.5, number / 2, -number, word, `${word}g`, word.slice(1)]
  })
}

/** One row in memory, under the declared types of the table and none of its rules. */
class Probe {
  readonly #database = new DatabaseSync(':memory:', { enableDoubleQuotedStringLiterals: true })
  readonly #insert

  constructor({ profile, columns }: SyntheticTable) {
    const parts = profile.columns.map(
      ({ name, declared, collation, generated }) =>
        `${sqliteName(name)} ${declared}${collation === undefined ? '' : ` COLLATE ${sqliteName(collation)}`}${generated === undefined ? '' : ` AS (${generated.expression}\n)`}`,
    )
    this.#database.prepare(`CREATE TABLE probe (${parts.join(', ')})`).run()
    const marks = columns.map(() => '?').join(', ')
    this.#insert = this.#database.prepare(`INSERT INTO probe (${columns.map(sqliteName).join(', ')}) VALUES (${marks})`)
  }

  /** Whether a row breaks a CHECK; `undefined` where SQLite cannot tell. */
  of({ expression }: Check): ((row: readonly StoredValue[]) => boolean) | undefined {
    try {
      const broken = this.#database.prepare(`SELECT count(*) AS broken FROM probe WHERE NOT (${expression}\n)`)
      return (row) => {
        this.#database.exec('DELETE FROM probe')
        this.#insert.run(...row.map((value) => (value instanceof InvalidText ? value.bytes : value)))
        return broken.get()?.['broken'] !== 0
      }
    } catch {
      return undefined
    }
  }

  close(): void {
    this.#database.close()
  }
}
