/** `1 row has`, `3 rows have`, `3 rows`. */
export function countRows(count: number, one?: string, many?: string): string {
  const verb = count === 1 ? one : many
  return `${count} ${count === 1 ? 'row' : 'rows'}${verb === undefined ? '' : ` ${verb}`}`
}
