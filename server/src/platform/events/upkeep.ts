import type { Kysely } from 'kysely'
import type { Clock } from '#platform/clock'
import type { Logger } from '#platform/telemetry'
import type { EventTables } from './event.tables.ts'
import type { EventMetrics } from './event-metrics.ts'
import type { EventParties } from './event-readers.ts'
import { lagOf } from './event-status.ts'
import type { Feed } from './feed.ts'
import { OUTBOX_FEED } from './outbox-feed.ts'
import { redriveDead } from './redrive.ts'
import { pruneEvents } from './retention.ts'
import { waitAbout } from './wait.ts'

export interface UpkeepDependencies {
  db: Kysely<EventTables>
  broker: unknown
  parties: EventParties
  /** Who has a cursor in a feed. */
  namesOf: (feed: Feed) => readonly string[]
  metrics: EventMetrics
  clock: Clock
  logger: Logger
}

const REDRIVE_EVERY_MS = 2_000
const LOOK_EVERY_MS = 60_000
const PRUNE_EVERY_MS = 3_600_000

/** From here on a transaction that holds a feed back is worth an operator's look. */
const HELD_BACK_SECONDS = 30

interface Task {
  everyMs: number
  run(signal: AbortSignal): Promise<void>
}

/** Redrives what was asked for, prunes, and warns; run by one process until the signal. */
export async function upkeep(dependencies: UpkeepDependencies, signal: AbortSignal): Promise<void> {
  const { logger } = dependencies
  const tasks: Task[] = [
    { everyMs: REDRIVE_EVERY_MS, run: (until) => redriveAll(dependencies, until) },
    { everyMs: LOOK_EVERY_MS, run: () => warnOfHolders(dependencies) },
    { everyMs: PRUNE_EVERY_MS, run: () => prune(dependencies) },
  ]
  await Promise.all(
    tasks.map(async ({ everyMs, run }) => {
      while (!signal.aborted) {
        await run(signal).catch((error: unknown) => {
          logger.warn({ error }, 'upkeep of events failed and will be tried again')
        })
        await waitAbout(everyMs, signal)
      }
    }),
  )
}

async function redriveAll(dependencies: UpkeepDependencies, signal: AbortSignal): Promise<void> {
  for (const consumer of dependencies.parties.consumers) {
    const redriven = await redriveDead(consumer, dependencies, signal)
    if (redriven === 0) continue
    dependencies.logger.info({ consumer: consumer.name, redriven }, 'dead events were redriven')
  }
}

async function warnOfHolders({ db, broker, parties, logger }: UpkeepDependencies): Promise<void> {
  const lags = await lagOf(db, parties, { hasBroker: broker !== undefined })
  const held = lags.find(({ heldBackSeconds }) => heldBackSeconds > HELD_BACK_SECONDS)
  if (held === undefined) return
  const told = { feed: held.feed, held_back_seconds: Math.round(held.heldBackSeconds) }
  logger.warn(told, 'a long transaction holds events back: see pg_stat_activity')
}

async function prune({ db, parties, namesOf, clock, logger }: UpkeepDependencies): Promise<void> {
  const feed = parties.feeds.find(({ name }) => name === OUTBOX_FEED)
  if (feed === undefined) return
  const pruned = await pruneEvents(db, { readers: namesOf(feed), now: clock.now() })
  logger.debug({ pruned }, 'delivered events were pruned')
}
