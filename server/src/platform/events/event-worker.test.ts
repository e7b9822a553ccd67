import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMetrics } from '#platform/telemetry'
import type { EventConsumer } from './consumer.ts'
import { consumptionStore } from './consumption.store.ts'
import { delivery } from './delivery.ts'
import type { EventEnvelope } from './envelope.ts'
import { eventMetrics } from './event-metrics.ts'
import {
  BRISK,
  countingConsumer,
  createEventWorld,
  type EventWorld,
  numberOf,
  silent,
} from './event-world.ts'
import { FEED_START } from './feed.ts'
import { outboxFeed } from './outbox-feed.ts'

let world: EventWorld
beforeAll(async () => {
  world = await createEventWorld()
  await sql`create table tally (n integer not null)`.execute(world.db)
})
afterEach(async () => {
  await world.stopAll()
  await sql`alter table if exists dead_event_away rename to dead_event`.execute(world.db)
  for (const table of ['outbox_message', 'event_cursor', 'consumed_event', 'dead_event'] as const) {
    await world.db.deleteFrom(table).execute()
  }
  await sql`delete from tally`.execute(world.db)
})
afterAll(() => world.close())

const tally = async () => {
  const { rows } = await sql<{ n: number }>`select n from tally order by n`.execute(world.db)
  return rows.map(({ n }) => n)
}

/** All that were appended, once no older transaction on the server holds them back. */
async function fedEvents(count: number): Promise<EventEnvelope[]> {
  const read = () => outboxFeed(world.db).read(FEED_START, count + 1)
  await expect.poll(read).toHaveLength(count)
  return (await read()).map(({ event }) => event)
}

/** Whose effect is a row in PostgreSQL. */
const tallying: EventConsumer = {
  name: 'tallying',
  topics: ['test.counted'],
  handle: async (events) => async (within) => {
    for (const event of events) {
      await sql`insert into tally values (${numberOf(event)})`.execute(within)
    }
  },
}

describe('without a broker', () => {
  it('brings what was committed before anybody was there to take it', async () => {
    await world.append('a', [1, 2])
    const { consumer, numbers } = countingConsumer('late')
    world.start({ consumers: [consumer] })
    await expect.poll(numbers).toEqual([1, 2])
    await world.append('a', [3])
    await expect.poll(numbers).toEqual([1, 2, 3])
  })

  it('brings each event to each consumer of its topic only', async () => {
    const one = countingConsumer('one')
    const two = countingConsumer('two')
    world.start({ consumers: [one.consumer, two.consumer] })
    await world.appendMessage('test.other', { n: 9 })
    await world.append('a', [1])
    await expect.poll(() => [one.numbers(), two.numbers()]).toEqual([[1], [1]])
  })

  it('has one of two workers read, and the other go on when it is gone', async () => {
    const first = countingConsumer('shared')
    const second = countingConsumer('shared')
    const leader = world.start({ consumers: [first.consumer] })
    await world.append('a', [1])
    await expect.poll(first.numbers).toEqual([1])
    world.start({ consumers: [second.consumer] })
    await world.append('a', [2])
    await expect.poll(first.numbers).toEqual([1, 2])
    await leader.stop()
    await world.append('a', [3])
    await expect.poll(second.numbers).toEqual([3])
    expect(first.numbers()).toEqual([1, 2])
  })

  it('has an effect once, however often and by how many an event is delivered', async () => {
    await world.append('a', [1, 2, 3])
    const events = await fedEvents(3)
    const { signal } = new AbortController()
    const deliver = delivery({
      db: world.db,
      logger: silent,
      metrics: eventMetrics(createMetrics().registry),
    })
    await Promise.all(Array.from({ length: 20 }, () => deliver(tallying, events, signal)))
    expect(await tally()).toEqual([1, 2, 3])
  })
})

describe('an event that cannot be taken', () => {
  const failsOn = (n: number) => (event: EventEnvelope) => {
    if (numberOf(event) === n) throw new Error(`cannot take ${n}`)
  }

  it('dies after its tries, and holds up neither the next events nor other consumers', async () => {
    const picky = countingConsumer('picky', failsOn(2))
    const other = countingConsumer('other')
    world.start({ consumers: [picky.consumer, other.consumer] })
    await world.append('a', [1, 2, 3])
    await expect.poll(other.numbers).toEqual([1, 2, 3])
    await expect.poll(picky.numbers).toEqual([1, 3])
    const dead = await consumptionStore(world.db).listDead({ limit: 10 })
    expect(dead).toMatchObject([
      { consumer: 'picky', attempts: 3, event: { key: 'a', payload: { n: 2 } } },
    ])
    expect(dead[0]?.error).toContain('cannot take 2')
  })

  it('takes effect when it is redriven, once', async () => {
    let isBroken = true
    const picky = countingConsumer('picky', (event) => {
      if (isBroken) failsOn(1)(event)
    })
    world.start({ consumers: [picky.consumer] })
    await world.append('a', [1])
    const store = consumptionStore(world.db)
    const dead = () => store.listDead({ limit: 10 })
    await expect.poll(dead).toHaveLength(1)

    await store.askRedrive('picky')
    await expect.poll(async () => (await dead())[0]?.attempts, { timeout: 5_000 }).toBe(4)
    isBroken = false
    await store.askRedrive('picky')
    await expect.poll(dead, { timeout: 5_000 }).toEqual([])
    expect(picky.numbers()).toEqual([1])
  })

  it('never dies of something that is down', async () => {
    let failures = 0
    const { consumer, numbers } = countingConsumer('patient', () => {
      failures += 1
      if (failures <= 10) throw Object.assign(new Error('no answer'), { code: 'ECONNREFUSED' })
    })
    world.start({ consumers: [consumer] })
    await world.append('a', [1])
    await expect.poll(numbers).toEqual([1])
    expect(await consumptionStore(world.db).listDead({ limit: 10 })).toEqual([])
  })
})

describe('an event that is dead but cannot be kept', () => {
  const rename = (from: string, to: string) =>
    sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(world.db)

  it('is tried on, and none overtakes it', async () => {
    let failures = 0
    const { consumer, numbers } = countingConsumer('strict', (event) => {
      if (numberOf(event) !== 1) return
      failures += 1
      throw new Error('cannot take 1')
    })
    await world.append('a', [1, 2])
    const events = await fedEvents(2)
    const deliver = delivery({
      db: world.db,
      logger: silent,
      metrics: eventMetrics(createMetrics().registry),
      retries: { limit: 2, ...BRISK },
    })
    await rename('dead_event', 'dead_event_away')
    const delivered = deliver(consumer, events, new AbortController().signal)
    await expect.poll(() => failures).toBeGreaterThan(5)
    expect(numbers()).toEqual([])
    await rename('dead_event_away', 'dead_event')
    expect(await delivered).toEqual(new Set([events[0]?.id]))
    expect(numbers()).toEqual([2])
  })
})

describe('a worker that stops', () => {
  it('lets what it handles end, and gives up what it only waits to try again', async () => {
    const { promise: goOn, resolve } = Promise.withResolvers<void>()
    let isHandling = false
    const slow: EventConsumer = {
      name: 'slow',
      topics: ['test.counted'],
      async handle(events, context) {
        isHandling = true
        await goOn
        return tallying.handle(events, context)
      },
    }
    const worker = world.start({ consumers: [slow] })
    await world.append('a', [1])
    await expect.poll(() => isHandling).toBe(true)
    const stopped = worker.stop()
    resolve()
    await stopped
    expect(await tally()).toEqual([1])
  })
})
