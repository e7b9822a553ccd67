import { describe, expect, it } from 'vitest'
import { listComputer } from './recommendations.compute.ts'
import { seedsOf } from './recommendations.seeds.ts'
import {
  catalogueOf,
  idOf,
  languagesIn,
  listenerTo,
  MIN_CONFIDENCE,
  type Plays,
  type Song,
  servedModelOf,
} from './small-world.ts'

const SONGS: readonly Song[] = [
  { name: 'hey', artists: 'Ann', language: 'en' },
  { name: 'yes', artists: 'Bob', language: 'en' },
  { name: 'sol', artists: 'Carla', language: 'es' },
  { name: 'mar', artists: 'Carla', language: 'es' },
  { name: 'luz', artists: 'Carla', language: 'es' },
  { name: 'pan', artists: 'Diego', language: 'es' },
  { name: 'duo', artists: 'Diego&Ann', language: 'en+es' },
  { name: 'tal', artists: 'Elena', language: 'es', confidence: 0.5 },
  { name: 'que', artists: 'Fabio' },
  { name: 'oui', artists: 'Gaby', language: 'fr' },
  { name: 'rio', artists: 'Hugo', language: 'es' },
]

const PLAYS: Plays = {
  u1: 'hey sol mar luz tal que oui',
  u2: 'hey sol mar pan duo',
  u3: 'hey sol yes luz',
  u4: 'yes pan oui',
  u5: 'rio pan',
}

interface World {
  top?: string | undefined
  songs?: readonly Song[]
  plays?: Plays | undefined
}

async function recommend(lang: string, world: World = {}) {
  const { songs = SONGS } = world
  const plays = 'plays' in world ? world.plays : PLAYS
  const compute = listComputer({
    catalogue: catalogueOf(songs),
    language: languagesIn(songs),
    minConfidence: MIN_CONFIDENCE,
    clock: { now: () => new Date('2026-11-02T00:00:00Z') },
  })
  const model = plays === undefined ? undefined : await servedModelOf(songs, plays)
  const listener = listenerTo(songs, 'top' in world ? world.top : 'hey yes')
  const list = await compute({ lang, model, seeds: await seedsOf(listener, idOf('me')) })
  const nameOf = new Map(songs.map(({ name }) => [idOf(name), name]))
  return { list, names: list.items.map(({ trackId }) => nameOf.get(trackId) ?? trackId) }
}

describe('a list of recommendations', () => {
  it('holds only songs whose language is the one asked for, and certain enough', async () => {
    const { names } = await recommend('es')

    expect(names.toSorted()).toEqual(['duo', 'luz', 'pan', 'rio', 'sol'])
  })

  it('puts what the listeners of the seeds play most first', async () => {
    const { names, list } = await recommend('es')
    const scores = list.items.map(({ score }) => score)

    expect(names[0]).toBe('sol')
    expect(scores[0]).toBe(1)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })

  it('never holds a top track of the user, nor another release of one', async () => {
    const songs = [
      ...SONGS,
      {
        name: 'sol2',
        title: 'Söng Sol (Live) - Remastered 2011',
        artists: 'CARLA',
        language: 'es',
      },
    ]
    const plays = { ...PLAYS, u6: 'sol2 hey' }
    const { names } = await recommend('es', { songs, plays, top: 'hey sol' })

    expect(names).not.toContain('sol')
    expect(names).not.toContain('sol2')
    expect(names).toContain('mar')
  })

  it('holds at most two songs of an artist, alone or with others', async () => {
    const songs = SONGS.map((song) =>
      song.name === 'pan' ? { ...song, artists: 'Carla&Diego' } : song,
    )
    const { list } = await recommend('es', { songs })
    const artists = songs
      .filter(({ name }) => list.items.some(({ trackId }) => trackId === idOf(name)))
      .flatMap((song) => song.artists.split('&'))

    expect(artists.filter((artist) => artist === 'Carla')).toHaveLength(2)
  })

  it('gives as its reason a real seed, the one that contributed most', async () => {
    const { list } = await recommend('es')
    const reasons = new Map(list.items.map(({ trackId, reason }) => [trackId, reason]))

    expect(reasons.get(idOf('sol'))).toEqual({
      code: 'because_you_listen_to',
      seedId: idOf('hey'),
    })
    expect(reasons.get(idOf('rio'))).toEqual({ code: 'popular_in_language' })
  })

  it('starts from other songs of an artist when the model does not know the seed', async () => {
    const songs = [...SONGS, { name: 'neu', artists: 'Bob', language: 'en' }]
    const { list } = await recommend('fr', { songs, top: 'neu' })

    expect(list.items).toMatchObject([
      { trackId: idOf('oui'), reason: { code: 'because_you_listen_to', seedId: idOf('neu') } },
    ])
  })

  it('holds songs of the artists listened to, also those that the model does not know', async () => {
    const songs = [...SONGS, { name: 'ola', artists: 'Ann', language: 'es' }]
    const { list } = await recommend('es', { songs, top: 'hey' })

    expect(list.items.find(({ trackId }) => trackId === idOf('ola'))?.reason).toEqual({
      code: 'more_from_artist',
      seedId: idOf('hey'),
      artistId: idOf('Ann'),
    })
  })

  it('is made of what is popular in the language for a user with no linked account', async () => {
    const { list, names } = await recommend('es', { top: undefined })

    expect(list.seeds).toBe(0)
    expect(names.slice(0, 2).toSorted()).toEqual(['pan', 'sol'])
    expect(new Set(list.items.map(({ reason }) => reason.code))).toEqual(
      new Set(['popular_in_language']),
    )
  })

  it('is empty rather than filled with another language', async () => {
    expect((await recommend('is')).list.items).toEqual([])
  })

  it('is still made of the artists listened to when there is no model', async () => {
    const { names, list } = await recommend('es', { plays: undefined, top: 'sol' })

    expect(names.toSorted()).toEqual(['luz', 'mar'])
    expect(list.model).toBeNull()
  })

  it('is refused with a time to come back when there is no model and nothing to go by', async () => {
    const world = { plays: undefined, top: undefined }

    await expect(recommend('es', world)).rejects.toMatchObject({
      code: 'recommendations.no_model',
      status: 503,
      retryAfterSeconds: 60,
    })
  })
})
