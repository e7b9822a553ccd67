import { v7 as uuidv7 } from 'uuid'
import type { Clock } from '#platform/clock'
import { randomToken as newRandomToken, type TextSealer } from '#platform/crypto'
import { errorCode } from '#platform/errors'
import type { Logger } from '#platform/telemetry'
import {
  accountTaken,
  linkDenied,
  linkFailed,
  notLinked,
  providerNotConfigured,
  providerUnavailable,
  publicFault,
  relinkRequired,
} from '../music.errors.ts'
import type {
  LinkChanged,
  MusicProvider,
  ProviderAccount,
  ProviderGrant,
  ProviderName,
  SessionIsLive,
} from '../music.ports.ts'
import type { CallbackQuery, LinkDone, ProviderLink } from './link.schemas.ts'
import type { LinkRow, LinkStore } from './link.store.ts'
import { linkAccess } from './link-access.ts'
import { type Browser, linkAttempts, type NewAttempt } from './link-attempts.ts'
import { linkView } from './link-health.ts'
import { linkTokens } from './link-tokens.ts'
import { safeReturnPath } from './return-path.ts'
import { storableAccount, storableScopes } from './stored-account.ts'
import { isInvalidGrant, isUnauthorised, tokenFault } from './token-fault.ts'
import { accessExpiry, tokenRenewal } from './token-renewal.ts'

export interface AccountLinksDependencies {
  store: LinkStore
  sealer: TextSealer
  providers: readonly MusicProvider[]
  sessionIsLive: SessionIsLive
  linkChanged: LinkChanged
  clock: Clock
  /** Told of what only the operator can mend. */
  logger: Logger
  /** Where users reach the API; callbacks and return paths are below it. */
  publicUrl: string
  /** 256 random bits as text. */
  randomToken?: () => string
}

export interface AccountLinks {
  /** The provider, if this installation offers it. @throws AppError `music.provider_not_configured` */
  provider(name: ProviderName): MusicProvider
  /** `browserToken` goes to the browser as a cookie and comes back to `finish`. */
  begin(
    attempt: Omit<NewAttempt, 'returnTo' | 'provider'> & {
      provider: ProviderName
      returnTo: string | undefined
    },
  ): Promise<{ authorizeUrl: string; browserToken: string }>
  /** Ends an attempt, well or badly. @throws AppError; of the state's faults one and the same. */
  finish(provider: ProviderName, query: CallbackQuery, browser: Browser): Promise<LinkDone>
  list(userId: string): Promise<ProviderLink[]>
  /** Forgets the link, its tokens, and what was kept of the account. */
  remove(userId: string, provider: ProviderName): Promise<void>
  /** The id of a working link. @throws AppError `music.not_linked`, `music.relink_required` */
  linkId(userId: string, provider: ProviderName): Promise<string>
  /** Another text after every linking and unlinking, in any process: `none` without a link. */
  linkGeneration(userId: string, provider: ProviderName): Promise<string>
  /**
   * Calls `use` with a good access token, renewed if need be.
   * @throws AppError as `linkId`; ProviderError for the provider's other faults.
   */
  withAccess<T>(
    userId: string,
    provider: ProviderName,
    use: (accessToken: string) => Promise<T>,
  ): Promise<T>
}

const UNIQUE_VIOLATION = '23505'

export function accountLinks(dependencies: AccountLinksDependencies): AccountLinks {
  const { store, sealer, linkChanged, clock, logger, publicUrl } = dependencies
  const byName = new Map(dependencies.providers.map((one) => [one.name, one]))
  const tokens = linkTokens(sealer)
  const access = linkAccess({ renewal: tokenRenewal({ store, tokens, clock, logger }), clock })
  const randomToken = dependencies.randomToken ?? newRandomToken
  const attempts = linkAttempts({ ...dependencies, randomToken })
  const redirectUri = (name: ProviderName) => `${publicUrl}/auth/${name}/callback`

  function provider(name: ProviderName): MusicProvider {
    const found = byName.get(name)
    if (found === undefined) throw providerNotConfigured(name)
    return found
  }

  async function workingLink(userId: string, name: ProviderName): Promise<LinkRow> {
    const row = await store.link(userId, name)
    if (row === undefined) throw notLinked(name)
    if (row.state !== 'active') throw relinkRequired(name)
    return row
  }

  async function save(
    userId: string,
    name: ProviderName,
    grant: ProviderGrant & { refreshToken: string },
    { accountId, displayName }: ProviderAccount,
  ): Promise<void> {
    const now = clock.now()
    const owner = { user_id: userId, provider: name }
    const link: LinkRow = {
      ...owner,
      id: uuidv7(),
      account_id: accountId,
      display_name: displayName,
      scope: storableScopes(grant),
      access_token_sealed: tokens.seal('access', owner, grant.accessToken),
      refresh_token_sealed: tokens.seal('refresh', owner, grant.refreshToken),
      access_expires_at: accessExpiry(grant, now),
      authorized_at: now,
      state: 'active',
      renewing_until: null,
      created_at: now,
      updated_at: now,
    }
    await store.replaceLink(link).catch((error: unknown) => {
      throw errorCode(error) === UNIQUE_VIOLATION ? accountTaken() : error
    })
  }

  /** The tokens that a code stands for. @throws AppError */
  async function redeem(service: MusicProvider, code: string, codeVerifier: string) {
    const request = { code, codeVerifier, redirectUri: redirectUri(service.name) }
    const { refreshToken, ...grant } = await service
      .exchangeCode(request)
      .catch((error: unknown) => {
        throw isInvalidGrant(error) ? linkFailed(error) : publicFault(tokenFault(error, logger))
      })
    if (refreshToken === undefined) throw linkFailed('no refresh token came')
    return { ...grant, refreshToken }
  }

  /** Whose tokens they are. @throws AppError */
  async function accountOf(service: MusicProvider, { accessToken }: ProviderGrant) {
    const account = await service.account(accessToken).catch((error: unknown) => {
      // Of a token this new it says nothing about the user.
      throw publicFault(isUnauthorised(error) ? tokenFault(error, logger) : error)
    })
    const storable = storableAccount(account)
    if (storable === undefined) throw providerUnavailable('the account id cannot be stored')
    return storable
  }

  return {
    provider,

    async begin({ provider: name, returnTo, ...caller }) {
      const service = provider(name)
      const { state, codeChallenge, browserToken } = await attempts.start({
        ...caller,
        provider: name,
        returnTo: safeReturnPath(returnTo, publicUrl),
      })
      const request = { state, codeChallenge, redirectUri: redirectUri(name) }
      return { authorizeUrl: service.authorizeUrl(request), browserToken }
    },

    async finish(name, { state, code, error, iss }, browser) {
      const service = provider(name)
      const { userId, returnTo, codeVerifier } = await attempts.take(name, state, browser)
      // RFC 9207: an answer of another authorization server is a mix-up attack.
      if (iss !== undefined && iss !== service.issuer) throw linkFailed(`issued by ${iss}`)
      if (error === 'access_denied') throw linkDenied()
      if (error !== undefined || code === undefined || code === '') throw linkFailed(error)
      const grant = await redeem(service, code, codeVerifier)
      const account = await accountOf(service, grant)
      await save(userId, name, grant, account)
      await linkChanged(userId)
      return { linked: { provider: name, ...account }, returnTo }
    },

    async list(userId) {
      const rows = await store.links(userId)
      const now = clock.now()
      return rows.flatMap((row) => {
        const service = dependencies.providers.find(({ name }) => name === row.provider)
        return service === undefined ? [] : [linkView(row, service.authorizationMonths, now)]
      })
    },

    async remove(userId, name) {
      await store.removeLink(userId, name)
      await linkChanged(userId)
    },

    async linkId(userId, name) {
      return (await workingLink(userId, name)).id
    },

    async linkGeneration(userId, name) {
      return (await store.link(userId, name))?.id ?? 'none'
    },

    async withAccess(userId, name, use) {
      const service = provider(name)
      return access.withAccess(service, await workingLink(userId, name), use)
    },
  }
}
