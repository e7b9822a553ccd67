import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { missingServer, type RabbitServer, startRabbit } from '#servers'
import { brokerContract } from '../broker.contract.ts'
import type { Broker } from '../broker.ts'
import type { EventConsumer } from '../consumer.ts'
import {
  clock,
  countingConsumer,
  createEventWorld,
  type EventWorld,
  silent,
} from '../event-world.ts'
import { amqpBroker } from './amqp-broker.ts'

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
