import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { missingServer, type RabbitServer, startRabbit } from '#servers'
import type { Broker } from '../broker.ts'
import { consumptionStore } from '../consumption.store.ts'
import {
  clock,
  countingConsumer,
  createEventWorld,
  type EventWorld,
  numberOf,
  silent,
} from '../event-world.ts'
import { outboxFeed } from '../outbox-feed.ts'
import { amqpBroker } from './amqp-broker.ts'

describe.skipIf(missingServer('rabbitmq-server'))('RabbitMQ (needs rabbitmq-server)', () => {
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

  function open(consumers: Parameters<typeof amqpBroker>[0]['consumers']): Broker {
    const broker = amqpBroker({
      url: rabbit.url,
      connectionName: 'test',
      consumers,
      clock,
      logger: silent,
    })
    brokers.push(broker)
    return broker
  }
})
