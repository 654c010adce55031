import { createHash, hash, type Hash } from 'node:crypto'
import { to } from 'pg-copy-streams'
import type { PlanTable } from '../documents.ts'
import { quoteName } from '../names.ts'
import { carrierOf, readTargetType } from '../target-type.ts'
import { decoderOf, type Decode } from '../proof/decode.ts'
import { matcherOf, type Match } from '../proof/match.ts'
import type { Meaning } from '../proof/meaning.ts'
import type { StoredValue } from '../values.ts'
import type { Client } from './connect.ts'
import { CopyDecoder } from './copy-decoder.ts'

/** Rows that share a digest: few enough to read again where one differs. */
const rowsPerChunk = 100_000

/** SHA-256 of some rows as PostgreSQL sent them. */
export interface ChunkDigest {
  readonly rows: number
  readonly digest: string
}

/** Reads a table back from PostgreSQL, row by row. */
export class TargetRows {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #decoder = new CopyDecoder()
  readonly #decodes: readonly Decode[]
  readonly #matches: readonly Match[]
  /** Used again for every field. */
  readonly #place = { start: 0, end: 0 }
  readonly #digests: ChunkDigest[] = []
  #hash: Hash = createHash('sha256')
  /** Up to where the decoder's bytes are in the hash. */
  #hashed = 0
  #rows = 0

  /** @param orderBy indexes of the key's columns; without them rows come as they lie, with their place as last field */
  constructor(
    client: Client,
    table: { readonly schema: string; readonly plan: PlanTable },
    orderBy?: readonly number[],
  ) {
    const { columns, target } = table.plan
    const fields = columns.map((column) => {
      const traits = readTargetType(column.type, column.labels)
      // Both have a binary form of their own; as text, char(n) comes without its padding.
      const asText = traits?.carrier === 'jsonb' || traits?.blankPadded === true
      return `${quoteName(column.target)}${asText ? '::text' : ''}`
    })
    if (orderBy === undefined) fields.push('ctid::text')
    // Without NULLS FIRST, an index can give the order. The source's keys hold no NULL: one in the target is a surplus
    // wherever it comes.
    const order = (orderBy ?? []).map((index) => {
      const column = columns[index]
      return `${quoteName(column?.target ?? '')}${carrierOf(column ?? { type: '' }) === 'text' ? ' COLLATE "C"' : ''}`
    })
    const from = `${quoteName(table.schema)}.${quoteName(target)}`
    const select = `SELECT ${fields.join(', ')} FROM ${from}${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''}`
    const stream = client.query(to(`COPY (${select}) TO STDOUT (FORMAT binary)`))
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    this.#decodes = columns.map(decoderOf)
    this.#matches = columns.map(matcherOf)
  }

  /** Rows read so far. */
  get rows(): number {
    return this.#rows
  }

  /** Once the stream has ended: the digest of every chunk, in the order of the rows. */
  get chunks(): readonly ChunkDigest[] {
    return this.#digests
  }

  /** SHA-256 over the digests of all chunks, once the stream has ended. */
  digest(): string {
    return hash('sha256', this.#digests.map(({ digest }) => digest).join('\n'), 'hex')
  }

  /** Moves to the next row; a promise only where the bytes of the next rows must be waited for. */
  advance(): boolean | Promise<boolean> {
    return this.#next() || this.#more()
  }

  value(column: number): Meaning {
    const start = this.#decoder.start(column)
    if (start < 0) return null
    const decode = this.#decodes[column]
    return decode === undefined ? null : decode(this.#decoder.bytes, start, this.#decoder.end(column))
  }

  /**
   * True where every field is surely what the plan says of the stored row (rowid, then columns); false asks for a
   * close look.
   */
  equals(row: readonly StoredValue[]): boolean {
    const decoder = this.#decoder
    const place = this.#place
    for (let column = 0; column < this.#matches.length; column += 1) {
      const value = row[column + 1]
      const start = decoder.start(column)
      if (value === null || start < 0) {
        if (value === null && start < 0) continue
        return false
      }
      place.start = start
      place.end = decoder.end(column)
      if (value === undefined || this.#matches[column]?.(value, decoder.bytes, place) !== true) return false
    }
    return true
  }

  values(): readonly Meaning[] {
    return this.#decodes.map((_decode, column) => this.value(column))
  }

  /** Where the row lies, as PostgreSQL's `ctid`. */
  place(): string {
    const field = this.#decodes.length
    return this.#decoder.bytes.toString('utf8', this.#decoder.start(field), this.#decoder.end(field))
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const chunk = await this.#chunks.next()
      if (chunk.done === true) {
        if (!this.#decoder.ended) throw new Error('the COPY stream ended in the middle of a row')
        if (this.#rows % rowsPerChunk > 0) this.#endChunk(this.#rows % rowsPerChunk)
        return false
      }
      this.#hashConsumed()
      this.#decoder.push(chunk.value)
      this.#hashed = 0
      if (this.#next()) return true
    }
  }

  #next(): boolean {
    if (!this.#decoder.next()) return false
    this.#rows += 1
    if (this.#rows % rowsPerChunk === 0) this.#endChunk(rowsPerChunk)
    return true
  }

  #hashConsumed(): void {
    const { bytes, consumed } = this.#decoder
    if (consumed > this.#hashed) this.#hash.update(bytes.subarray(this.#hashed, consumed))
    this.#hashed = consumed
  }

  #endChunk(rows: number): void {
    this.#hashConsumed()
    this.#digests.push({ rows, digest: this.#hash.digest('hex') })
    this.#hash = createHash('sha256')
  }
}
