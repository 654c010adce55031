import { fault } from '../core/index.ts'

export interface CsvReader {
  readonly write: (chunk: string) => void
  /** Call at the end of the stream: what is left over is a truncated record. */
  readonly end: () => void
  /** Lines read so far, the header included. */
  readonly lines: () => number
}

interface CsvSink {
  readonly onHeader: (names: readonly string[]) => void
  /** Asked before a record is taken apart: most points of k6 are of metrics that nobody needs. */
  readonly wants: (record: string) => boolean
  readonly onRecord: (fields: readonly string[], line: number) => void
}

/** Longer than any record of k6; a stream without line ends must not fill the memory. */
const maxRecordChars = 64 * 1024
const newline = '\n'

/**
 * Reads CSV (RFC 4180: quoted fields may hold commas, doubled quotes and line ends) as it arrives, one record in
 * memory at a time. Throws HIVE_LOAD_STREAM for a record that is too long, badly quoted, of the wrong width or cut.
 */
export function createCsvReader(sink: CsvSink): CsvReader {
  let rest = ''
  let line = 0
  let width = 0

  const take = (record: string): void => {
    const text = record.endsWith('\r') ? record.slice(0, -1) : record
    if (width === 0) {
      const names = splitRecord(text, line)
      width = names.length
      sink.onHeader(names)
    } else if (text !== '' && sink.wants(text)) {
      const fields = splitRecord(text, line)
      if (fields.length !== width) {
        throw fault('HIVE_LOAD_STREAM', { line, problem: `${fields.length} fields, wanted ${width}` })
      }
      sink.onRecord(fields, line)
    }
  }

  return {
    write: (chunk) => {
      const text = rest === '' ? chunk : rest + chunk
      let start = 0
      let end = text.indexOf(newline)
      // Looked up once and carried along: searching the rest of a chunk for quotes at every line costs more than
      // all else here.
      let quote = text.indexOf('"')
      while (end >= 0) {
        if (quote >= 0 && quote < end) {
          end = quotedRecordEnd(text, { quote, end })
          if (end < 0) break
          quote = text.indexOf('"', end)
        }
        line += 1
        take(text.slice(start, end))
        start = end + 1
        end = text.indexOf(newline, start)
      }
      rest = text.slice(start)
      if (rest.length > maxRecordChars) {
        throw fault('HIVE_LOAD_STREAM', {
          line: line + 1,
          problem: `longer than ${maxRecordChars.toLocaleString('en-US')} characters`,
        })
      }
    },
    end: () => {
      if (rest !== '') throw fault('HIVE_LOAD_STREAM', { line: line + 1, problem: 'it is cut off' })
    },
    lines: () => line,
  }
}

/** Index of the first line end before which the quotes pair up, from the first quote on; -1 while it is not there. */
function quotedRecordEnd(text: string, from: { readonly quote: number; readonly end: number }): number {
  let { quote, end } = from
  let quotes = 0
  while (end >= 0) {
    while (quote >= 0 && quote < end) {
      quotes += 1
      quote = text.indexOf('"', quote + 1)
    }
    if (quotes % 2 === 0) return end
    end = text.indexOf(newline, end + 1)
  }
  return -1
}

function splitRecord(record: string, line: number): string[] {
  if (!record.includes('"')) return record.split(',')
  const fields: string[] = []
  let position = 0
  while (position <= record.length) {
    if (record[position] !== '"') {
      const comma = record.indexOf(',', position)
      const end = comma < 0 ? record.length : comma
      fields.push(record.slice(position, end))
      position = end + 1
      continue
    }
    let close = record.indexOf('"', position + 1)
    while (close >= 0 && record[close + 1] === '"') close = record.indexOf('"', close + 2)
    if (close < 0 || (close + 1 < record.length && record[close + 1] !== ',')) {
      throw fault('HIVE_LOAD_STREAM', { line, problem: 'a quoted field does not end before its comma' })
    }
    fields.push(record.slice(position + 1, close).replaceAll('""', '"'))
    position = close + 2
  }
  return fields
}
