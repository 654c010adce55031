import * as fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { expect, test } from 'vitest'
import * as neutral from './neutralise.ts'

const breaker = '\u200b'

/** What a reader of the rendered Markdown sees, and whether anything in it is more than plain text. */
function read(markdown: string): { plain: boolean; text: string } {
  const [paragraph, ...more] = fromMarkdown(markdown).children
  if (paragraph === undefined) return { plain: true, text: '' }
  if (paragraph.type !== 'paragraph' || more.length > 0) return { plain: false, text: '' }
  const texts = paragraph.children.flatMap((child) => (child.type === 'text' ? [child.value] : []))
  return { plain: texts.length === paragraph.children.length, text: texts.join('') }
}

/** One a line: everything that means something to GitHub, a terminal, HTML or Markdown. */
const nasty = [
  ...'@octocat|#1|o/r#2|GH-3|<img src=x onerror=1>|![a](http://b/c)|[a](b)|```|~~~|\\|`|<!--|-->|/approve'.split('|'),
  ...'- |1. |# |> |::error::|##[x]|https://github.com/o/r/issues/4|www.example.com|a@b.co|:tada:|$x$|&amp;'.split('|'),
  ...'&#64;x|---|*|_|=|%0A| |\n|\r|\t|\u202e|\u200b|\u001b[31m|\u001b]8;;http://x\u0007|\ud800|\u2028'.split('|'),
  '|',
]

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...nasty), { maxLength: 12 }).map((parts) => parts.join('')),
)

const params = { seed: 20_261_122, numRuns: process.env['HIVE_TEST_PROFILE'] === 'full' ? 20_000 : 2_000 }

test('markdownText() renders as the same text and as nothing else, whatever the text is', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { plain, text: seen } = read(neutral.markdownText(text))
      expect(plain).toBe(true)
      expect(seen.replaceAll(breaker, '')).toBe(neutral.oneLine(text))
    }),
    params,
  )
})

test('markdownText() leaves nothing for the filters that run after rendering', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: seen } = read(neutral.markdownText(text))
      expect(seen).not.toMatch(/@\w|#\d|gh-\d|:\/\/|www\.|mailto:|:[\w+-]+:|^\//i)
      const source = neutral.markdownText(text)
      expect(source).not.toMatch(/[\n\r<>$]|(?<!\\)(?:\\\\)*\||-->/)
    }),
    params,
  )
})

test('markdownTextWithin() never exceeds its length and keeps what fits', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 20, max: 120 }), (text, max) => {
      expect(neutral.markdownTextWithin(text, max).length).toBeLessThanOrEqual(max)
      expect(read(neutral.markdownTextWithin(text, max)).plain).toBe(true)
    }),
    params,
  )
  expect(neutral.markdownTextWithin('short enough', 20)).toBe('short enough')
  expect(neutral.markdownTextWithin('one two three four five', 10)).toBe('one two t…')
})

test('markdownCode() is a code span, or inert code where a span cannot hold the text', () => {
  expect(neutral.markdownCode('src/store.ts:88')).toBe('`src/store.ts:88`')
  expect(neutral.markdownCode('a|b')).toBe(String.raw`<code>a\|b</code>`)
  expect(neutral.markdownCode('a`@b`')).toBe('<code>a\\`@&#8203;b\\`</code>')
  expect(neutral.markdownCode(' \n ')).toBe('')
  fc.assert(
    fc.property(hostile, (text) => {
      const [paragraph, ...more] = fromMarkdown(`x ${neutral.markdownCode(text)} y`).children
      expect(more).toEqual([])
      expect(paragraph?.type).toBe('paragraph')
      const kinds = paragraph?.type === 'paragraph' ? paragraph.children.map((child) => child.type) : []
      expect(['text', 'text,inlineCode,text', 'text,html,text,html,text']).toContain(kinds.join())
    }),
    params,
  )
})

test('markdownFence() cannot be closed from inside', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const tree = fromMarkdown(neutral.markdownFence(text, 'text'))
      expect(tree.children.map((child) => child.type)).toEqual(['code'])
    }),
    params,
  )
})

test('markdownComment() stays one HTML comment', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const inner = neutral.markdownComment(text)
      expect(inner).not.toMatch(/--|<|>|-$|@\w|^\//)
      expect(fromMarkdown(`<!-- ${inner} -->`).children.map((child) => child.type)).toEqual(['html'])
    }),
    params,
  )
})

test('visible() shows what cannot be seen and takes ANSI out', () => {
  expect(neutral.visible('a\u202eb\u200bc')).toBe('a[U+202E]b[U+200B]c')
  expect(neutral.visible('\u001b[31mred\u001b[0m')).toBe('red')
  expect(neutral.visible('\u0000\u0007')).toBe('[U+0000][U+0007]')
  expect(neutral.visible('tag\u{e0041}')).toBe('tag[U+E0041]')
  expect(neutral.visible('a\r\nb\rc\u2028d')).toBe('a\nb\nc\nd')
  expect(neutral.visible('\ud800x')).toBe('\ufffdx')
  expect(neutral.visible('größer, 日本語, ✅, é')).toBe('größer, 日本語, ✅, é')
  fc.assert(
    fc.property(hostile, (text) => {
      expect(neutral.visible(text)).not.toMatch(/(?![\n\t])[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u)
    }),
    params,
  )
})

test('escapeLog() leaves no workflow command, in either syntax', () => {
  expect(neutral.escapeLog('::error file=a::b')).toBe(': :error file=a::b')
  expect(neutral.escapeLog('  ::set-output name=x::1\n\t::stop')).toBe('  : :set-output name=x::1\n\t: :stop')
  expect(neutral.escapeLog('x ##[group]y')).toBe('x # #[group]y')
  expect(neutral.escapeLog('std::vector at 10::20')).toBe('std::vector at 10::20')
  fc.assert(
    fc.property(hostile, (text) => {
      for (const line of neutral.escapeLog(text).split('\n')) {
        expect(line.trimStart().startsWith('::')).toBe(false)
        expect(line).not.toContain('##[')
      }
    }),
    params,
  )
})

test('escapeHtml() leaves no markup and no way out of an attribute', () => {
  expect(neutral.escapeHtml(`<a href="x" on='y'>&\u202e`)).toBe(
    '&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;[U+202E]',
  )
  fc.assert(
    fc.property(hostile, (text) => {
      expect(neutral.escapeHtml(text)).not.toMatch(/[<>"']/)
    }),
    params,
  )
})

test('mermaidLabel() has no syntax of Mermaid left', () => {
  expect(neutral.mermaidLabel('Move to PG: "agents" [x]; click A call b() %% -->')).toBe(
    'Move to PG agents x click A call b -',
  )
  expect(neutral.mermaidLabel('end of phase')).toBe('end_ of phase')
  expect(neutral.mermaidLabel('::::')).toBe('unnamed')
  fc.assert(
    fc.property(hostile, (text) => {
      expect(neutral.mermaidLabel(text)).toMatch(/^[\p{L}\p{N} .,/+_…-]{1,80}$/u)
    }),
    params,
  )
})

test('truncate() counts characters and never cuts one in half', () => {
  expect(neutral.truncate('abc', 3)).toBe('abc')
  expect(neutral.truncate('abcd', 3)).toBe('ab…')
  expect(neutral.truncate('😀😀😀', 3)).toBe('😀😀😀')
  expect(neutral.truncate('😀😀😀😀', 3)).toBe('😀😀…')
})
