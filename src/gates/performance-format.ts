/** Three significant digits and thousands separators; whole numbers from 1,000 on. */
export function decimals(value: number): string {
  if (!Number.isFinite(value)) return 'unknown'
  const size = Math.abs(value)
  if (size >= 1_000 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US')
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** A number beside its target, with as many digits as it takes to show on which side it lies: 49.98, not 50.0. */
export function beside(value: number, target: number): string {
  const plain = decimals(value)
  if (value === target || Number(plain.replaceAll(',', '')) !== target) return plain
  for (let digits = 1; digits <= 6; digits += 1)
    if (Number(value.toFixed(digits)) !== target) return value.toFixed(digits)
  return String(value)
}

/** `share` is 0.12 for 12 %. */
export function percent(share: number): string {
  return share < 10 ? `${decimals(Number((share * 100).toPrecision(3)))} %` : 'more than 1,000 %'
}

export function seconds(value: number): string {
  return `${Number(value.toFixed(1))} s`
}
