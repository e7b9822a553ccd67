import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
})
afterAll(() => test.close())

describe('GET /language/tracks/{id}', () => {
  const ask = async (id: string) => {
    const { headers } = await test.register()
    return test.app.inject({ url: `/language/tracks/${encodeURIComponent(id)}`, headers })
  }

  it('tells the language of a track, with the evidence, once it was looked at', async () => {
    const song = {
      providerId: '3n3Ppam7vgaVa1iaRUc9Lp',
      title: 'La camisa negra',
      artists: [{ providerId: '0UWZUmn7sybxMCqrw9tGa7', name: 'Juanes' }],
      album: 'Mi sangre',
      releaseYear: 2004,
      isrc: 'COSM10400010',
      durationMs: 216_000,
    }
    const [track] = await test.system.catalogue.record([song], 'spotify')
    const trackId = track?.trackId ?? ''
    expect((await ask(trackId)).json()).toMatchObject({ status: 'pending', tag: null })

    await test.system.language.detectTracks([trackId], {
      signal: new AbortController().signal,
    })
    const answer = await ask(trackId)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ trackId, status: 'detected', tag: 'es' })
    const { evidence } = answer.json<{ evidence: { source: string; value: string }[] }>()
    expect(evidence).toContainEqual(expect.objectContaining({ source: 'isrc', value: 'CO' }))
  })

  it('refuses who does not sign in', async () => {
    const answer = await test.app.inject({ url: `/language/tracks/${uuidv7()}` })
    expect(answer.statusCode).toBe(401)
  })

  it.each(['7', 'not-a-uuid', "' or 1=1 --", '💩'])('refuses the id %s', async (id) => {
    const answer = await ask(id)
    expect(answer.json()).toMatchObject({ status: 400, code: 'http.invalid_request' })
  })

  it('does not know a track that the catalogue lacks', async () => {
    const answer = await ask(uuidv7())
    expect(answer.json()).toMatchObject({ status: 404, code: 'language.track_not_found' })
  })
})
