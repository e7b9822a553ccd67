import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ObjectOperation } from './observed-store.ts'
import { objectStore } from './open-store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'observed-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('tells of each operation how it ended', async () => {
  const told: ObjectOperation[] = []
  const observe = (operation: ObjectOperation) => void told.push(operation)
  const store = objectStore({ kind: 'files', folder: join(folder, 'objects') }, { observe })
  const { key, sha256 } = await store.put('exports/x', Buffer.from('x'))
  await store.get(key, sha256)
  await store.getFile(key, sha256, join(folder, 'copy'))
  await store.verify(key, '00'.repeat(32)).catch(() => {})
  await store.putIfAbsent(key, Buffer.from('y'))
  await store.delete(key)
  await store.get(key, sha256).catch(() => {})
  await store.putFile(key, join(folder, 'none')).catch(() => {})

  expect(told.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
    'put ok',
    'get ok',
    'get ok',
    'verify corrupt',
    'put ok',
    'delete ok',
    'get missing',
    'put failed',
  ])
  expect(told.every(({ durationMs }) => durationMs >= 0)).toBe(true)
})
