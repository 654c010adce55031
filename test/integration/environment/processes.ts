import { readFile, readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Ids of processes whose command line names all the words: the tests give each server a folder of its own. */
export async function processIdsNaming(...words: readonly string[]): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    ids.map(async (id) => {
      const line = (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
      return line !== '' && words.every((word) => line.includes(word)) ? [Number(id)] : []
    }),
  )
  return found.flat().filter((id) => id !== process.pid)
}

/** Polls every 20 ms until the condition holds; throws after 20 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition did not come true within 20 s')
    await sleep(20)
  }
}
