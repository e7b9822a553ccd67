import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { derivedSecret } from '#platform/crypto'
import { serviceCaller } from './service-caller.ts'
import { serviceGuard } from './service-guard.ts'

const appSecret = randomBytes(32)
const call = { method: 'POST', path: '/internal/v1/thing' }
const body = { lang: 'es', limit: 5 }
const REFUSED = { status: 401, code: 'service_auth.invalid_token' }

function setUp() {
  let nowMs = Date.parse('2026-11-24T12:00:00Z')
  const clock = { now: () => new Date(nowMs) }
  const caller = serviceCaller({ appSecret, caller: 'api', audience: 'reco', clock })
  const guard = serviceGuard({ appSecret, audience: 'reco', callers: ['api'], clock })
  return {
    clock,
    caller,
    guard,
    token: () => caller.token({ ...call, body, userId: 'somebody' }),
    advanceSeconds(seconds: number) {
      nowMs += seconds * 1000
    },
  }
}

describe('a service token', () => {
  it('tells who asks and for whom', async () => {
    const { guard, token } = setUp()
    const allowed = await guard.verify(await token(), call)
    expect(allowed).toMatchObject({ userId: 'somebody', caller: 'api' })
    expect(() => allowed.requireBody({ ...body })).not.toThrow()
  })

  it.each([
    ['another method', { ...call, method: 'DELETE' }],
    ['another path', { ...call, path: '/internal/v1/other' }],
  ])('is no good for %s', async (_, other) => {
    const { guard, token } = setUp()
    await expect(guard.verify(await token(), other)).rejects.toMatchObject(REFUSED)
  })

  it('is no good for another body', async () => {
    const { guard, token } = setUp()
    const allowed = await guard.verify(await token(), call)
    expect(() => allowed.requireBody({ ...body, limit: 6 })).toThrow(
      expect.objectContaining(REFUSED),
    )
  })

  it('is good once', async () => {
    const { guard, token } = setUp()
    const sent = await token()
    await guard.verify(sent, call)
    await expect(guard.verify(sent, call)).rejects.toMatchObject(REFUSED)
    await expect(guard.verify(await token(), call)).resolves.toMatchObject({ caller: 'api' })
  })

  it('is good for half a minute, and for clocks five seconds apart', async () => {
    const { guard, token, advanceSeconds } = setUp()
    const [early, late] = [await token(), await token()]
    advanceSeconds(34)
    await expect(guard.verify(early, call)).resolves.toMatchObject({ userId: 'somebody' })
    advanceSeconds(2)
    await expect(guard.verify(late, call)).rejects.toMatchObject(REFUSED)
  })

  it.each(['', 'a.b.c', 'not a token', `${'x'.repeat(2000)}.${'y'.repeat(2000)}.z`])(
    'is not %j',
    async (text) => {
      await expect(setUp().guard.verify(text, call)).rejects.toMatchObject(REFUSED)
    },
  )

  it('is refused with padding or white space after it', async () => {
    const { guard, token } = setUp()
    const sent = await token()
    await expect(guard.verify(`${sent}=`, call)).rejects.toMatchObject(REFUSED)
    await expect(guard.verify(`${sent} `, call)).rejects.toMatchObject(REFUSED)
  })

  it('is refused from another secret, another role, or for another audience', async () => {
    const { guard, clock } = setUp()
    const wrong = [
      serviceCaller({ appSecret: randomBytes(32), caller: 'api', audience: 'reco', clock }),
      serviceCaller({ appSecret, caller: 'worker', audience: 'reco', clock }),
      serviceCaller({ appSecret, caller: 'api', audience: 'lake', clock }),
    ]
    for (const caller of wrong) {
      const sent = await caller.token({ ...call, body, userId: 'somebody' })
      await expect(guard.verify(sent, call)).rejects.toMatchObject(REFUSED)
    }
  })

  it.each([
    ['of another type', { typ: 'at+jwt' }, {}],
    ['that claims to live for an hour', {}, { lifeSeconds: 3600 }],
    ['without a subject', {}, { sub: undefined }],
    ['without an id', {}, { jti: undefined }],
  ])('%s is refused, though the key is right', async (_, header, changes) => {
    const { guard, clock } = setUp()
    const iat = Math.floor(clock.now().getTime() / 1000)
    const { lifeSeconds = 30, ...claims } = changes as { lifeSeconds?: number }
    const who = { iss: 'api', aud: 'reco', sub: 'somebody', jti: 'one' }
    const what = { htm: call.method, htu: call.path, bd: 'x' }
    const all = { ...who, ...what, iat, exp: iat + lifeSeconds, ...claims }
    const forged = await new SignJWT(all)
      .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt', ...header })
      .sign(derivedSecret(appSecret, 'service-token'))
    await expect(guard.verify(forged, call)).rejects.toMatchObject(REFUSED)
  })
})
