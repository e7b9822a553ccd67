import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type KafkaMockServer, missingServer, startKafkaMock } from '#servers'
import { brokerContract } from '../broker.contract.ts'
import type { Broker } from '../broker.ts'
import { createEventWorld, type EventWorld, silent } from '../event-world.ts'
import { kafkaBroker } from './kafka-broker.ts'

const missing = missingServer('kcat')

describe.skipIf(missing)(`Kafka ${missing ?? ''}`, () => {
  let kafka: KafkaMockServer
  let world: EventWorld
  const brokers: Broker[] = []

  beforeAll(async () => {
    ;[kafka, world] = await Promise.all([startKafkaMock(), createEventWorld()])
  }, 120_000)
  afterEach(async () => {
    await world.stopAll()
    await Promise.all(brokers.splice(0).map((broker) => broker.close()))
  })
  afterAll(async () => {
    await world.close()
    await kafka.stop()
  })

  function open(): Broker {
    const config = { kind: 'kafka' as const, brokers: [kafka.broker], ssl: false, sasl: undefined }
    const broker = kafkaBroker({ config, clientId: 'test', logger: silent })
    brokers.push(broker)
    return broker
  }

  brokerContract({ world: () => world, open })
})
