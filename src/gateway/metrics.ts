import type { GatewayStats } from './options.ts'

const gauges = new Set<keyof GatewayStats>(['queued', 'unpublished', 'waiting'])

/** The stats in the text format of Prometheus. */
export function renderMetrics(stats: GatewayStats): string {
  const lines = (Object.keys(stats) as (keyof GatewayStats)[]).flatMap((name) => {
    const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const metric = gauges.has(name) ? `hive_gateway_${snake}` : `hive_gateway_${snake}_total`
    return [`# TYPE ${metric} ${gauges.has(name) ? 'gauge' : 'counter'}`, `${metric} ${stats[name]}`]
  })
  return `${lines.join('\n')}\n`
}
