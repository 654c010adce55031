import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './progress.mjs'

/** A holder renews its lock every 5 s; one that has not for this long is gone, even where its process id is used again. */
const staleMs = 60_000

/** Lets one setup of a clone work at a time. The others wait, and then find everything done. */
export async function withLock(folder, work) {
  let told = false
  while (!take(folder)) {
    if (isStale(folder)) {
      // Renaming first: of several that wait, one clears the lock away.
      const grave = `${folder}.${process.pid}`
      try {
        renameSync(folder, grave)
        rmSync(grave, { recursive: true, force: true })
      } catch {
        // Another one was quicker.
      }
      continue
    }
    if (!told) say('setup   another setup of this clone is at work; waiting for it')
    told = true
    await sleep(200)
  }
  const renew = setInterval(() => {
    try {
      utimesSync(folder, new Date(), new Date())
    } catch {
      // It was cleared away as stale, for example after the machine slept: correctness does not hang on the lock.
    }
  }, 5_000)
  renew.unref()
  const release = () => {
    clearInterval(renew)
    if (holderOf(folder) === process.pid) rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function take(folder) {
  try {
    mkdirSync(folder)
    writeFileSync(join(folder, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'ENOENT') return false
    throw error
  }
}

function holderOf(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'))
  } catch {
    return undefined
  }
}

function isStale(folder) {
  try {
    if (Date.now() - statSync(folder).mtimeMs > staleMs) return true
  } catch {
    return false
  }
  const holder = holderOf(folder)
  if (holder === undefined || holder === 0) return false
  try {
    process.kill(holder, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
