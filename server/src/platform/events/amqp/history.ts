import { randomUUID } from 'node:crypto'
import type { AsyncMessage, Connection } from 'rabbitmq-client'
import type { EventEnvelope } from '../envelope.ts'
import { handover } from '../handover.ts'
import { eventIn } from './event-in.ts'
import { gather } from './gather.ts'
import { HISTORY_STREAM } from './topology.ts'

const PREFETCH = 200

/** Put at the stream's end: all that lies before it is the history that was asked for. */
async function putMarker(connection: Connection): Promise<string> {
  const messageId = randomUUID()
  const publisher = connection.createPublisher({ confirm: true })
  await publisher.send({ routingKey: HISTORY_STREAM, durable: true, messageId }, 'end of a replay')
  await publisher.close()
  return messageId
}

/** Reads the stream from a time to its present end. */
export async function* readHistory(
  connection: Connection,
  { since, now }: { since: Date; now: Date },
  signal: AbortSignal,
): AsyncGenerator<readonly EventEnvelope[]> {
  const marker = await putMarker(connection)
  const ageSeconds = Math.max(1, Math.ceil((now.getTime() - since.getTime()) / 1000) + 1)
  const { give, end, items } = handover<readonly EventEnvelope[]>()
  const pass = gather<AsyncMessage, void>(async (messages) => {
    const last = messages.findIndex(({ messageId }) => messageId === marker)
    const wanted = last === -1 ? messages : messages.slice(0, last)
    await give(wanted.map(eventIn).filter((event) => event !== undefined))
    if (last !== -1) end()
    return () => undefined
  }, PREFETCH)

  const consumer = connection.createConsumer(
    {
      queue: HISTORY_STREAM,
      queueOptions: { passive: true },
      qos: { prefetchCount: PREFETCH },
      arguments: { 'x-stream-offset': `${ageSeconds}s` },
    },
    pass,
  )
  // It would begin anew after a lost connection; whoever replays does that better.
  consumer.on('error', end)
  const stop = () => end(signal.reason)
  signal.addEventListener('abort', stop)
  try {
    yield* items
  } finally {
    signal.removeEventListener('abort', stop)
    end()
    await consumer.close()
  }
}
