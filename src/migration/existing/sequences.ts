import { fault } from '../../core/index.ts'
import { quoteName } from '../names.ts'
import type { Client } from '../postgres/connect.ts'
import type { MadeSequence } from '../postgres/state.ts'
import type { ExistingSource, ExistingTable } from './plan-types.ts'
import type { TargetColumn } from './target-catalogue.ts'

/**
 * Sets every sequence that fills a copied column to the highest id that was ever given out: by the source, by a row, or
 * by the sequence itself.
 *
 * @returns those that a proof can find again
 */
export async function setExistingSequences(
  client: Client,
  sources: readonly ExistingSource[],
): Promise<readonly MadeSequence[]> {
  const made: MadeSequence[] = []
  for (const { document, tables } of sources) {
    for (const table of tables) {
      for (const column of table.target.columns) {
        if (column.sequence === undefined) continue
        const highest = await setSequence(client, { schema: document.schema, table, column, sequence: column.sequence })
        if (column.sequence.schema !== document.schema) continue
        made.push({
          schema: document.schema,
          table: table.target.name,
          column: column.name,
          sequence: column.sequence.name,
          ...(highest === undefined ? {} : { highest: String(highest) }),
        })
      }
    }
  }
  return made
}

async function setSequence(
  client: Client,
  place: {
    readonly schema: string
    readonly table: ExistingTable
    readonly column: TargetColumn
    readonly sequence: NonNullable<TargetColumn['sequence']>
  },
): Promise<bigint | undefined> {
  const { table, column, sequence } = place
  const name = `${quoteName(sequence.schema)}.${quoteName(sequence.name)}`
  const { rows } = await client.query<{ most: string | null; last_value: string; is_called: boolean }>(
    `SELECT last_value, is_called,
            (SELECT max(${quoteName(column.name)}) FROM ${quoteName(place.schema)}.${quoteName(table.target.name)}) AS most
       FROM ${name}`,
  )
  const { document, inventory } = table
  const source = document.columns.find(({ target }) => target === column.name)?.name
  const given =
    source !== undefined && source === inventory.rowidAlias && document.rows !== 'none' ? inventory.sequence : undefined
  const most = rows[0]?.most
  const used = [given, most ?? undefined].flatMap((value) => (value === undefined ? [] : [BigInt(value)]))
  const highest = used.reduce<bigint | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined)
  if (highest === undefined) return undefined
  if (highest > BigInt(sequence.maximum)) {
    throw fault('HIVE_EXISTING_UNFIT', {
      problem: `the sequence ${sequence.name} ends at ${sequence.maximum}, and ${highest} was given out in ${document.name}`,
      more: 0,
    })
  }
  const next = BigInt(rows[0]?.last_value ?? 1) + (rows[0]?.is_called === true ? 1n : 0n)
  if (next <= highest) await client.query('SELECT setval($1::regclass, $2, true)', [name, String(highest)])
  return highest
}
