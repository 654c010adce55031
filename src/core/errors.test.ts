import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalogue, catalogueParts } from './catalogue/index.ts'
import type { CatalogueEntry } from './catalogue/entry.ts'
import { fault, isHiveError, toHiveError } from './errors.ts'

const entries = Object.entries(catalogue as Readonly<Record<string, CatalogueEntry>>)

describe('fault()', () => {
  test('carries code, message, hint, exit code and cause', () => {
    const cause = new Error('ENOSPC')
    const error = fault('HIVE_DISK', { path: '/data', problem: 'no space left' }, cause)
    expect(error).toMatchObject({
      code: 'HIVE_DISK',
      message: 'could not write /data: no space left',
      exitCode: 2,
      docs: 'docs/errors.md#hive_disk',
      cause,
    })
    expect(isHiveError(error, 'HIVE_DISK')).toBe(true)
    expect(isHiveError(error, 'HIVE_USAGE')).toBe(false)
  })

  test('writes a hint from the data', () => {
    expect(fault('HIVE_USAGE', { problem: 'x', command: 'db copy' }).hint).toBe('run npx agent-hive db copy --help')
  })
})

describe('toHiveError()', () => {
  test.each(['ENOSPC', 'EROFS', 'EDQUOT'])('calls %s a disk fault with its path', (code) => {
    const error = Object.assign(new Error('write failed'), { code, path: '/tmp/x' })
    expect(toHiveError(error)).toMatchObject({ code: 'HIVE_DISK', message: 'could not write /tmp/x: write failed' })
  })

  test.each([new Error('boom'), 'boom', undefined, { boom: 1 }])(
    'never lets %j pass as anything but a fault',
    (thrown) => {
      expect(toHiveError(thrown)).toMatchObject({ code: 'HIVE_INTERNAL', exitCode: 2 })
    },
  )

  test('keeps a catalogue error as it is', () => {
    const error = fault('HIVE_GIT', { problem: 'no git' })
    expect(toHiveError(error)).toBe(error)
  })
})

describe('the catalogue', () => {
  test('has every code once, over all areas', () => {
    const codes = Object.values(catalogueParts).flatMap((part) => Object.keys(part))
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.length).toBe(entries.length)
  })

  test('is what docs/errors.md explains, code by code', () => {
    const documented = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^### (HIVE_\w+)$/gm)].map(
      ([, code = '']) => code,
    )
    expect(documented.toSorted()).toEqual(entries.map(([code]) => code).toSorted())
  })

  test('explains every code in a paragraph', () => {
    expect(entries.filter(([, { explanation }]) => explanation.length < 40)).toEqual([])
  })
})
