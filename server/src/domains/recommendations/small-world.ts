/** A catalogue of a dozen songs with listeners, for tests of ranking and training. */
import { AppError } from '#platform/errors'
import { collectInteractions, type Interaction } from './model/interactions.ts'
import { indexModel } from './model/item-model.ts'
import { DEFAULT_PARAMETERS } from './model/model-manifest.ts'
import { languageColumns } from './model/track-languages.ts'
import { trainModel } from './model/train-model.ts'
import type {
  DetectedLanguages,
  ListenedMusic,
  Seed,
  TrackCatalogue,
  TrackFacts,
  TrackLanguage,
} from './recommendations.ports.ts'
import type { ServedModel } from './registry/model-loader.ts'

export interface Song {
  name: string
  title?: string
  artists: string
  /** `es`, or `es+en` for a bilingual song; none when unknown. */
  language?: string
  confidence?: number
}

export const MIN_CONFIDENCE = 0.8

/** A UUID that reads as a name: up to 6 letters, in hexadecimal. */
export const idOf = (name: string) =>
  `00000000-0000-7000-8000-${Buffer.from(name.slice(0, 6)).toString('hex').padStart(12, '0')}`

function factsOf({ name, title = `Song ${name}`, artists }: Song): TrackFacts {
  return {
    trackId: idOf(name),
    title,
    artists: artists.split('&').map((artist) => ({ artistId: idOf(artist), name: artist })),
    album: null,
    releaseYear: 2001,
    isrc: null,
    durationMs: null,
    genres: [],
    links: {},
  }
}

function languageOf({ language, confidence = 0.95 }: Song): TrackLanguage {
  if (language === undefined) {
    return { status: 'unknown', tag: null, confidence: null, languages: [] }
  }
  const languages = language.split('+').map((tag) => ({ tag, confidence }))
  return { status: 'detected', tag: languages[0]?.tag ?? null, confidence, languages }
}

/** Listeners by name, each with the songs they play. */
export type Plays = Readonly<Record<string, string>>

export const interactionsOf = (plays: Plays): Interaction[] =>
  Object.entries(plays).flatMap(([listenerId, songs]) =>
    songs.split(' ').map((song) => ({ listenerId, trackId: idOf(song), plays: 3 })),
  )

export function catalogueOf(songs: readonly Song[]): TrackCatalogue {
  const tracks = songs.map(factsOf)
  return {
    byIds: async (ids) => tracks.filter(({ trackId }) => ids.includes(trackId)),
    artistsTracks: async (ids, limit) =>
      tracks
        .filter(({ artists }) => artists.some(({ artistId }) => ids.includes(artistId)))
        .slice(0, limit),
  }
}

export const languagesIn = (songs: readonly Song[]): DetectedLanguages => ({
  languagesOf: async (ids) =>
    new Map(
      songs
        .filter(({ name }) => ids.includes(idOf(name)))
        .map((song) => [idOf(song.name), languageOf(song)]),
    ),
})

/** Somebody whose top tracks are these, the heaviest first; nobody linked when undefined. */
export function listenerTo(songs: readonly Song[], top: string | undefined): ListenedMusic {
  const names = top?.split(' ') ?? []
  const seeds = names.map((name, rank): Seed => {
    const song = songs.find((candidate) => candidate.name === name)
    const artistIds = song?.artists.split('&').map(idOf) ?? []
    return { trackId: idOf(name), artistIds, weight: 1 / (rank + 1) }
  })
  return {
    linkGeneration: async () => (top === undefined ? 'none' : 'first link'),
    async topTrackSeeds() {
      if (top !== undefined) return seeds
      throw new AppError({ code: 'music.not_linked', status: 409, title: 'No account is linked' })
    },
  }
}

export async function modelOf(songs: readonly Song[], plays: Plays) {
  const interactions = await collectInteractions(interactionsOf(plays))
  const tags = new Map(songs.map(({ name, language }) => [idOf(name), language?.split('+') ?? []]))
  return trainModel({
    interactions,
    languages: languageColumns(interactions.trackIds, (trackId) => tags.get(trackId) ?? []),
    parameters: DEFAULT_PARAMETERS,
    origins: [{ origin: 'demo', licence: 'CC0-1.0' }],
    trainedAt: new Date('2026-11-01T00:00:00Z'),
  })
}

export async function servedModelOf(songs: readonly Song[], plays: Plays): Promise<ServedModel> {
  const model = await modelOf(songs, plays)
  return { version: '1.0.0+test', trainedAt: model.manifest.trainedAt, index: indexModel(model) }
}
