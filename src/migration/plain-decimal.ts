/** A finite number without exponent: `1e21` → `1000000000000000000000`. */
export function plainDecimal(value: number): string {
  const [mantissa = '', exponentText] = String(value).split('e')
  if (exponentText === undefined) return mantissa
  const exponent = Number(exponentText)
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  const point = whole.length + exponent
  const text =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : point >= digits.length
        ? digits.padEnd(point, '0')
        : `${digits.slice(0, point)}.${digits.slice(point)}`
  return negative ? `-${text}` : text
}
