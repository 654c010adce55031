/** One step of the schema `hive`, embedded from `migrations/`. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly up: string
  readonly down: string
}
