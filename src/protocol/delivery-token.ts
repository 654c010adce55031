import type { Fence } from './delivery.ts'

/** What settles one delivery: the stream entry and the fence under which it was handed out. */
export interface DeliveryToken extends Fence {
  readonly entry: string
}

const pattern = /^([0-9]{1,20}-[0-9]{1,20})\.([1-9][0-9]{0,5})\.([a-z0-9-]{1,64})$/

/** `1732546000000-0.1.gateway-x7k2`: opaque to agents, who only send it back. */
export function formatToken(token: DeliveryToken): string {
  return `${token.entry}.${token.deliveries}.${token.consumer}`
}

export function parseToken(text: string): DeliveryToken | undefined {
  const match = pattern.exec(text)
  const [, entry, deliveries, consumer] = match ?? []
  if (entry === undefined || deliveries === undefined || consumer === undefined) return undefined
  return { entry, deliveries: Number(deliveries), consumer }
}
