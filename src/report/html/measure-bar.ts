import type { Measure } from '../../evidence/index.ts'
import { px } from './chart.ts'
import { svg } from './markup.ts'
import type { Markup } from './markup.ts'

const width = 150

/** Value, interval and target of one measure on a line from zero; nothing where a length would say nothing. */
export function measureBar(measure: Measure): Markup | undefined {
  const { value, target, interval = [value, value] } = measure
  if (target === undefined || target.op === '==' || target.value <= 0 || value < 0 || interval[0] < 0) return undefined
  const scale = (number: number): number =>
    1 + (number / (Math.max(value, target.value, interval[1]) * 1.06)) * (width - 2)
  const whisker =
    measure.interval !== undefined &&
    svg`<line x1="${px(scale(interval[0]))}" x2="${px(scale(interval[1]))}" y1="11" y2="11" stroke="var(--ink)" stroke-width="2"/>`
  return svg`<svg class="measure-bar" viewBox="0 0 ${width} 22" aria-hidden="true"><rect x="1" y="6" width="${width - 2}" height="10" rx="2" fill="var(--sunken)"/><rect x="1" y="6" width="${px(Math.max(1, scale(value) - 1))}" height="10" rx="2" fill="var(--tone)" opacity=".75"/>${whisker}<line x1="${px(scale(target.value))}" x2="${px(scale(target.value))}" y1="1" y2="21" stroke="var(--ink)" stroke-width="1.5" stroke-dasharray="3 2"/></svg>`
}
