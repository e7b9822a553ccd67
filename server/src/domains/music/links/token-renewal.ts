import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '#platform/clock'
import { ProviderError } from '#platform/outbound'
import type { Logger } from '#platform/telemetry'
import { notLinked, relinkRequired } from '../music.errors.ts'
import type { MusicProvider, ProviderGrant } from '../music.ports.ts'
import type { LinkRow, LinkStore } from './link.store.ts'
import type { LinkTokens } from './link-tokens.ts'
import { isInvalidGrant, tokenFault } from './token-fault.ts'

/** A token is renewed this long before its end, so that it outlives the call it is used for. */
const MARGIN_MS = 60_000
/** Longer than a provider's client lets one call take; a process that dies blocks no longer. */
const LEASE_MS = 5_000
const POLL_MS = 100
/** Times POLL_MS: longer than a lease, so that who waits for a dead process takes over. */
const MAX_POLLS = 60

export interface TokenRenewalDependencies {
  store: LinkStore
  tokens: LinkTokens
  clock: Clock
  logger: Logger
}

/** An access token together with its stored form, which tells it from its successors. */
export interface HeldToken {
  accessToken: string
  sealed: string
}

export const accessExpiry = (grant: ProviderGrant, now: Date) =>
  new Date(now.getTime() + grant.expiresInSeconds * 1000)

/**
 * Renews tokens. However many calls, replicas and clients need a new token at once, the provider
 * is asked for one: inside a process the calls share one renewal; between processes one of them
 * takes a short lease on the link, and the others look for the new token until it is there.
 */
export function tokenRenewal({ store, tokens, clock, logger }: TokenRenewalDependencies) {
  const renewals = new Map<string, Promise<HeldToken>>()

  const held = (row: LinkRow): HeldToken => ({
    accessToken: tokens.open('access', row),
    sealed: row.access_token_sealed,
  })
  const isSpent = (row: LinkRow) =>
    row.access_expires_at.getTime() - MARGIN_MS <= clock.now().getTime()

  async function save(row: LinkRow, refreshToken: string, grant: ProviderGrant) {
    const now = clock.now()
    const sealed = tokens.seal('access', row, grant.accessToken)
    const change = {
      access_token_sealed: sealed,
      // The earlier one stays good when no new one comes.
      refresh_token_sealed: tokens.seal('refresh', row, grant.refreshToken ?? refreshToken),
      access_expires_at: accessExpiry(grant, now),
    }
    const saved = await store.saveRenewal(row, change, now)
    return saved ? { accessToken: grant.accessToken, sealed } : undefined
  }

  /** While the lease holds. Undefined when somebody else has changed the link meanwhile. */
  async function renewLeased(
    provider: MusicProvider,
    row: LinkRow,
    refreshToken: string,
    until: Date,
  ): Promise<HeldToken | undefined> {
    try {
      return await save(row, refreshToken, await provider.refresh(refreshToken))
    } catch (error) {
      if (isInvalidGrant(error)) {
        const ended = await store.endAgreement(row, clock.now())
        if (ended) throw relinkRequired(provider.name, error)
        return undefined
      }
      // Should this fail too, the lease ends by itself.
      await store.releaseRenewal(row, until).catch(() => undefined)
      throw tokenFault(error, logger)
    }
  }

  /** Undefined when another process is at it. */
  async function attempt(
    provider: MusicProvider,
    linkId: string,
    spent: string,
  ): Promise<HeldToken | undefined> {
    const row = await store.linkById(linkId)
    if (row === undefined) throw notLinked(provider.name)
    if (row.state !== 'active') throw relinkRequired(provider.name)
    if (row.access_token_sealed !== spent && !isSpent(row)) return held(row)
    const refreshToken = tokens.open('refresh', row)
    const now = clock.now()
    const until = new Date(now.getTime() + LEASE_MS)
    const leased = await store.takeRenewal(row, now, until)
    return leased ? renewLeased(provider, row, refreshToken, until) : undefined
  }

  async function renewInTurn(
    provider: MusicProvider,
    linkId: string,
    spent: string,
  ): Promise<HeldToken> {
    for (let polls = 0; polls < MAX_POLLS; polls += 1) {
      if (polls > 0) await pause(POLL_MS)
      const token = await attempt(provider, linkId, spent)
      if (token !== undefined) return token
    }
    throw new ProviderError({
      provider: provider.name,
      operation: 'token.refresh',
      fault: 'unavailable',
      reason: 'other processes have been renewing the token for too long',
    })
  }

  return {
    held,
    /** Whether the token has ended, or is about to. */
    isSpent,

    /**
     * A token that is not the spent one, which is given in its stored form.
     * @throws AppError `music.relink_required`, `music.not_linked`; ProviderError for the rest.
     */
    renew(provider: MusicProvider, linkId: string, spent: string): Promise<HeldToken> {
      const key = `${linkId} ${spent}`
      const running = renewals.get(key)
      if (running !== undefined) return running
      const renewal = renewInTurn(provider, linkId, spent).finally(() => renewals.delete(key))
      renewals.set(key, renewal)
      return renewal
    },
  }
}

export type TokenRenewal = ReturnType<typeof tokenRenewal>
