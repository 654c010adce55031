import { stripVTControlCharacters } from 'node:util'

/**
 * Whatever comes from outside (row values, file names, messages of tools, branch names, an artifact of a pull
 * request) is data on every surface. Each function here makes a text inert for one surface and keeps it readable.
 * Characters that cannot be seen are shown by their code, because dropping them would make two names look equal.
 */

/** Breaks a token for GitHub's filters, which run on text after entities were decoded; in the source it stays visible. */
const breaker = '&#8203;'

/**
 * Controls but tab and line feed; what Unicode lets a font leave out (bidi controls, zero-width characters, joiners,
 * soft hyphen, fillers, tags, variation selectors but the one of emoji); annotation marks; the blank of Braille.
 */
const unseen =
  /(?!\n|\t|\ufe0f)[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffb]/gu

/** Shows what cannot be seen, without ANSI sequences, lone surrogates and foreign line ends. Keeps line feeds and tabs. */
export function visible(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll(
      unseen,
      (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
}

/** {@link visible}, on one line. */
export function oneLine(text: string): string {
  return visible(text).replaceAll(/\s+/g, ' ').trim()
}

/** At most `max` characters (code points), the last of them `…` where something is missing. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text
  const characters = Array.from(text)
  return characters.length <= max ? text : `${characters.slice(0, Math.max(0, max - 1)).join('')}…`
}

/**
 * Text for a Markdown line or table cell on GitHub: no markup, no HTML, no mention, no reference, no link, no
 * image, no mathematics, no emoji code, no table border, no block marker, no command. Line ends become spaces.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]~|]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('$', '&#36;')
    .replaceAll('!', '&#33;')
    .replaceAll('@', `@${breaker}`)
    .replaceAll(/(?<!&)#/g, `#${breaker}`)
    .replaceAll(/(gh)-(?=\d)/gi, `$1${breaker}-`)
    .replaceAll(/:(?=\/\/)/g, `:${breaker}`)
    .replaceAll(/(www|mailto|xmpp)(?=[.:])/gi, `$1${breaker}`)
    .replaceAll(/:(?=[\w+\\-]+:)/g, `:${breaker}`)
    .replace(/^(?=\/|[-+](?:\s|$)|-[\s-]*$|=+\s*$|\d{1,9}[.)](?:\s|$))/, breaker)
}

/** {@link markdownText} that is at most `max` characters long once it is written. */
export function markdownTextWithin(text: string, max: number): string {
  // Escaping makes a text longer, never shorter: more than `max` characters cannot fit.
  let cut = truncate(oneLine(text), max)
  let written = markdownText(cut)
  while (written.length > max && cut.length > 1) {
    cut = truncate(cut, Math.max(1, Math.floor((Array.from(cut).length * max) / written.length) - 1))
    written = markdownText(cut)
  }
  return written.length > max ? '' : written
}

/** A code span. What a span cannot hold (backticks, pipes of a table) is written as inert `<code>`. */
export function markdownCode(text: string): string {
  const line = oneLine(text)
  if (line === '') return ''
  return /[`|]/.test(line) ? `<code>${markdownText(line)}</code>` : `\`${line}\``
}

/** A fenced block whose fence the text cannot close. `language` is the caller's own word. */
export function markdownFence(text: string, language = ''): string {
  const shown = visible(text)
  const longest = Math.max(2, ...Array.from(shown.matchAll(/`+/g), (run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${shown}\n${fence}`
}

/** Text inside `<!-- … -->`: it cannot end the comment, nor hide a mention or a command in it. */
export function markdownComment(text: string): string {
  return oneLine(text)
    .replaceAll(/-(?=-|>|!)|-$/g, '-\\')
    .replaceAll(/[<>]/g, '')
    .replaceAll('@', '(at)')
    .replace(/^\//, '\\/')
}

/** A label of a Mermaid diagram: letters, digits and plain punctuation; the rest would be syntax. */
export function mermaidLabel(text: string): string {
  const label = oneLine(text)
    .replaceAll(/[^\p{L}\p{N} .,/+_-]/gu, ' ')
    .replaceAll(/-{2,}/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[ /-]+/, '')
    .trim()
  // "end" closes a block in Mermaid's grammar, in any position where a word may stand.
  return (
    truncate(
      label.replaceAll(/\bend\b/gi, (word) => `${word}_`),
      80,
    ) || 'unnamed'
  )
}

/** Text between HTML tags or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Text or attribute of XML 1.0, which has no way to write most control characters; {@link visible} took them out. */
export function escapeXml(text: string): string {
  return escapeHtml(text)
}

/**
 * Lines for the log of a GitHub runner, which obeys `::command::` at the start of a line and `##[command]` anywhere
 * in it, in the output of any step.
 */
export function escapeLog(text: string): string {
  return visible(text)
    .replaceAll(/^([^\S\n]*):(?=:)/gm, '$1: ')
    .replaceAll(/#(?=#\[)/g, '# ')
}
