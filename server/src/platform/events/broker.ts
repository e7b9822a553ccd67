import type { EventConsumer } from './consumer.ts'
import type { EventEnvelope } from './envelope.ts'

/** What becomes of the events that a broker feeds to a consumer. */
export interface EventSink {
  /** Resolves to the ids of those that are dead. @throws to be given all of them again. */
  take(events: readonly EventEnvelope[]): Promise<ReadonlySet<string>>
  /** For an event that the broker itself gives up: its consumer dies with it every time. */
  giveUp(event: EventEnvelope, reason: string): Promise<void>
}

/** A message broker: what the relay writes to and consumers are fed from. */
export interface Broker {
  readonly kind: 'amqp' | 'kafka'
  /**
   * Publishes events in their order; resolves once the broker keeps them all.
   * @throws when it may not have: publish them all again then.
   */
  publish(events: readonly EventEnvelope[]): Promise<void>
  /**
   * Feeds a consumer until the signal, then lets it finish what it has taken. Reconnects by
   * itself. What it was fed of one key is in order, whatever the number of processes.
   */
  consume(consumer: EventConsumer, sink: EventSink, signal: AbortSignal): Promise<void>
  /**
   * What was published since a time, until now, in order within each key; a little of what was
   * published before may come along. Undefined when the broker keeps no history.
   */
  history(
    since: Date,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly EventEnvelope[]> | undefined>
  close(): Promise<void>
}

/** Events handled in one call where a consumer does not say. */
export const BATCH_SIZE = 100
