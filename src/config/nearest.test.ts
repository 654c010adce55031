import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test('nearest() finds the key that was meant', () => {
  const keys = ['agents', 'gates', 'p95WriteMs', 'performance', 'code-quality']
  expect(nearest('agnets', keys)).toBe('agents')
  expect(nearest('P95_write_ms', keys)).toBe('p95WriteMs')
  expect(nearest('perf', keys)).toBe('performance')
  expect(nearest('code_qualty', keys)).toBe('code-quality')
})

test('nearest() suggests nothing where nothing is close', () => {
  expect(nearest('banana', ['agents', 'gates'])).toBeUndefined()
  expect(nearest('agents'.repeat(100), ['agents'])).toBeUndefined()
  expect(nearest('', ['sync'])).toBeUndefined()
})
