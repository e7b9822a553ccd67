import { v7 as uuidv7 } from 'uuid'
import type { Cache } from '#platform/cache'
import type { Clock } from '#platform/clock'
import type { IdentityConfig } from '#platform/config'
import type { Principal } from '#platform/http'
import type { Logger } from '#platform/telemetry'
import type { AccessTokens } from './access-tokens.ts'
import { invalidToken } from './identity.errors.ts'
import type { Tokens } from './identity.schemas.ts'
import type { IdentityQueries, IdentityStore } from './identity.store.ts'
import type { RevocationReason, Role } from './identity.tables.ts'
import { type refreshTokens, sessionIdOf } from './refresh-tokens.ts'
import { scopesOf } from './roles.ts'

export interface SessionsDependencies {
  store: IdentityStore
  access: AccessTokens
  refresh: ReturnType<typeof refreshTokens>
  cache: Cache
  clock: Clock
  config: IdentityConfig
  logger: Logger
}

export interface Sessions {
  /** Opens a session for a user whose identity has been proved. */
  open(user: { userId: string; role: Role }, userAgent: string): Promise<Tokens>
  /** Spends a refresh token. @throws AppError 401; reuse outside the grace revokes the session. */
  refresh(token: string): Promise<Tokens>
  revoke(sessionId: string, reason: RevocationReason): Promise<void>
  /** Whether the session exists, is not revoked, and its account is active. */
  isLive(sessionId: string): Promise<boolean>
  revokeAll(userId: string, reason: RevocationReason): Promise<void>
  /** @throws AppError 401 unless the token, its session and its account are all good. */
  authenticate(accessToken: string): Promise<Principal>
}

/**
 * Revocation and changes of role reach the access tokens of every replica within this time. Not
 * shared through Redis, which could give back a standing that it failed to forget.
 */
const STANDING_POLICY = { ttlSeconds: 10 }

const addSeconds = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000)
const earlier = (a: Date, b: Date) => (a < b ? a : b)

export function sessionsService(dependencies: SessionsDependencies): Sessions {
  const { store, access, refresh, cache, clock, config, logger } = dependencies
  const standingKey = (sessionId: string) => `session:${sessionId}`

  async function tokens(userId: string, role: Role, refreshToken: string): Promise<Tokens> {
    const sessionId = sessionIdOf(refreshToken)
    return {
      tokenType: 'Bearer',
      accessToken: await access.issue({ userId, sessionId, role }),
      expiresIn: config.accessTokenTtlSeconds,
      refreshToken,
      userId,
    }
  }

  /** Inside the transaction that holds the session's lock. */
  async function rotate(tx: IdentityQueries, sessionId: string, token: string, now: Date) {
    const session = await tx.lockSession(sessionId)
    if (session === undefined || session.revoked_at !== null) return undefined
    if (session.status !== 'active') return undefined
    if (session.idle_expires_at <= now || session.absolute_expires_at <= now) return undefined

    const digest = refresh.digest(token)
    const known = await tx.refreshToken(sessionId, digest)
    if (known === undefined) return undefined
    const successor = refresh.successor(token)
    if (known.rotated_at === null) {
      const idleExpiresAt = addSeconds(now, config.refreshIdleTtlSeconds)
      await tx.markRotated(digest, now)
      await tx.addRefreshToken(sessionId, refresh.digest(successor), now)
      await tx.touchSession(sessionId, now, earlier(idleExpiresAt, session.absolute_expires_at))
    } else if (addSeconds(known.rotated_at, config.refreshGraceSeconds) < now) {
      await tx.revokeSession(sessionId, 'reuse', now)
      return 'reused' as const
    }
    return { userId: session.user_id, role: session.role, successor }
  }

  return {
    async open({ userId, role }, userAgent) {
      const now = clock.now()
      const sessionId = uuidv7()
      const token = refresh.first(sessionId)
      await store.transaction(async (tx) => {
        await tx.addSession({
          id: sessionId,
          user_id: userId,
          user_agent: userAgent.slice(0, 400),
          created_at: now,
          last_used_at: now,
          idle_expires_at: addSeconds(now, config.refreshIdleTtlSeconds),
          absolute_expires_at: addSeconds(now, config.refreshAbsoluteTtlSeconds),
          revoked_at: null,
          revoked_reason: null,
        })
        await tx.addRefreshToken(sessionId, refresh.digest(token), now)
      })
      return tokens(userId, role, token)
    },

    async refresh(token) {
      const sessionId = sessionIdOf(token)
      if (sessionId === '') throw invalidToken()
      const now = clock.now()
      const rotated = await store.transaction((tx) => rotate(tx, sessionId, token, now))
      if (rotated === 'reused') {
        await cache.delete(standingKey(sessionId))
        logger.warn({ session_id: sessionId, event: 'identity.refresh_reuse' }, 'session revoked')
        throw invalidToken()
      }
      if (rotated === undefined) throw invalidToken()
      return tokens(rotated.userId, rotated.role, rotated.successor)
    },

    async revoke(sessionId, reason) {
      await store.revokeSession(sessionId, reason, clock.now())
      await cache.delete(standingKey(sessionId))
    },

    async isLive(sessionId) {
      return (await store.liveSession(sessionId, clock.now())) !== undefined
    },

    async revokeAll(userId, reason) {
      const ended = await store.revokeSessions(userId, reason, clock.now())
      await Promise.all(ended.map(({ id }) => cache.delete(standingKey(id))))
    },

    async authenticate(accessToken) {
      const { userId, sessionId } = await access.verify(accessToken)
      const standing = await cache.through(
        standingKey(sessionId),
        STANDING_POLICY,
        async () => (await store.liveSession(sessionId, clock.now())) ?? null,
      )
      if (standing === null || standing.user_id !== userId) throw invalidToken()
      const { role } = standing
      // From the account as it is now, not from the token: a demotion takes effect.
      return { userId, sessionId, role, scopes: new Set(scopesOf(role)) }
    },
  }
}
