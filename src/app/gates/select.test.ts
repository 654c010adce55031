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
  const selections = selectGates(config, [])
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
  expect(selectGates(config, ['unit']).map(({ gate }) => gate.id)).toEqual(['unit'])
  expect(() => selectGates(config, ['unitt'])).toThrow(
    /could not run the gate unitt: hive.yml has performance, acceptance/,
  )
})
