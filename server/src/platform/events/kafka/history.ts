import { randomUUID } from 'node:crypto'
import type { Kafka } from 'kafkajs'
import { decodeEnvelope, type EventEnvelope } from '../envelope.ts'
import { handover } from '../handover.ts'
import { groupOf, TOPIC } from './client.ts'

/** Where to read in each partition: from `first`, to before `end`. */
type Ranges = Map<number, { first: bigint; end: bigint }>

async function rangesSince(kafka: Kafka, since: Date): Promise<Ranges> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const starts = await admin.fetchTopicOffsetsByTimestamp(TOPIC, since.getTime())
    const ends = await admin.fetchTopicOffsets(TOPIC)
    const startOf = new Map(starts.map(({ partition, offset }) => [partition, BigInt(offset)]))
    const known = rangesOf(ends, ({ partition, high }) => startOf.get(partition) ?? BigInt(high))
    // Either nothing is as young, or the cluster has no index of times: then all of it is read.
    return known.size > 0 ? known : rangesOf(ends, ({ low }) => BigInt(low))
  } finally {
    await admin.disconnect()
  }
}

interface Ends {
  partition: number
  low: string
  high: string
}

function rangesOf(ends: readonly Ends[], firstOf: (ends: Ends) => bigint): Ranges {
  const ranges = ends.map((one): [number, { first: bigint; end: bigint }] => [
    one.partition,
    { first: firstOf(one), end: BigInt(one.high) },
  ])
  return new Map(ranges.filter(([, { first, end }]) => first < end))
}

/** Reads the topic from a time to its present end, each partition in order. */
export async function* readHistory(
  kafka: Kafka,
  since: Date,
  signal: AbortSignal,
): AsyncGenerator<readonly EventEnvelope[]> {
  const ranges = await rangesSince(kafka, since)
  if (ranges.size === 0) return
  const { give, end, items } = handover<readonly EventEnvelope[]>()
  // A group of its own, which commits nothing: the consumer's own group goes on undisturbed.
  const groupId = `${groupOf('replay')}.${randomUUID()}`
  const reader = kafka.consumer({ groupId, maxWaitTimeInMs: 500 })
  reader.on(reader.events.CRASH, ({ payload }) => end(payload.error))
  const stop = () => end(signal.reason)
  signal.addEventListener('abort', stop)
  try {
    await reader.connect()
    await reader.subscribe({ topic: TOPIC, fromBeginning: true })
    await reader.run({
      autoCommit: false,
      eachBatchAutoResolve: true,
      async eachBatch({ batch }) {
        const range = ranges.get(batch.partition)
        if (range === undefined) return
        const inRange = ({ offset, timestamp }: { offset: string; timestamp: string }) =>
          BigInt(offset) >= range.first &&
          BigInt(offset) < range.end &&
          Number(timestamp) >= since.getTime()
        const events = batch.messages
          .filter(inRange)
          .map(({ value }) => decodeEnvelope(value))
          .filter((event) => event !== undefined)
        await give(events)
        if (BigInt(batch.lastOffset()) >= range.end - 1n) ranges.delete(batch.partition)
        if (ranges.size === 0) end()
      },
    })
    for (const [partition, { first }] of ranges) {
      reader.seek({ topic: TOPIC, partition, offset: String(first) })
    }
    yield* items
  } finally {
    signal.removeEventListener('abort', stop)
    end()
    await reader.disconnect().catch(() => undefined)
    await forgetGroup(kafka, groupId)
  }
}

async function forgetGroup(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    await admin.deleteGroups([groupId])
  } catch {
    // It holds no offsets: the cluster forgets it by itself.
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}
