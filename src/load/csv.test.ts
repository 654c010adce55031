import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCsvReader } from './csv.ts'

function read(
  chunks: readonly string[],
  wants: (record: string) => boolean = () => true,
): readonly (readonly string[])[] {
  const records: (readonly string[])[] = []
  const reader = createCsvReader({
    onHeader: (names) => records.push(names),
    wants,
    onRecord: (fields) => records.push(fields),
  })
  for (const chunk of chunks) reader.write(chunk)
  reader.end()
  return records
}

const quote = (field: string): string => (/[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

test('any table comes back as it was written, however the stream is cut into chunks', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é', ' '), maxLength: 6 })
  // A record of one empty field is an empty line, which CSV cannot tell from no record.
  const row = fc.tuple(field, field, field)
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (rows, size) => {
      const text = rows.map((fields) => `${fields.map(quote).join(',')}\n`).join('')
      const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
      expect(read(chunks)).toEqual(rows)
    }),
    { seed: 20261122 },
  )
})

test('a record that nobody wants is not taken apart, and does not hide the next', () => {
  expect(read(['m,v\n', 'vus,"1\n', '2"\n', 'x,3\n'], (record) => record.startsWith('x'))).toEqual([
    ['m', 'v'],
    ['x', '3'],
  ])
})

test.each([
  ['a cut record', ['a,b\n1,2\n3,'], 3, 'it is cut off'],
  ['a record that is too narrow', ['a,b\n1\n'], 2, '1 fields, wanted 2'],
  ['a record that is too wide', ['a,b\n1,2,3\n'], 2, '3 fields, wanted 2'],
  ['text after a closing quote', ['a,b\n"1"x,2\n'], 2, 'a quoted field does not end before its comma'],
  ['a quote that never closes', ['a,b\n"1,2\n', 'x'.repeat(70_000)], 2, 'longer than 65,536 characters'],
  ['a line without an end', ['a,b\n', 'x'.repeat(40_000), 'x'.repeat(40_000)], 2, 'longer than 65,536 characters'],
])('%s is refused with its line', (_name, chunks, line, problem) => {
  expect(() => read(chunks)).toThrowError(
    expect.objectContaining({ code: 'HIVE_LOAD_STREAM', data: { line, problem } }),
  )
})
