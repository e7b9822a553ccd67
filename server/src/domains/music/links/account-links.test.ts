import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '#platform/errors'
import { consent } from '../../../../test/music/consent.ts'
import { type MusicSystem, musicSystem } from '../../../../test/music/music-system.ts'

let music: MusicSystem
beforeAll(async () => {
  music = await musicSystem()
})
afterEach(() => music.control.clearFaults())
afterAll(() => music.close())

const PROGRAM = { token: undefined, navigated: false }

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AppError) return `${error.status} ${error.code}`
  throw new Error('no AppError was thrown', { cause: error })
}

/** Begins a link and goes through the consent page: what the browser then brings back. */
async function comeBack({ userId = randomUUID(), sessionId = randomUUID() } = {}) {
  const listener = music.freshListener()
  const { authorizeUrl, browserToken } = await music.begin(userId, sessionId)
  const query = Object.fromEntries(await consent(authorizeUrl, listener))
  return { userId, sessionId, listener, browserToken, query }
}

const finish = (
  query: object,
  browser: { token: string | undefined; navigated: boolean } = PROGRAM,
) => music.links.finish('spotify', query, browser)
const exchanges = async () =>
  (await music.control.requests()).byPath['spotify.token POST /api/token'] ?? 0
const listed = (userId: string) => music.links.list(userId)

const INVALID = '400 music.link_state_invalid'

describe('linking', () => {
  it('links the account that agreed, and shows how it is', async () => {
    const { userId, listener, query } = await comeBack()

    const done = await finish(query)

    expect(done).toEqual({
      linked: { provider: 'spotify', accountId: listener, displayName: expect.any(String) },
      returnTo: '/',
    })
    const [link] = await listed(userId)
    expect(link).toMatchObject({ accountId: listener, health: 'active', scopes: ['user-top-read'] })
  })

  it('asks with PKCE S256 and a state that is stored as a digest only', async () => {
    const { authorizeUrl } = await music.begin(randomUUID())

    const asked = new URL(authorizeUrl).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(asked.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(asked.get('state')).toMatch(/^[\w-]{43}$/)
    const stored = JSON.stringify(await music.db.selectFrom('link_attempt').selectAll().execute())
    expect(stored).not.toContain(asked.get('state'))
  })

  it('stores tokens sealed for the user', async () => {
    const { userId, query } = await comeBack()
    await finish(query)

    const row = await music.db
      .selectFrom('provider_account')
      .selectAll()
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    expect(row.access_token_sealed).toMatch(/^v1\.test\./)
    expect(row.refresh_token_sealed).toMatch(/^v1\.test\./)
    const stranger = randomUUID()
    await music.db
      .updateTable('provider_account')
      .set(Object.fromEntries([['user_id', stranger]]))
      .where('id', '=', row.id)
      .execute()
    const used = music.links.withAccess(stranger, 'spotify', async () => 'read')
    expect(await codeOf(used)).toBe('409 music.relink_required')
  })

  it('refuses a state that is missing, unknown or used', async () => {
    const { query } = await comeBack()
    await finish(query)

    expect(await codeOf(finish({ code: 'x' }))).toBe(INVALID)
    expect(await codeOf(finish({ code: 'x', state: 'unknown' }))).toBe(INVALID)
    expect(await codeOf(finish(query))).toBe(INVALID)
  })

  it('refuses a state that is older than ten minutes', async () => {
    const { userId, query } = await comeBack()
    music.advanceSeconds(601)

    expect(await codeOf(finish(query))).toBe(INVALID)
    expect(await listed(userId)).toEqual([])
  })

  it('refuses a state whose session has ended', async () => {
    const { userId, sessionId, query } = await comeBack()
    music.endedSessions.add(sessionId)

    expect(await codeOf(finish(query))).toBe(INVALID)
    expect(await listed(userId)).toEqual([])
  })

  it.each([
    ['that was led here without the cookie', undefined, true],
    ['with the cookie of another attempt', 'x'.repeat(43), true],
    ['or a program with the cookie of another attempt', 'x'.repeat(43), false],
  ])('refuses a browser %s', async (_, token, navigated) => {
    const { userId, query } = await comeBack()

    expect(await codeOf(finish(query, { token, navigated }))).toBe(INVALID)
    expect(await listed(userId)).toEqual([])
  })

  it('accepts the browser that the attempt began in', async () => {
    const { userId, query, browserToken } = await comeBack()

    await finish(query, { token: browserToken, navigated: true })

    expect(await listed(userId)).toHaveLength(1)
  })

  it('exchanges once when the browser comes back 20 times in parallel', async () => {
    const { userId, query } = await comeBack()
    await music.control.forgetRequests()

    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => finish(query)))

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await exchanges()).toBe(1)
    expect(await listed(userId)).toHaveLength(1)
  })

  it('aborts on the answer of another issuer', async () => {
    const { userId, query } = await comeBack()

    expect(await codeOf(finish({ ...query, iss: 'https://evil.example' }))).toBe(
      '400 music.link_failed',
    )
    expect(await listed(userId)).toEqual([])
  })

  it('says so when the user cancels, and uses up the attempt', async () => {
    const { authorizeUrl } = await music.begin(randomUUID())
    const query = Object.fromEntries(await consent(authorizeUrl, 'cancel'))

    expect(await codeOf(finish(query))).toBe('400 music.link_denied')
    expect(await codeOf(finish(query))).toBe(INVALID)
  })

  it('fails when the code is not accepted, or none came', async () => {
    const wrong = { ...(await comeBack()).query, code: 'wrong' }
    const { state } = (await comeBack()).query

    expect(await codeOf(finish(wrong))).toBe('400 music.link_failed')
    expect(await codeOf(finish({ state }))).toBe('400 music.link_failed')
  })

  it.each([
    ['the client is refused', 'spotify.token', 401],
    ['the client is refused otherwise', 'spotify.token', 400],
    ['a new token is refused', 'spotify.api', 401],
  ] as const)('is nothing that the user can mend when %s', async (_, target, status) => {
    const { query } = await comeBack()
    const { links, warnings } = music.anotherReplica()
    await music.control.fault({ target, kind: 'status', status })

    const finished = links.finish('spotify', query, PROGRAM)

    expect(await codeOf(finished)).toBe('503 music.provider_unavailable')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('check its credentials')
  })

  it('stores a name and scopes that PostgreSQL would refuse, without what it refuses', async () => {
    const { listener, query, userId } = await comeBack()
    const spotify = music.links.provider('spotify')
    const { links } = music.anotherReplica({
      otherwise: {
        account: async () => ({ accountId: listener, displayName: ' A\0na\uD800 ' }),
        exchangeCode: async (request) => {
          const grant = await spotify.exchangeCode(request)
          return { ...grant, scopes: ['user-\0top-read', '\0'] }
        },
      },
    })

    const done = await links.finish('spotify', query, PROGRAM)

    expect(done.linked.displayName).toBe('Ana\uFFFD')
    expect(await listed(userId)).toMatchObject([
      { displayName: 'Ana\uFFFD', scopes: ['user-top-read'] },
    ])
  })

  it.each(['', 'a\0b', 'x'.repeat(256)])('refuses the account id %j', async (accountId) => {
    const { query, userId } = await comeBack()
    const account = async () => ({ accountId, displayName: null })
    const { links } = music.anotherReplica({ otherwise: { account } })

    const finished = links.finish('spotify', query, PROGRAM)

    expect(await codeOf(finished)).toBe('503 music.provider_unavailable')
    expect(await listed(userId)).toEqual([])
  })

  it('tells of a provider that is down apart', async () => {
    const { query } = await comeBack()
    await music.control.fault({ target: 'spotify.token', kind: 'status', status: 503 })

    expect(await codeOf(finish(query))).toBe('503 music.provider_unavailable')
  })

  it('refuses an account that another user has linked', async () => {
    const [owner, other] = [randomUUID(), randomUUID()]
    const listener = music.freshListener()
    await music.link(owner, listener)

    expect(await codeOf(music.link(other, listener))).toBe('409 music.account_taken')
    expect(await listed(other)).toEqual([])
    expect(await listed(owner)).toHaveLength(1)
  })

  it('gives an account to one of two users who link it at once', async () => {
    const listener = music.freshListener()
    const users = [randomUUID(), randomUUID()]

    const answers = await Promise.allSettled(users.map((userId) => music.link(userId, listener)))

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const links = await Promise.all(users.map(listed))
    expect(links.flat()).toHaveLength(1)
  })

  it('replaces the earlier link of the same user, with the same account or another', async () => {
    const userId = randomUUID()
    const [first, second] = [music.freshListener(), music.freshListener()]
    await music.link(userId, first)
    await music.link(userId, first)
    await music.link(userId, second)

    expect((await listed(userId)).map(({ accountId }) => accountId)).toEqual([second])
  })

  it('lets two links that one user finishes at once follow each other', async () => {
    const userId = randomUUID()
    const listener = music.freshListener()

    await Promise.all([music.link(userId, listener), music.link(userId, listener)])

    expect(await listed(userId)).toHaveLength(1)
  })

  it('forgets the link and its tokens when it is removed, and allows it again', async () => {
    const { userId, listener, query } = await comeBack()
    await finish(query)

    await music.links.remove(userId, 'spotify')

    expect(await listed(userId)).toEqual([])
    const used = music.links.withAccess(userId, 'spotify', async () => 'read')
    expect(await codeOf(used)).toBe('409 music.not_linked')
    await music.link(randomUUID(), listener)
  })
})
