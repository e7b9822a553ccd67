import type { Clock } from '#platform/clock'
import { errorCode } from '#platform/errors'
import { ProviderError } from '#platform/outbound'
import { notLinked, providerUnavailable, relinkRequired } from '../music.errors.ts'
import type { MusicProvider, ProviderGrant } from '../music.ports.ts'
import type { LinkRow, LinkStore, LockedLink } from './link.store.ts'
import type { LinkTokens } from './link-tokens.ts'
import { providerPause } from './provider-pause.ts'

/** A token is renewed this long before its end, so that it outlives the call it is used for. */
const MARGIN_MS = 60_000
/** SQLSTATE lock_not_available: another process has been renewing the token for too long. */
const LOCK_TIMEOUT = '55P03'

export interface LinkAccessDependencies {
  store: LinkStore
  tokens: LinkTokens
  clock: Clock
}

/** An access token together with its stored form, which tells it from its successors. */
interface HeldToken {
  accessToken: string
  sealed: string
}

type Renewal = HeldToken | 'unlinked' | 'relink'

export const accessExpiry = (grant: ProviderGrant, now: Date) =>
  new Date(now.getTime() + grant.expiresInSeconds * 1000)

const isUnauthorised = (error: unknown) =>
  error instanceof ProviderError && error.fault === 'unauthorised'
const isInvalidGrant = (error: unknown) =>
  error instanceof ProviderError && error.reason === 'invalid_grant'

/**
 * Access tokens for calls on a user's behalf. However many calls, replicas and clients need a new
 * token at once, the provider is asked for one: inside a process the calls share one renewal,
 * between processes the row's lock makes the others wait and then find the new token.
 */
export function linkAccess({ store, tokens, clock }: LinkAccessDependencies) {
  const renewals = new Map<string, Promise<Renewal>>()
  const pause = providerPause(clock)

  const held = (row: LinkRow): HeldToken => ({
    accessToken: tokens.open('access', row),
    sealed: row.access_token_sealed,
  })
  const isSpent = (row: LinkRow) =>
    row.access_expires_at.getTime() - MARGIN_MS <= clock.now().getTime()

  async function renewLocked(
    provider: MusicProvider,
    row: LinkRow,
    locked: LockedLink,
  ): Promise<Renewal> {
    try {
      const current = tokens.open('refresh', row)
      const grant = await provider.refresh(current)
      const now = clock.now()
      const sealed = tokens.seal('access', row, grant.accessToken)
      const change = {
        access_token_sealed: sealed,
        // The earlier one stays good when no new one comes.
        refresh_token_sealed: tokens.seal('refresh', row, grant.refreshToken ?? current),
        access_expires_at: accessExpiry(grant, now),
      }
      await locked.saveTokens(change, now)
      return { accessToken: grant.accessToken, sealed }
    } catch (error) {
      if (!isInvalidGrant(error)) throw error
      // An answer and no exception, so that the transaction keeps it.
      await locked.setState('relink', clock.now())
      return 'relink'
    }
  }

  function renewOnce(provider: MusicProvider, row: LinkRow, spent: string): Promise<Renewal> {
    const key = `${row.id} ${spent}`
    const running = renewals.get(key)
    if (running !== undefined) return running
    const renewal = store
      .withLockedLink(row.id, async (current, locked): Promise<Renewal> => {
        if (current === undefined) return 'unlinked'
        if (current.state !== 'active') return 'relink'
        const renewed = current.access_token_sealed !== spent && !isSpent(current)
        return renewed ? held(current) : renewLocked(provider, current, locked)
      })
      .finally(() => renewals.delete(key))
    renewals.set(key, renewal)
    return renewal
  }

  /** A token that is not the spent one. */
  async function renew(provider: MusicProvider, row: LinkRow, spent: string): Promise<HeldToken> {
    const renewal = await renewOnce(provider, row, spent).catch((error: unknown) => {
      throw errorCode(error) === LOCK_TIMEOUT ? providerUnavailable(error) : error
    })
    if (renewal === 'unlinked') throw notLinked(provider.name)
    if (renewal === 'relink') throw relinkRequired(provider.name)
    return renewal
  }

  async function useToken<T>(
    provider: MusicProvider,
    row: LinkRow,
    use: (accessToken: string) => Promise<T>,
  ): Promise<T> {
    const token = isSpent(row) ? await renew(provider, row, row.access_token_sealed) : held(row)
    try {
      return await use(token.accessToken)
    } catch (error) {
      if (!isUnauthorised(error)) throw error
      // Revoked before its time: one new token, one repeat.
      return use((await renew(provider, row, token.sealed)).accessToken)
    }
  }

  return {
    /**
     * Calls `use` with a good access token of the link.
     * @throws AppError `music.relink_required`, `music.not_linked`; ProviderError for the rest.
     */
    async withAccess<T>(
      provider: MusicProvider,
      row: LinkRow,
      use: (accessToken: string) => Promise<T>,
    ): Promise<T> {
      pause.check(row.id, provider.name)
      try {
        return await useToken(provider, row, use)
      } catch (error) {
        pause.note(row.id, error)
        throw error
      }
    },
  }
}
