import type { Logger } from '#platform/telemetry'
import { type LeaderSession, openLeaderSession } from './leader-session.ts'
import { waitAbout } from './wait.ts'

export interface LeadershipOptions {
  /** Of PostgreSQL itself: a pooler in transaction mode would lose the lock. */
  databaseUrl: string
  applicationName: string
  logger: Logger
  /** How often one that waits asks for the lock. Default: 1000. */
  retryMs?: number
  /** How often a leader proves that its connection lives. Default: 2000. */
  heartbeatMs?: number
  /** A leader silent for so long is taken for frozen, and its lock taken from it. Default: 15000. */
  frozenAfterMs?: number
}

export interface Leadership {
  /**
   * Runs `work` whenever this process leads under `name`, again and again until `signal` is
   * aborted. The signal that `work` gets is aborted at once when leadership is lost; what it has
   * begun then must be fenced by itself, as cursors are. @throws never.
   */
  lead(
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>
  /** Gives all locks back; call when every `lead` has returned. */
  close(): Promise<void>
}

/** At most one process leads under a name, by session locks that share one connection. */
export function leadership(options: LeadershipOptions): Leadership {
  const { logger, retryMs = 1000 } = options
  let current: Promise<LeaderSession> | undefined

  function session(): Promise<LeaderSession> {
    current ??= openLeaderSession(options).then(
      (opened) => {
        const forget = () => {
          current = undefined
        }
        opened.lost.addEventListener('abort', forget)
        // A server that goes down says so in the same breath in which it lets us in.
        if (opened.lost.aborted) forget()
        return opened
      },
      (error: unknown) => {
        current = undefined
        throw error
      },
    )
    return current
  }

  async function leadOnce(
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const mine = await session()
    if (!(await mine.tryLock(name))) return
    logger.info({ leader_of: name }, 'leads now')
    try {
      await work(AbortSignal.any([signal, mine.lost]))
    } finally {
      if (mine.lost.aborted) logger.warn({ leader_of: name }, 'leads no more')
      else await mine.unlock(name)
    }
  }

  return {
    async lead(name, work, signal) {
      while (!signal.aborted) {
        await leadOnce(name, work, signal).catch((error: unknown) => {
          logger.warn({ error, leader_of: name }, 'leadership failed and will be tried again')
        })
        if (!signal.aborted) await waitAbout(retryMs, signal)
      }
    },
    async close() {
      await current?.then(
        (opened) => opened.close(),
        () => undefined,
      )
    },
  }
}
