import { runConformance } from '../../conformance/index.ts'
import { judgeProtocol } from '../../gates/protocol.ts'
import type { RunGate } from './gate.ts'
import { writeDocument } from './files.ts'

/** Runs the requirements of the message protocol against a real Redis. */
export const runProtocolGate: RunGate = async ({ services, folder, signal, progress, clock, ids }) => {
  const redis = await services.redis()
  const report = await runConformance({ redisUrl: redis.url, signal, progress, clock, ids })
  return {
    judgement: judgeProtocol(report.results),
    files: [await writeDocument(report, { folder, name: 'requirements' })],
    environment: { redis: `${report.redisVersion} (${redis.origin})`, durability: report.durability },
  }
}
