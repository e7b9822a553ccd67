import { once } from 'node:events'
import { Connection, ConsumerStatus, type Publisher } from 'rabbitmq-client'
import type { Clock } from '#platform/clock'
import type { Logger } from '#platform/telemetry'
import { BATCH_SIZE, type Broker, type EventSink } from '../broker.ts'
import type { EventConsumer } from '../consumer.ts'
import { type EventEnvelope, encodeEnvelope } from '../envelope.ts'
import { withinTime } from '../wait.ts'
import { eventIn } from './event-in.ts'
import { gather } from './gather.ts'
import { readHistory } from './history.ts'
import {
  consumerTopology,
  deadQueueFor,
  deadQueueOf,
  EXCHANGE,
  historyStream,
  publisherTopology,
} from './topology.ts'

export interface AmqpBrokerOptions {
  url: string
  connectionName: string
  /** All there are: their queues are made before the first event is published. */
  consumers: readonly EventConsumer[]
  clock: Clock
  logger: Logger
}

/** How long a publisher waits for a broker that is away before its caller hears of it. */
const ACQUIRE_TIMEOUT_MS = 5_000
const RECONNECT_AFTER_MS = { retryLow: 500, retryHigh: 10_000 }
const HEARTBEAT_SECONDS = 10
/** A broker that is away answers no farewell. */
const CLOSE_WITHIN_MS = 3_000

/** RabbitMQ 3.10 or later: a quorum queue a consumer, and a stream that keeps a week of history. */
export function amqpBroker(options: AmqpBrokerOptions): Broker {
  const { url, connectionName, consumers, clock, logger } = options
  let opened: Connection | undefined
  let publisher: Promise<Publisher> | undefined

  /** Connects with the first use, so that composing a system needs no broker. */
  function connection(): Connection {
    if (opened !== undefined) return opened
    opened = new Connection({
      url,
      connectionName,
      acquireTimeout: ACQUIRE_TIMEOUT_MS,
      heartbeat: HEARTBEAT_SECONDS,
      ...RECONNECT_AFTER_MS,
    })
    opened.on('error', (error) => logger.warn({ error }, 'the connection to RabbitMQ failed'))
    opened.on('connection', () => logger.info('connected to RabbitMQ'))
    return opened
  }

  async function openPublisher(): Promise<Publisher> {
    const hasStreams = await declaresStream(connection())
    if (!hasStreams) logger.warn('RabbitMQ has no streams: replays read the database instead')
    return connection().createPublisher({
      confirm: true,
      ...publisherTopology(consumers, { hasStreams }),
    })
  }

  return {
    kind: 'amqp',
    async publish(events) {
      publisher ??= openPublisher().catch((error: unknown) => {
        publisher = undefined
        throw error
      })
      const { send } = await publisher
      // All on one channel: it keeps their order while their confirms are waited for together.
      const sent = events.map((event) => send(messageOf(event), encodeEnvelope(event)))
      const failed = (await Promise.allSettled(sent)).find(({ status }) => status === 'rejected')
      if (failed?.status === 'rejected') {
        throw new Error('RabbitMQ did not confirm all events', { cause: failed.reason })
      }
    },

    async consume(consumer, sink, signal) {
      const queues = [
        takeFrom(connection(), consumer, sink),
        collectDead(connection(), consumer, sink),
      ]
      for (const queue of queues) {
        queue.on('error', (error) => {
          // What it had not finished when it was told to stop goes back to the queue.
          if (signal.aborted) return
          logger.warn(
            { error, consumer: consumer.name },
            'a RabbitMQ queue failed and is opened again',
          )
        })
      }
      if (!signal.aborted) await once(signal, 'abort')
      await withinTime(Promise.allSettled(queues.map((queue) => queue.close())), CLOSE_WITHIN_MS)
    },

    async history(since, signal) {
      if (!(await declaresStream(connection()))) return undefined
      return readHistory(connection(), { since, now: clock.now() }, signal)
    },

    async close() {
      if (opened === undefined) return
      await withinTime(
        Promise.allSettled([publisher?.then((open) => open.close())]),
        CLOSE_WITHIN_MS,
      )
      await withinTime(opened.close(), CLOSE_WITHIN_MS)
      opened.unsafeDestroy()
    },
  }
}

const messageOf = (event: EventEnvelope) => ({
  exchange: EXCHANGE,
  routingKey: event.topic,
  durable: true,
  contentType: 'application/json',
  messageId: event.id,
})

/** @throws when the broker is away. */
async function declaresStream(connection: Connection): Promise<boolean> {
  await connection.onConnect(ACQUIRE_TIMEOUT_MS, true)
  return connection.queueDeclare(historyStream).then(
    () => true,
    (error: unknown) => {
      if (connection.ready) return false
      throw error
    },
  )
}

function takeFrom(connection: Connection, consumer: EventConsumer, { take }: EventSink) {
  const { batchSize = BATCH_SIZE } = consumer
  const settle = gather<EventEnvelope, ConsumerStatus>(async (events) => {
    await take(events)
    return () => ConsumerStatus.ACK
  }, batchSize)
  const props = {
    ...consumerTopology(consumer),
    qos: { prefetchCount: batchSize },
    concurrency: batchSize,
    requeue: true,
  }
  return connection.createConsumer(props, (message) => {
    const event = eventIn(message)
    // It was never an event of ours, and no later try makes it one.
    return event === undefined ? ConsumerStatus.ACK : settle(event)
  })
}

/** Brings what the broker gave up to where all dead events are. */
function collectDead(connection: Connection, consumer: EventConsumer, { giveUp }: EventSink) {
  const props = {
    queue: deadQueueOf(consumer.name),
    queueOptions: deadQueueFor(consumer),
    qos: { prefetchCount: 1 },
    concurrency: 1,
    requeue: true,
  }
  return connection.createConsumer(props, async (message) => {
    const event = eventIn(message)
    if (event !== undefined) await giveUp(event, 'RabbitMQ delivered it too often in vain')
  })
}
