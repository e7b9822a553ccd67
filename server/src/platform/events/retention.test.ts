import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { countingConsumer, createEventWorld, type EventWorld } from './event-world.ts'
import { OUTBOX_FEED } from './outbox-feed.ts'
import { pruneEvents } from './retention.ts'

let world: EventWorld
beforeAll(async () => {
  world = await createEventWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.stopAll()
  await world.db.deleteFrom('outbox_message').execute()
  await world.db.deleteFrom('event_cursor').execute()
})

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
const outboxSize = async () => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from outbox_message`.execute(world.db)
  return rows[0]?.n
}

it('keeps events that somebody has not read, however old', async () => {
  await world.append('a', [1, 2])
  expect(await pruneEvents(world.db, { readers: ['slow'], now: inDays(90) })).toMatchObject({
    outbox: 0,
  })
  expect(await outboxSize()).toBe(2)
})

it('keeps events that all have read for a week, then deletes them with their marks', async () => {
  const { consumer, numbers } = countingConsumer('reading')
  world.start({ consumers: [consumer] })
  await world.append('a', [1, 2])
  await expect.poll(numbers).toEqual([1, 2])
  await expect
    .poll(async () => (await world.db.selectFrom('event_cursor').selectAll().execute()).length)
    .toBe(1)
  await world.stopAll()
  const readers = ['reading']
  expect((await pruneEvents(world.db, { readers, now: inDays(6) })).outbox).toBe(0)
  expect(await pruneEvents(world.db, { readers, now: inDays(8) })).toMatchObject({
    outbox: 2,
    consumed: 0,
  })
  expect((await pruneEvents(world.db, { readers, now: inDays(31) })).consumed).toBe(2)
})

it('waits for a reader that is behind another', async () => {
  await world.append('a', [1])
  const place = { feed: OUTBOX_FEED, xid: '0', updated_at: new Date() }
  await world.db
    .insertInto('event_cursor')
    .values([
      { ...place, consumer: 'fast', seq: '9223372036854775807' },
      { ...place, consumer: 'slow', seq: '0' },
    ])
    .execute()
  const pruned = await pruneEvents(world.db, { readers: ['fast', 'slow'], now: inDays(90) })
  expect(pruned.outbox).toBe(0)
})
