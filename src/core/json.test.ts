import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, hashOf } from './json.ts'

test('canonicalJson() sorts keys at every depth, numbers among them as texts', () => {
  expect(canonicalJson({ b: 1, a: { 10: 1, 9: [{ z: 0, y: null }], A: true } })).toBe(
    '{"a":{"10":1,"9":[{"y":null,"z":0}],"A":true},"b":1}',
  )
})

test('canonicalJson() writes what JSON.stringify() means, without undefined members', () => {
  expect(canonicalJson({ a: undefined, b: [undefined, new Date(0)], c: Number.NaN })).toBe(
    '{"b":[null,"1970-01-01T00:00:00.000Z"],"c":null}',
  )
  fc.assert(
    fc.property(fc.jsonValue(), (value) => canonicalJson(JSON.parse(canonicalJson(value))) === canonicalJson(value)),
  )
})

test('hashOf() does not see the order of members', () => {
  expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }))
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }))
})
