import { type Kafka, Partitioners, type Producer } from 'kafkajs'
import type { KafkaConfig } from '#platform/config'
import type { Logger } from '#platform/telemetry'
import type { Broker } from '../broker.ts'
import { type EventEnvelope, encodeEnvelope } from '../envelope.ts'
import { DEAD_TOPIC, ensureTopics, kafkaClient, TOPIC } from './client.ts'
import { consumeGroup } from './consume-group.ts'
import { readHistory } from './history.ts'

export interface KafkaBrokerOptions {
  config: KafkaConfig
  clientId: string
  logger: Logger
}

const messageOf = (event: EventEnvelope, headers: Record<string, string> = {}) => ({
  key: event.key,
  value: encodeEnvelope(event),
  headers: { topic: event.topic, id: event.id, ...headers },
})

/** One request at a time, so that what is sent again cannot overtake. @throws without a broker. */
async function connected(kafka: Kafka, { idempotent }: { idempotent: boolean }): Promise<Producer> {
  const producer = kafka.producer({
    idempotent,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  try {
    await producer.connect()
    return producer
  } catch (error) {
    await producer.disconnect().catch(() => undefined)
    throw error
  }
}

/** Kafka: one topic in which a key has its partition, a group for each consumer. */
export function kafkaBroker({ config, clientId, logger }: KafkaBrokerOptions): Broker {
  let opened: Kafka | undefined
  let producer: Promise<Producer> | undefined

  const kafka = () => {
    opened ??= kafkaClient(config, clientId, logger)
    return opened
  }

  async function openProducer(): Promise<Producer> {
    await ensureTopics(kafka(), logger)
    try {
      return await connected(kafka(), { idempotent: true })
    } catch (error) {
      // Clusters before 3.0 demand a right for it. Consumers know an event that comes twice.
      logger.warn({ error }, 'no idempotent Kafka producer: what is sent again may come twice')
      return connected(kafka(), { idempotent: false })
    }
  }

  async function send(topic: string, messages: ReturnType<typeof messageOf>[]): Promise<void> {
    producer ??= openProducer()
    const mine = producer
    try {
      await (await mine).send({ topic, acks: -1, messages })
    } catch (error) {
      // An idempotent producer that gave up may have a hole in its numbering, so it is not kept.
      if (producer === mine) producer = undefined
      await mine.then((open) => open.disconnect()).catch(() => undefined)
      throw new Error('Kafka did not take all events', { cause: error })
    }
  }

  return {
    kind: 'kafka',
    async publish(events) {
      if (events.length > 0)
        await send(
          TOPIC,
          events.map((event) => messageOf(event)),
        )
    },
    consume: (consumer, sink, signal) =>
      consumeGroup({
        kafka: kafka(),
        consumer,
        signal,
        logger,
        async take(events) {
          const dead = await sink.take(events)
          const letters = events.filter(({ id }) => dead.has(id))
          const headers = { consumer: consumer.name }
          // A copy for those who watch the cluster; the table of dead events is what counts.
          if (letters.length > 0) {
            await send(
              DEAD_TOPIC,
              letters.map((event) => messageOf(event, headers)),
            )
          }
        },
      }),
    history: async (since, signal) => readHistory(kafka(), since, signal),
    async close() {
      await producer?.then((open) => open.disconnect()).catch(() => undefined)
    },
  }
}
