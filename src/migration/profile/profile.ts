import { basename } from 'node:path'
import type { ColumnEvidence, Inventory, OtherObject, Sighting, TableInventory } from '../inventory.ts'
import { farthestOf, magnitudeOf } from './magnitude.ts'
import type { ColumnSizes } from './sizes.ts'
import type { ProfileColumn, ProfileEvidence, ProfileSource, ProfileTable } from './schema.ts'

/**
 * What may be told of an inventory where its values may not. Field by field, so that evidence which is added later is
 * left out until somebody decides that it tells no value.
 *
 * @param known the keyed digest by which the snapshot is known, and the sizes of its columns by table
 */
export function profileOf(
  inventory: Inventory,
  known: { readonly source: string; readonly sizes: ReadonlyMap<string, readonly ColumnSizes[]> },
): ProfileSource {
  return {
    name: basename(inventory.path),
    source: known.source,
    bytes: inventory.bytes,
    encoding: inventory.encoding,
    tables: inventory.tables.map((table) => tableProfile(table, known.sizes.get(table.name) ?? [])),
    others: inventory.others.map(({ kind, name, sql }) => {
      const module = kind === 'virtual-table' ? /\bUSING\s+(\w+)/i.exec(sql)?.[1] : undefined
      return { kind, name, ...(module === undefined ? {} : { module }) }
    }),
  }
}

function tableProfile(table: TableInventory, sizes: readonly ColumnSizes[]): ProfileTable {
  return {
    name: table.name,
    rows: table.rows,
    withoutRowid: table.withoutRowid,
    strict: table.strict,
    columns: table.columns.map((column, index): ProfileColumn => ({
      name: column.name,
      declared: column.declared,
      notNull: column.notNull,
      ...(column.defaultSql === undefined ? {} : { defaultSql: column.defaultSql }),
      ...(column.collation === undefined ? {} : { collation: column.collation }),
      ...(column.generated === undefined ? {} : { generated: { ...column.generated } }),
      evidence: evidenceProfile(column.evidence),
      sizes: sizesProfile(sizes[index] ?? {}),
    })),
    primaryKey: [...table.primaryKey],
    ...(table.rowidAlias === undefined ? {} : { rowidAlias: table.rowidAlias }),
    nullKeys: table.nullKeys.count,
    mergedKeys: { ...table.mergedKeys },
    autoincrement: table.autoincrement,
    ...(table.sequence === undefined ? {} : { sequence: magnitudeOf(table.sequence) }),
    indexes: table.indexes.map(({ name, unique, origin, columns, predicate }) => ({
      name,
      unique,
      origin,
      columns: columns.map((part) => ({
        ...(part.name === undefined ? {} : { name: part.name }),
        descending: part.descending,
        collation: part.collation,
      })),
      ...(predicate === undefined ? {} : { predicate }),
    })),
    foreignKeys: table.foreignKeys.map((key) => ({
      columns: [...key.columns],
      parentTable: key.parentTable,
      parentColumns: [...key.parentColumns],
      onDelete: key.onDelete,
      onUpdate: key.onUpdate,
      deferred: key.deferred,
      ...(key.orphans === undefined ? {} : { orphans: key.orphans.count }),
    })),
    checks: table.checks.map(({ name, expression, violations }) => ({
      ...(name === undefined ? {} : { name }),
      expression,
      ...(violations === undefined ? {} : { violations }),
    })),
  }
}

function sizesProfile({ texts, blobs, reals }: ColumnSizes): ProfileColumn['sizes'] {
  return {
    ...(texts === undefined ? {} : { texts: { ...texts } }),
    ...(blobs === undefined ? {} : { blobs: { ...blobs } }),
    ...(reals === undefined ? {} : { reals: { ...reals } }),
  }
}

function evidenceProfile(evidence: ColumnEvidence): ProfileEvidence {
  return {
    nulls: evidence.nulls,
    integers: evidence.integers.count,
    reals: evidence.reals.count,
    texts: evidence.texts.count,
    blobs: evidence.blobs.count,
    ...(evidence.minInteger === undefined ? {} : { least: magnitudeOf(evidence.minInteger) }),
    ...(evidence.maxInteger === undefined ? {} : { most: magnitudeOf(evidence.maxInteger) }),
    integerLikeReals: evidence.integerLikeReals,
    nonFiniteReals: evidence.nonFiniteReals,
    wideIntegers: evidence.wideIntegers,
    maxBytes: evidence.maxBytes,
    emptyTexts: evidence.emptyTexts,
    textsWithNul: evidence.textsWithNul.count,
    invalidTexts: evidence.invalidTexts.count,
    shapes: {
      timestamp: evidence.shapes.timestamp,
      zonedTimestamp: evidence.shapes.zonedTimestamp,
      date: evidence.shapes.date,
      json: evidence.shapes.json,
      uuid: evidence.shapes.uuid,
    },
    candidates: evidence.candidates.map(({ mapping, misfits, formats }) => ({
      type: mapping.type,
      conversion: mapping.conversion,
      misfits: misfits.count,
      ...(formats === undefined
        ? {}
        : { formats: Object.fromEntries(Object.entries(formats).map(([format, { count }]) => [format, count])) }),
    })),
  }
}

/** The inventory that a plan is made from where the file itself is not at hand: counts are exact, keys are unknown. */
export function inventoryOf(profile: ProfileSource, path: string): Inventory {
  return {
    path,
    bytes: profile.bytes,
    snapshotSha256: profile.source,
    encoding: profile.encoding,
    tables: profile.tables.map(
      ({ columns, nullKeys, sequence, indexes, foreignKeys, checks, rowidAlias, ...table }): TableInventory => ({
        ...table,
        columns: columns.map(({ defaultSql, collation, generated, evidence, sizes: _sizes, ...column }) => ({
          ...column,
          ...(defaultSql === undefined ? {} : { defaultSql }),
          ...(collation === undefined ? {} : { collation }),
          ...(generated === undefined ? {} : { generated }),
          evidence: evidenceOf(evidence),
        })),
        ...(rowidAlias === undefined ? {} : { rowidAlias }),
        nullKeys: sighting(nullKeys),
        ...(sequence === undefined ? {} : { sequence: String(farthestOf(sequence)) }),
        indexes: indexes.map(({ columns: parts, predicate, ...index }) => ({
          ...index,
          columns: parts.map(({ name, ...part }) => ({ ...(name === undefined ? {} : { name }), ...part })),
          ...(predicate === undefined ? {} : { predicate }),
        })),
        foreignKeys: foreignKeys.map(({ orphans, ...key }) => ({
          ...key,
          ...(orphans === undefined ? {} : { orphans: sighting(orphans) }),
        })),
        checks: checks.map(({ name, expression, violations }) => ({
          ...(name === undefined ? {} : { name }),
          expression,
          ...(violations === undefined ? {} : { violations }),
        })),
      }),
    ),
    others: profile.others.map(({ kind, name, module }): OtherObject => ({
      kind,
      name,
      sql: module === undefined ? '' : `USING ${module}`,
    })),
  }
}

function sighting(count: number): Sighting {
  return { count, exampleKeys: [] }
}

function evidenceOf(profile: ProfileEvidence): ColumnEvidence {
  const { least, most, candidates, integers, reals, texts, blobs, textsWithNul, invalidTexts, ...counts } = profile
  return {
    ...counts,
    integers: sighting(integers),
    reals: sighting(reals),
    texts: sighting(texts),
    blobs: sighting(blobs),
    textsWithNul: sighting(textsWithNul),
    invalidTexts: sighting(invalidTexts),
    ...(least === undefined ? {} : { minInteger: String(farthestOf(least)) }),
    ...(most === undefined ? {} : { maxInteger: String(farthestOf(most)) }),
    candidates: candidates.map(({ type, conversion, misfits, formats }) => ({
      mapping: { type, conversion },
      misfits: sighting(misfits),
      ...(formats === undefined
        ? {}
        : {
            formats: Object.fromEntries(Object.entries(formats).map(([format, count]) => [format, sighting(count)])),
          }),
    })),
  }
}
