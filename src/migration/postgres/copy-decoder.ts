/**
 * Reads the binary COPY stream row by row. It shares no code with the encoder: a mistake that both made would hide
 * itself.
 */
export class CopyDecoder {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #started = false
  #ended = false
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  get ended(): boolean {
    return this.#ended
  }

  /** The bytes that {@link start} and {@link end} point into; valid until the next {@link push}. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** Where the next row begins in {@link bytes}. */
  get consumed(): number {
    return this.#at
  }

  push(chunk: Buffer): void {
    const rest = this.#bytes.subarray(this.#at)
    this.#bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    this.#at = 0
  }

  /** Moves to the next row; false where more bytes are needed, or the stream has ended. */
  next(): boolean {
    if (this.#ended || (!this.#started && !this.#start())) return false
    const bytes = this.#bytes
    let at = this.#at
    if (at + 2 > bytes.length) return false
    const fields = bytes.readInt16BE(at)
    at += 2
    if (fields === -1) {
      this.#at = at
      this.#ended = true
      return false
    }
    for (let field = 0; field < fields; field += 1) {
      if (at + 4 > bytes.length) return false
      const size = bytes.readInt32BE(at)
      at += 4
      this.#starts[field] = size < 0 ? -1 : at
      if (size > 0) at += size
      if (at > bytes.length) return false
      this.#ends[field] = at
    }
    this.#at = at
    return true
  }

  /** Where a field begins, or −1 for NULL. */
  start(field: number): number {
    return this.#starts[field] ?? -1
  }

  end(field: number): number {
    return this.#ends[field] ?? -1
  }

  #start(): boolean {
    const bytes = this.#bytes
    if (bytes.length < 19) return false
    if (bytes.toString('latin1', 0, 11) !== 'PGCOPY\n\u00ff\r\n\0') throw new Error('this is no binary COPY stream')
    const extension = bytes.readInt32BE(15)
    if (bytes.length < 19 + extension) return false
    this.#at = 19 + extension
    this.#started = true
    return true
  }
}
