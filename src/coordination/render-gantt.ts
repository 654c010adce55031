import type { Status } from './fold.ts'

/** More bars than these are a wall; the critical path and the open tasks come first. */
const shownTasks = 40

/**
 * The plan as a Mermaid Gantt chart: one working day is one day of the axis. Empty where hive.yml gives no start.
 * `label` makes names inert: Mermaid reads `:`, `;`, `#` and words such as `end` as syntax.
 */
export function renderGantt({ plan, analysis, done, json }: Status, label: (outside: string) => string): string {
  if (plan.start === undefined || analysis.kind === 'cycle') return ''
  const dayMs = plan.hoursPerDay * 3_600_000
  const begin = Date.parse(`${plan.start}T00:00:00Z`)
  const critical = new Set(json.critical_path)
  const shown = new Set(
    analysis.order
      .toSorted((a, b) => rank(a.task.id) - rank(b.task.id))
      .slice(0, shownTasks)
      .map(({ task }) => task.id),
  )
  function rank(id: string): number {
    return critical.has(id) ? 0 : done.has(id) ? 2 : 1
  }
  const lines = plan.phases.flatMap((phase) => {
    const bars = analysis.order.filter(({ task }) => task.phase === phase.id && shown.has(task.id))
    if (bars.length === 0) return []
    return [
      `  section ${label(phase.name)}`,
      ...bars.map(({ task, startMs }) => {
        const tags = [
          ...(critical.has(task.id) ? ['crit'] : []),
          ...(done.has(task.id) ? ['done'] : json.ready.includes(task.id) ? ['active'] : []),
        ]
        const from = new Date(begin + (startMs / dayMs) * 86_400_000).toISOString().slice(0, 16).replace('T', ' ')
        const hours = Math.max(1, Math.round((task.estimateMs / dayMs) * 24))
        return `  ${label(task.name)} :${[...tags, from, `${hours}h`].join(', ')}`
      }),
    ]
  })
  const rest = analysis.order.length - shown.size
  const note = rest > 0 ? `\n\n${rest} more tasks are in the JSON below.` : ''
  return `\`\`\`mermaid\ngantt\n  dateFormat YYYY-MM-DD HH:mm\n  axisFormat %d %b\n${lines.join('\n')}\n\`\`\`${note}`
}
