import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countingConsumer, createEventWorld, type EventWorld } from './event-world.ts'

let world: EventWorld
beforeAll(async () => {
  world = await createEventWorld()
})
afterAll(() => world.close())

const KEYS = ['a', 'b', 'c']
const WRITERS = 6
const TURNS = 15

it('keeps the order of each key, and misses none, while transactions overlap', async () => {
  const { consumer, seen } = countingConsumer('watching')
  world.start({ consumers: [consumer] })
  const next = new Map(KEYS.map((key) => [key, 0]))
  const committed = new Map<string, number[]>(KEYS.map((key) => [key, []]))

  async function turn(writer: number, round: number): Promise<void> {
    const key = KEYS[(writer + round) % KEYS.length] ?? 'a'
    await world.db.transaction().execute(async (trx) => {
      // Some take their transaction's number long before they write.
      await sql`select pg_current_xact_id()`.execute(trx)
      await sql`select pg_sleep(${((writer * 7 + round * 3) % 5) / 200})`.execute(trx)
      // Who writes about the same thing waits for the one before, as domains do by row locks.
      await sql`select pg_advisory_xact_lock(hashtext(${key}))`.execute(trx)
      const n = (next.get(key) ?? 0) + 1
      next.set(key, n)
      await world.append(key, [n], trx)
      committed.get(key)?.push(n)
    })
  }
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let round = 0; round < TURNS; round += 1) await turn(writer, round)
    }),
  )
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(WRITERS * TURNS)
  for (const key of KEYS) {
    const inOrder = seen.filter((one) => one.key === key).map(({ n }) => n)
    expect([key, inOrder]).toEqual([key, committed.get(key)])
  }
})
