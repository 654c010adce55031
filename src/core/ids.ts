import { randomBytes, randomUUID } from 'node:crypto'

/** The only source of randomness outside tests. */
export interface Ids {
  readonly uuid: () => string
  /** `length` characters of a–z and 0–9: for names of databases, folders and consumers. */
  readonly short: (length: number) => string
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

export const systemIds: Ids = {
  uuid: () => randomUUID(),
  short: (length) => Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join(''),
}
