import type { Cache } from '#platform/cache'
import type { Clock } from '#platform/clock'
import type { Outbox } from '#platform/events'
import { type ConsentChoice, type Consents, PURPOSES, type Purpose } from './consent.schemas.ts'
import type { ConsentChange, ConsentStore } from './consent.store.ts'

export interface UserConsents {
  /** What holds, and what was said before. */
  of(userId: string): Promise<Consents>
  /** Purposes that are not named stay as they are. */
  choose(userId: string, choice: ConsentChoice): Promise<Consents>
  /** Whether it is granted now; a change reaches every process within 35 s. */
  isGranted(userId: string, purpose: Purpose): Promise<boolean>
}

export interface ConsentDependencies {
  store: ConsentStore
  cache: Cache
  /** Told of every change (`consent.changed`), in its transaction. */
  outbox: Outbox
  clock: Clock
}

const CACHE_TTL_SECONDS = 30
/** Who sends events sends many: a grant is looked up once in this time, whatever the cache costs. */
const GRANT_KEPT_MS = 5_000
const MAX_GRANTS = 10_000
const MAX_HISTORY = 100

const cacheKey = (userId: string) => `consent:${userId}`

export function consentService({ store, cache, outbox, clock }: ConsentDependencies): UserConsents {
  const grants = recentGrants(clock)

  const consents: UserConsents = {
    async of(userId) {
      const [latest, history] = await Promise.all([
        store.latest(userId),
        store.history(userId, MAX_HISTORY),
      ])
      const said = new Map(latest.map((change) => [change.purpose, change]))
      return {
        consents: PURPOSES.map((purpose) => {
          const change = said.get(purpose)
          return {
            purpose,
            granted: change?.granted ?? false,
            changedAt: change?.changedAt.toISOString() ?? null,
          }
        }),
        history: history.map((change) => ({
          ...change,
          changedAt: change.changedAt.toISOString(),
        })),
      }
    },

    async choose(userId, choice) {
      const changedAt = clock.now()
      await store.transaction(async (queries, within) => {
        const granted = grantedIn(await queries.latest(userId))
        const made = PURPOSES.flatMap((purpose): ConsentChange[] => {
          const wanted = choice[purpose]
          return wanted === undefined || wanted === granted.has(purpose)
            ? []
            : [{ purpose, granted: wanted, changedAt }]
        })
        if (made.length === 0) return
        await queries.append(userId, made)
        await outbox.append(
          within,
          made.map(({ purpose, granted: isGranted }) => ({
            topic: 'consent.changed',
            key: userId,
            payload: { userId, purpose, granted: isGranted },
            occurredAt: changedAt,
          })),
        )
      })
      for (const purpose of PURPOSES) grants.forget(userId, purpose)
      await cache.delete(cacheKey(userId))
      return consents.of(userId)
    },

    async isGranted(userId, purpose) {
      if (grants.has(userId, purpose)) return true
      const granted = await cache.through(
        cacheKey(userId),
        { ttlSeconds: CACHE_TTL_SECONDS },
        async () => [...grantedIn(await store.latest(userId))],
      )
      const isGranted = granted.includes(purpose)
      if (isGranted) grants.keep(userId, purpose)
      return isGranted
    },
  }
  return consents
}

/** What was found granted a moment ago. A refusal is not kept: a grant is to be seen at once. */
function recentGrants(clock: Clock) {
  const untilMs = new Map<string, number>()
  const keyOf = (userId: string, purpose: Purpose) => `${purpose} ${userId}`
  return {
    has: (userId: string, purpose: Purpose) =>
      (untilMs.get(keyOf(userId, purpose)) ?? 0) > clock.now().getTime(),
    keep(userId: string, purpose: Purpose): void {
      // The oldest go: their time is over, or will be first.
      const [oldest] = untilMs.keys()
      if (untilMs.size >= MAX_GRANTS && oldest !== undefined) untilMs.delete(oldest)
      untilMs.delete(keyOf(userId, purpose))
      untilMs.set(keyOf(userId, purpose), clock.now().getTime() + GRANT_KEPT_MS)
    },
    forget: (userId: string, purpose: Purpose) => untilMs.delete(keyOf(userId, purpose)),
  }
}

const grantedIn = (latest: readonly ConsentChange[]): Set<Purpose> =>
  new Set(latest.filter(({ granted }) => granted).map(({ purpose }) => purpose))
