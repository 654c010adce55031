import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { LoadMachine } from './types.ts'

/** CPU time so far, in clock ticks (1/100 s) summed over the cores. */
export interface CpuSample {
  readonly total: number
  readonly idle: number
  readonly steal: number
  /** Spent by programs, in user and system mode: what remains of busy time is interrupts. */
  readonly programs: number
  readonly k6: number
  readonly own: number
  /** Of this process and everything that it started, servers and k6 included; absent unless it was asked for. */
  readonly tree?: number
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice. */
export function parseProcStat(text: string): Pick<CpuSample, 'total' | 'idle' | 'steal' | 'programs'> | undefined {
  const fields = /^cpu +(.+)$/m.exec(text)?.[1]?.trim().split(/\s+/).map(Number)
  if (fields === undefined || fields.length < 8 || fields.some((field) => !Number.isFinite(field))) return undefined
  // Guest time is part of user and nice already.
  const total = fields.slice(0, 8).reduce((sum, field) => sum + field, 0)
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0] = fields
  return { total, idle: idle + iowait, steal: fields[7] ?? 0, programs: user + nice + system }
}

/** utime + stime of /proc/PID/stat. The name of the process may hold spaces and brackets: count from its end. */
export function parseProcessStat(text: string): number | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks : undefined
}

interface SampleRequest {
  readonly k6Pid: number | undefined
  /** Looks at every process of the machine: about 2 ms for 300 of them. */
  readonly withTree: boolean
}

/** `undefined` where the system has no /proc. */
export async function sampleCpu({ k6Pid, withTree }: SampleRequest): Promise<CpuSample | undefined> {
  try {
    const [machine, k6] = await Promise.all([
      readFile('/proc/stat', 'utf8'),
      k6Pid === undefined ? '' : readFile(`/proc/${k6Pid}/stat`, 'utf8').catch(() => ''),
    ])
    const ticks = parseProcStat(machine)
    if (ticks === undefined) return undefined
    const own = process.cpuUsage()
    return {
      ...ticks,
      k6: parseProcessStat(k6) ?? 0,
      own: (own.user + own.system) / 10_000,
      ...(withTree ? { tree: treeTicks(readProcesses(), process.pid) } : {}),
    }
  } catch {
    return undefined
  }
}

export interface ProcessTicks {
  readonly pid: number
  readonly parent: number
  /** Its own and that of the children which it has seen end. */
  readonly ticks: number
}

/** Ticks of a process and all that descend from it. */
export function treeTicks(processes: readonly ProcessTicks[], root: number): number {
  const children = Map.groupBy(processes, ({ parent }) => parent)
  const sumOf = (entry: ProcessTicks): number =>
    (children.get(entry.pid) ?? []).reduce((sum, child) => sum + sumOf(child), entry.ticks)
  const entry = processes.find(({ pid }) => pid === root)
  return entry === undefined ? 0 : sumOf(entry)
}

/** Read in one go and not asynchronously: a process that ends in between would be counted twice or never. */
function readProcesses(): ProcessTicks[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^[0-9]+$/.test(name)) return []
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
      return [{ pid: Number(name), parent: Number(fields[1]), ticks }]
    } catch {
      return []
    }
  })
}

/** Shares between two samples. Without samples nothing was observed, which is said and not guessed. */
export function machineBetween(first: CpuSample | undefined, last: CpuSample | undefined): LoadMachine {
  const cores = availableParallelism()
  const total = first === undefined || last === undefined ? 0 : last.total - first.total
  if (first === undefined || last === undefined || total <= 0) {
    return { observed: false, stealShare: 0, k6CpuShare: 0, ownCpuShare: 0, busyShare: 0, cores }
  }
  const share = (ticks: number): number => Number(Math.min(1, Math.max(0, ticks / total)).toFixed(4))
  return {
    observed: true,
    stealShare: share(last.steal - first.steal),
    k6CpuShare: share(last.k6 - first.k6),
    ownCpuShare: share(last.own - first.own),
    busyShare: share(total - (last.idle - first.idle)),
    ...(first.tree === undefined || last.tree === undefined
      ? {}
      : { othersCpuShare: share(last.programs - first.programs - (last.tree - first.tree)) }),
    cores,
  }
}
