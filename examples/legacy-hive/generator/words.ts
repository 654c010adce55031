import type { Random } from './random.ts'

export const agentNames = [
  'database-migration',
  'message-protocol',
  'integration-testing',
  'tooling-infrastructure',
  'product',
  'strategic',
  'documentation',
  'security-review',
] as const

const verbs = ['map', 'migrate', 'verify', 'publish', 'consume', 'review', 'repair', 'measure', 'document', 'deploy']
const objects = ['the schema', 'message classes', 'inbox files', 'the staging database', 'retry queues', 'audit rows']
const places = ['for phase 1', 'after the sync', 'on staging', 'before the handover', 'in the dashboard', 'by hand']

/** What copying formats trip over: separators, quotes, escapes, letters of other alphabets, an emoji, an empty line. */
const awkward = [
  'tab\there',
  'a\\N b',
  "it's “quoted”",
  'two\n\nlines',
  'naïve café',
  'Καλημέρα',
  '移行',
  'done ✅',
  ' padded ',
]

export function sentence(random: Random): string {
  const plain = `${random.pick(verbs)} ${random.pick(objects)} ${random.pick(places)}`
  return random.chance(0.04) ? `${plain}: ${random.pick(awkward)}` : plain
}

/** Several sentences; a few are long. */
export function paragraph(random: Random): string {
  const length = random.chance(0.01) ? random.int(40, 120) : random.int(1, 4)
  return Array.from({ length }, () => sentence(random)).join('. ')
}

/** `json.dumps`: a blank after each colon and comma, everything beyond ASCII escaped, keys in the order of the code. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${asciiString(key)}: ${pythonJson(item)}`)
      .join(', ')}}`
  }
  return typeof value === 'string' ? asciiString(value) : JSON.stringify(value)
}

function asciiString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007F-\uFFFF]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A JSON column of the hive: mostly an object, often the default, sometimes NULL, sometimes empty. */
export function jsonText(random: Random): string | null {
  const kind = random.int(0, 19)
  if (kind === 0) return null
  if (kind === 1) return ''
  if (kind <= 5) return '{}'
  if (kind <= 7) return '[]'
  return jsonObject(random)
}

export function jsonObject(random: Random): string {
  return pythonJson({
    task: sentence(random),
    attempt: random.int(1, 5),
    confidence: random.int(0, 1_000) / 1_000,
    tags: Array.from({ length: random.int(0, 3) }, () => random.pick(verbs)),
    parent: random.chance(0.3) ? null : { id: random.hex(8), depth: random.int(0, 4) },
  })
}
