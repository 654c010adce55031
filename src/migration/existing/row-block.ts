import type { Converted, TargetType } from '../conversions.ts'
import { CopyEncoder } from '../postgres/encoder.ts'
import type { Carrier } from '../target-type.ts'

const header = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const trailer = Buffer.from([0xff, 0xff])

/** Encoded rows that can be sent in any part, so that a block that the server refuses can be divided. */
export class RowBlock {
  readonly #encoder = new CopyEncoder()
  #starts: number[] = []
  #bytes: Buffer | undefined

  get length(): number {
    return this.#encoder.length
  }

  /** Starts a row; {@link undo} takes it back. */
  row(fields: number): void {
    this.#starts.push(this.#encoder.row(fields))
  }

  undo(): void {
    this.#encoder.rewind(this.#starts.pop() ?? 0)
  }

  field(carrier: Carrier, value: Converted | null): void {
    if (value === null) return this.#encoder.null()
    switch (carrier) {
      case 'real': {
        const bytes = Buffer.alloc(4)
        bytes.writeFloatBE(Number(value))
        return this.#encoder.field('bytea', bytes)
      }
      case 'jsonb':
        // The version of its binary form, then the text.
        return this.#encoder.field('bytea', Buffer.concat([Buffer.from([1]), Buffer.from(String(value))]))
      default:
        return this.#encoder.field(carrier satisfies TargetType, value)
    }
  }

  /** The stream of the rows from `first` to before `end`. */
  part(first: number, end: number): readonly Buffer[] {
    this.#bytes ??= this.#encoder.take()
    return [header, this.#bytes.subarray(this.#starts[first], this.#starts[end] ?? this.#bytes.length), trailer]
  }

  clear(): void {
    this.#starts = []
    this.#bytes = undefined
    this.#encoder.take()
  }
}
