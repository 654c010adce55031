import { svg } from './markup.ts'
import type { Markup, Part } from './markup.ts'

/**
 * What the charts share. Each is drawn twice, for a desktop and for a phone, because text inside a scaled picture
 * would not stay readable; the sheet shows one of them.
 */
export interface ChartSize {
  readonly form: 'wide' | 'narrow'
  readonly width: number
  readonly height: number
}

export const chartSizes: readonly ChartSize[] = [
  { form: 'wide', width: 860, height: 330 },
  { form: 'narrow', width: 350, height: 300 },
]

/** Frame of a chart: role and description for those who do not see it. */
export function chartFrame(size: ChartSize, description: string, content: Part): Markup {
  return svg`<svg class="chart ${size.form}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${description}">${content}</svg>`
}

/** One decimal is a tenth of a pixel: more would be bytes without a difference. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** Width of a label at 13 px in a system font, a little generous. */
export function labelWidth(text: string): number {
  return text.length * 6.9
}

export interface MarkLabel {
  readonly x: number
  readonly text: string
}

export interface PlacedLabel<Label extends MarkLabel> {
  readonly label: Label
  readonly row: number
}

/** Room that a label takes to the right of its line. */
export function labelRoom(text: string): number {
  return labelWidth(text) + 8
}

/**
 * Rows for labels that stand to the right of vertical lines which run down from them. Sorted by x, a label that
 * meets an earlier one goes below it: so no line crosses a label.
 */
export function placeLabels<Label extends MarkLabel>(labels: readonly Label[]): PlacedLabel<Label>[] {
  const placed: PlacedLabel<Label>[] = []
  for (const label of labels.toSorted((a, b) => a.x - b.x)) {
    const meeting = placed.filter((other) => other.label.x + labelRoom(other.label.text) > label.x)
    placed.push({ label, row: Math.max(-1, ...meeting.map((other) => other.row)) + 1 })
  }
  return placed
}
