import { equal, ok } from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { copyDatabase } from '../support/database-copy.ts'
import type { DatabaseCopy } from '../support/database-copy.ts'

void describe('the agent state of the hive', () => {
  let copy: DatabaseCopy
  let database: DatabaseSync

  before(() => {
    copy = copyDatabase('.claude/state/agent_hive.db')
    database = new DatabaseSync(copy.path)
  })

  after(() => {
    database.close()
    copy.remove()
  })

  void test('is whole, with the rows that only the write-ahead log holds', () => {
    equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok')
    const row = database.prepare('SELECT count(*) AS rows, max(id) AS highest FROM agent_communications').get()
    ok(Number(row?.['rows']) >= 240)
    equal(row?.['rows'], row?.['highest'])
  })

  void test('keeps working memory as JSON, or says that there is none', () => {
    const rows = database.prepare("SELECT working_memory AS memory FROM agents WHERE working_memory <> ''").all()
    ok(rows.length > 0)
    for (const { memory } of rows) ok(typeof JSON.parse(String(memory)) === 'object')
  })
})
