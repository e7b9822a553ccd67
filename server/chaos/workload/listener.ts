import {
  type Account,
  call,
  demand,
  linkListener,
  register,
  type Session,
} from '../../test/fleet/index.ts'
import type { Violations } from './violations.ts'

interface TopTracks {
  items: { trackId: string }[]
}

/** Somebody who uses the system, and knows what only he may be shown. */
export interface Listener {
  readonly userId: string
  token(): string
  /** Asks who he is; a cache that mixes people up would tell him another's name. */
  whoAmI(base: string): Promise<number>
  topTracks(base: string): Promise<number>
  /** Sends his refresh token to all of these at once: one successor, or nothing. */
  refreshRace(bases: readonly string[]): Promise<number>
  signIn(base: string): Promise<number>
}

export interface ListenerOptions {
  readonly base: string
  /** Of the sandbox. */
  readonly listenerId: string
  readonly violations: Violations
}

const TIMEOUT_MS = 4_000
const TOP_TRACKS = '/music/me/top/tracks?limit=10'
const UNAUTHORIZED = 401

const idsOf = ({ items }: TopTracks) => items.map(({ trackId }) => trackId).join()

export async function newListener(options: ListenerOptions): Promise<Listener> {
  const { base, listenerId, violations } = options
  const account: Account = await register(base)
  const { userId, email, password } = account
  let session: Session = account
  await linkListener(base, session.accessToken, listenerId)
  const own = idsOf(await demand<TopTracks>(base, TOP_TRACKS, { token: session.accessToken }))

  async function signIn(at: string): Promise<number> {
    const body = { email, password }
    const answer = await call<Session>(at, '/auth/login', {
      method: 'POST',
      body,
      timeoutMs: TIMEOUT_MS,
    })
    if (answer.status === 200) session = answer.body
    if (answer.status === 200 && answer.body.userId !== userId) {
      violations.report(`${userId} signed in and was taken for ${answer.body.userId}`)
    }
    return answer.status
  }

  async function get<T>(at: string, path: string): Promise<{ status: number; body: T }> {
    const answer = await call<T>(at, path, { token: session.accessToken, timeoutMs: TIMEOUT_MS })
    if (answer.status === UNAUTHORIZED) await signIn(at)
    return answer
  }

  return {
    userId,
    token: () => session.accessToken,
    signIn,
    async whoAmI(at) {
      const { status, body } = await get<{ id: string }>(at, '/users/me')
      if (status === 200 && body.id !== userId) {
        violations.report(`${userId} was shown the profile of ${body.id}`)
      }
      return status
    },
    async topTracks(at) {
      const { status, body } = await get<TopTracks>(at, TOP_TRACKS)
      if (status === 200 && idsOf(body) !== own) {
        violations.report(`${userId} was shown top tracks that are not his: ${idsOf(body)}`)
      }
      return status
    },
    async refreshRace(bases) {
      const body = { refreshToken: session.refreshToken }
      const answers = await Promise.allSettled(
        bases.map((at) =>
          call<Session>(at, '/auth/refresh', { method: 'POST', body, timeoutMs: TIMEOUT_MS }),
        ),
      )
      const given = answers.flatMap((answer) =>
        answer.status === 'fulfilled' && answer.value.status === 200 ? [answer.value.body] : [],
      )
      if (new Set(given.map(({ refreshToken }) => refreshToken)).size > 1) {
        violations.report(`a refresh token of ${userId} had ${given.length} different successors`)
      }
      const [next] = given
      if (next !== undefined) session = next
      const refused = answers.some(
        (answer) => answer.status === 'fulfilled' && answer.value.status === UNAUTHORIZED,
      )
      if (next === undefined && refused) return signIn(bases[0] ?? base)
      return next === undefined ? 503 : 200
    },
  }
}
