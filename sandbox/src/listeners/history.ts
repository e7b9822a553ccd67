import type { Catalogue } from '../catalogue/catalogue.ts'
import { integerBetween, mulberry32, type Random, seedOf } from '../random/random.ts'
import { type WeightedDraw, weightedDraw } from '../random/weighted.ts'
import type { ListenerProfile } from './profiles.ts'
import { type KnownSong, repertoireOf, type SceneRepertoire } from './repertoire.ts'

export interface Play {
  readonly trackIndex: number
  /** Unix time at which the song ended, as the providers report it. */
  readonly playedAtMs: number
}

const DAY_MS = 86_400_000
/** The history ends here; a running server shifts it by whole days. */
export const REFERENCE_DATE_MS = Date.UTC(2026, 10, 1)
/** 24 months. */
export const HISTORY_DAYS = 730
/** Interests are drawn anew at this pace. */
const BLOCK_DAYS = 14
const FEWEST_PLAYS = 1_100
const MOST_PLAYS = 1_900
/** A fresh discovery is played this much more, fading over about two months. */
const NOVELTY = 2.5
const NOVELTY_FADE_DAYS = 60
/** One slow wave of interest takes about nine months. */
const WAVE_DAYS = 270

/** How strongly a song draws on a day. */
function interest(song: KnownSong, day: number): number {
  const age = day - song.discoveredDay
  if (age < 0) return 0
  const novelty = song.discoveredDay === 0 ? 0 : NOVELTY * Math.exp(-age / NOVELTY_FADE_DAYS)
  const wave = 1 + 0.8 * Math.sin(song.phase + (2 * Math.PI * day) / WAVE_DAYS)
  return song.liking * (0.15 + wave + novelty)
}

interface SceneMood {
  readonly weight: number
  readonly any: WeightedDraw<KnownSong>
  readonly byArtist: ReadonlyMap<string, WeightedDraw<KnownSong>>
}

function moodsOn(repertoire: readonly SceneRepertoire[], day: number): WeightedDraw<SceneMood> {
  const moods = repertoire.map(({ weight, songs }) => {
    const weightOf = (song: KnownSong) => interest(song, day)
    const byArtist = Map.groupBy(songs, ({ artistId }) => artistId)
    return {
      weight: songs.some((song) => weightOf(song) > 0) ? weight : 0,
      any: weightedDraw(songs, weightOf),
      byArtist: new Map([...byArtist].map(([id, own]) => [id, weightedDraw(own, weightOf)])),
    }
  })
  return weightedDraw(moods, ({ weight }) => weight)
}

/** One sitting: mostly one scene, with runs of the same artist, no song twice in a row. */
function session(mood: SceneMood, random: Random, length: number): number[] {
  const trackIndexes: number[] = []
  while (trackIndexes.length < length) {
    const first = mood.any.draw(random)
    if (first === undefined) return trackIndexes
    const own = mood.byArtist.get(first.artistId)
    const run = random() < 0.45 ? integerBetween(random, 2, 4) : 1
    trackIndexes.push(first.trackIndex)
    for (let i = 1; i < run; i += 1) {
      const next = own?.draw(random)
      if (next !== undefined && next.trackIndex !== trackIndexes.at(-1)) {
        trackIndexes.push(next.trackIndex)
      }
    }
  }
  return trackIndexes.slice(0, length)
}

/**
 * The plays of one listener, oldest first, within HISTORY_DAYS before REFERENCE_DATE_MS.
 * The same catalogue and profile give the same plays.
 */
export function listenerHistory(catalogue: Catalogue, profile: ListenerProfile): Play[] {
  const random = mulberry32(seedOf(`history\0${profile.login}`))
  const repertoire = repertoireOf({ catalogue, profile, random, days: HISTORY_DAYS })
  const target = integerBetween(random, FEWEST_PLAYS, MOST_PLAYS)
  const favouriteHour = integerBetween(random, 7, 17)
  const sessions = Math.ceil(target / 9)
  const startMs = REFERENCE_DATE_MS - HISTORY_DAYS * DAY_MS
  const plays: Play[] = []
  let block = -1
  let moods = moodsOn(repertoire, 0)
  let clockMs = startMs
  for (let i = 0; i < sessions; i += 1) {
    // Everyone has listened on the last day, so that no account looks deserted.
    const drawn = Math.floor(((i + random()) / sessions) * HISTORY_DAYS)
    const day = i === sessions - 1 ? HISTORY_DAYS - 1 : drawn
    if (Math.floor(day / BLOCK_DAYS) !== block) {
      block = Math.floor(day / BLOCK_DAYS)
      moods = moodsOn(repertoire, day)
    }
    const hour = favouriteHour + (random() + random() - 1) * 5
    clockMs = Math.max(clockMs + 600_000, Math.round(startMs + day * DAY_MS + hour * 3_600_000))
    const mood = moods.draw(random)
    for (const trackIndex of mood ? session(mood, random, integerBetween(random, 4, 15)) : []) {
      clockMs +=
        (catalogue.tracks[trackIndex]?.durationMs ?? 0) + integerBetween(random, 400, 9_000)
      if (clockMs < REFERENCE_DATE_MS) plays.push({ trackIndex, playedAtMs: clockMs })
    }
  }
  return plays
}
