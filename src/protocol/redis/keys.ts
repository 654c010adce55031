/** Keys of one team. They share one hash tag, so that a team lives on one node of a cluster and its functions are atomic. */
export interface TeamKeys {
  readonly seen: readonly [string, string]
  readonly dead: string
  /** Pub/sub channel: names of agents whose inboxes grew, separated by commas. A hint, never the message. */
  readonly bell: string
  /** Pub/sub channel: every event that is published while someone listens. */
  readonly tap: string
  readonly inbox: (agent: string) => string
  /** Sorted set: messages that are delayed or wait for another try, by the time when they are due. */
  readonly later: (agent: string) => string
  /** Hash: which message of a source and supersede key is the latest that waits. */
  readonly latest: (agent: string) => string
  /** What became of a request. */
  readonly answer: (source: string, id: string) => string
}

export function teamKeys(team: string): TeamKeys {
  const tag = `{hive:${team}}`
  return {
    seen: [`${tag}:seen:0`, `${tag}:seen:1`],
    dead: `${tag}:dead`,
    bell: `${tag}:bell`,
    tap: `${tag}:tap`,
    inbox: (agent) => `${tag}:inbox:${agent}`,
    later: (agent) => `${tag}:later:${agent}`,
    latest: (agent) => `${tag}:latest:${agent}`,
    answer: (source, id) => `${tag}:answer:${source} ${id}`,
  }
}
