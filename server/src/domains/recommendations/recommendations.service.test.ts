import { v7 as user } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RecommendationStore } from './recommendations.store.ts'
import type { ServedModel } from './registry/model-loader.ts'
import { type Start, smallModel, startProcess } from './small-process.ts'
import { idOf } from './small-world.ts'

const keepsNothing: RecommendationStore = {
  list: async () => undefined,
  keep: async () => {},
  forget: async () => {},
  forgetLink: async () => {},
}

let model: ServedModel
beforeAll(async () => {
  model = await smallModel()
})

const start = (changes: Partial<Start> = {}) =>
  startProcess({ store: keepsNothing, model, ...changes })

describe('recommendations by language', () => {
  it('show the track, its language, a score and a reason in words', async () => {
    const { service } = start()
    const answer = await service.byLanguage(user(), 'es-MX', 1)

    expect(answer).toEqual({
      lang: 'es',
      items: [
        {
          track: expect.objectContaining({ trackId: idOf('sol'), title: 'Song sol' }),
          language: { tag: 'es', confidence: 0.95 },
          score: 1,
          reason: {
            code: 'because_you_listen_to',
            trackId: idOf('hey'),
            title: 'Song hey',
            artist: 'Ann',
            text: {
              en: 'Because you listen to “Song hey” by Ann',
              es: 'Porque escuchas «Song hey» de Ann',
            },
          },
        },
      ],
      shortfall: 0,
      seeds: 1,
      basis: 'your_listening',
      model: { version: '1.0.0+test', trainedAt: '2026-11-01T00:00:00.000Z' },
      generatedAt: '2026-11-02T00:00:00.000Z',
    })
  })

  it('tell how many fewer there are than asked for', async () => {
    const { service } = start()

    expect(await service.byLanguage(user(), 'es', 20)).toMatchObject({ shortfall: 18 })
  })

  it('are refused for a text that is no language tag', async () => {
    const { service } = start()

    await expect(service.byLanguage(user(), 'es_MX', 20)).rejects.toMatchObject({
      code: 'recommendations.unknown_language',
      status: 400,
    })
  })

  it('say that they rest on popularity when nothing is known of the user', async () => {
    const { service } = start({ top: null })
    const answer = await service.byLanguage(user(), 'es', 20)

    expect(answer).toMatchObject({ seeds: 0, basis: 'popularity' })
    expect(answer.items[0]?.reason.text).toEqual({
      en: 'Popular in Spanish',
      es: 'Popular en español',
    })
  })

  it.each(['und', 'mul', 'Spanish'])('are refused for %s', async (lang) => {
    await expect(start().service.byLanguage(user(), lang, 20)).rejects.toMatchObject({
      code: 'recommendations.unknown_language',
    })
  })

  it('come in the most wanted language, or tell the user to choose one', async () => {
    expect(await start({ wanted: ['es-AR', 'fr'] }).service.mine(user(), 20)).toMatchObject({
      lang: 'es',
    })
    await expect(start({ wanted: [] }).service.mine(user(), 20)).rejects.toMatchObject({
      code: 'recommendations.no_language',
      status: 409,
    })
  })
})
