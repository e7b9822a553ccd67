import type { EventEnvelope } from './envelope.ts'
import type { EventEffect } from './feed-reader.ts'

export interface ConsumerContext {
  /** Aborted when the process is to stop: long work may end early by throwing. */
  signal: AbortSignal
}

/** Somebody who acts on events, at least once each; by the marks, once where PostgreSQL keeps it. */
export interface EventConsumer {
  /** Stable, `[a-z0-9-]+`: the name of its cursor, its queue and its group. */
  readonly name: string
  readonly topics: readonly string[]
  /** Events handled in one call, at most. Default: 100. */
  readonly batchSize?: number
  /**
   * Acts on events, of one key in order. What it returns runs in one transaction with the marks
   * that these events are consumed; what it does outside of that may happen more than once.
   * @throws to be called again: for an outage until it ends, else a few times, the events one by one.
   */
  handle(
    events: readonly EventEnvelope[],
    context: ConsumerContext,
  ): Promise<EventEffect | undefined>
}
