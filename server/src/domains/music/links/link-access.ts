import type { Clock } from '#platform/clock'
import type { MusicProvider } from '../music.ports.ts'
import type { LinkRow } from './link.store.ts'
import { providerPause } from './provider-pause.ts'
import { isUnauthorised } from './token-fault.ts'
import type { TokenRenewal } from './token-renewal.ts'

/** Calls on a user's behalf: with a good token, and not while the provider wants none. */
export function linkAccess({ renewal, clock }: { renewal: TokenRenewal; clock: Clock }) {
  const pause = providerPause(clock)

  async function useToken<T>(
    provider: MusicProvider,
    row: LinkRow,
    use: (accessToken: string) => Promise<T>,
  ): Promise<T> {
    const renew = (spent: string) => renewal.renew(provider, row.id, spent)
    const token = renewal.isSpent(row) ? await renew(row.access_token_sealed) : renewal.held(row)
    try {
      return await use(token.accessToken)
    } catch (error) {
      if (!isUnauthorised(error)) throw error
      // Revoked before its time: one new token, one repeat.
      return use((await renew(token.sealed)).accessToken)
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
      pause.check(provider.name, row.id)
      try {
        return await useToken(provider, row, use)
      } catch (error) {
        pause.note(provider.name, row.id, error)
        throw error
      }
    },
  }
}
