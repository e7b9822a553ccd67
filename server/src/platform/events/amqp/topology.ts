import type { ConsumerProps, PublisherProps } from 'rabbitmq-client'
import type { EventConsumer } from '../consumer.ts'

export const EXCHANGE = 'music-language.events'
/** Takes what consumers gave up; each has a queue of its own there. */
const DEAD_EXCHANGE = 'music-language.events.dead'
/** A log of everything, for replays by time. */
export const HISTORY_STREAM = 'music-language.events.history'

/** Deliveries of a message whose consumer dies with it every time, before the broker gives it up. */
const DELIVERY_LIMIT = 50
const HISTORY_AGE = '7D'
const HISTORY_MAX_BYTES = 5_000_000_000

const queueOf = (consumer: string): string => `${EXCHANGE}.${consumer}`
export const deadQueueOf = (consumer: string): string => `${queueOf(consumer)}.dead`

type Queue = NonNullable<PublisherProps['queues']>[number]
type Binding = NonNullable<PublisherProps['queueBindings']>[number]

const exchanges: NonNullable<PublisherProps['exchanges']> = [
  { exchange: EXCHANGE, type: 'topic', durable: true },
  { exchange: DEAD_EXCHANGE, type: 'direct', durable: true },
]

const queueFor = ({ name }: EventConsumer): Queue => ({
  queue: queueOf(name),
  durable: true,
  arguments: {
    'x-queue-type': 'quorum',
    // One process at a time, so that the order holds; another steps in when it is gone.
    'x-single-active-consumer': true,
    'x-delivery-limit': DELIVERY_LIMIT,
    'x-dead-letter-exchange': DEAD_EXCHANGE,
    'x-dead-letter-routing-key': name,
    // A dead letter leaves its queue only once the other queue has it, which demands the second.
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  },
})

export const deadQueueFor = ({ name }: EventConsumer): Queue => ({
  queue: deadQueueOf(name),
  durable: true,
  arguments: { 'x-queue-type': 'quorum' },
})

const topicBindings = ({ name, topics }: EventConsumer): Binding[] =>
  topics.map((topic) => ({ exchange: EXCHANGE, routingKey: topic, queue: queueOf(name) }))

const deadBinding = ({ name }: EventConsumer): Binding => ({
  exchange: DEAD_EXCHANGE,
  routingKey: name,
  queue: deadQueueOf(name),
})

export const historyStream = {
  queue: HISTORY_STREAM,
  durable: true,
  arguments: {
    'x-queue-type': 'stream',
    'x-max-age': HISTORY_AGE,
    'x-max-length-bytes': HISTORY_MAX_BYTES,
  },
} satisfies Queue

/** All that must be there before the first event: an event that finds no queue would be gone. */
export function publisherTopology(
  consumers: readonly EventConsumer[],
  { hasStreams }: { hasStreams: boolean },
) {
  return {
    exchanges,
    queues: [
      ...(hasStreams ? [historyStream] : []),
      ...consumers.flatMap((consumer) => [deadQueueFor(consumer), queueFor(consumer)]),
    ],
    queueBindings: [
      ...(hasStreams ? [{ exchange: EXCHANGE, routingKey: '#', queue: HISTORY_STREAM }] : []),
      ...consumers.flatMap((consumer) => [deadBinding(consumer), ...topicBindings(consumer)]),
    ],
  } satisfies PublisherProps
}

/**
 * The same for one consumer, which may be there before any publisher is. Its dead letters wait in
 * its queue until the publisher has made theirs.
 */
export function consumerTopology(consumer: EventConsumer) {
  return {
    queue: queueOf(consumer.name),
    queueOptions: queueFor(consumer),
    exchanges,
    queueBindings: topicBindings(consumer),
  } satisfies ConsumerProps
}
