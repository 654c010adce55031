import type { Conversion } from '../conversions.ts'
import type { ColumnDecision } from '../decisions.ts'
import type { PlanColumn } from '../documents.ts'
import type { ColumnInventory } from '../inventory.ts'
import { readTargetType, type Carrier } from '../target-type.ts'
import type { TargetColumn } from './target-catalogue.ts'

/** How one column of the source fills one of the target. */
export type ColumnMatch =
  | { readonly kind: 'planned'; readonly column: PlanColumn }
  /** Somebody has to say what the stored values mean. */
  | {
      readonly kind: 'open'
      readonly ask: 'time-zone' | 'column'
      readonly problem: string
      readonly options: readonly string[]
    }
  | { readonly kind: 'refused'; readonly problem: string }

const conversionsOf: Readonly<Record<Carrier, readonly Conversion[]>> = {
  smallint: ['identity'],
  integer: ['identity'],
  bigint: ['identity'],
  real: ['identity'],
  'double precision': ['identity'],
  numeric: ['decimal', 'decimal-real'],
  text: ['identity', 'mixed-text'],
  bytea: ['identity', 'mixed-bytea'],
  boolean: ['boolean'],
  timestamp: ['iso-timestamp', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'julian-day', 'core-data', 'chrome-us'],
  timestamptz: ['iso-timestamp', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'julian-day', 'core-data', 'chrome-us'],
  date: ['iso-date'],
  time: ['iso-time'],
  json: ['json'],
  jsonb: ['json'],
  uuid: ['uuid-text', 'uuid-blob', 'uuid-hex'],
}

/** Chooses the conversion by what is stored; the target's type is never in question. */
export function matchColumn(
  source: ColumnInventory,
  target: TargetColumn,
  decided: { readonly decision?: ColumnDecision; readonly timeZone?: string },
): ColumnMatch {
  const { decision, timeZone } = decided
  const { labels } = target
  const type = planName(target.type)
  const carrier = readTargetType(type, labels)?.carrier
  if (decision === 'text') return { kind: 'refused', problem: `the target's type ${target.type} is never altered` }
  if (decision === 'null' && target.notNull) {
    return { kind: 'refused', problem: `the target's column is NOT NULL, so no value can become NULL` }
  }
  let conversion = carrier === undefined ? 'mixed-text' : naturalConversion(source, carrier)
  if (typeof decision === 'object') {
    const named =
      carrier === undefined ? undefined : conversionsOf[carrier].find((name) => name === decision.conversion)
    if (named === undefined) {
      const known = carrier === undefined ? 'none' : conversionsOf[carrier].join(', ')
      return {
        kind: 'refused',
        problem: `the target's type ${target.type} stays; conversions that fill it are ${known}`,
      }
    }
    conversion = named
  } else if (conversion === undefined) {
    const options = ['epoch-ms', 'epoch-s', 'epoch-us', 'julian-day'].map(
      (name) => `{type: ${type}, conversion: ${name}}`,
    )
    return {
      kind: 'open',
      ask: 'column',
      problem: `numbers are stored, and ${target.type} does not say in which unit`,
      options,
    }
  }
  const needsZone = conversion === 'iso-timestamp' && lacksZone(source, carrier)
  if (needsZone && timeZone === undefined) {
    const zoned = carrier === 'timestamptz'
    return {
      kind: 'open',
      ask: 'time-zone',
      problem: zoned
        ? `texts without a zone are to fill ${target.type}`
        : `texts with a zone are to fill ${target.type}, which has none`,
      options: ['UTC', 'another IANA zone'],
    }
  }
  const declared = source.declared === '' ? 'declared without a type' : `declared ${source.declared}`
  return {
    kind: 'planned',
    column: {
      name: source.name,
      declared: source.declared,
      target: target.name,
      type,
      conversion,
      reason: `${declared}; the application's column is ${target.type}${needsZone ? `, read as ${timeZone ?? ''}` : ''}`,
      ...(labels === undefined ? {} : { labels: [...labels] }),
      ...(needsZone && timeZone !== undefined ? { timeZone } : {}),
      ...(decision === 'null' ? { misfit: 'null' } : {}),
    },
  }
}

/** The plan's own names of types, where PostgreSQL's say the same at length. */
function planName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    'timestamp without time zone': 'timestamp',
    'timestamp with time zone': 'timestamptz',
    'time without time zone': 'time',
  }
  return names[type] ?? type
}

/** `undefined` where numbers would have to become moments in a unit that nobody named. */
function naturalConversion({ evidence }: ColumnInventory, carrier: Carrier): Conversion | undefined {
  const { integers, reals, texts, blobs } = evidence
  const numbers = integers.count + reals.count
  switch (carrier) {
    case 'numeric':
      return reals.count > 0 && integers.count === 0 ? 'decimal-real' : 'decimal'
    case 'text':
      return numbers + blobs.count === 0 ? 'identity' : 'mixed-text'
    case 'bytea':
      return numbers + texts.count === 0 ? 'identity' : 'mixed-bytea'
    case 'timestamp':
    case 'timestamptz':
      return texts.count === 0 && numbers > 0 ? undefined : 'iso-timestamp'
    case 'uuid':
      if (blobs.count > 0) return 'uuid-blob'
      return texts.count > 0 && evidence.shapes.uuid === 0 ? 'uuid-hex' : 'uuid-text'
    default:
      return conversionsOf[carrier][0]
  }
}

function lacksZone({ evidence }: ColumnInventory, carrier: Carrier | undefined): boolean {
  return carrier === 'timestamptz' ? evidence.shapes.timestamp > 0 : evidence.shapes.zonedTimestamp > 0
}
