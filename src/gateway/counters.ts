/** What has happened since the start; the gateway's parts count into it. */
export interface Counters {
  acknowledged: number
  stored: number
  duplicates: number
  refused: number
  published: number
  swept: number
  delivered: number
  settled: number
  staleSettlements: number
  deadLettered: number
}

export function createCounters(): Counters {
  return {
    acknowledged: 0,
    stored: 0,
    duplicates: 0,
    refused: 0,
    published: 0,
    swept: 0,
    delivered: 0,
    settled: 0,
    staleSettlements: 0,
    deadLettered: 0,
  }
}
