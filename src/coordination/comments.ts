import { fromMarkdown } from 'mdast-util-from-markdown'
import { mayHoldCommand } from './command-scan.ts'

/**
 * The grammar of commands in comments. A command is a line of a CommonMark paragraph at the top of the document that
 * begins with `/`: quotes, lists, headings, code, HTML and HTML comments carry none, because nobody meant those.
 */
export type Command =
  | { readonly kind: 'approve'; readonly sha?: string; readonly gate?: string }
  | { readonly kind: 'revoke' }
  | { readonly kind: 'hold'; readonly reason?: string }
  | { readonly kind: 'unhold' }
  | { readonly kind: 'accept-policy'; readonly hash: string }
  | { readonly kind: 'override'; readonly gate: string; readonly sha?: string; readonly reason: string }
  | { readonly kind: 'retest'; readonly gate?: string }
  | { readonly kind: 'explain'; readonly gate: string }
  | { readonly kind: 'status' }
  | { readonly kind: 'help' }
  | { readonly kind: 'malformed'; readonly word: CommandWord; readonly problem: string }
  | { readonly kind: 'unknown'; readonly word: string; readonly meant?: CommandWord }

/** Every command with its usage and its rule: the text of `/help`, and what `docs/github.md` is compared with. */
export const commandUsage = {
  approve: { usage: '/approve [sha] [gate]', rule: 'accepts exactly this commit; for the role that hive.yml names' },
  revoke: {
    usage: '/revoke',
    rule: 'withdraws every approval and override given so far; for the same role and admins',
  },
  hold: { usage: '/hold [reason]', rule: 'stops acceptance whatever was approved; for every role' },
  unhold: { usage: '/unhold', rule: 'ends your own hold; admins end every hold' },
  'accept-policy': {
    usage: '/accept-policy HASH',
    rule: 'accepts changed gate definitions of this commit; for admins',
  },
  override: {
    usage: '/override GATE [sha] REASON',
    rule: 'counts the gate as passed for this commit, with the reason in sight; for admins',
  },
  retest: {
    usage: '/retest [gate]',
    rule: 'runs the gates of this commit again, and lets a later pass count after an earlier failure; for every role',
  },
  explain: { usage: '/explain GATE', rule: 'says how the gate stands, why, and what to do; for everyone' },
  status: { usage: '/status', rule: 'reads everything again and renews Checks and comment; for everyone' },
  help: { usage: '/help', rule: 'lists the commands; for everyone' },
} as const

type CommandWord = keyof typeof commandUsage

const commandWords = Object.keys(commandUsage) as CommandWord[]

/** No person writes more; a comment with more is somebody's experiment. */
const commandsPerComment = 10
/** GitHub's own limit of a comment; anything longer did not come from there. */
const bodyLimit = 65_536

/**
 * A line of 60,000 quote marks takes the parser 13 s, and `> - > - …` takes it 90 s, because each marker opens a
 * container in the one before. Twenty are as much a quote as sixty thousand, and take no time.
 */
const marker = String.raw`[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))`
const deepContainers = new RegExp(`^((?:${marker}){20})(?:${marker})+`, 'gm')
/** Thirty thousand quoted lines take 25 s; how a quote ends, and so whether the next line belongs to it, is in its last lines. */
const longQuotes = /^(?: {0,3}>[^\r\n]*(?:\r\n|\r|\n)){100,}/gm

function affordable(body: string): string {
  return body.replaceAll(deepContainers, '$1').replaceAll(longQuotes, (quote) =>
    quote
      .split(/(?<=\n)|(?<=\r)(?!\n)/)
      .slice(-100)
      .join(''),
  )
}

/** The commands of a comment, in order. Never throws: what is not a command is nothing. */
export function parseCommands(body: string): readonly Command[] {
  if (!mayHoldCommand(body) || body.length > bodyLimit) return []
  return commandLines(affordable(body)).slice(0, commandsPerComment).map(parseLine)
}

function commandLines(body: string): string[] {
  const lines: string[] = []
  for (const block of fromMarkdown(body).children) {
    if (block.type !== 'paragraph') continue
    block.children.forEach((child, index) => {
      const start = child.position?.start.offset
      const end = child.position?.end.offset
      if (child.type !== 'text' || start === undefined || end === undefined) return
      const opensLine = index === 0 || block.children[index - 1]?.type === 'break'
      for (const offset of lineStarts(body, start, { end, opensLine })) {
        // The source, not the decoded text: `&#47;approve` looks like a command but was not typed as one.
        const line = /^[^\r\n]*/.exec(body.slice(offset))?.[0].trim() ?? ''
        if (line.startsWith('/')) lines.push(line)
      }
    })
  }
  return lines
}

function lineStarts(body: string, start: number, { end, opensLine }: { end: number; opensLine: boolean }): number[] {
  const starts = opensLine ? [start] : []
  for (let at = start; at < end; at += 1) {
    const code = body.charCodeAt(at)
    if (code === 10 || (code === 13 && body.charCodeAt(at + 1) !== 10)) starts.push(at + 1)
  }
  return starts
}

function parseLine(line: string): Command {
  const [first = '', ...rest] = line.split(/\s+/)
  const word = first.slice(1).toLowerCase()
  if (!isCommandWord(word)) {
    const meant = commandWords.find((known) => isOneSlipAway(word, known))
    return { kind: 'unknown', word: word.slice(0, 40), ...(meant === undefined ? {} : { meant }) }
  }
  switch (word) {
    case 'approve':
      return parseApprove(rest)
    case 'accept-policy': {
      const hash = rest[0]?.toLowerCase()
      return rest.length === 1 && hash !== undefined && /^[0-9a-f]{12}$/.test(hash)
        ? { kind: 'accept-policy', hash }
        : { kind: 'malformed', word, problem: 'it takes the 12 digits that the Check shows' }
    }
    case 'hold': {
      const reason = rest.join(' ').slice(0, 300)
      return reason === '' ? { kind: 'hold' } : { kind: 'hold', reason }
    }
    case 'override': {
      const [gate = '', next = '', ...words] = rest
      const sha = isHex(next) ? next.toLowerCase() : undefined
      const reason = [...(sha === undefined ? [next] : []), ...words].join(' ').slice(0, 300)
      return isGate(gate) && reason !== ''
        ? { kind: 'override', gate: gate.toLowerCase(), ...(sha === undefined ? {} : { sha }), reason }
        : { kind: 'malformed', word, problem: 'it takes the name of a gate and a reason' }
    }
    case 'retest': {
      const [gate, more] = rest
      if (gate === undefined) return { kind: 'retest' }
      return isGate(gate) && more === undefined
        ? { kind: 'retest', gate: gate.toLowerCase() }
        : { kind: 'malformed', word, problem: 'it takes the name of one gate, or nothing' }
    }
    case 'explain': {
      const [gate = '', more] = rest
      return isGate(gate) && more === undefined
        ? { kind: 'explain', gate: gate.toLowerCase() }
        : { kind: 'malformed', word, problem: 'it takes the name of one gate' }
    }
    case 'revoke':
    case 'unhold':
    case 'status':
    case 'help':
      return rest.length === 0 ? { kind: word } : { kind: 'malformed', word, problem: 'it takes nothing after it' }
  }
}

function parseApprove(words: readonly string[]): Command {
  const [first, second] = words
  if (words.length > 2)
    return { kind: 'malformed', word: 'approve', problem: 'it takes a commit and a gate, nothing else' }
  if (first === undefined) return { kind: 'approve' }
  if (isHex(first)) return approve(first, second)
  return second !== undefined && isHex(second) ? approve(second, first) : approve(undefined, ...words)
}

function approve(sha: string | undefined, gate?: string, surplus?: string): Command {
  if (surplus !== undefined || (gate !== undefined && !isGate(gate))) {
    return {
      kind: 'malformed',
      word: 'approve',
      problem: 'it takes a commit of 40 hexadecimal digits and the name of a gate',
    }
  }
  return {
    kind: 'approve',
    ...(sha === undefined ? {} : { sha: sha.toLowerCase() }),
    ...(gate === undefined ? {} : { gate: gate.toLowerCase() }),
  }
}

const isGate = (word: string): boolean => /^[a-z][a-z0-9_-]{0,49}$/i.test(word)
const isHex = (word: string): boolean => /^[0-9a-f]{7,64}$/i.test(word)

function isCommandWord(word: string): word is CommandWord {
  return Object.hasOwn(commandUsage, word)
}

/** One letter added, left out, changed, or two neighbours swapped: a slip of the hand, not another bot's command. */
function isOneSlipAway(word: string, known: string): boolean {
  if (word.length < 3 || Math.abs(word.length - known.length) > 1) return false
  let same = 0
  while (same < word.length && word[same] === known[same]) same += 1
  const [a, b] = [word.slice(same), known.slice(same)]
  const swapped = a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || swapped
}
