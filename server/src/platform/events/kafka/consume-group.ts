import { once } from 'node:events'
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { Logger } from '#platform/telemetry'
import { BATCH_SIZE } from '../broker.ts'
import type { EventConsumer } from '../consumer.ts'
import { decodeEnvelope, type EventEnvelope } from '../envelope.ts'
import { pauseMs, waitAbout } from '../wait.ts'
import { groupOf, TOPIC } from './client.ts'

export interface GroupOptions {
  kafka: Kafka
  consumer: EventConsumer
  /** @throws to be given the events again. */
  take(events: readonly EventEnvelope[]): Promise<void>
  signal: AbortSignal
  logger: Logger
}

const SESSION_TIMEOUT_MS = 30_000
const HEARTBEAT_MS = 3_000
const PAUSES = { firstMs: 500, lastMs: 15_000 }

/** Consumes as a member of the consumer's group until the signal; begins anew after every fault. */
export async function consumeGroup(options: GroupOptions): Promise<void> {
  const { consumer, signal, logger } = options
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await consumeOnce(options)
    } catch (error) {
      if (signal.aborted) return
      logger.warn({ error, consumer: consumer.name }, 'a Kafka consumer failed and begins anew')
    }
    if (!signal.aborted) await waitAbout(pauseMs(PAUSES, failures), signal)
  }
}

/** Resolves after the signal. @throws when kafkajs gives the member up. */
async function consumeOnce(options: GroupOptions): Promise<void> {
  const { kafka, consumer, signal } = options
  const member = kafka.consumer({
    groupId: groupOf(consumer.name),
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: true,
    // kafkajs restarts a member after some faults only; here it is made anew after all of them.
    retry: { restartOnFailure: async () => false },
  })
  const crashed = new Promise<never>((_, reject) => {
    member.on(member.events.CRASH, ({ payload }) => reject(payload.error))
  })
  // Nobody listens while it connects.
  crashed.catch(() => undefined)
  try {
    await member.connect()
    await member.subscribe({ topic: TOPIC, fromBeginning: true })
    await member.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => takeBatch(options, member, payload),
    })
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), crashed])
  } finally {
    await member.disconnect().catch(() => undefined)
  }
}

async function takeBatch(
  { consumer, take, signal }: GroupOptions,
  member: Consumer,
  { batch, heartbeat, resolveOffset, isRunning, isStale }: EachBatchPayload,
): Promise<void> {
  const { batchSize = BATCH_SIZE } = consumer
  // A consumer that waits for something that is down must not lose its partitions for it.
  const beating = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS)
  try {
    for (let first = 0; first < batch.messages.length; first += batchSize) {
      if (signal.aborted || !isRunning() || isStale()) return
      const messages = batch.messages.slice(first, first + batchSize)
      // What is no event of ours never becomes one.
      const events = messages
        .map(({ value }) => decodeEnvelope(value))
        .filter((event) => event !== undefined)
      await take(events)
      const last = messages.at(-1)
      if (last === undefined) return
      resolveOffset(last.offset)
      const offset = String(BigInt(last.offset) + 1n)
      await member.commitOffsets([{ topic: batch.topic, partition: batch.partition, offset }])
    }
  } catch (error) {
    // What was not taken before a stop is fetched by the next member.
    if (!signal.aborted) throw error
  } finally {
    clearInterval(beating)
  }
}
