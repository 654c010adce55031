import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { LoadMachine } from './types.ts'

/** CPU time so far, in clock ticks (1/100 s) summed over the cores. */
export interface CpuSample {
  readonly total: number
  readonly idle: number
  readonly steal: number
  readonly k6: number
  readonly own: number
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice. */
export function parseProcStat(text: string): Pick<CpuSample, 'total' | 'idle' | 'steal'> | undefined {
  const fields = /^cpu +(.+)$/m.exec(text)?.[1]?.trim().split(/\s+/).map(Number)
  if (fields === undefined || fields.length < 8 || fields.some((field) => !Number.isFinite(field))) return undefined
  // Guest time is part of user and nice already.
  const total = fields.slice(0, 8).reduce((sum, field) => sum + field, 0)
  return { total, idle: (fields[3] ?? 0) + (fields[4] ?? 0), steal: fields[7] ?? 0 }
}

/** utime + stime of /proc/PID/stat. The name of the process may hold spaces and brackets: count from its end. */
export function parseProcessStat(text: string): number | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) ? ticks : undefined
}

/** `undefined` where the system has no /proc. */
export async function sampleCpu(k6Pid: number | undefined): Promise<CpuSample | undefined> {
  try {
    const [machine, k6] = await Promise.all([
      readFile('/proc/stat', 'utf8'),
      k6Pid === undefined ? '' : readFile(`/proc/${k6Pid}/stat`, 'utf8').catch(() => ''),
    ])
    const ticks = parseProcStat(machine)
    if (ticks === undefined) return undefined
    const own = process.cpuUsage()
    return { ...ticks, k6: parseProcessStat(k6) ?? 0, own: (own.user + own.system) / 10_000 }
  } catch {
    return undefined
  }
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
    cores,
  }
}
