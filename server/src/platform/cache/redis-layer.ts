import { randomUUID } from 'node:crypto'
import type { Redis } from '#platform/redis'
import type { Logger, Metrics } from '#platform/telemetry'
import type { ForgetMessage } from './forget-channel.ts'
import { type Forgets, pendingForgets } from './pending-forgets.ts'
import { redisAccess, resultsOf } from './redis-access.ts'
import { entryName, FORGET_CHANNEL, leadName, tagName } from './redis-names.ts'
import { readStoredEntry, type StoredEntry } from './stored-entry.ts'

/** Of a tag, too: it must not end long before what it is on. */
const MAX_TTL_MS = 24 * 60 * 60 * 1000
/** A process that dies while it loads for all holds the others up no longer. */
const LEAD_TTL_MS = 3_000

export interface RedisLayerDependencies {
  redis: Redis
  metrics: Metrics
  logger: Logger
  /** Names this process in what it sends. */
  processId: string
  onTrusted(): void
}

/** What processes share. Nothing here throws or waits for longer than one command's timeout. */
export interface RedisLayer {
  /** False while Redis is away, or has not yet forgotten all that it was told to. */
  readonly isTrusted: boolean
  find(key: string): Promise<StoredEntry | undefined>
  /** Whether Redis has it. */
  write(key: string, text: string, ttlMs?: number): Promise<boolean>
  /** The version of each tag, made now unless it has one; undefined where Redis does not tell. */
  versions(tags: readonly string[]): Promise<readonly (string | undefined)[] | undefined>
  /** Forgets here and in all other processes: now, or before Redis is believed again. */
  forget(forgets: Forgets): Promise<void>
  /** Whether this process is the one to load the value; unknown when Redis cannot tell. */
  takeLead(key: string): Promise<'mine' | 'taken' | 'unknown'>
  endLead(key: string): Promise<void>
  stop(): void
}

export function redisLayer(dependencies: RedisLayerDependencies): RedisLayer {
  const { redis, metrics, processId } = dependencies
  const pending = pendingForgets()
  const access = redisAccess({
    ...dependencies,
    makeGood: async () => {
      while (!pending.isEmpty) await send(pending.some())
    },
    isBehind: () => !pending.isEmpty,
  })

  /** Deletes and tells, as one: who reads in between could otherwise put the old value back. */
  async function send(forgets: Forgets): Promise<void> {
    const message: ForgetMessage = {
      from: processId,
      keys: [...forgets.keys],
      tags: [...forgets.tags],
    }
    const names = [...forgets.keys.map(entryName), ...forgets.tags.map(tagName)]
    const { stamp } = pending
    await resultsOf(
      redis.client().multi().unlink(names).publish(FORGET_CHANNEL, JSON.stringify(message)),
    )
    pending.done(forgets, stamp)
  }

  async function find(key: string): Promise<StoredEntry | undefined> {
    const text = await access.ask('read', () => redis.client().get(entryName(key)))
    if (text === undefined || text === null) return undefined
    const entry = readStoredEntry(text)
    if (entry === undefined) {
      metrics.cacheRemoteFailures.inc({ operation: 'read', cause: 'unreadable' })
    }
    return entry
  }

  async function forget(forgets: Forgets): Promise<void> {
    pending.add(forgets)
    await access.ask('forget', () => send(forgets))
  }

  return {
    get isTrusted() {
      return access.isTrusted
    },
    find,

    async write(key, text, ttlMs = MAX_TTL_MS) {
      const wholeMs = Math.max(1, Math.ceil(ttlMs))
      const write = () => redis.client().set(entryName(key), text, 'PX', wholeMs)
      return (await access.ask('write', write)) === 'OK'
    },

    async versions(tags) {
      return access.ask('versions', async () => {
        const commands = redis.client().pipeline()
        for (const tag of tags) commands.set(tagName(tag), randomUUID(), 'PX', MAX_TTL_MS, 'NX')
        // A full Redis takes none, and still tells those that it has.
        const replies = await commands.mget(tags.map(tagName)).exec()
        const [error, found] = replies?.at(-1) ?? [null, []]
        if (error !== null) throw error
        return Array.isArray(found) ? found.map((one) => one ?? undefined) : []
      })
    },

    forget,

    async takeLead(key) {
      const take = () => redis.client().set(leadName(key), processId, 'PX', LEAD_TTL_MS, 'NX')
      const reply = await access.ask('lead', take)
      if (reply === undefined) return 'unknown'
      return reply === 'OK' ? 'mine' : 'taken'
    },

    async endLead(key) {
      await access.ask('lead', () => redis.client().unlink(leadName(key)))
    },

    stop: access.stop,
  }
}
