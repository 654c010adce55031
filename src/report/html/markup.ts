import { escapeHtml } from '../neutralise.ts'

/** Markup that was built here. Everything else that is put into a template is text and is escaped. */
export interface Markup {
  readonly markup: string
}

export type Part = Markup | string | number | false | undefined | readonly Part[]

/** Builds markup; strings and numbers are escaped, lists are joined, `false` and `undefined` leave nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, index) => text + (index < parts.length ? write(parts[index]) : '')).join('') }
}

/** SVG is written like HTML, in which it stands; by another name, because formatters lay HTML out anew. */
export function svg(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return html(strings, ...parts)
}

function write(part: Part): string {
  if (part === false || part === undefined) return ''
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  if ('markup' in part) return part.markup
  return part.map(write).join('')
}

/** A fragment name of a gate or any other id: letters, digits and dashes only. */
export function anchor(prefix: string, name: string): string {
  return `${prefix}-${name.replaceAll(/[^A-Za-z0-9-]/g, '-')}`
}
