/** How long and how large the values of a column are; absent where there are none. */
export interface ColumnSizes {
  /** Bytes as SQLite stores them. */
  readonly texts?: { readonly least: number; readonly most: number }
  readonly blobs?: { readonly least: number; readonly most: number }
  /** Powers of two: a real of magnitude 3 is at least 8 and under 16, or the same below zero. */
  readonly reals?: { readonly least: number; readonly most: number }
}
