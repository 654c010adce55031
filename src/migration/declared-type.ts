import type { Mapping } from './conversions.ts'

type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric'

/** SQLite's own rule, from the words inside the declared type. */
function affinityOf(declared: string): Affinity {
  const upper = declared.toUpperCase()
  if (upper.includes('INT')) return 'integer'
  if (/CHAR|CLOB|TEXT/.test(upper)) return 'text'
  if (upper === '' || upper.includes('BLOB')) return 'blob'
  if (/REAL|FLOA|DOUB/.test(upper)) return 'real'
  return 'numeric'
}

const timestamps: readonly Mapping[] = [
  { type: 'timestamp', conversion: 'iso-timestamp' },
  { type: 'timestamptz', conversion: 'iso-timestamp' },
]

const promotions: readonly (readonly [RegExp, readonly Mapping[]])[] = [
  [/^BOOL(EAN)?$/, [{ type: 'boolean', conversion: 'boolean' }]],
  [/^(DATETIME|TIMESTAMP|TIMESTAMPTZ|TIMESTAMP WITH(OUT)? TIME ZONE)$/, timestamps],
  [/^DATE$/, [{ type: 'date', conversion: 'iso-date' }]],
  [/^TIME$/, [{ type: 'time', conversion: 'iso-time' }]],
  [/^JSONB?$/, [{ type: 'json', conversion: 'json' }]],
  [
    /^(UUID|GUID|UNIQUEIDENTIFIER)$/,
    [
      { type: 'uuid', conversion: 'uuid-text' },
      { type: 'uuid', conversion: 'uuid-blob' },
    ],
  ],
  [/^(NUMERIC|DECIMAL|DEC|MONEY|NUMBER)$/, [{ type: 'numeric', conversion: 'decimal' }]],
]

/**
 * What the declaration promises, best first. Empty where it promises nothing (no type, `ANY`, a word of one's own):
 * then what is stored decides alone, and nothing stored can break a promise.
 */
export function counterpartsOf(declared: string): readonly Mapping[] {
  const base = declared
    .toUpperCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  for (const [pattern, mappings] of promotions) if (pattern.test(base)) return mappings
  switch (affinityOf(declared)) {
    case 'integer':
      return [{ type: 'bigint', conversion: 'identity' }]
    case 'text':
      return [{ type: 'text', conversion: 'identity' }]
    case 'real':
      return [{ type: 'double precision', conversion: 'identity' }]
    case 'blob':
      return declared === '' ? [] : [{ type: 'bytea', conversion: 'identity' }]
    case 'numeric':
      return []
  }
}
