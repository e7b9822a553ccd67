import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type MusicSystem, musicSystem } from '../../../../test/music/music-system.ts'

let music: MusicSystem
beforeAll(async () => {
  music = await musicSystem()
})
afterEach(() => music.control.clearFaults())
afterAll(() => music.close())

const HOUR = 3600
/** Longer than the lease of a renewal. */
const LATER = 6

/** Somebody whose access token has ended. */
async function lapsedUser(): Promise<string> {
  const userId = randomUUID()
  await music.link(userId)
  music.advanceSeconds(HOUR)
  await music.control.forgetRequests()
  return userId
}

const whoAmI = (userId: string, links = music.links) =>
  links.withAccess(userId, 'spotify', (token) => links.provider('spotify').account(token))
const tokenCalls = async () => (await music.control.requests()).byTarget['spotify.token'] ?? 0
const row = (userId: string) =>
  music.db
    .selectFrom('provider_account')
    .selectAll()
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { code?: string }) => error.code,
  )

async function leaseOut(userId: string, seconds: number): Promise<void> {
  const until = new Date(music.now().getTime() + seconds * 1000)
  await music.db
    .updateTable('provider_account')
    .set({ renewing_until: until })
    .where('user_id', '=', userId)
    .execute()
}

describe('renewing a token', () => {
  it('holds no connection while a provider does not answer', async () => {
    const { links } = music.anotherReplica({ poolMax: 2 })
    const userIds: string[] = []
    for (let n = 0; n < 6; n += 1) userIds.push(await lapsedUser())
    await music.control.fault({ target: 'spotify.token', kind: 'hang' })

    const renewing = Promise.allSettled(userIds.map((userId) => whoAmI(userId, links)))
    await expect.poll(tokenCalls, { timeout: 2_500 }).toBe(userIds.length)
    // Of the same two connections.
    const lists = await Promise.all(userIds.map((userId) => links.list(userId)))

    expect(lists.map(([link]) => link?.health)).toEqual(userIds.map(() => 'active'))
    for (const one of await renewing) {
      expect(one).toMatchObject({ status: 'rejected', reason: { fault: 'unavailable' } })
    }
    await music.control.clearFaults()
    const accounts = await Promise.all(userIds.map((userId) => whoAmI(userId, links)))
    expect(accounts).toHaveLength(userIds.length)
  })

  it('waits for the process that is at it, and takes over from one that has died', async () => {
    const userId = await lapsedUser()
    await leaseOut(userId, 0.5)

    const waiting = whoAmI(userId)
    await expect(Promise.race([waiting, music.links.list(userId)])).resolves.toHaveLength(1)
    expect(await tokenCalls()).toBe(0)

    await waiting
    expect(await tokenCalls()).toBe(1)
    expect((await row(userId)).renewing_until).toBeNull()
  })

  it('does not wait for ever', async () => {
    const userId = await lapsedUser()
    await leaseOut(userId, 60)

    await expect(whoAmI(userId)).rejects.toMatchObject({ fault: 'unavailable' })

    expect(await tokenCalls()).toBe(0)
  }, 15_000)

  it('does not overwrite the token of a process that took over', async () => {
    const userId = await lapsedUser()
    await music.control.fault({ target: 'spotify.token', kind: 'slow', delayMs: 700, times: 1 })

    const late = whoAmI(userId)
    await expect.poll(tokenCalls).toBe(1)
    music.advanceSeconds(LATER)
    await whoAmI(userId, music.anotherReplica().links)
    const taken = await row(userId)
    await late

    expect(await tokenCalls()).toBe(2)
    expect(await row(userId)).toEqual(taken)
  })

  it('does not end a link because a refresh token was used up by a process that took over', async () => {
    const [slow, fast] = [1, 2].map(() => music.anotherReplica({ publicClient: true }).links)
    const userId = randomUUID()
    await music.link(userId, music.freshListener(), slow)
    music.advanceSeconds(HOUR)
    await music.control.forgetRequests()
    await music.control.fault({ target: 'spotify.token', kind: 'slow', delayMs: 700, times: 1 })

    const late = whoAmI(userId, slow)
    await expect.poll(tokenCalls).toBe(1)
    music.advanceSeconds(LATER)
    const account = await whoAmI(userId, fast)

    expect(await late).toEqual(account)
    expect((await row(userId)).state).toBe('active')
  })

  it('gives nothing to a user who unlinks meanwhile', async () => {
    const userId = await lapsedUser()
    await music.control.fault({ target: 'spotify.token', kind: 'slow', delayMs: 500 })

    const late = codeOf(whoAmI(userId))
    await expect.poll(tokenCalls).toBe(1)
    await music.links.remove(userId, 'spotify')

    expect(await late).toBe('music.not_linked')
    expect(await music.links.list(userId)).toEqual([])
  })

  it('tells the operator, and not the user to link again, when the client is refused', async () => {
    const userId = await lapsedUser()
    const { library, links, warnings } = music.anotherReplica()
    await music.control.fault({ target: 'spotify.token', kind: 'status', status: 401 })

    const listing = library.topTracks(userId, { limit: 5, timeRange: 'short_term' })

    expect(await codeOf(listing)).toBe('music.provider_unavailable')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('check its credentials')
    expect(warnings[0]).toContain('401')
    expect((await links.list(userId))[0]?.health).toBe('active')
  })
})
