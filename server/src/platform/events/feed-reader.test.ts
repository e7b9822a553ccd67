import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BRISK, createEventWorld, type EventWorld, numberOf, silent } from './event-world.ts'
import { type FeedReader, readFeed } from './feed-reader.ts'
import { outboxFeed } from './outbox-feed.ts'

let world: EventWorld
beforeAll(async () => {
  world = await createEventWorld()
  await sql`create table tally (n integer not null)`.execute(world.db)
})
afterAll(() => world.close())

/** Writes each number down, and now and then fails first. */
const tallying = (): FeedReader => {
  let calls = 0
  return {
    feed: outboxFeed(world.db),
    consumer: 'tally',
    batchSize: 3,
    async handle(entries) {
      calls += 1
      if (calls % 4 === 0) throw new Error('fails every fourth time')
      const numbers = entries.map(({ event }) => numberOf(event))
      return async (within) => {
        await sql`insert into tally select unnest(${numbers}::integer[])`.execute(within)
      }
    },
  }
}

it('gives each entry its effect once, even while two processes read as one', async () => {
  const stopping = new AbortController()
  const tools = { db: world.db, logger: silent, idle: BRISK, failed: BRISK }
  const readers = [1, 2].map(() => readFeed(tallying(), tools, stopping.signal))
  const numbers = Array.from({ length: 60 }, (_, n) => n)
  for (const n of numbers) await world.append('a', [n])
  const tally = async () => {
    const { rows } = await sql<{ n: number }>`select n from tally order by n`.execute(world.db)
    return rows.map(({ n }) => n)
  }
  await expect.poll(tally, { timeout: 10_000 }).toEqual(numbers)
  stopping.abort()
  await Promise.all(readers)
  expect(await tally()).toEqual(numbers)
})
