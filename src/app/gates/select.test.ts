import { expect, test } from 'vitest'
import { parseConfig } from '../../config/index.ts'
import { selectGates } from './select.ts'

const config = parseConfig(
  `version: 1
project: example
roles: { product: ["ada#1001"] }
gates:
  performance: { required: true }
  acceptance: { required: true }
  lint: { check: "CI / lint" }
  integration: { skip: { reason: "no service yet" } }
  protocol: {}
  unit: { commands: [{ run: "npm test" }] }
`,
  'hive.yml',
)

test('selectGates() runs cheap gates first and performance last, skips with the reason and lists what GitHub decides', () => {
  const selections = selectGates(config, { named: [] })
  expect(selections.map(({ kind, gate }) => `${kind} ${gate.id}`)).toEqual([
    'run protocol',
    'skip integration',
    'list lint',
    'run unit',
    'run performance',
    'list acceptance',
  ])
  expect(selections).toContainEqual(expect.objectContaining({ kind: 'skip', reason: 'no service yet' }))
  expect(selections).toContainEqual(expect.objectContaining({ kind: 'list', note: '/approve by the Product Agent' }))
})

test('selectGates() takes the gates that are named and refuses unknown ones with those that exist', () => {
  expect(selectGates(config, { named: ['unit'] }).map(({ gate }) => gate.id)).toEqual(['unit'])
  expect(() => selectGates(config, { named: ['unitt'] })).toThrow(
    /could not run the gate unitt: hive.yml has performance, acceptance/,
  )
})

const timed = parseConfig(
  `version: 1
project: example
gates:
  unit: { commands: [{ run: "npm test" }], paths: ["src/**"] }
  performance: {}
  whole: { commands: [{ run: "npm run e2e" }], when: merge-queue }
  soak: { commands: [{ run: "npm run soak" }], when: nightly }
`,
  'hive.yml',
)

const occasions = [
  ['a push', { occasion: 'commit' }, 'run unit, later whole, later soak, later performance'],
  ['a draft', { occasion: 'draft' }, 'run unit, later whole, later soak, later performance'],
  ['a pull request', { occasion: 'ready' }, 'run unit, later whole, later soak, run performance'],
  ['the merge queue', { occasion: 'merge-queue' }, 'run unit, run whole, later soak, run performance'],
  ['the night', { occasion: 'nightly' }, 'run unit, run whole, run soak, run performance'],
  ['a person', {}, 'run unit, run whole, run soak, run performance'],
  [
    'a typo',
    { occasion: 'ready', changedFiles: ['README.md'] },
    'later unit, later whole, later soak, run performance',
  ],
] as const

test.each(occasions)('selectGates() for %s', (_name, options, selected) => {
  const selections = selectGates(timed, { named: [], ...options })
  expect(selections.map(({ kind, gate }) => `${kind} ${gate.id}`).join(', ')).toBe(selected)
})

test('selectGates() runs what is named whatever the occasion, and says when the rest runs', () => {
  expect(selectGates(timed, { named: ['soak'], occasion: 'draft' })).toMatchObject([{ kind: 'run' }])
  expect(selectGates(timed, { named: [], occasion: 'draft', changedFiles: ['a.md'] })).toMatchObject([
    { note: 'not needed: no changed file under src/**' },
    { note: 'runs in the merge queue' },
    { note: 'runs at night, on the default branch' },
    { note: 'runs when the pull request is ready for review' },
  ])
})
