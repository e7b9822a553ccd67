import { createHash } from 'node:crypto'
import type { Clock } from '#platform/clock'
import { type TextSealer, tokenDigest } from '#platform/crypto'
import { linkStateInvalid } from '../music.errors.ts'
import type { SessionIsLive } from '../music.ports.ts'
import type { AttemptRow, LinkStore } from './link.store.ts'

const ATTEMPT_TTL_MS = 600_000

export interface AttemptDependencies {
  store: LinkStore
  sealer: TextSealer
  sessionIsLive: SessionIsLive
  clock: Clock
  randomToken: () => string
}

export interface NewAttempt {
  userId: string
  sessionId: string
  provider: string
  returnTo: string
}

/** What the browser that comes back proves itself with. */
export interface Browser {
  /** From the cookie that it was given at the start. */
  token: string | undefined
  /** True when a person's browser was led here, not a program that follows redirects. */
  navigated: boolean
}

const verifierContext = ({ user_id, provider }: Pick<AttemptRow, 'user_id' | 'provider'>) =>
  `${user_id}:${provider}:pkce`

/**
 * A browser that is led here must bring the cookie of the attempt: otherwise somebody could send
 * another person through the consent page and get that person's account linked to their own user.
 * A program that follows redirects by itself cannot be led, so it may do without.
 */
function isSameBrowser({ token, navigated }: Browser, attempt: AttemptRow): boolean {
  return token === undefined ? !navigated : tokenDigest(token) === attempt.browser_digest
}

/** Unfinished links: single use, ten minutes, for one user, session and browser. */
export function linkAttempts(dependencies: AttemptDependencies) {
  const { store, sealer, sessionIsLive, clock, randomToken } = dependencies
  return {
    async start({ userId, sessionId, provider, returnTo }: NewAttempt) {
      const now = clock.now()
      const [state, verifier, browserToken] = [randomToken(), randomToken(), randomToken()]
      await store.addAttempt({
        state_digest: tokenDigest(state),
        user_id: userId,
        session_id: sessionId,
        provider,
        browser_digest: tokenDigest(browserToken),
        verifier_sealed: sealer.seal(verifier, verifierContext({ user_id: userId, provider })),
        return_to: returnTo,
        created_at: now,
        expires_at: new Date(now.getTime() + ATTEMPT_TTL_MS),
      })
      const codeChallenge = createHash('sha256').update(verifier).digest('base64url')
      return { state, codeChallenge, browserToken }
    },

    /** @throws AppError `music.link_state_invalid` unless all is as it was at the start. */
    async take(provider: string, state: string | undefined, browser: Browser) {
      const attempt = state === undefined ? undefined : await store.takeAttempt(tokenDigest(state))
      if (attempt?.provider !== provider) throw linkStateInvalid()
      if (attempt.expires_at <= clock.now()) throw linkStateInvalid()
      if (!isSameBrowser(browser, attempt)) throw linkStateInvalid()
      if (!(await sessionIsLive(attempt.session_id))) throw linkStateInvalid()
      return {
        userId: attempt.user_id,
        returnTo: attempt.return_to,
        codeVerifier: sealer.open(attempt.verifier_sealed, verifierContext(attempt)),
      }
    },
  }
}
