import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '#platform/clock'
import type { Pace } from '#platform/jobs'
import type { Logger } from '#platform/telemetry'
import { type ComputeDependencies, listComputer } from '../recommendations.compute.ts'
import type { ListenedMusic } from '../recommendations.ports.ts'
import type { RecommendationStore } from '../recommendations.store.ts'
import type { ModelLoader, ServedModel } from '../registry/model-loader.ts'
import { patientAttempts } from './patient-attempt.ts'
import type { ActiveUsers } from './precompute.ports.ts'
import type { Portion, PrecomputeStore, Round } from './precompute.store.ts'
import { type UserListDependencies, userLists } from './user-lists.ts'

export interface PrecomputeDependencies
  extends ComputeDependencies,
    Omit<UserListDependencies, 'ttlSeconds' | 'compute'> {
  store: PrecomputeStore
  lists: Pick<RecommendationStore, 'forgetLink'>
  music: ListenedMusic
  users: ActiveUsers
  model: ModelLoader
  clock: Clock
  logger: Logger
  /** How often a round begins; its lists last until the next has come round. */
  everyHours: number
  /** Active is who has used the service within this time. */
  activeDays: number
  /** Waits for a provider. Default: as long as it says. */
  pause?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

interface RunOptions {
  signal: AbortSignal
  pace: Pace
  onProgress: (done: number, total: number, note: string) => void
}

export interface PrecomputeOutcome {
  /** False when it stopped for its time was over: run it again to go on. */
  finished: boolean
  users: number
  lists: number
  skipped: number
}

export interface Precompute {
  /**
   * Makes lists for active users in their languages, from where an unfinished round was left.
   * Nothing is made twice for good: what is kept and how far the round is are one transaction.
   * @throws the signal's reason, and faults of the database or the provider that do not pass
   */
  run(options: RunOptions): Promise<PrecomputeOutcome>
}

const USERS_A_PORTION = 20
const HOUR_SECONDS = 3600
const DAY_MS = 86_400_000
/** Leaves the job's own time far away, so that a long round is many jobs and none of them fails. */
const RUN_FOR_MS = 20 * 60_000

const NOTHING: PrecomputeOutcome = { finished: true, users: 0, lists: 0, skipped: 0 }

/** Recommendations of active users, made before they ask. */
export function precomputeService(dependencies: PrecomputeDependencies): Precompute {
  const { store, lists, music, users, model, clock, logger, everyHours, activeDays } = dependencies
  const pause = dependencies.pause ?? ((ms, signal) => delay(ms, undefined, { signal }))
  const ttlSeconds = (everyHours + 1) * HOUR_SECONDS
  const listsOf = userLists({ ...dependencies, compute: listComputer(dependencies), ttlSeconds })

  /** A link that ended while its list was made was forgotten before the list was kept. */
  async function forgetEndedLinks({ lists: made }: Portion): Promise<void> {
    for (const [userId, generation] of new Map(
      made.map(({ userId, kept }) => [userId, kept.linkGeneration]),
    )) {
      if ((await music.linkGeneration(userId)) !== generation) {
        await lists.forgetLink(userId, generation)
      }
    }
  }

  function portions(served: ServedModel, { signal, pace }: RunOptions) {
    const attempt = patientAttempts({ logger, signal, pause: (ms) => pause(ms, signal) })
    return async (userIds: readonly string[], lastUserId: string): Promise<Portion> => {
      const made: { userId: string; kept: Portion['lists'][number]['kept'] }[] = []
      let skipped = 0
      for (const userId of userIds) {
        signal.throwIfAborted()
        const own = await attempt(userId, () => pace(() => listsOf(userId, served)))
        if (own === undefined || own.length === 0) skipped += 1
        made.push(...(own ?? []).map((kept) => ({ userId, kept })))
      }
      return { lastUserId, users: userIds.length, skipped, lists: made }
    }
  }

  return {
    async run(options) {
      const served = await model.current()
      if (served === undefined) return NOTHING
      const begunAt = clock.now().getTime()
      const portionOf = portions(served, options)
      let round: Round = await store.current(clock.now())
      const since = new Date(round.startedAt.getTime() - activeDays * DAY_MS)
      const total = await users.count(since)
      const outcome = (finished: boolean): PrecomputeOutcome => {
        const { users: seen, lists: made, skipped } = round
        return { finished, users: seen, lists: made, skipped }
      }
      while (clock.now().getTime() - begunAt < RUN_FOR_MS) {
        options.signal.throwIfAborted()
        const ids = await users.after(round.afterUserId, since, USERS_A_PORTION)
        const last = ids.at(-1)
        if (last === undefined) {
          await store.finish(round, clock.now())
          return outcome(true)
        }
        const portion = await portionOf(ids, last)
        round = await store.keep(round, portion, clock.now())
        await forgetEndedLinks(portion)
        options.onProgress(round.users, Math.max(total, round.users), `${round.lists} lists`)
      }
      return outcome(false)
    },
  }
}
