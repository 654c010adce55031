import type { Mapping } from './conversions.ts'

/** Something counted, with the keys of the first rows where it was seen. */
export interface Sighting {
  readonly count: number
  readonly exampleKeys: readonly string[]
}

/** How well one promise of the declaration is kept by what is stored. */
export interface CandidateEvidence {
  readonly mapping: Mapping
  readonly misfits: Sighting
  /** Ways of writing (timestamps and times), with the rows of each. */
  readonly formats?: Readonly<Record<string, Sighting>>
}

/** What a full scan of one column found. Integers are decimal strings, because JSON numbers end at 2⁵³. */
export interface ColumnEvidence {
  readonly nulls: number
  readonly integers: Sighting
  readonly reals: Sighting
  readonly texts: Sighting
  readonly blobs: Sighting
  readonly minInteger?: string
  readonly maxInteger?: string
  /** Reals that PostgreSQL's numeric could not tell from integers (`5.0`), −0.0 and ±Infinity. */
  readonly integerLikeReals: number
  readonly nonFiniteReals: number
  /** Integers that no double holds exactly. */
  readonly wideIntegers: number
  readonly maxBytes: number
  readonly emptyTexts: number
  readonly textsWithNul: Sighting
  readonly invalidTexts: Sighting
  /** Texts by shape; a text may have several. */
  readonly shapes: {
    readonly timestamp: number
    readonly zonedTimestamp: number
    readonly date: number
    readonly json: number
    readonly uuid: number
  }
  readonly candidates: readonly CandidateEvidence[]
}

export interface ColumnInventory {
  readonly name: string
  readonly declared: string
  readonly notNull: boolean
  /** SQL text of the default. */
  readonly defaultSql?: string
  readonly collation?: string
  readonly generated?: { readonly kind: 'virtual' | 'stored'; readonly expression: string }
  readonly evidence: ColumnEvidence
}

export interface IndexInventory {
  readonly name: string
  readonly unique: boolean
  readonly origin: 'index' | 'unique' | 'primary-key'
  /** `name` is absent for an expression. */
  readonly columns: readonly { readonly name?: string; readonly descending: boolean; readonly collation: string }[]
  readonly predicate?: string
}

export interface ForeignKeyInventory {
  readonly columns: readonly string[]
  readonly parentTable: string
  readonly parentColumns: readonly string[]
  readonly onDelete: string
  readonly onUpdate: string
  readonly deferred: boolean
  /** Absent where the parent table or column does not exist. */
  readonly orphans?: Sighting
}

export interface CheckInventory {
  readonly name?: string
  readonly expression: string
  /** Rows that break it all the same; absent where SQLite cannot evaluate it. */
  readonly violations?: number
}

export interface TableInventory {
  readonly name: string
  readonly rows: number
  readonly withoutRowid: boolean
  readonly strict: boolean
  readonly columns: readonly ColumnInventory[]
  readonly primaryKey: readonly string[]
  /** The column that is the rowid itself. */
  readonly rowidAlias?: string
  /** Rows whose primary key holds a NULL, which SQLite permits outside INTEGER PRIMARY KEY. */
  readonly nullKeys: Sighting
  /** Groups of rows whose unique key becomes equal when the storage class is not kept, by index name. */
  readonly mergedKeys: Readonly<Record<string, number>>
  readonly autoincrement: boolean
  /** Largest value that `sqlite_sequence` or a row holds, as a decimal. */
  readonly sequence?: string
  readonly indexes: readonly IndexInventory[]
  readonly foreignKeys: readonly ForeignKeyInventory[]
  readonly checks: readonly CheckInventory[]
}

export interface OtherObject {
  readonly kind: 'view' | 'trigger' | 'virtual-table' | 'shadow-table'
  readonly name: string
  readonly sql: string
}

/** Everything that one SQLite file holds: its schema, and evidence of every stored value. */
export interface Inventory {
  readonly path: string
  readonly bytes: number
  readonly snapshotSha256: string
  readonly encoding: 'UTF-8' | 'UTF-16le' | 'UTF-16be'
  readonly tables: readonly TableInventory[]
  readonly others: readonly OtherObject[]
}
