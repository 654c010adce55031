import { inflateRawSync } from 'node:zlib'

export interface ZipLimits {
  readonly maxEntries: number
  /** Of the one entry, unpacked. */
  readonly maxBytes: number
  /** Unpacked bytes for each packed byte, where more than 1 MiB comes out. */
  readonly maxRatio: number
}

export type ZipEntry =
  | { readonly kind: 'entry'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: ZipRefusal; readonly problem: string }

type ZipRefusal =
  | 'NOT_A_ZIP'
  | 'TOO_MANY_ENTRIES'
  | 'ENTRY_MISSING'
  | 'ENTRY_TWICE'
  | 'TOO_LARGE'
  | 'RATIO'
  | 'UNSUPPORTED'
  | 'DAMAGED'

const endSignature = 0x06054b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50
const longestComment = 65_535
const ratioFromBytes = 1_048_576

/**
 * Reads one named entry of a ZIP archive in memory. Nothing is extracted, no other entry is looked at, and no more
 * than `maxBytes` are ever unpacked. Written for hostile archives: what is unusual is refused, not interpreted.
 */
export function readZipEntry(archive: Uint8Array, name: string, limits: ZipLimits): ZipEntry {
  const buffer = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = findEnd(buffer)
  if (end === undefined) return refused('NOT_A_ZIP', 'the artifact is no ZIP archive')
  const entries = buffer.readUInt16LE(end + 10)
  if (entries > limits.maxEntries) {
    return refused('TOO_MANY_ENTRIES', `the archive has ${entries} entries, at most ${limits.maxEntries} are read`)
  }
  let at = buffer.readUInt32LE(end + 16)
  let found: number | undefined
  for (let index = 0; index < entries; index += 1) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== centralSignature) {
      return refused('DAMAGED', 'the directory of the archive is damaged')
    }
    const nameLength = buffer.readUInt16LE(at + 28)
    if (buffer.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      if (found !== undefined) return refused('ENTRY_TWICE', `the archive holds ${name} twice`)
      found = at
    }
    at += 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32)
  }
  if (found === undefined) return refused('ENTRY_MISSING', `the archive holds no ${name}`)
  return readEntry(buffer, found, { name, ...limits })
}

function readEntry(
  buffer: Buffer,
  central: number,
  { name, maxBytes, maxRatio }: ZipLimits & { readonly name: string },
): ZipEntry {
  const flags = buffer.readUInt16LE(central + 8)
  const method = buffer.readUInt16LE(central + 10)
  const packed = buffer.readUInt32LE(central + 20)
  const unpacked = buffer.readUInt32LE(central + 24)
  const local = buffer.readUInt32LE(central + 42)
  const zip64 = packed === 0xffffffff || unpacked === 0xffffffff || local === 0xffffffff
  if ((flags & 1) !== 0 || zip64 || (method !== 0 && method !== 8)) {
    return refused('UNSUPPORTED', `${name} is encrypted, larger than 4 GB or packed by an unusual method`)
  }
  if (unpacked > maxBytes) return refused('TOO_LARGE', `${name} has ${unpacked} bytes, at most ${maxBytes} are read`)
  if (unpacked > ratioFromBytes && unpacked > packed * maxRatio) {
    return refused(
      'RATIO',
      `${name} unpacks to ${Math.round(unpacked / Math.max(1, packed))} times its size, at most ${maxRatio} is believed`,
    )
  }
  if (local + 30 > buffer.length || buffer.readUInt32LE(local) !== localSignature) {
    return refused('DAMAGED', `${name} is not where the directory says`)
  }
  const start = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28)
  if (start + packed > buffer.length) return refused('DAMAGED', `${name} is cut off`)
  const data = buffer.subarray(start, start + packed)
  if (method === 0)
    return data.length === unpacked
      ? { kind: 'entry', bytes: data }
      : refused('DAMAGED', `${name} has another size than the directory says`)
  return inflate(data, { name, unpacked })
}

function inflate(data: Buffer, { name, unpacked }: { readonly name: string; readonly unpacked: number }): ZipEntry {
  try {
    // One byte more than promised is an error of zlib: a directory that lies about sizes unpacks nothing.
    const bytes = inflateRawSync(data, { maxOutputLength: Math.max(1, unpacked) })
    if (bytes.length === unpacked) return { kind: 'entry', bytes }
  } catch {
    // Reported below: the reason of zlib says nothing that a reader could use.
  }
  return refused('DAMAGED', `${name} does not unpack to the size that the directory says`)
}

function findEnd(buffer: Buffer): number | undefined {
  for (let at = buffer.length - 22; at >= Math.max(0, buffer.length - 22 - longestComment); at -= 1) {
    if (buffer.readUInt32LE(at) === endSignature && at + 22 + buffer.readUInt16LE(at + 20) === buffer.length) return at
  }
  return undefined
}

function refused(reason: ZipRefusal, problem: string): ZipEntry {
  return { kind: 'refused', reason, problem }
}
