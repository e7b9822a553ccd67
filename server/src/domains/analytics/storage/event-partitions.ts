import type { Clock } from '#platform/clock'
import { comparePositions, type FeedPosition } from '#platform/events'
import type { Logger } from '#platform/telemetry'
import type { SlowestReader } from '../analytics.ports.ts'
import { MAX_AGE_DAYS } from '../intake/event-check.ts'
import { addMonths, dayText, monthOf, monthsFrom, monthsOf } from './months.ts'
import type { Partition, PartitionStore } from './partition.store.ts'

export interface PartitionUpkeep {
  /** Names of the partitions that are gone. */
  dropped: string[]
  /** Too old, but not yet passed on to everybody. */
  kept: string[]
  keysDropped: number
}

export interface EventPartitions {
  /** Makes sure that events of these times can be stored. */
  addMonths(times: readonly Date[]): Promise<void>
  /** Makes the months ahead and drops those that are over. @throws the signal's reason. */
  maintain(signal: AbortSignal): Promise<PartitionUpkeep>
}

export interface EventPartitionsDependencies {
  store: PartitionStore
  slowestReader: SlowestReader
  clock: Clock
  logger: Logger
  /** Months that are kept besides the one that runs, at least 1. */
  retentionMonths: number
}

/** A worker may be away for that long before an insert must make its own month. */
const MONTHS_AHEAD = 2
const KEYS_A_STATEMENT = 5_000
const DAY_MS = 86_400_000
/** One more than an event may be old, since a day has begun before it is over. */
const KEY_DAYS = MAX_AGE_DAYS + 2

/** The months that events are stored in: made ahead, dropped when too old. */
export function eventPartitions(dependencies: EventPartitionsDependencies): EventPartitions {
  const { store, slowestReader, clock, logger, retentionMonths } = dependencies

  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS)

  /** No month that an event may still be sent for is too old, however short the retention. */
  function oldestKept(): Date {
    const byRetention = addMonths(monthOf(clock.now()), -retentionMonths)
    const byIntake = monthOf(daysAgo(KEY_DAYS))
    return byRetention < byIntake ? byRetention : byIntake
  }

  async function isPassedOn(partition: Partition, slowest: FeedPosition) {
    if (partition.state !== 'attached') return true
    const last = await store.lastPosition(partition)
    if (last === undefined) return true
    return comparePositions(slowest, last) >= 0
  }

  async function dropOld(signal: AbortSignal) {
    const oldest = oldestKept()
    const old = (await store.list()).filter(({ month }) => month < oldest)
    const slowest = await slowestReader()
    const dropped: string[] = []
    const kept: string[] = []
    for (const partition of old) {
      signal.throwIfAborted()
      if (await isPassedOn(partition, slowest)) {
        await store.drop(partition)
        dropped.push(partition.name)
      } else {
        kept.push(partition.name)
      }
    }
    if (kept.length > 0) {
      logger.warn({ partitions: kept }, 'old events are kept until they have been passed on')
    }
    return { dropped, kept }
  }

  async function dropKeys(signal: AbortSignal): Promise<number> {
    const before = dayText(daysAgo(KEY_DAYS))
    for (let dropped = 0; ; ) {
      signal.throwIfAborted()
      const portion = await store.dropKeysBefore(before, KEYS_A_STATEMENT)
      dropped += portion
      if (portion < KEYS_A_STATEMENT) return dropped
    }
  }

  const partitions: EventPartitions = {
    async addMonths(times) {
      for (const month of monthsOf(times)) {
        if (await store.add(month)) logger.info({ month: dayText(month) }, 'month of events added')
      }
    },

    async maintain(signal) {
      const last = addMonths(monthOf(clock.now()), MONTHS_AHEAD)
      const needed = monthsFrom(monthOf(daysAgo(MAX_AGE_DAYS)), last)
      await partitions.addMonths(needed)
      return { ...(await dropOld(signal)), keysDropped: await dropKeys(signal) }
    },
  }
  return partitions
}
