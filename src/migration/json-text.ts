/** PostgreSQL reads JSON by recursion and stops at its stack limit; nobody nests this deep on purpose. */
const maximumJsonDepth = 1_000

/** True for JSON that PostgreSQL's `json` stores as it is. */
export function isStorableJson(text: string): boolean {
  if (text.includes('\0')) return false
  try {
    JSON.parse(text)
  } catch {
    return false
  }
  return jsonDepth(text) <= maximumJsonDepth
}

/** An upper bound: brackets inside strings count too. */
function jsonDepth(text: string): number {
  let open = 0
  for (let index = 0; index < text.length && open <= maximumJsonDepth; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x5b || code === 0x7b) open += 1
  }
  return open <= maximumJsonDepth ? open : deepest(text)
}

function deepest(text: string): number {
  let depth = 0
  let most = 0
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (quoted) {
      if (code === 0x5c) index += 1
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x5b || code === 0x7b) most = Math.max(most, (depth += 1))
    else if (code === 0x5d || code === 0x7d) depth -= 1
  }
  return most
}
