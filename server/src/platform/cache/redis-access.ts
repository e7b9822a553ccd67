import type { ChainableCommander } from 'ioredis'
import type { Redis } from '#platform/redis'
import type { Logger, Metrics } from '#platform/telemetry'
import { breaker } from './breaker.ts'
import { slowness } from './slowness.ts'
import { waitingCalls } from './waiting-calls.ts'

export type Operation = 'read' | 'write' | 'forget' | 'versions' | 'lead'

export interface RedisAccessDependencies {
  redis: Pick<Redis, 'commandTimeoutMs' | 'connect' | 'ping' | 'watch'>
  metrics: Metrics
  logger: Logger
  /** Makes good what Redis missed. @throws as long as Redis does not take it. */
  makeGood(): Promise<void>
  isBehind(): boolean
  /** Redis can be asked from now on. */
  onTrusted(): void
  /** Time in ms that only goes forward. */
  now?: () => number
}

/** Short enough to be back within a second, long enough to cost nothing. */
const RETRY = { firstMs: 500, maxMs: 5_000, steadyAfterMs: 10_000 }

/** Of the time that a command may take: what asks three or four times must not wait as long as that. */
const SLOW_SHARE = 1 / 3
/** A probe counts by its fastest answer. */
const PINGS = 3

/** An answer, even a refusal (full, read-only), came in good time. */
const isRefusal = (error: unknown) => error instanceof Error && error.name === 'ReplyError'

/** The results of commands sent together. @throws the first failure of any. */
export async function resultsOf(commands: ChainableCommander): Promise<unknown[]> {
  const replies = (await commands.exec()) ?? []
  return replies.map(([error, result]) => {
    if (error !== null) throw error
    return result
  })
}

/**
 * Asks Redis as long as it answers. With the first command that it did not answer in time all others
 * under way are let go, and nobody asks again until it has been found working: so a request loses
 * one timeout, however often it asks. A Redis that answers, but slowly, is given up as well.
 */
export function redisAccess(dependencies: RedisAccessDependencies) {
  const { redis, metrics, logger, makeGood, isBehind, onTrusted } = dependencies
  const { now = () => performance.now() } = dependencies
  const slowMs = redis.commandTimeoutMs * SLOW_SHARE
  const speed = slowness(slowMs)
  const calls = waitingCalls()

  const trust = breaker({
    async probe() {
      await makeGood()
      await findQuick()
    },
    isBehind,
    retry: RETRY,
    onChange(isTrusted) {
      metrics.cacheRemoteUp.set(isTrusted ? 1 : 0)
      if (isTrusted) {
        logger.info({ event: 'cache.shared' }, 'the cache is shared through Redis')
        speed.restart(now())
        onTrusted()
      } else {
        logger.warn({ event: 'cache.alone' }, 'the cache does without Redis for now')
        calls.letAllGo()
      }
    },
  })
  redis.watch({ onReady: trust.tryNow, onLost: trust.open })

  async function findQuick(): Promise<void> {
    for (let ping = 0; ping < PINGS; ping += 1) {
      const askedAtMs = now()
      await redis.ping()
      if (now() - askedAtMs <= slowMs) return
    }
    throw new Error('Redis is slow')
  }

  function fail(operation: Operation, error: unknown): void {
    const cause = isRefusal(error) ? 'refused' : 'unanswered'
    metrics.cacheRemoteFailures.inc({ operation, cause })
    // What Redis was to forget and did not makes it unfit for everything.
    if (cause === 'unanswered' || operation === 'forget') trust.open()
  }

  return {
    get isTrusted() {
      return trust.isClosed
    },

    /** Undefined when Redis is not asked, or does not answer. @throws never */
    async ask<T>(operation: Operation, command: () => Promise<T>): Promise<T | undefined> {
      if (!trust.isClosed) {
        redis.connect()
        return undefined
      }
      const askedAtMs = now()
      try {
        const answer = await calls.wait(command())
        if (trust.isClosed && speed.sees(now() - askedAtMs, now())) {
          metrics.cacheRemoteFailures.inc({ operation, cause: 'slow' })
          trust.open()
        }
        return answer
      } catch (error) {
        fail(operation, error)
        return undefined
      }
    },

    stop: () => trust.stop(),
  }
}
