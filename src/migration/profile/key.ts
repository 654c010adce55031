import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'

/** What whoever holds the data can do and nobody else: name things by keyed digests, and sign. */
export interface ProofKey {
  /** HMAC-SHA-256 in hexadecimal: without the key, guesses of small domains cannot be tried. */
  readonly digest: (text: string) => string
  readonly sign: (text: string) => string
  /** `ed25519:…`, to be named in hive.yml. */
  readonly signer: string
}

/** DER around the 32 bytes of an Ed25519 key, which Node takes and gives in no other form. */
const privateFrame = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicFrame = Buffer.from('302a300506032b6570032100', 'hex')

/** @param secret 32 random bytes; signature and digests get keys of their own from it */
export function proofKey(secret: Uint8Array): ProofKey {
  const derived = (use: string): Buffer => createHmac('sha256', secret).update(`agent-hive ${use}`).digest()
  const digestKey = derived('digests')
  const privateKey = createPrivateKey({
    key: Buffer.concat([privateFrame, derived('signature')]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('hex'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
    signer: `ed25519:${publicKey.subarray(publicFrame.length).toString('base64url')}`,
  }
}

/** True where `signature` over `text` was made with the key of `signer`. */
export function isSignedBy(signer: string, signed: { readonly text: string; readonly signature: string }): boolean {
  const bytes = Buffer.from(signer.replace(/^ed25519:/, ''), 'base64url')
  if (bytes.length !== 32) return false
  const key = createPublicKey({ key: Buffer.concat([publicFrame, bytes]), format: 'der', type: 'spki' })
  return verify(null, Buffer.from(signed.text), key, Buffer.from(signed.signature, 'base64url'))
}

const keyFile = /^agent-hive-proof-key-1 ([0-9a-f]{64})\s*$/

export function renderKeyFile(secret: Uint8Array): string {
  return `agent-hive-proof-key-1 ${Buffer.from(secret).toString('hex')}\n`
}

/** The secret of a key file, or `undefined` where the text is none. */
export function parseKeyFile(text: string): Uint8Array | undefined {
  const [, hex] = keyFile.exec(text) ?? []
  return hex === undefined ? undefined : Buffer.from(hex, 'hex')
}

/** Twelve digits by which a person tells two keys or hashes apart. */
export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
