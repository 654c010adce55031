import { DatabaseSync } from 'node:sqlite'

export interface NewMessage {
  readonly conversationId: string
  readonly sender: string
  readonly recipient: string
  readonly content: string
  /** 1 is low, 4 is critical. */
  readonly priority: number
}

export interface StoredMessage extends NewMessage {
  readonly id: number
}

/** Messages between agents, kept in the table that the hive is about to leave. */
export class MessageStore {
  readonly #database: DatabaseSync

  constructor(path: string) {
    // Old rows refer to conversations that were archived; new ones may not, so `send` looks itself.
    this.#database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  }

  /** Returns the new message's id. */
  send(message: NewMessage): number {
    const { conversationId, sender, recipient, content, priority } = message
    if (content.trim() === '') throw new RangeError('could not send a message: it is empty')
    const known = this.#database.prepare('SELECT 1 FROM conversations WHERE conversation_id = ?').get(conversationId)
    if (known === undefined) throw new RangeError(`could not send a message: no conversation ${conversationId}`)
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO agent_messages (conversation_id, sender, recipient, content, priority, timestamp)
         VALUES (?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%f', 'now'))`,
      )
      .run(conversationId, sender, recipient, content, priority)
    return Number(lastInsertRowid)
  }

  /** What an agent has not read, the most urgent first, then in the order of sending. */
  unread(recipient: string, limit = 50): readonly StoredMessage[] {
    const rows = this.#database
      .prepare(
        `SELECT id, conversation_id, sender, recipient, content, priority FROM agent_messages
         WHERE recipient = ? AND read_status = 0 ORDER BY priority DESC, id LIMIT ?`,
      )
      .all(recipient, limit)
    return rows.map((row) => ({
      id: Number(row['id']),
      conversationId: String(row['conversation_id']),
      sender: String(row['sender']),
      recipient: String(row['recipient']),
      content: String(row['content']),
      priority: Number(row['priority']),
    }))
  }

  /** True where the message was unread and belongs to the reader: a second call changes nothing. */
  markRead(id: number, reader: string): boolean {
    const { changes } = this.#database
      .prepare('UPDATE agent_messages SET read_status = 1 WHERE id = ? AND recipient = ? AND read_status = 0')
      .run(id, reader)
    return Number(changes) === 1
  }

  close(): void {
    this.#database.close()
  }
}
