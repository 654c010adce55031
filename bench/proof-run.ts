import { showPlainly, verifySnapshots, type Snapshot } from '../src/migration/index.ts'
import { secondsOf } from './peer.ts'
import { quiet } from './reference-set.ts'

/** Runs one proof in a process of its own, so that its memory is its own: prints seconds and the most resident bytes. */
const [target = '', snapshots = '[]'] = process.argv.slice(2)
const seconds = await secondsOf(async () => {
  const { document } = await verifySnapshots({
    snapshots: JSON.parse(snapshots) as readonly Snapshot[],
    schemas: ['public'],
    target,
    show: showPlainly,
    ...quiet,
  })
  if (document.verdict !== 'pass') throw new Error(`the proof failed: ${JSON.stringify(document)}`)
})
console.log(JSON.stringify({ seconds, residentBytes: process.resourceUsage().maxRSS * 1_024 }))
