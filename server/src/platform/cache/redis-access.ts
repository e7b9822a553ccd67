import type { ChainableCommander } from 'ioredis'
import type { Redis } from '#platform/redis'
import type { Logger, Metrics } from '#platform/telemetry'
import { breaker } from './breaker.ts'

export type Operation = 'read' | 'write' | 'forget' | 'versions' | 'lead'

export interface RedisAccessDependencies {
  redis: Redis
  metrics: Metrics
  logger: Logger
  /** Makes good what Redis missed. @throws as long as Redis does not take it. */
  makeGood(): Promise<void>
  isBehind(): boolean
  /** Redis can be asked from now on. */
  onTrusted(): void
}

/** Short enough to be back within a second, long enough to cost nothing. */
const RETRY = { firstMs: 500, maxMs: 5_000, steadyAfterMs: 10_000 }

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
 * Asks Redis as long as it answers. After the first command that it did not answer in time nobody
 * waits for it again until it has been found working, so one request loses one timeout at most.
 */
export function redisAccess(dependencies: RedisAccessDependencies) {
  const { redis, metrics, logger, makeGood, isBehind, onTrusted } = dependencies
  const trust = breaker({
    async probe() {
      await makeGood()
      await redis.client().ping()
    },
    isBehind,
    retry: RETRY,
    onChange(isTrusted) {
      metrics.cacheRemoteUp.set(isTrusted ? 1 : 0)
      if (isTrusted) logger.info({ event: 'cache.shared' }, 'the cache is shared through Redis')
      else logger.warn({ event: 'cache.alone' }, 'the cache does without Redis for now')
      if (isTrusted) onTrusted()
    },
  })
  redis.watch({ onReady: trust.tryNow, onLost: trust.open })

  return {
    get isTrusted() {
      return trust.isClosed
    },

    /** Undefined when Redis is not asked, or does not answer. @throws never */
    async ask<T>(operation: Operation, command: () => Promise<T>): Promise<T | undefined> {
      if (!trust.isClosed) {
        // Connects if nobody has asked for anything yet.
        redis.client()
        return undefined
      }
      try {
        return await command()
      } catch (error) {
        const cause = isRefusal(error) ? 'refused' : 'unanswered'
        metrics.cacheRemoteFailures.inc({ operation, cause })
        // What Redis was to forget and did not makes it unfit for everything.
        if (cause === 'unanswered' || operation === 'forget') trust.open()
        return undefined
      }
    },

    stop: () => trust.stop(),
  }
}
