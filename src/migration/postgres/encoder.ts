import type { Converted, TargetType } from '../conversions.ts'

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
/** A chunk of 256 kB and the row that went over it: a buffer that must grow copies all that it holds. */
const firstBytes = 320 * 1024
/** PostgreSQL counts from 2000-01-01. */
const epochMicros = 946_684_800_000_000n
const epochDays = 10_957

/** Builds the binary COPY stream: a growing buffer with a place to go back to, so that a refused row leaves no trace. */
export class CopyEncoder {
  #buffer = Buffer.allocUnsafe(firstBytes)
  #length = 0

  get length(): number {
    return this.#length
  }

  header(): void {
    this.#room(signature.length)
    signature.copy(this.#buffer, this.#length)
    this.#length += signature.length
  }

  trailer(): void {
    this.#int16(-1)
  }

  /** Starts a row and returns its place for {@link rewind}. */
  row(fields: number): number {
    const start = this.#length
    this.#int16(fields)
    return start
  }

  rewind(start: number): void {
    this.#length = start
  }

  /** A buffer with room for so many bytes after {@link length}, to be written there and then {@link advance}d over. */
  reserve(bytes: number): Buffer {
    this.#room(bytes)
    return this.#buffer
  }

  advance(length: number): void {
    this.#length = length
  }

  /** The bytes so far, which are handed over: the encoder goes on with a buffer of its own. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length)
    this.#buffer = Buffer.allocUnsafe(firstBytes)
    this.#length = 0
    return taken
  }

  null(): void {
    this.#int32(-1)
  }

  field(type: TargetType, value: Converted): void {
    switch (type) {
      case 'bigint':
        return this.#fixed64(value as bigint)
      case 'timestamp':
      case 'timestamptz':
        return this.#fixed64((value as bigint) - epochMicros)
      case 'time':
        return this.#fixed64(value as bigint)
      case 'integer':
        this.#int32(4)
        return this.#int32(Number(value))
      case 'date':
        this.#int32(4)
        return this.#int32((value as number) - epochDays)
      case 'smallint':
        this.#int32(2)
        return this.#int16(Number(value))
      case 'double precision':
        this.#int32(8)
        this.#room(8)
        this.#buffer.writeDoubleBE(value as number, this.#length)
        this.#length += 8
        return
      case 'boolean':
        this.#int32(1)
        this.#room(1)
        this.#buffer[this.#length] = value === true ? 1 : 0
        this.#length += 1
        return
      case 'numeric':
        return this.#numeric(value as string)
      case 'text':
      case 'json':
      case 'bytea':
      case 'uuid':
        return typeof value === 'string' ? this.#text(value) : this.#bytes(value as Uint8Array)
    }
  }

  #text(value: string): void {
    this.#room(4 + value.length * 3)
    const written = this.#buffer.write(value, this.#length + 4, 'utf8')
    this.#buffer.writeInt32BE(written, this.#length)
    this.#length += 4 + written
  }

  #bytes(value: Uint8Array): void {
    this.#int32(value.length)
    this.#room(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  /** Groups of four decimal digits around the point, most significant first. */
  #numeric(decimal: string): void {
    const negative = decimal.startsWith('-')
    const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
    const left = whole.replace(/^0+/, '')
    const padded = left.padStart(Math.ceil(left.length / 4) * 4, '0')
    const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0')
    const digits = ((padded + right).match(/.{4}/g) ?? []).map(Number)
    let weight = padded.length / 4 - 1
    while (digits[0] === 0) {
      digits.shift()
      weight -= 1
    }
    while (digits.at(-1) === 0) digits.pop()
    this.#int32(8 + digits.length * 2)
    this.#int16(digits.length)
    this.#int16(digits.length === 0 ? 0 : weight)
    this.#int16(negative && digits.length > 0 ? 0x4000 : 0)
    this.#int16(fraction.length)
    for (const digit of digits) this.#int16(digit)
  }

  #fixed64(value: bigint): void {
    this.#int32(8)
    this.#room(8)
    this.#buffer.writeBigInt64BE(value, this.#length)
    this.#length += 8
  }

  #int32(value: number): void {
    this.#room(4)
    this.#buffer.writeInt32BE(value, this.#length)
    this.#length += 4
  }

  #int16(value: number): void {
    this.#room(2)
    this.#buffer.writeInt16BE(value, this.#length)
    this.#length += 2
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes))
    this.#buffer.copy(grown, 0, 0, this.#length)
    this.#buffer = grown
  }
}
