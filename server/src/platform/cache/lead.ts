import { setTimeout as delay } from 'node:timers/promises'
import type { Reading } from './reading.ts'
import type { RedisLayer } from './redis-layer.ts'
import { isAnswer, type StoredEntry } from './stored-entry.ts'

/** Longer is not worth it: then it loads as well. */
const WAIT_MS = 1_000
const FIRST_LOOK_MS = 20
const MAX_LOOK_MS = 100

export interface Lead {
  /** What another process has loaded meanwhile; undefined when this one is to load. */
  entry?: StoredEntry
  /** Whether others may be waiting for this process: `endLead` when the value is kept. */
  isMine: boolean
}

/**
 * Among processes that miss the same value at once, one loads and the others wait for it: at most
 * a second, and not at all once Redis stops answering.
 */
export async function leadOrWait(redis: RedisLayer | undefined, reading: Reading): Promise<Lead> {
  const { key, shape } = reading
  if (shape === undefined) return { isMine: false }
  const giveUpAt = performance.now() + WAIT_MS
  let lookMs = FIRST_LOOK_MS
  while (redis?.isTrusted === true && performance.now() < giveUpAt) {
    const lead = await redis.takeLead(key)
    if (lead !== 'taken') return { isMine: lead === 'mine' }
    await delay(lookMs)
    lookMs = Math.min(lookMs * 2, MAX_LOOK_MS)
    const entry = await redis.find(key)
    if (reading.isOutdated) break
    if (entry !== undefined && entry.logicalExpiration > Date.now() && isAnswer(entry, reading)) {
      return { entry, isMine: false }
    }
  }
  return { isMine: false }
}
