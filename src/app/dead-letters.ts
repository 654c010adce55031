import { type Clock, fault } from '../core/index.ts'
import type { DeadLetter, RedisBus } from '../protocol/index.ts'
import { visible } from '../report/index.ts'
import { describeEvent, type TailedMessage } from './tail.ts'
import { openTeamBus, type TeamRequest } from './team-bus.ts'

export interface DeadLetterFilter {
  readonly agent?: string
  readonly reason?: string
}

/** A dead letter with its event made inert for a terminal. */
export interface ShownLetter extends DeadLetter {
  readonly message: TailedMessage
  /** The whole event, indented. */
  readonly text: string
}

export interface LetterChoice extends TeamRequest {
  /** Their entries, or all that the filter leaves. */
  readonly choice:
    | { readonly kind: 'entries'; readonly entries: readonly string[] }
    | ({ readonly kind: 'all' } & DeadLetterFilter)
}

export interface LetterWork {
  readonly done: number
  /** Entries that are no dead letters (any more). */
  readonly missing: readonly string[]
}

const page = 500

/** Lists dead letters, oldest first. @throws HIVE_USAGE, HIVE_PROTOCOL_REDIS */
export async function listDeadLetters(
  request: TeamRequest & DeadLetterFilter & { readonly max: number; readonly clock: Clock },
): Promise<{ readonly letters: readonly ShownLetter[]; readonly left: number }> {
  return await withBus(request, async (bus) => {
    const all = await findLetters(bus, request)
    const letters = all.slice(0, request.max).map((letter) => show(letter, request.clock))
    return { letters, left: all.length - letters.length }
  })
}

/** One dead letter, or undefined where there is none under this entry. */
export async function showDeadLetter(
  request: TeamRequest & { readonly entry: string; readonly clock: Clock },
): Promise<ShownLetter | undefined> {
  checkEntries([request.entry], request.command)
  return await withBus(request, async (bus) => {
    const [letter] = await bus.deadLetters({ from: request.entry, max: 1 })
    return letter?.entry === request.entry ? show(letter, request.clock) : undefined
  })
}

/** Puts dead letters back into their inboxes. */
export async function replayDeadLetters(request: LetterChoice): Promise<LetterWork> {
  return await workOn(request, (bus, entries) => bus.replay(entries))
}

/** Forgets dead letters for ever. */
export async function dropDeadLetters(request: LetterChoice): Promise<LetterWork> {
  return await workOn(request, (bus, entries) =>
    Promise.all(entries.map(async (entry) => (await bus.drop([entry])) === 1)),
  )
}

async function workOn(
  request: LetterChoice,
  work: (bus: RedisBus, entries: readonly string[]) => Promise<readonly boolean[]>,
): Promise<LetterWork> {
  const { choice } = request
  if (choice.kind === 'entries') checkEntries(choice.entries, request.command)
  return await withBus(request, async (bus) => {
    // All of them are known before the first is replayed: one that dies again at once is not replayed for ever.
    const entries =
      choice.kind === 'entries' ? choice.entries : (await findLetters(bus, choice)).map(({ entry }) => entry)
    const missing: string[] = []
    for (let at = 0; at < entries.length; at += page) {
      const part = entries.slice(at, at + page)
      const flags = await work(bus, part)
      missing.push(...part.filter((_entry, index) => flags[index] !== true))
    }
    return { done: entries.length - missing.length, missing }
  })
}

async function findLetters(bus: RedisBus, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = []
  for (let from = '-'; ;) {
    const letters = await bus.deadLetters({ from, max: page })
    found.push(
      ...letters.filter(
        ({ agent, reason }) => agent === (filter.agent ?? agent) && reason === (filter.reason ?? reason),
      ),
    )
    const last = letters.at(-1)
    if (last === undefined || letters.length < page) return found
    from = `(${last.entry}`
  }
}

async function withBus<T>(request: TeamRequest, work: (bus: RedisBus) => Promise<T>): Promise<T> {
  const bus = await openTeamBus(request)
  try {
    return await work(bus)
  } finally {
    await bus.close()
  }
}

function show(letter: DeadLetter, clock: Clock): ShownLetter {
  const message = describeEvent(letter.event, clock)
  return { ...letter, message, text: visible(JSON.stringify(message.event, undefined, 2)) }
}

function checkEntries(entries: readonly string[], command: string): void {
  const wrong = entries.find((entry) => !/^[0-9]{1,20}-[0-9]{1,20}$/.test(entry))
  if (wrong === undefined) return
  throw fault('HIVE_USAGE', {
    problem: `could not use the entry ${wrong.slice(0, 60)}: 1732546000000-0 is one`,
    command,
  })
}
