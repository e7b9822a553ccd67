import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '#test'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
})
afterAll(() => test.close())

/** What two listeners of an imported history played. */
async function* history() {
  for (const [user_name, title] of [
    ['ana', 'One'],
    ['ana', 'Two'],
    ['ben', 'One'],
  ]) {
    yield JSON.stringify({
      user_name,
      listened_at: 1_700_000_000,
      track_metadata: { artist_name: 'Somebody', track_name: title, additional_info: {} },
    })
  }
}

describe('recommendations in the whole system', () => {
  it('begin with a model, whose loading is counted', async () => {
    const { headers } = await test.register()
    const ask = () =>
      test.app.inject({ method: 'POST', url: '/reco/by-language', headers, body: { lang: 'nn' } })
    expect((await ask()).json()).toMatchObject({ code: 'recommendations.no_model', status: 503 })
    await test.system.history.importListenBrainz(history(), { origin: 'demo' })
    expect(await test.system.training.train()).toMatchObject({ trained: true })
    test.advanceSeconds(11)

    expect((await ask()).json()).toMatchObject({
      lang: 'no',
      basis: 'popularity',
      model: { version: expect.any(String) },
    })
    expect(await test.system.metrics.registry.metrics()).toContain(
      'model_loads_total{outcome="loaded"} 1',
    )
  })
})
