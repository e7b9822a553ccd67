import { Connection } from 'rabbitmq-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { missingServer, type RabbitServer, startRabbit } from '#servers'
import { brokerContract } from '../broker.contract.ts'
import type { Broker } from '../broker.ts'
import type { EventConsumer } from '../consumer.ts'
import { consumptionStore } from '../consumption.store.ts'
import {
  clock,
  countingConsumer,
  createEventWorld,
  type EventWorld,
  silent,
} from '../event-world.ts'
import { amqpBroker } from './amqp-broker.ts'
import { EXCHANGE } from './topology.ts'

const missing = missingServer('rabbitmq-server')

describe.skipIf(missing)(`RabbitMQ ${missing ?? ''}`, () => {
  let rabbit: RabbitServer
  let world: EventWorld
  const brokers: Broker[] = []

  beforeAll(async () => {
    ;[rabbit, world] = await Promise.all([startRabbit(), createEventWorld()])
  }, 120_000)
  afterEach(async () => {
    await world.stopAll()
    await Promise.all(brokers.splice(0).map((broker) => broker.close()))
  })
  afterAll(async () => {
    await world.close()
    await rabbit.stop()
  })

  function open(consumers: readonly EventConsumer[]): Broker {
    const { url } = rabbit
    const broker = amqpBroker({ url, connectionName: 'test', consumers, clock, logger: silent })
    brokers.push(broker)
    return broker
  }

  brokerContract({ world: () => world, open })

  it('puts aside an event whose consumer dies with it every time', async () => {
    const { consumer } = countingConsumer('dying')
    const broker = open([consumer])
    const take = () => Promise.reject(new Error('the process ends here'))
    const consume: Broker['consume'] = (of, sink, signal) =>
      broker.consume(of, { ...sink, take }, signal)
    world.start({ consumers: [consumer], broker: { ...broker, consume } })
    await world.append('dying', [301])
    await expect
      .poll(() => consumptionStore(world.db).listDead({ consumer: 'dying', limit: 9 }), {
        timeout: 30_000,
      })
      .toMatchObject([
        { event: { payload: { n: 301 } }, error: 'RabbitMQ delivered it too often in vain' },
      ])
  }, 60_000)

  it('passes by what is no event', async () => {
    const { consumer, numbers } = countingConsumer('strict')
    world.start({ consumers: [consumer], broker: open([consumer]) })
    await world.append('strict', [401])
    await expect.poll(() => numbers().includes(401), { timeout: 30_000 }).toBe(true)
    const stranger = new Connection(rabbit.url)
    const publisher = stranger.createPublisher({ confirm: true })
    const place = { exchange: EXCHANGE, routingKey: 'test.counted' }
    for (const body of ['not JSON', { id: 'no UUID' }, null]) await publisher.send(place, body)
    await publisher.close()
    await stranger.close()
    await world.append('strict', [402])
    await expect
      .poll(() => numbers().filter((n) => n > 400), { timeout: 30_000 })
      .toEqual([401, 402])
    expect(await consumptionStore(world.db).listDead({ consumer: 'strict', limit: 9 })).toEqual([])
  }, 60_000)

  it('keeps what happens while it is away, and goes on by itself', async () => {
    const { consumer, numbers } = countingConsumer('waiting')
    world.start({ consumers: [consumer], broker: open([consumer]) })
    await world.append('away', [201])
    await expect.poll(() => numbers().includes(201), { timeout: 30_000 }).toBe(true)
    await rabbit.shutDown()
    await world.append('away', [202])
    await rabbit.start()
    await expect
      .poll(() => numbers().filter((n) => n > 200), { timeout: 60_000 })
      .toEqual([201, 202])
  }, 120_000)
})
