import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEventWorld, type EventWorld, numberOf } from './event-world.ts'
import { FEED_START, type FeedPosition } from './feed.ts'
import { outboxFeed } from './outbox-feed.ts'

let world: EventWorld
beforeAll(async () => {
  world = await createEventWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.db.deleteFrom('outbox_message').execute()
})

const read = async (after: FeedPosition = FEED_START) => {
  const entries = await outboxFeed(world.db).read(after, 1000)
  return { numbers: entries.map(({ event }) => numberOf(event)), last: entries.at(-1)?.position }
}

/**
 * The same once it has these numbers: a transaction in any database of the server, other tests'
 * included, holds a feed back while it runs.
 */
async function readUntil(numbers: readonly number[], after?: FeedPosition) {
  await expect.poll(() => read(after)).toMatchObject({ numbers })
  return read(after)
}

describe('a feed', () => {
  it('holds nothing of a transaction that is rolled back', async () => {
    const failed = world.db.transaction().execute(async (trx) => {
      await world.append('a', [1], trx)
      throw new Error('changed its mind')
    })
    await expect(failed).rejects.toThrow('changed its mind')
    await world.append('a', [2])
    await readUntil([2])
  })

  it('keeps the order in which one call appends', async () => {
    await world.append('a', [3, 1, 2])
    await readUntil([3, 1, 2])
  })

  it('does not pass by a transaction that commits late', async () => {
    const slow = await world.db.startTransaction().execute()
    await world.append('slow', [1], slow)
    await world.append('fast', [2])
    // The fast one has the later place, and waits for the slow one.
    expect(await read()).toEqual({ numbers: [], last: undefined })
    await slow.commit().execute()
    await readUntil([1, 2])
  })

  it('tells how long an older transaction has held it back', async () => {
    const slow = await world.db.startTransaction().execute()
    await world.append('slow', [1], slow)
    await world.append('fast', [2])
    const feed = outboxFeed(world.db)
    const before = await feed.backlog(FEED_START)
    expect(before.lagSeconds).toBe(0)
    expect(before.heldBackSeconds).toBeGreaterThan(0)
    await slow.commit().execute()
    await expect
      .poll(() => feed.backlog(FEED_START))
      .toEqual({ heldBackSeconds: 0, lagSeconds: expect.any(Number) })
    expect((await feed.backlog(FEED_START)).lagSeconds).toBeGreaterThan(0)
  })

  it('goes on after a position', async () => {
    await world.append('a', [1, 2])
    const { last } = await readUntil([1, 2])
    await world.append('a', [3])
    await readUntil([3], last)
  })

  it('is found again by time', async () => {
    const feed = outboxFeed(world.db)
    await world.append('a', [1])
    const between = new Date(Date.now() + 5)
    await expect.poll(() => Date.now()).toBeGreaterThan(between.getTime())
    await world.append('a', [2])
    await readUntil([2], await feed.positionBefore(between))
    const later = new Date(Date.now() + 60_000)
    expect(await read(await feed.positionBefore(later))).toMatchObject({ numbers: [] })
  })
})
