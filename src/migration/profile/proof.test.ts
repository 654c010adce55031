import { expect, test } from 'vitest'
import { canonicalJson } from '../../core/index.ts'
import type { PlanSource } from '../documents.ts'
import { fingerprintOf, parseKeyFile, proofKey, renderKeyFile } from './key.ts'
import { judgeProof, makeProof } from './proof.ts'
import { proofDocumentSchema, type ProofDocument } from './proof-schema.ts'
import type { ProfileSource, ProfileTable } from './schema.ts'

const key = proofKey(Buffer.alloc(32, 1))

const table = (name: string, rows: number): ProfileTable => ({
  name,
  rows,
  withoutRowid: false,
  strict: false,
  columns: [],
  primaryKey: [],
  nullKeys: 0,
  mergedKeys: {},
  autoincrement: false,
  indexes: [],
  foreignKeys: [],
  checks: [],
})

const profile: ProfileSource = {
  name: 'app.db',
  source: 'c'.repeat(64),
  bytes: 8_192,
  encoding: 'UTF-8',
  tables: [table('a', 3), table('b', 5)],
  others: [],
}

const planned = (name: string): PlanSource['tables'][number] => ({
  name,
  target: name,
  key: ['id'],
  columns: [
    { name: 'id', declared: 'INTEGER', target: 'id', type: 'bigint', conversion: 'identity', reason: '3 integers' },
    { name: 'x', declared: 'TEXT', target: 'x', type: 'text', conversion: 'identity', reason: '3 texts' },
  ],
})

const plan: PlanSource = { path: 'app.db', schema: 'public', tables: [planned('a'), planned('b')], notCarried: [] }

const proof = makeProof(
  {
    tool: '1.2.3',
    server: 'PostgreSQL 18.0',
    startedAt: '2026-01-01T10:00:00.000Z',
    finishedAt: '2026-01-01T10:00:05.000Z',
    verify: {
      schemaVersion: 1,
      verdict: 'pass',
      sources: [
        {
          path: 'app.db',
          schema: 'public',
          tables: profile.tables.map(({ name, rows }) => ({
            name,
            target: name,
            rowsSource: rows,
            rowsTarget: rows,
            rowsQuarantined: 0,
            digest: 'd'.repeat(64),
            chunks: [{ rows, digest: 'd'.repeat(64) }],
            differences: 0,
            differing: [],
          })),
        },
      ],
    },
    proved: { public: { rows: 8, values: 16 } },
    profiles: [profile],
    plans: [plan],
  },
  key,
)
const wanted = { path: 'app.proof.json', profile, plan, tool: '1.2.3' }

/** Changes a proof the way somebody would who holds the key. */
function signed(change: (proof: ProofDocument) => object): ProofDocument {
  const { signature: _, ...document } = { ...proof, ...change(proof) } as ProofDocument
  return { ...document, signature: key.sign(canonicalJson(document)) }
}

const inSource = (change: object) =>
  signed(({ sources }) => ({ sources: sources.map((source) => ({ ...source, ...change })) }))
const inTables = (change: object) =>
  signed(({ sources }) => ({
    sources: sources.map((source) => ({ ...source, tables: source.tables.map((one) => ({ ...one, ...change })) })),
  }))

test('judgeProof() accepts what makeProof() wrote, for the same profile, plan and version', () => {
  expect(proofDocumentSchema.parse(JSON.parse(JSON.stringify(proof)))).toEqual(proof)
  expect(judgeProof(proof, wanted)).toMatchObject({ kind: 'accepted', isNamed: false, source: { rowsProved: 8 } })
  expect(judgeProof(proof, { ...wanted, signer: key.signer })).toMatchObject({ kind: 'accepted', isNamed: true })
  const elsewhere = { ...plan, path: 'other/app.db', schema: 'app' }
  expect(judgeProof(proof, { ...wanted, plan: elsewhere })).toMatchObject({ kind: 'accepted' })
})

test.each<[string, string, ProofDocument, object]>([
  ['a changed count', 'HIVE_PROOF_SIGNATURE', { ...proof, verdict: 'fail' }, {}],
  ['a changed time', 'HIVE_PROOF_SIGNATURE', { ...proof, finishedAt: '2027-01-01T10:00:05.000Z' }, {}],
  ['a signature of somebody else', 'HIVE_PROOF_SIGNATURE', { ...proof, signer: proofKey(Buffer.alloc(32)).signer }, {}],
  [
    'a signer that is no point of the curve',
    'HIVE_PROOF_SIGNATURE',
    { ...proof, signer: `ed25519:${'_'.repeat(43)}` },
    {},
  ],
  ['another signer than named', 'HIVE_PROOF_SIGNER', proof, { signer: proofKey(Buffer.alloc(32)).signer }],
  ['another version', 'HIVE_PROOF_TOOL', proof, { tool: '1.2.4' }],
  ['a source of another name', 'HIVE_PROOF_SOURCE', inSource({ name: 'other.db' }), {}],
  ['another state of the file', 'HIVE_PROOF_SOURCE', inSource({ source: 'e'.repeat(64) }), {}],
  [
    'an edited profile',
    'HIVE_PROOF_SOURCE',
    proof,
    { profile: { ...profile, tables: [table('a', 3), table('b', 4)] } },
  ],
  ['another type', 'HIVE_PROOF_PLAN', proof, { plan: { ...plan, tables: [planned('a')] } }],
  ['a table left out', 'HIVE_PROOF_TABLES', inSource({ tables: proof.sources[0]?.tables.slice(1) }), {}],
  ['rows left out', 'HIVE_PROOF_TABLES', inTables({ rowsSource: 2 }), {}],
  [
    'rows that are nowhere',
    'HIVE_PROOF_TABLES',
    inTables({ rowsTarget: 2, chunks: [{ rows: 2, digest: 'a'.repeat(64) }] }),
    {},
  ],
  ['digests left out', 'HIVE_PROOF_TABLES', inTables({ chunks: [] }), {}],
  ['fewer rows proved than there are', 'HIVE_PROOF_TABLES', inSource({ rowsProved: 7 }), {}],
  ['more rows proved than there are', 'HIVE_PROOF_TABLES', inSource({ rowsProved: 9 }), {}],
])('judgeProof() refuses %s with %s', (_name, code, document, change) => {
  const verdict = judgeProof(document, { ...wanted, ...change })
  expect(verdict).toMatchObject({ kind: 'refused', fault: { code } })
})

test('proofKey() gives other digests and another signer for another secret, and none of them tells it', () => {
  const other = proofKey(Buffer.alloc(32, 2))
  expect(other.digest('x')).not.toBe(key.digest('x'))
  expect(other.signer).not.toBe(key.signer)
  expect(key.signer).toMatch(/^ed25519:[A-Za-z0-9_-]{43}$/)
  expect(key.digest('x')).toBe(proofKey(Buffer.alloc(32, 1)).digest('x'))
  expect(fingerprintOf(key.signer)).toHaveLength(12)
})

test('parseKeyFile() reads what renderKeyFile() writes, and nothing else', () => {
  const secret = Buffer.alloc(32, 9)
  expect(parseKeyFile(renderKeyFile(secret))).toEqual(secret)
  for (const text of ['', 'key', renderKeyFile(secret).slice(3), `${renderKeyFile(secret)}more`]) {
    expect(parseKeyFile(text)).toBeUndefined()
  }
})
