/**
 * Whether a body can hold a command at all: one linear scan, so that ordinary comments cost neither a parse
 * nor a request.
 */
export function mayHoldCommand(body: string | undefined): boolean {
  return body !== undefined && /(?:^|[\r\n]) {0,3}\/[A-Za-z]/.test(body)
}
