import type { Scene } from './scene.ts'

export type SyncResult = {
  readonly kind: 'synced'
  readonly issue: number
  readonly outcome: 'created' | 'updated' | 'unchanged'
}

export async function syncCoordination(scene: Scene): Promise<SyncResult> {
  scene.note('sync')
  return { kind: 'synced', issue: 0, outcome: 'unchanged' }
}
