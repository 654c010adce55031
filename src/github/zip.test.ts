import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readZipEntry } from './zip.ts'

const limits = { maxEntries: 3, maxBytes: 2_000_000, maxRatio: 100 }

interface Member {
  readonly name: string
  readonly data: Buffer
  readonly method?: number
  readonly claimed?: number
  readonly flags?: number
}

/** A small archive written here, apart from the reader, with room for lies. */
function archive(members: readonly Member[], comment = ''): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, method = 8, claimed, flags = 0 } of members) {
    const packed = method === 8 ? deflateRawSync(data) : data
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(flags, 2)
    header.writeUInt16LE(method, 4)
    header.writeUInt32LE(crc32(data), 10)
    header.writeUInt32LE(packed.length, 14)
    header.writeUInt32LE(claimed ?? data.length, 18)
    header.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), header, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), header, tail, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...locals, central, end, Buffer.from(comment)])
}

const one = (member: Partial<Member> = {}): Buffer =>
  archive([{ name: 'evidence.json', data: Buffer.from('{"a":1}'), ...member }])
const read = (bytes: Uint8Array) => readZipEntry(bytes, 'evidence.json', limits)

test('readZipEntry() reads a deflated and a stored entry, also behind others and before a comment', () => {
  expect(read(one())).toEqual({ kind: 'entry', bytes: Buffer.from('{"a":1}') })
  expect(read(one({ method: 0 }))).toEqual({ kind: 'entry', bytes: Buffer.from('{"a":1}') })
  const members = [
    { name: 'a', data: Buffer.from('x') },
    { name: 'evidence.json', data: Buffer.from('y') },
  ]
  expect(read(archive(members, 'a comment'))).toEqual({ kind: 'entry', bytes: Buffer.from('y') })
})

const refused: readonly (readonly [string, Buffer, string])[] = [
  ['text', Buffer.from('hello, this is no archive at all'), 'NOT_A_ZIP'],
  ['nothing', Buffer.alloc(0), 'NOT_A_ZIP'],
  ['another name', archive([{ name: '../evidence.json', data: Buffer.from('{}') }]), 'ENTRY_MISSING'],
  [
    'the name twice',
    archive([
      { name: 'evidence.json', data: Buffer.from('1') },
      { name: 'evidence.json', data: Buffer.from('2') },
    ]),
    'ENTRY_TWICE',
  ],
  [
    'many entries',
    archive(Array.from({ length: 4 }, (_, n) => ({ name: `${n}`, data: Buffer.from('') }))),
    'TOO_MANY_ENTRIES',
  ],
  ['a bomb', one({ data: Buffer.alloc(1_900_000) }), 'RATIO'],
  ['a large entry', one({ data: Buffer.alloc(2_100_000, 'ab'), method: 0 }), 'TOO_LARGE'],
  ['a bomb that claims to be small', one({ data: Buffer.alloc(1_900_000), claimed: 100 }), 'DAMAGED'],
  ['an entry that claims to be larger', one({ claimed: 100 }), 'DAMAGED'],
  ['an encrypted entry', one({ flags: 1 }), 'UNSUPPORTED'],
  ['an unusual method', one({ method: 14 }), 'UNSUPPORTED'],
  ['zip64', one({ claimed: 0xffffffff }), 'UNSUPPORTED'],
  ['a cut archive', one().subarray(0, 40), 'NOT_A_ZIP'],
]

test.each(refused)('readZipEntry() refuses %s', (_name, bytes, reason) => {
  expect(read(bytes)).toMatchObject({ kind: 'refused', reason })
})

test('readZipEntry() never throws on damaged bytes', () => {
  const bytes = one()
  let tried = 0
  for (let at = 0; at < bytes.length; at += 1) {
    for (const value of [0, 0xff, 0x50]) {
      const damaged = Buffer.from(bytes)
      damaged[at] = value
      expect(['entry', 'refused']).toContain(read(damaged).kind)
      tried += 1
    }
  }
  expect(tried).toBe(bytes.length * 3)
})
