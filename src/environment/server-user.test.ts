import { expect, test } from 'vitest'
import { chooseServerUser, findUser } from './server-user.ts'

test('chooseServerUser() changes the user for root only', async () => {
  expect(await chooseServerUser(1000)).toBeUndefined()
  const user = await chooseServerUser(0)
  expect(user?.uid).toBeGreaterThan(0)
})

test('findUser() never returns root under another name, nor a broken line', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\npostgres:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nbroken\n'
  expect(findUser(passwd, 'postgres')).toBeUndefined()
  expect(findUser(passwd, 'nobody')).toEqual({ name: 'nobody', uid: 65_534, gid: 65_534 })
  expect(findUser(passwd, 'broken')).toBeUndefined()
})
