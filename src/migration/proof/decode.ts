import { carrierOf } from '../target-type.ts'
import { wallMicros } from '../zone.ts'
import type { ProvedColumn } from './expected.ts'
import { jsonMeaning } from './json-meaning.ts'
import type { Meaning } from './meaning.ts'
import { normalDecimal } from './normal-decimal.ts'

/** Reads one field of PostgreSQL's binary format. */
export type Decode = (bytes: Buffer, start: number, end: number) => Meaning

const postgresEpochMicros = 946_684_800_000_000n

/** The decoder of a column, into the same form as `expectationOf`. */
export function decoderOf(column: ProvedColumn): Decode {
  if (column.conversion === 'julian-day') {
    return (bytes, start) => Number(unixMicros(bytes, start) + 210_866_760_000_000_000n) / 86_400_000_000
  }
  if (column.conversion === 'core-data') {
    return (bytes, start) => Number(unixMicros(bytes, start) - 978_307_200_000_000n) / 1_000_000
  }
  const { timeZone } = column
  switch (carrierOf(column)) {
    case 'smallint':
      return (bytes, start) => BigInt(bytes.readInt16BE(start))
    case 'integer':
      return (bytes, start) => BigInt(bytes.readInt32BE(start))
    case 'bigint':
    case 'time':
      return (bytes, start) => bytes.readBigInt64BE(start)
    case 'timestamp':
    case 'timestamptz': {
      if (timeZone === undefined || carrierOf(column) === 'timestamp') return unixMicros
      return (bytes, start) => wallMicros(unixMicros(bytes, start), timeZone)
    }
    case 'date':
      return (bytes, start) => BigInt(bytes.readInt32BE(start)) + 10_957n
    case 'real':
      return (bytes, start) => bytes.readFloatBE(start)
    case 'double precision':
      return (bytes, start) => bytes.readDoubleBE(start)
    case 'boolean':
      return (bytes, start) => bytes[start] === 1
    case 'numeric':
      return (bytes, start) => normalDecimal(numericText(bytes, start))
    case 'uuid':
      return (bytes, start, end) => bytes.toString('hex', start, end)
    case 'text':
    case 'json':
      return (bytes, start, end) => bytes.toString('utf8', start, end)
    case 'jsonb':
      return (bytes, start, end) => {
        const text = bytes.toString('utf8', start, end)
        return jsonMeaning(text) ?? text
      }
    default:
      // A copy, because the bytes of the stream are used again.
      return (bytes, start, end) => Buffer.from(bytes.subarray(start, end))
  }
}

function unixMicros(bytes: Buffer, start: number): bigint {
  return bytes.readBigInt64BE(start) + postgresEpochMicros
}

/** Sum of digit × 10000^(weight − index), written as one integer with an exponent. */
function numericText(bytes: Buffer, start: number): string {
  const count = bytes.readInt16BE(start)
  const weight = bytes.readInt16BE(start + 2)
  const sign = bytes.readUInt16BE(start + 4)
  if (sign === 0xc000) return 'NaN'
  if (sign === 0xd000) return 'Infinity'
  if (sign === 0xf000) return '-Infinity'
  let number = ''
  for (let index = 0; index < count; index += 1) {
    number += String(10_000 + bytes.readUInt16BE(start + 8 + index * 2)).slice(1)
  }
  if (number === '') return '0'
  return `${sign === 0x4000 ? '-' : ''}${number}e${(weight - count + 1) * 4}`
}
