import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics } from '#platform/telemetry'
import type { Broker, EventSink } from './broker.ts'
import type { EventConsumer } from './consumer.ts'
import { consumptionStore } from './consumption.store.ts'
import { delivery } from './delivery.ts'
import { eventMetrics } from './event-metrics.ts'
import { countingConsumer, type EventWorld, numberOf, silent } from './event-world.ts'
import { replayConsumer } from './replay.ts'

const PATIENCE = { timeout: 30_000 }
const TEST_TIMEOUT_MS = 90_000

export interface BrokerUnderTest {
  world: () => EventWorld
  /** A connection of its own each time; closed after the test. */
  open: (consumers: readonly EventConsumer[]) => Broker
}

/** A broker that loses its caller before or after it has published, the first time. */
function failingOnce(broker: Broker, when: 'before' | 'after'): Broker {
  let hasFailed = false
  const fail = () => {
    hasFailed = true
    throw new Error('the relay ends here')
  }
  return {
    ...broker,
    async publish(events) {
      if (!hasFailed && when === 'before') fail()
      await broker.publish(events)
      if (!hasFailed && when === 'after') fail()
    },
  }
}

/** A broker that is not answered, once, for what was taken of a key: it must deliver it again. */
function unansweredOnce(broker: Broker, key: string) {
  const delivered: number[] = []
  let isAnswered = true
  const consume: Broker['consume'] = (consumer, sink, signal) => {
    const take: EventSink['take'] = async (events) => {
      const dead = await sink.take(events)
      const own = events.filter((event) => event.key === key)
      delivered.push(...own.map(numberOf))
      if (own.length === 0 || !isAnswered) return dead
      isAnswered = false
      throw new Error('the answer is lost')
    }
    return broker.consume(consumer, { ...sink, take }, signal)
  }
  return { broker: { ...broker, consume }, delivered }
}

/** What came of one key: a new consumer of Kafka is also given what earlier tests published. */
const of = (key: string, ...seen: { key: string; n: number }[][]) =>
  seen.flat().flatMap((event) => (event.key === key ? [event.n] : []))

/** What every broker must do, whatever its make. Names are those of one test only: queues stay. */
export function brokerContract({ world, open }: BrokerUnderTest): void {
  afterEach(() => world().stopAll())

  describe('as the bus', { timeout: TEST_TIMEOUT_MS }, () => {
    it('brings the events of each key in order to each consumer', async () => {
      const one = countingConsumer('order-one')
      const two = countingConsumer('order-two')
      const consumers = [one.consumer, two.consumer]
      world().start({ consumers, broker: open(consumers) })
      const numbers = Array.from({ length: 40 }, (_, n) => n)
      for (const key of ['a', 'b', 'c']) {
        for (let first = 0; first < 40; first += 10) {
          await world().append(key, numbers.slice(first, first + 10))
        }
      }
      for (const { seen } of [one, two]) {
        for (const key of ['a', 'b', 'c']) {
          await expect.poll(() => of(key, seen), PATIENCE).toEqual(numbers)
        }
      }
    })

    it.each(['before', 'after'] as const)(
      'loses and doubles nothing when the relay ends %s it has published',
      async (when) => {
        const { consumer, seen } = countingConsumer(`crash-${when}`)
        const numbers = () => of(when, seen)
        world().start({ consumers: [consumer], broker: failingOnce(open([consumer]), when) })
        await world().append(when, [1, 2])
        await expect.poll(numbers, PATIENCE).toEqual([1, 2])
        await world().append(when, [3])
        await expect.poll(numbers, PATIENCE).toEqual([1, 2, 3])
      },
    )

    it('gives an event its effect once when it is delivered again', async () => {
      const { consumer, seen } = countingConsumer('twice')
      const { broker, delivered } = unansweredOnce(open([consumer]), 'twice')
      world().start({ consumers: [consumer], broker })
      await world().append('twice', [1])
      await expect.poll(() => delivered, PATIENCE).toEqual([1, 1])
      await world().append('twice', [2])
      await expect.poll(() => of('twice', seen), PATIENCE).toEqual([1, 2])
    })

    it('goes on in another worker when one is gone', async () => {
      const first = countingConsumer('moving')
      const second = countingConsumer('moving')
      const leaving = world().start({ consumers: [first.consumer], broker: open([first.consumer]) })
      world().start({ consumers: [second.consumer], broker: open([second.consumer]) })
      await world().append('moving', [1, 2])
      const seen = () => of('moving', first.seen, second.seen).toSorted((a, b) => a - b)
      await expect.poll(seen, PATIENCE).toEqual([1, 2])
      await leaving.stop()
      await world().append('moving', [3, 4])
      await expect.poll(seen, PATIENCE).toEqual([1, 2, 3, 4])
    })

    it('puts aside an event that cannot be taken, and goes on', async () => {
      const { consumer, seen } = countingConsumer('picky', (event) => {
        if (event.key === 'picky' && numberOf(event) === 2) throw new Error('cannot take 2')
      })
      world().start({ consumers: [consumer], broker: open([consumer]) })
      await world().append('picky', [1, 2, 3])
      await expect.poll(() => of('picky', seen), PATIENCE).toEqual([1, 3])
      const dead = await consumptionStore(world().db).listDead({ consumer: 'picky', limit: 9 })
      expect(dead).toMatchObject([{ event: { payload: { n: 2 } }, attempts: 3 }])
    })

    it('gives a consumer again what happened since a time, once', async () => {
      const { consumer, seen } = countingConsumer('again')
      const broker = open([consumer])
      world().start({ consumers: [consumer], broker })
      const since = new Date()
      await world().append('again', [101, 102, 103])
      await expect.poll(() => of('again', seen), PATIENCE).toEqual([101, 102, 103])
      const { db } = world()
      const metrics = eventMetrics(createMetrics().registry)
      const tools = { db, feeds: [], broker, deliver: delivery({ db, logger: silent, metrics }) }
      const { signal } = new AbortController()
      await replayConsumer(consumer, tools, { since, signal })
      expect(of('again', seen)).toEqual([101, 102, 103, 101, 102, 103])
    })
  })
}
