import { expect, test } from 'vitest'
import { judgeCommands } from './commands.ts'
import type { CommandFacts } from './commands.ts'

const passed: CommandFacts = { name: 'lint', run: 'npm run lint', end: { kind: 'exited', code: 0 }, tail: '' }
const oneTest = [
  { path: 'junit.xml', reading: { kind: 'read' as const, cases: [{ name: 'a', status: 'passed' as const }] } },
]

test('judgeCommands() passes when every command ended with 0', () => {
  expect(judgeCommands([passed])).toMatchObject({ verdict: 'pass', summary: '1 command' })
  expect(judgeCommands([{ ...passed, junit: oneTest }]).summary).toBe('1 test, 0 failed, 0 skipped')
})

test('judgeCommands() fails on an exit code, with the end of the output', () => {
  const judged = judgeCommands([{ ...passed, end: { kind: 'exited', code: 3 }, tail: 'no such rule' }])
  expect(judged.verdict).toBe('fail')
  expect(judged.findings[0]?.message).toBe('lint exited with 3\nno such rule')
})

test('judgeCommands() fails on a failed test although the command ended with 0', () => {
  const junit = [
    {
      path: 'j.xml',
      reading: { kind: 'read' as const, cases: [{ name: 'a', status: 'failed' as const, message: 'boom' }] },
    },
  ]
  expect(judgeCommands([{ ...passed, junit }])).toMatchObject({ verdict: 'fail', findings: [{ code: 'TEST_FAILED' }] })
})

test.each([
  ['no command', []],
  ['a time-out', [{ ...passed, end: { kind: 'timed-out', afterMs: 1_000 } }]],
  ['a kill', [{ ...passed, end: { kind: 'killed', signal: 'SIGSEGV' } }]],
  ['a missing shell', [{ ...passed, end: { kind: 'not-started', why: 'ENOENT' } }]],
  ['no JUnit file', [{ ...passed, junit: [] }]],
  ['JUnit without a test', [{ ...passed, junit: [{ path: 'j.xml', reading: { kind: 'read', cases: [] } }] }]],
  [
    'unreadable JUnit',
    [{ ...passed, junit: [...oneTest, { path: 'k.xml', reading: { kind: 'unreadable', why: 'cut' } }] }],
  ],
] as const)('judgeCommands() says error after %s', (_what, commands) => {
  expect(judgeCommands(commands as readonly CommandFacts[]).verdict).toBe('error')
})
