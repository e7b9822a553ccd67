import type { Clock } from '#platform/clock'
import type { BusConfig } from '#platform/config'
import type { Logger } from '#platform/telemetry'
import type { Broker } from './broker.ts'
import type { EventConsumer } from './consumer.ts'

export interface BrokerDependencies {
  /** Names this process to the broker. */
  name: string
  consumers: readonly EventConsumer[]
  clock: Clock
  logger: Logger
}

/** The configured broker, not yet connected; undefined when consumers read the database themselves. */
export async function openBroker(
  bus: BusConfig,
  { name, consumers, clock, logger }: BrokerDependencies,
): Promise<Broker | undefined> {
  // Loaded only where it is used: each client costs memory and time.
  if (bus.kind === 'amqp') {
    const { amqpBroker } = await import('./amqp/amqp-broker.ts')
    return amqpBroker({ url: bus.url, connectionName: name, consumers, clock, logger })
  }
  if (bus.kind === 'kafka') {
    const { kafkaBroker } = await import('./kafka/kafka-broker.ts')
    return kafkaBroker({ config: bus, clientId: name, logger })
  }
  return undefined
}
