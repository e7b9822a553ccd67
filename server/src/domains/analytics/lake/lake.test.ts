import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLakeWorld, type LakeWorld } from './lake-world.ts'

const SOON = { timeout: 20_000 }

let world: LakeWorld
const stops: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  world = await createLakeWorld()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await world.close()
})

async function start(system = world.system()) {
  const worker = await system.startWorker()
  stops.push(worker.stop)
  return { worker, system }
}

const sorted = (...ids: string[][]) => ids.flat().toSorted()

describe('the lake', () => {
  it('has one row for each stored event, by type and day', async () => {
    const [one, two] = [randomUUID(), randomUUID()]
    const yesterday = new Date(world.now().getTime() - 86_400_000)
    const ids = sorted(
      await world.put(one, 3),
      await world.put(two, 2, { type: 'track.liked' }),
      await world.put(one, 2, { at: yesterday }),
    )
    await start()
    await expect.poll(world.ids, SOON).toEqual(ids)
    const days = [yesterday, world.now()].map((at) => at.toISOString().slice(0, 10))
    const files = (await world.store.liveFiles()).map(({ type, date, rows }) => [type, date, rows])
    expect(files).toEqual([
      ['track.liked', days[1], 2],
      ['track.played', days[0], 2],
      ['track.played', days[1], 3],
    ])
    const { rows } = await world.reads.query(
      `select payload->>'$.note', version, user_id::varchar from events where type = 'track.liked'`,
      { maxRows: 1 },
    )
    expect(rows).toEqual([["it's", 1, two]])
  })

  it('has one row for each event however often its writer fails, before and after it has put a file', async () => {
    const failing = new Set([1, 2, 4, 5, 8])
    let calls = 0
    const { system } = await start(
      world.system({
        ...world.objects,
        async putFile(key, path) {
          calls += 1
          if (failing.has(calls) && calls % 2 === 0) throw new Error('no answer before')
          const stored = await world.objects.putFile(key, path)
          if (failing.has(calls)) throw new Error('no answer after')
          return stored
        },
      }),
    )
    const ids: string[] = []
    for (let round = 0; round < 4; round += 1) {
      ids.push(...(await world.put(randomUUID(), 5)))
      await expect.poll(world.ids, SOON).toEqual(sorted(ids))
    }
    expect(calls).toBeGreaterThan(8)
    expect(await system.replay('lake', { since: new Date(0), signal: world.signal })).toBe(20)
    expect(await world.ids()).toEqual(sorted(ids))
  })

  it('gets back by a replay what a lost file held, and nothing twice', async () => {
    const ids = sorted(
      await world.put(randomUUID(), 4),
      await world.put(randomUUID(), 3, { type: 'track.liked' }),
    )
    const { system } = await start()
    await expect.poll(world.ids, SOON).toEqual(ids)
    const [lost] = await world.store.liveFiles({ type: 'track.liked' })
    await world.store.replace([lost?.id ?? ''], world.now())
    await world.upkeep.sweep()
    expect(await world.ids()).toHaveLength(4)
    await system.replay('lake', { since: new Date(0), signal: world.signal })
    expect(await world.ids()).toEqual(ids)
  })
})

describe('an erasure', () => {
  it('takes the user’s events out of every file, and leaves all others', async () => {
    const [gone, stays] = [randomUUID(), randomUUID()]
    const kept = await world.put(stays, 3)
    await world.put(gone, 3)
    await world.put(gone, 2, { type: 'track.liked' })
    await start()
    await expect.poll(async () => (await world.ids()).length, SOON).toBe(8)
    const before = await world.keys()
    await world.erase(gone)
    await expect.poll(world.ids, SOON).toEqual(sorted(kept))
    // The objects that held them are gone, too.
    await expect.poll(world.keys, SOON).toHaveLength(1)
    expect(before).not.toContain((await world.keys())[0])
  })

  it('leaves what the same user does afterwards', async () => {
    const user = randomUUID()
    await world.put(user, 3)
    await start()
    await expect.poll(async () => (await world.ids()).length, SOON).toBe(3)
    await world.erase(user)
    await expect.poll(world.ids, SOON).toEqual([])
    world.pass(1000)
    const later = await world.put(user, 2)
    await expect.poll(world.ids, SOON).toEqual(sorted(later))
  })

  it('reaches events that are being written at that moment', async () => {
    const user = randomUUID()
    const { promise: written, resolve: isWritten } = Promise.withResolvers<void>()
    const { promise: erased, resolve: goOn } = Promise.withResolvers<void>()
    await world.put(user, 3)
    const kept = await world.put(randomUUID(), 1)
    await start(
      world.system({
        ...world.objects,
        async putFile(key, path) {
          isWritten()
          await erased
          return world.objects.putFile(key, path)
        },
      }),
    )
    await written
    await world.erase(user)
    await expect.poll(() => world.store.erasuresOf([user]), SOON).toMatchObject([{ userId: user }])
    goOn()
    await expect.poll(world.ids, SOON).toEqual(kept)
  })
})
