import type { CataloguePart } from './entry.ts'

export const messagingErrors = {
  HIVE_MESSAGE_INVALID: {
    exitCode: 2,
    message: (data: { problem: string; path?: string }) =>
      `could not accept the message: ${data.path === undefined || data.path === '' ? '' : `${data.path}: `}${data.problem}`,
    hint: 'send one CloudEvents 1.0 JSON event as docs/protocol.md describes it',
    explanation:
      'The event is not valid JSON, misses an attribute, has a value of the wrong type, is nested too deeply, or holds text that cannot be stored: NUL, a lone surrogate, a number that JavaScript, PostgreSQL and Redis would not all read as the same value. Nothing was stored.',
  },
  HIVE_MESSAGE_TOO_LARGE: {
    exitCode: 2,
    message: (data: { limitBytes: number }) =>
      `could not accept the message: it is larger than ${data.limitBytes} bytes, the limit of one event`,
    hint: 'put large content elsewhere and send its address and SHA-256 in data',
    explanation: 'An event is bounded so that one message cannot delay those of other agents. Nothing was stored.',
  },
  HIVE_MESSAGE_EXPIRED: {
    exitCode: 2,
    message: (data: { expirytime: string }) => `could not accept the message: it expired at ${data.expirytime}`,
    hint: 'send it again with an expirytime in the future, or without one',
    explanation: 'The event was past its expirytime when it arrived. Nothing was stored.',
  },
  HIVE_MESSAGE_ID_REUSED: {
    exitCode: 2,
    message: (data: { source: string; id: string }) =>
      `could not accept the message: ${data.source} has already sent other content with the id ${data.id}`,
    hint: 'give every new message a new id; repeat an id only to repeat the same message',
    explanation:
      'Source and id together name a message for ever. The same content under the same id is a repetition and gets the first receipt; other content is refused, because one of the two would be lost.',
  },
  HIVE_MESSAGE_REFUSED: {
    exitCode: 2,
    message: (data: { sqlState: string; problem: string }) =>
      `could not store the message: PostgreSQL refused it with ${data.sqlState}, ${data.problem}`,
    hint: 'change the content of the message; the messages of other senders were not affected',
    explanation:
      'Messages are written in batches. The database refused this one, so the batch was bisected until it stood alone: every other message of the batch was stored.',
  },
  HIVE_RECIPIENT_UNKNOWN: {
    exitCode: 2,
    message: (data: { recipient: string }) => `could not accept the message: there is no agent ${data.recipient}`,
    hint: 'send to an agent that has a token at this gateway, or to * for all of them',
    explanation: 'The gateway knows the agents of its token list. Nothing was stored.',
  },
  HIVE_INBOX_FULL: {
    exitCode: 2,
    message: (data: { recipient: string; depth: number }) =>
      `could not accept the message: the inbox of ${data.recipient} holds ${data.depth} messages, its limit`,
    hint: 'wait until the recipient has read its inbox, then send the same message again',
    explanation: 'A recipient that does not read must not fill the memory of Redis. Nothing was stored.',
  },
  HIVE_PROTOCOL_REDIS: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not use Redis: ${data.problem}`,
    hint: 'check that Redis runs and that its URL is right',
    explanation:
      'Redis could not be reached, or refused a command of the message protocol. What had been acknowledged at the level archive is in PostgreSQL and is published as soon as Redis answers again.',
  },
  HIVE_REDIS_TOO_OLD: {
    exitCode: 2,
    message: (data: { version: string }) => `could not use Redis ${data.version}: version 7.0 or newer is needed`,
    hint: 'upgrade the server to Redis 7.0 or newer',
    explanation: 'The protocol runs as server-side functions, which Redis has since 7.0.',
  },
  HIVE_STORE_UNREACHABLE: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not use the message store in PostgreSQL: ${data.problem}`,
    hint: 'check that PostgreSQL runs and that its URL is right, then repeat; a repeated id is stored once',
    explanation:
      'PostgreSQL could not be reached or closed the connection. A message whose sender got no receipt may or may not be stored; sending it again with the same id is always safe.',
  },
  HIVE_STORE_SCHEMA: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not prepare the schema hive: ${data.problem}`,
    hint: 'use the release of Agent Hive that made the schema, or a database of its own',
    explanation:
      'The migrations in the database are not those of this release: a newer release ran there, or a file was changed after it had been applied.',
  },
  HIVE_GATEWAY_PORT: {
    exitCode: 2,
    message: (data: { host: string; port: number; problem: string }) =>
      `could not listen on ${data.host}:${data.port}: ${data.problem}`,
    hint: 'stop the program that uses the port, or choose another with npx agent-hive gateway --port 0',
    explanation: 'The gateway could not take its port. Nothing was started.',
  },
  HIVE_GATEWAY_TOKENS: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not read the tokens of the gateway: ${data.problem}`,
    hint: 'write one agent=token pair a line, each token 32 characters or longer',
    explanation:
      'The list of tokens decides who may send and read. A pair that is malformed, repeated or too short is refused as a whole list.',
  },
  HIVE_GATEWAY_UNAUTHENTICATED: {
    exitCode: 2,
    message: (data: { problem: string }) => `could not authenticate the request: ${data.problem}`,
    hint: 'send the header Authorization: Bearer with the token of your agent',
    explanation: 'Every request under /v1 needs the token of one agent, in the Authorization header and nowhere else.',
  },
  HIVE_GATEWAY_FORBIDDEN: {
    exitCode: 2,
    message: (data: { agent: string; wanted: string }) =>
      `could not act as ${data.wanted}: the token belongs to ${data.agent}`,
    hint: 'use the token of that agent, or leave source out: the gateway fills it in',
    explanation: 'An agent reads only its own inbox and speaks only in its own name.',
  },
  HIVE_GATEWAY_REQUEST: {
    exitCode: 2,
    message: (data: { problem: string; status?: number }) => `could not understand the request: ${data.problem}`,
    hint: 'see docs/protocol.md for paths, methods, headers and bodies',
    explanation: 'The request has an unknown path, another method, a header or a body that the gateway does not take.',
  },
  HIVE_GATEWAY_BUSY: {
    exitCode: 2,
    message: (data: { queued: number; limit: number }) =>
      `could not take another message now: ${data.queued} wait to be stored, ${data.limit} is the limit`,
    hint: 'repeat the request after the seconds in the header Retry-After',
    explanation:
      'The queue in front of the database is bounded, so that a receipt never waits long. Nothing was stored.',
  },
  HIVE_GATEWAY_DRAINING: {
    exitCode: 2,
    message: (data: { state: string }) => `could not take the request: the gateway is ${data.state}`,
    hint: 'repeat the request; another instance or the restarted gateway will answer',
    explanation: 'The gateway finishes what it has accepted and takes nothing new.',
  },
} as const satisfies CataloguePart
