import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { escapeHtml, standings, standingStyles } from '../../src/report/index.ts'

/**
 * A page that looks like the comment on a pull request, for a picture. It knows only the Markdown that our comment
 * is made of: headings, tables, lists, paragraphs and folded sections, which it shows closed, as GitHub does.
 */
export function commentPage(markdown: string): string {
  const blocks = markdown
    .replace(/^<!--.*?-->\n/s, '')
    .replaceAll(/<details><summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, '\u0000$1')
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Comment</title><style>${sheet}</style>
<div class="comment"><div class="head"><span class="avatar">h</span><b>agent-hive</b> <span class="bot">bot</span> commented now</div>
<div class="body">${blocks.map(writeBlock).join('\n')}</div></div></html>`
}

const sheet = `
body { margin: 0; padding: 16px; width: 868px; background: #fff; color: #1f2328; font: 14px/1.5 "Liberation Sans", -apple-system, "Segoe UI", Arial, sans-serif; }
.comment { border: 1px solid #d1d9e0; border-radius: 6px; } .head { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 8px 16px; color: #59636e; }
.head b { color: #1f2328; } .bot { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 7px; font-size: 12px; }
.avatar { display: inline-grid; place-items: center; width: 20px; height: 20px; margin-right: 6px; border-radius: 5px; background: #e3a008; color: #fff; font-weight: 700; font-size: 13px; line-height: 1; }
.body { padding: 16px; } h3 { margin: 0 0 16px; font-size: 20px; line-height: 1.25; } p, ul, table { margin: 0 0 16px; } ul { padding-left: 2em; margin-top: -16px; }
table { border-collapse: collapse; } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; } tr:nth-child(even) td { background: #f6f8fa; } td:nth-child(2) { white-space: nowrap; } td:last-child { white-space: nowrap; }
code { font: 85%/1.5 "Liberation Mono", monospace; background: #eff1f3; border-radius: 6px; padding: .2em .4em; } .glyph { display: inline-grid; place-items: center; width: 16px; height: 16px; border-radius: 3px; color: #fff; font: 700 12px/1 "DejaVu Sans", sans-serif; vertical-align: -2px; margin-right: 2px; background: #6e7781; }
.glyph.pass { background: #1a7f37; } .glyph.fail { background: #cf222e; } .glyph.undecided { background: #9a6700; } .glyph.error { background: #86307f; } .glyph.waits { background: #0969da; }
.fold { margin: 4px 0; } .fold::before { content: "▸ "; }
`

function writeBlock(block: string): string {
  const lines = block.split('\n')
  if (block.startsWith('\u0000'))
    return lines.map((line) => `<div class="fold">${line.replace('\u0000', '')}</div>`).join('')
  if (block.startsWith('### ')) return `<h3>${inline(block.slice(4))}</h3>`
  if (block.startsWith('|')) return writeTable(lines)
  const firstItem = lines.findIndex((line) => line.startsWith('- '))
  if (firstItem === -1) return `<p>${inline(block)}</p>`
  const items = lines.slice(firstItem).map((line) => `<li>${inline(line.slice(2))}</li>`)
  return `<p>${inline(lines.slice(0, firstItem).join('\n'))}</p><ul>${items.join('')}</ul>`
}

function writeTable([head = '', _rule, ...rows]: readonly string[]): string {
  const cells = (line: string): string[] =>
    line
      .replace(/^\| /, '')
      .replace(/ \|$/, '')
      .split(/(?<!\\) \| ?/)
  const row = (line: string, tag: 'td' | 'th'): string =>
    `<tr>${cells(line)
      .map((cell) => `<${tag}>${inline(cell.replaceAll(String.raw`\|`, '|'))}</${tag}>`)
      .join('')}</tr>`
  return `<table>${row(head, 'th')}${rows.map((line) => row(line, 'td')).join('')}</table>`
}

function inline(markdown: string): string {
  return fromMarkdown(markdown).children.map(writeNode).join('')
}

/** Machines that draw pictures often have no emoji font: the verdicts' glyphs stand in coloured squares instead. */
function drawEmoji(html: string): string {
  return standings.reduce((text, standing) => {
    const { markdown, glyph } = standingStyles[standing]
    return text.replaceAll(markdown, `<span class="glyph ${standing}">${glyph}</span>`)
  }, html)
}

function writeNode(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return drawEmoji(escapeHtml(node.value.replaceAll('\u200b', '')))
    case 'inlineCode':
      return `<code>${escapeHtml(node.value)}</code>`
    case 'strong':
      return `<b>${node.children.map(writeNode).join('')}</b>`
    case 'paragraph':
    case 'link':
      return node.children.map(writeNode).join('')
    default:
      return ''
  }
}
