import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '#platform/errors'
import { ProviderError } from '#platform/outbound'
import { type MusicSystem, musicSystem } from '../../../../test/music/music-system.ts'

let music: MusicSystem
beforeAll(async () => {
  music = await musicSystem()
})
afterEach(() => music.control.clearFaults())
afterAll(() => music.close())

const HOUR = 3600

async function linkedUser(): Promise<string> {
  const userId = randomUUID()
  await music.link(userId)
  await music.control.forgetRequests()
  return userId
}

const spotify = () => music.links.provider('spotify')
/** Any call that needs a good token. */
const whoAmI = (userId: string, links = music.links) =>
  links.withAccess(userId, 'spotify', (token) => spotify().account(token))
const row = (userId: string) =>
  music.db
    .selectFrom('provider_account')
    .selectAll()
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()

async function calls() {
  const { byTarget } = await music.control.requests()
  return { token: byTarget['spotify.token'] ?? 0, api: byTarget['spotify.api'] ?? 0 }
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('withAccess', () => {
  it('uses a token as long as it is good', async () => {
    const userId = await linkedUser()

    await whoAmI(userId)
    await whoAmI(userId)

    expect(await calls()).toEqual({ token: 0, api: 2 })
  })

  it('renews a token a minute before its end', async () => {
    const userId = await linkedUser()
    music.advanceSeconds(HOUR - 62)
    await whoAmI(userId)
    expect((await calls()).token).toBe(0)

    music.advanceSeconds(3)
    await whoAmI(userId)

    expect((await calls()).token).toBe(1)
  })

  it('asks for one token when 50 calls need one', async () => {
    const userId = await linkedUser()
    music.advanceSeconds(HOUR)

    await Promise.all(Array.from({ length: 50 }, () => whoAmI(userId)))

    expect(await calls()).toEqual({ token: 1, api: 50 })
  })

  it('asks for one token when the calls come from several processes', async () => {
    const userId = await linkedUser()
    const others = [music.anotherReplica(), music.anotherReplica()]
    // So slow that every process is at it before the first one is done.
    await music.control.fault({ target: 'spotify.token', kind: 'slow', delayMs: 500 })
    music.advanceSeconds(HOUR)

    const replicas = [music.links, ...others.map(({ links }) => links)]
    const work = replicas.flatMap((links) =>
      Array.from({ length: 17 }, () => whoAmI(userId, links)),
    )
    await Promise.all(work)

    expect((await calls()).token).toBe(1)
  })

  it('keeps the refresh token when no new one comes', async () => {
    const userId = await linkedUser()
    for (let round = 1; round <= 3; round += 1) {
      music.advanceSeconds(HOUR)
      await whoAmI(userId)
    }

    expect((await calls()).token).toBe(3)
  })

  it('does not move the date on which the user agreed', async () => {
    const userId = await linkedUser()
    const before = await row(userId)
    music.advanceSeconds(HOUR)
    await whoAmI(userId)

    const after = await row(userId)
    expect(after.authorized_at).toEqual(before.authorized_at)
    expect(after.access_token_sealed).not.toBe(before.access_token_sealed)
    expect(after.refresh_token_sealed).not.toBe(before.refresh_token_sealed)
  })

  it('renews once and repeats once when a token is refused before its time', async () => {
    const userId = await linkedUser()
    await music.control.expireAccessTokens()

    await Promise.all(Array.from({ length: 10 }, () => whoAmI(userId)))

    expect(await calls()).toEqual({ token: 1, api: 20 })
  })

  it('gives up when the new token is refused too', async () => {
    const userId = await linkedUser()
    await music.control.fault({ target: 'spotify.api', kind: 'status', status: 401 })

    const error = await thrownBy(whoAmI(userId))

    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({ fault: 'unauthorised' })
    expect(await calls()).toEqual({ token: 1, api: 2 })
  })

  it('asks for a new link once the agreement has ended, and deletes nothing', async () => {
    const userId = await linkedUser()
    music.advanceSeconds(HOUR)
    await music.control.fault({ target: 'spotify.token', kind: 'invalid-grant' })

    const errors = await Promise.all(Array.from({ length: 5 }, () => thrownBy(whoAmI(userId))))

    for (const error of errors) {
      expect(error).toBeInstanceOf(AppError)
      expect(error).toMatchObject({ code: 'music.relink_required', status: 409 })
    }
    expect((await calls()).token).toBe(1)
    expect((await row(userId)).state).toBe('relink')
    const [link] = await music.links.list(userId)
    expect(link?.health).toBe('relink')
    await thrownBy(whoAmI(userId))
    expect((await calls()).token).toBe(1)
  })

  it('works again after linking again', async () => {
    const userId = randomUUID()
    const listener = music.freshListener()
    await music.link(userId, listener)
    await music.control.revoke(listener)
    expect(await thrownBy(whoAmI(userId))).toMatchObject({ code: 'music.relink_required' })

    await music.link(userId, listener)

    expect(await whoAmI(userId)).toMatchObject({ accountId: listener })
    expect((await music.links.list(userId))[0]?.health).toBe('active')
  })

  it('changes nothing when the token service is down', async () => {
    const userId = await linkedUser()
    const before = await row(userId)
    music.advanceSeconds(HOUR)
    await music.control.fault({ target: 'spotify.token', kind: 'status', status: 500 })

    expect(await thrownBy(whoAmI(userId))).toMatchObject({ fault: 'unavailable' })
    expect(await row(userId)).toEqual(before)
    await music.control.clearFaults()
    expect(await whoAmI(userId)).toMatchObject({ accountId: before.account_id })
  })

  it('leaves the provider alone for as long as it asks, whoever it asked', async () => {
    const [userId, another] = [await linkedUser(), await linkedUser()]
    const limit = { target: 'spotify.api', kind: 'rate-limit', retryAfterSeconds: 120 } as const
    await music.control.fault({ ...limit, times: 1 })
    expect(await thrownBy(whoAmI(userId))).toMatchObject({ retryAfterSeconds: 120 })

    music.advanceSeconds(60)
    for (const asker of [userId, another]) {
      expect(await thrownBy(whoAmI(asker))).toMatchObject({ fault: 'rate-limited' })
    }
    expect((await calls()).api).toBe(1)

    music.advanceSeconds(61)
    for (const asker of [userId, another]) {
      expect(await whoAmI(asker)).toMatchObject({ displayName: expect.any(String) })
    }
  })

  it.each([401, 403])('keeps a %i to the link that it was about', async (status) => {
    const [userId, another] = [await linkedUser(), await linkedUser()]
    await music.control.fault({ target: 'spotify.api', kind: 'status', status })
    expect(await thrownBy(whoAmI(userId))).toMatchObject({ status })
    await music.control.clearFaults()

    expect(await whoAmI(another)).toMatchObject({ displayName: expect.any(String) })
  })
})
