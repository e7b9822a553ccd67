import { type Fault, type Sandbox, startSandbox } from '@music-language/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ProviderError } from '#platform/outbound'
import { createMetrics } from '#platform/telemetry'
import { type GeniusProvider, geniusProvider } from './genius-provider.ts'

const TOKEN = 'a-token-of-this-test'
const metrics = createMetrics()

let sandbox: Sandbox
let genius: GeniusProvider
beforeAll(async () => {
  sandbox = await startSandbox({ geniusToken: TOKEN })
  genius = providerWith(TOKEN)
})
afterEach(() => control('DELETE'))
afterAll(async () => {
  await genius.close()
  await sandbox.close()
})

const providerWith = (accessToken: string) =>
  geniusProvider({
    config: { apiUrl: `${sandbox.url}/genius`, accessToken },
    metrics,
    timeoutMs: 300,
    random: () => 0,
  })

async function control(method: 'POST' | 'DELETE', fault?: Omit<Fault, 'target'>) {
  const answer = await fetch(`${sandbox.url}/control/faults`, {
    method,
    ...(fault !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target: 'genius', ...fault }),
    }),
  })
  if (!answer.ok) throw new Error(`the sandbox refused: ${await answer.text()}`)
}

async function failureOf(provider: GeniusProvider): Promise<ProviderError> {
  const failure: unknown = await provider.search('despacito').then(
    () => undefined,
    (error: unknown) => error,
  )
  if (failure instanceof ProviderError) return failure
  throw new Error('the search did not fail as a provider does', { cause: failure })
}

describe('genius', () => {
  it('finds songs with their page, artists and year', async () => {
    const songs = await genius.search('Luis Fonsi Despacito')
    const despacito = songs.find(({ title }) => title === 'Despacito')
    expect(despacito).toMatchObject({ primaryArtist: 'Luis Fonsi', releaseYear: 2017 })
    expect(despacito?.artists).toContain('Daddy Yankee')
    expect(despacito?.url).toMatch(/^https:\/\/genius\.com\/\S+-lyrics$/)
  })

  it('finds nothing where there is nothing', async () => {
    expect(await genius.search('qqqqzzzz wwwwxxxx')).toEqual([])
  })

  it('sends any text as it is', async () => {
    const songs = await genius.search('Кино & Co? #1 100% ü/ö')
    expect(songs).toBeInstanceOf(Array)
  })

  it('says that a refused token is the operator’s fault', async () => {
    const other = providerWith('not-the-token')
    expect(await failureOf(other)).toMatchObject({ fault: 'unauthorised', status: 401 })
    await other.close()
  })

  it('passes on how long Genius asks to wait', async () => {
    await control('POST', { kind: 'rate-limit', retryAfterSeconds: 3600 })
    expect(await failureOf(genius)).toMatchObject({
      fault: 'rate-limited',
      retryAfterSeconds: 3600,
    })
  })

  it('gets over a short failure by itself', async () => {
    await control('POST', { kind: 'status', status: 502, times: 2 })
    expect((await genius.search('despacito')).length).toBeGreaterThan(0)
  })

  it.each<Omit<Fault, 'target'>>([
    { kind: 'status', status: 503 },
    { kind: 'malformed' },
    { kind: 'reset' },
    { kind: 'slow', delayMs: 5_000 },
  ])('is unavailable when answers are $kind', async (fault) => {
    await control('POST', fault)
    expect(await failureOf(genius)).toMatchObject({ fault: 'unavailable', provider: 'genius' })
  })

  it('does not retry what will not change', async () => {
    await control('POST', { kind: 'status', status: 400, times: 1 })
    expect(await failureOf(genius)).toMatchObject({ fault: 'rejected', status: 400 })
  })
})
