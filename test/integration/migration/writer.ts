/** Writes to a SQLite file until it is told to stop: a process of its own, as applications are. */
import { DatabaseSync } from 'node:sqlite'

const [path = '', mode = 'wal'] = process.argv.slice(2)
const database = new DatabaseSync(path, { timeout: 5_000 })
database.exec(`PRAGMA journal_mode = ${mode === 'wal' ? 'wal' : 'delete'}`)
if (mode === 'exclusive') {
  database.exec('BEGIN EXCLUSIVE; UPDATE account SET amount = amount')
  process.send?.('locked')
} else if (mode === 'crash') {
  // A cache of a few pages spills into the file before the commit: the journal left behind is hot.
  database.exec('PRAGMA cache_size = 2; BEGIN; UPDATE account SET amount = amount + 1000, filler = randomblob(2000)')
  process.send?.('spilled')
} else {
  const move = database.prepare('UPDATE account SET amount = amount + ? WHERE id = ?')
  const step = (): void => {
    const from = 1 + Math.floor(Math.random() * 100)
    const to = 1 + Math.floor(Math.random() * 100)
    database.exec('BEGIN IMMEDIATE')
    move.run(-1, from)
    move.run(1, to)
    database.exec('COMMIT')
    commits += 1
    if (commits === 20) process.send?.('writing')
    setTimeout(step, 1)
  }
  let commits = 0
  step()
}
process.on('message', () => process.exit(0))
setInterval(() => {}, 1_000)
