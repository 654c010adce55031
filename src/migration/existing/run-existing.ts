import type { Snapshot } from '../sqlite/snapshot.ts'
import { SnapshotReader } from '../sqlite/table-reader.ts'
import { copyIntoExisting, type CopyExisting, type ExistingOutcome } from './copy-existing.ts'

/** Fills existing tables from the snapshots that the inventories were made from. */
export async function copySnapshotsIntoExisting(
  options: Omit<CopyExisting, 'openRows'> & { readonly snapshots: readonly Snapshot[] },
): Promise<ExistingOutcome> {
  const readers = options.snapshots.map(({ path }) => new SnapshotReader(path))
  try {
    return await copyIntoExisting({
      ...options,
      openRows: (source, table) => {
        const reader = readers[source]
        if (reader === undefined) throw new Error('there are more sources than snapshots')
        return reader.rows(table)
      },
    })
  } finally {
    for (const reader of readers) reader.close()
  }
}
