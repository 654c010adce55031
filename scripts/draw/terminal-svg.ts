import { escapeXml } from '../../src/report/index.ts'

const cellWidth = 8.4
const lineHeight = 20
const padding = 22
const titleBar = 36

/** Colours of the SGR parameters that our terminal output uses, on a dark ground. */
const colours: Readonly<Record<string, string>> = {
  '2': '#a9b4c2',
  '31': '#ff8b82',
  '32': '#52d3a4',
  '33': '#f0bd58',
  '35': '#e59ade',
  '36': '#86bdf2',
}

interface Style {
  readonly fill: string
  readonly bold: boolean
}

const plain: Style = { fill: '#eceff3', bold: false }

function styleOf(sgr: string): Style {
  const codes = sgr.split(';')
  const colour = codes.map((code) => colours[code]).find((found) => found !== undefined)
  return { fill: colour ?? plain.fill, bold: codes.includes('1') }
}

/** A picture of a terminal window: every piece stands at its column, whatever font the reader has. */
export function terminalSvg(text: string, parts: { readonly columns: number; readonly title: string }): string {
  const lines = text.split('\n')
  const width = Math.ceil(parts.columns * cellWidth + padding * 2)
  const height = titleBar + lines.length * lineHeight + padding
  const body = lines.flatMap((line, row) => pieces(line).map((piece) => draw(piece, titleBar + (row + 1) * lineHeight)))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(parts.title)}">
<title>${escapeXml(parts.title)}</title>
<rect width="${width}" height="${height}" rx="10" fill="#12151a"/>
<circle cx="22" cy="18" r="6" fill="#ff5f57"/><circle cx="42" cy="18" r="6" fill="#febc2e"/><circle cx="62" cy="18" r="6" fill="#28c840"/>
<text x="${width / 2}" y="23" text-anchor="middle" fill="#a9b4c2" font-family="system-ui, sans-serif" font-size="13">${escapeXml(parts.title)}</text>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
${body.join('\n')}
</g>
</svg>
`
}

interface Piece {
  readonly column: number
  readonly text: string
  readonly style: Style
}

function pieces(line: string): Piece[] {
  const found: Piece[] = []
  let style = plain
  let column = 0
  for (const [part, sgr] of Array.from(line.matchAll(/\p{Cc}\[([\d;]*)m|\P{Cc}+/gu), (match) => [match[0], match[1]])) {
    if (sgr !== undefined) style = styleOf(sgr)
    else {
      // Runs of spaces are skipped, not drawn.
      for (const word of (part ?? '').matchAll(/\S+(?: \S+)*/g))
        found.push({ column: column + word.index, text: word[0], style })
      column += (part ?? '').length
    }
  }
  return found
}

function draw({ column, text, style }: Piece, y: number): string {
  const x = (padding + column * cellWidth).toFixed(1)
  const weight = style.bold ? ' font-weight="700"' : ''
  return `<text x="${x}" y="${y}" fill="${style.fill}"${weight} textLength="${(text.length * cellWidth).toFixed(1)}" lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`
}
