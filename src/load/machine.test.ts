import { expect, test } from 'vitest'
import { machineBetween, parseProcessStat, parseProcStat, sampleCpu, treeTicks } from './machine.ts'

const stat = 'cpu  1000 10 200 5000 90 1 9 300 50 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n'

test('CPU time is read from the first line of /proc/stat, guests not counted twice', () => {
  expect(parseProcStat(stat)).toEqual({ total: 6_610, idle: 5_090, steal: 300, programs: 1_210 })
})

test.each(['', 'cpu  1 2 3\n', 'cpu  a b c d e f g h\n', 'intr 1 2\n'])('%j tells nothing', (text) => {
  expect(parseProcStat(text)).toBeUndefined()
})

test('the time of a process is found behind a name with spaces and brackets', () => {
  const line = '4711 (k6 (x) y) S 1 4711 4711 0 -1 4194560 1 2 3 4 150 25 0 0 20 0 12 0 100 1 2'
  expect(parseProcessStat(line)).toBe(175)
  expect(parseProcessStat('')).toBeUndefined()
})

test('shares are those of the time between two samples', () => {
  const first = { total: 1_000, idle: 400, steal: 10, programs: 500, k6: 5, own: 2, tree: 100 }
  const last = { total: 2_000, idle: 900, steal: 70, programs: 900, k6: 205, own: 52, tree: 400 }
  expect(machineBetween(first, last)).toMatchObject({
    observed: true,
    stealShare: 0.06,
    k6CpuShare: 0.2,
    ownCpuShare: 0.05,
    busyShare: 0.5,
    othersCpuShare: 0.1,
  })
})

test('what was not observed is said, not guessed', () => {
  expect(machineBetween(undefined, undefined)).toMatchObject({ observed: false, stealShare: 0 })
})

test('a tree is a process and all below it, whoever else runs', () => {
  const processes = [
    { pid: 1, parent: 0, ticks: 900 },
    { pid: 10, parent: 1, ticks: 5 },
    { pid: 11, parent: 10, ticks: 7 },
    { pid: 12, parent: 11, ticks: 9 },
    { pid: 20, parent: 1, ticks: 400 },
  ]
  expect(treeTicks(processes, 10)).toBe(21)
  expect(treeTicks(processes, 99)).toBe(0)
})

test('this process is in its own tree, where the system tells', async () => {
  const sample = await sampleCpu({ k6Pid: process.pid, withTree: true })
  expect(sample?.tree ?? 0).toBeGreaterThanOrEqual(sample?.k6 ?? 0)
})
