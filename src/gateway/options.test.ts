import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gatewayDefaults } from './options.ts'

test('docs/protocol.md states the limits of the gateway', () => {
  const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8')
  const { maxConnections, maxQueued, maxInboxDepth } = gatewayDefaults
  expect(page).toContain(
    `${maxConnections.toLocaleString('en')} connections, ${maxQueued.toLocaleString('en')} writes before their commit, ${maxInboxDepth.toLocaleString('en')} messages an inbox`,
  )
  expect(page).toContain('After five deliveries')
  expect(gatewayDefaults.maxDeliveries).toBe(5)
})
