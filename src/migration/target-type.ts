import type { TargetType } from './conversions.ts'

/** What travels over the wire for a column: the types that the migration makes itself, and two that only others make. */
export type Carrier = TargetType | 'real' | 'jsonb'

export interface TypeTraits {
  readonly carrier: Carrier
  /** Characters that `varchar(n)` and `char(n)` hold. */
  readonly length?: number
  /** `char(n)` loses blanks at the end. */
  readonly blankPadded?: true
  /** Digits of `numeric(p, s)`: all, and after the point. */
  readonly precision?: number
  readonly scale?: number
  /** Digits after the second. */
  readonly fraction?: number
  /** True where byte order is an order of the column: not for enums, citext and char(n). */
  readonly byteOrder: boolean
}

const simple: Readonly<Record<string, Carrier>> = {
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
  real: 'real',
  'double precision': 'double precision',
  text: 'text',
  bytea: 'bytea',
  boolean: 'boolean',
  date: 'date',
  json: 'json',
  jsonb: 'jsonb',
  uuid: 'uuid',
  timestamptz: 'timestamptz',
}

/**
 * Reads a type as PostgreSQL's `format_type` or a plan writes it.
 *
 * @param labels of an enum
 * @returns `undefined` for a type that the migration does not know how to fill
 */
export function readTargetType(type: string, labels?: readonly string[]): TypeTraits | undefined {
  if (labels !== undefined) return { carrier: 'text', byteOrder: false }
  const known = simple[type]
  if (known !== undefined) return { carrier: known, byteOrder: true }
  if (/^("?\w+"?\.)?citext$/.test(type)) return { carrier: 'text', byteOrder: false }
  const [, base = '', first, second, zone = ''] =
    /^([a-z ]+?)(?:\((\d+)(?:,(-?\d+))?\))?( with(?:out)? time zone)?$/.exec(type) ?? []
  const size = first === undefined ? undefined : Number(first)
  switch (base) {
    case 'character varying':
      return { carrier: 'text', byteOrder: true, ...(size === undefined ? {} : { length: size }) }
    case 'character':
      return { carrier: 'text', byteOrder: false, length: size ?? 1, blankPadded: true }
    case 'numeric':
      return {
        carrier: 'numeric',
        byteOrder: true,
        ...(size === undefined ? {} : { precision: size, scale: Number(second ?? 0) }),
      }
    case 'timestamp':
    case 'time': {
      if (base === 'time' && zone === ' with time zone') return undefined
      const carrier = base === 'timestamp' && zone === ' with time zone' ? 'timestamptz' : base
      return { carrier, byteOrder: true, ...(size === undefined ? {} : { fraction: size }) }
    }
    default:
      return undefined
  }
}

/** The carrier of a planned column; a type that is not known is read as it is. */
export function carrierOf(column: {
  readonly type: string
  readonly labels?: readonly string[] | undefined
}): Carrier | undefined {
  return readTargetType(column.type, column.labels)?.carrier
}
