import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Authority, certificateAuthority, hasOpenssl } from './certificates.ts'
import { type RecoPair, recoPair, registerAt, songs } from './reco-pair.ts'

const suite = hasOpenssl() ? 'mutual TLS to reco' : 'mutual TLS to reco (skipped: no openssl)'

describe.skipIf(!hasOpenssl())(suite, () => {
  let pair: RecoPair
  let ours: Authority
  let strangers: Authority
  let url: string
  beforeAll(async () => {
    pair = await recoPair()
    ours = certificateAuthority(pair.folder, 'ours')
    strangers = certificateAuthority(pair.folder, 'strangers')
    const { cert, key } = ours.issue('reco')
    const reco = await pair.reco({
      RECO_TLS_CERT_FILE: cert,
      RECO_TLS_KEY_FILE: key,
      RECO_TLS_CA_FILE: ours.cert,
    })
    url = reco.url
  }, 30_000)
  afterAll(() => pair.close())

  const clientOf = (authority: Authority, name: string, believed = ours) => {
    const { cert, key } = authority.issue(name)
    return {
      RECO_CLIENT_CERT_FILE: cert,
      RECO_CLIENT_KEY_FILE: key,
      RECO_CLIENT_CA_FILE: believed.cert,
    }
  }

  /** The code that an API with these settings answers with. */
  async function codeWith(env: Record<string, string>): Promise<string> {
    const api = await pair.api(env)
    const answer = await songs(api, await registerAt(api), 'es')
    return answer.json<{ code: string }>().code
  }

  it('lets in a client whom its authority vouches for', async () => {
    expect(url).toMatch(/^https:/)
    // There is no model, which only the process at the other end can know.
    expect(await codeWith({ RECO_URL: url, ...clientOf(ours, 'api') })).toBe(
      'recommendations.no_model',
    )
  })

  it.each([
    ['a client without a certificate', () => ({ RECO_CLIENT_CA_FILE: ours.cert })],
    ['a client of another authority', () => clientOf(strangers, 'stranger')],
    ['a client that does not believe its certificate', () => clientOf(ours, 'x', strangers)],
  ])('keeps out %s', async (_, env) => {
    expect(await codeWith({ RECO_URL: url, ...env() })).toBe('recommendations.unavailable')
  })

  it('keeps out plain HTTP', async () => {
    expect(await codeWith({ RECO_URL: url.replace('https:', 'http:') })).toBe(
      'recommendations.unavailable',
    )
  })

  it('needs its files: the start names each that cannot be read', async () => {
    const missing = join(pair.folder, 'missing.pem')
    const start = pair.reco({ RECO_TLS_CERT_FILE: missing, RECO_TLS_KEY_FILE: missing })
    await expect(start).rejects.toMatchObject({
      faults: [
        { name: 'RECO_TLS_CERT_FILE', problem: 'cannot be read: ENOENT' },
        { name: 'RECO_TLS_KEY_FILE', problem: 'cannot be read: ENOENT' },
      ],
    })
  })
})
