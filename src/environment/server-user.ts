import { readFile } from 'node:fs/promises'
import { runProgram } from './run-program.ts'

/** The unprivileged user that a server runs as when we are root. */
export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * PostgreSQL refuses to run as root. Root hands it to `postgres` where that user exists, else to `nobody`;
 * everyone else runs it as themselves (undefined).
 */
export async function chooseServerUser(
  ownUid: number | undefined = process.getuid?.(),
): Promise<ServerUser | undefined> {
  if (ownUid !== 0) return undefined
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  for (const name of ['postgres', 'nobody']) {
    const user = findUser(passwd, name) ?? (await askForUser(name))
    if (user !== undefined) return user
  }
  // The number that every Unix leaves to nobody, for images without a user database.
  return { name: '65534', uid: 65_534, gid: 65_534 }
}

/** Reads one user of /etc/passwd; root by another name does not count. */
export function findUser(passwd: string, wanted: string): ServerUser | undefined {
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name !== wanted || uid === undefined || gid === undefined) continue
    const user = { name, uid: Number(uid), gid: Number(gid) }
    if (user.uid > 0 && user.gid >= 0) return user
  }
  return undefined
}

/** Users of a directory service are not in /etc/passwd. */
async function askForUser(name: string): Promise<ServerUser | undefined> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])])
  return uid.exitCode === 0 && gid.exitCode === 0
    ? findUser(`${name}:x:${uid.stdout.trim()}:${gid.stdout.trim()}:`, name)
    : undefined
}
