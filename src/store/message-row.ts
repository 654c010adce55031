/** A message as it is archived. */
export interface MessageRow {
  readonly source: string
  readonly id: string
  readonly type: string
  readonly recipient: string
  readonly hash: string
  /** The event as JSON text. */
  readonly event: string
}

/** What became of one row: where it stands in the archive, or why its id names something else already. */
export type StoreOutcome =
  | { readonly kind: 'stored'; readonly seq: string }
  | { readonly kind: 'duplicate'; readonly seq: string }
  | { readonly kind: 'conflict' }

/** A row that is archived but not yet known to be in Redis. */
export interface OutboxRow extends MessageRow {
  readonly seq: string
}
